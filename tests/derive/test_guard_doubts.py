"""dropped_hedge: the many words for doubt, and what only looks like it or gives way without a claim."""

import pytest

from pipeline.derive.guard import check
from pipeline.derive.guard_reading import reading
from pipeline.derive.model import FindingKind
from tests.derive.guard_findings import shown


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Too much dye may, in certain cases, stain the tub.", "In some cases, too much dye may stain the tub."),
        ("Parrots can, on occasion, bite.", "Parrots can occasionally bite."),
        ("Linen can neither be bleached nor starched.", "Don't bleach or starch linen."),
        ("Replace the rope even if no tear can be seen.", "Replace the rope, tear seen or not."),
        ("Contrary to what many believe, moss does no harm.", "Moss does no harm."),
        ("Wool need not be washed often.", "Wool need not have frequent washing."),
        ("A pulse of 60 to 80 is considered normal.", "A pulse of 60 to 80 counts as normal."),
        ("Members can cancel by post.", "Cancel by post, as a member."),
        ("It seems that moths hate light.", "Apparently, moths hate light."),
        ("Nearly all moths hate light.", "Most moths hate light."),
        ("Several moths were pale.", "A number of moths were pale."),
        ("By and large, moths hate light.", "On the whole, moths hate light."),
        ("Old pipes are more likely than new ones to leak.", "Old pipes are likelier to leak than new ones."),
    ],
)
def test_a_hedge_in_another_place_or_word_is_kept(source: str, text: str) -> None:
    assert [f for f in check(source, text).findings if f.kind is FindingKind.DROPPED_HEDGE] == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Paint usually dries within three hours.", "Expect the paint to be dry within three hours."),
        (
            "Neem is thought to act faster than soap with about the same effort.",
            "Neem acts faster, with about the same effort.",
        ),
        ("A leak might empty the tank that feeds the pump.", "If the pump has a leak, it empties the tank."),
        ("According to one small survey, walkers sleep well.", "Walkers sleep well."),
        ("The paint offers slight protection from rust.", "The paint offers protection from rust."),
        ("It would appear that late pruning encourages mildew.", "Late pruning encourages mildew."),
        ("Bells are pleasant; whether they scare birds is unclear.", "Bells are pleasant and scare birds."),
    ],
)
def test_a_doubt_that_another_word_does_not_carry_is_named(source: str, text: str) -> None:
    assert shown(source, text, FindingKind.DROPPED_HEDGE)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Lift the lid so that the steam can escape.", "Lift the lid so that the steam escapes."),
        ("Plant the bulbs some fifteen centimetres deep.", "Plant the bulbs about 15 cm deep."),
        ("Leftovers may be reheated only once.", "Reheat leftovers only once."),
        ("The lid can then be removed.", "Wait, then remove the lid."),
        ("The ford can be crossed on foot at low tide.", "The ford is passable on foot at low tide."),
        ("Up to five members can share one card.", "One card covers up to five members."),
        ("You may ask the hotel for a room at the back.", "Ask the hotel for a room at the back."),
        ("The glue may still be wet when you turn it over.", "Turn it over while it is still wet."),
        ("Wear may be reduced by turning the rug.", "To reduce wear, turn the rug."),
    ],
)
def test_a_purpose_a_permission_or_a_supposition_holds_no_claim_back(source: str, text: str) -> None:
    assert [f for f in check(source, text).findings if f.kind is FindingKind.DROPPED_HEDGE] == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("The path is likely to be closed until the end of May.", "The path is closed until the end of May."),
        ("Ginger helps some passengers against seasickness.", "Ginger helps against seasickness."),
        ("Your parcel should arrive within ten days.", "Your parcel arrives within ten days."),
    ],
)
def test_a_month_a_bare_object_or_an_outcome_told_as_certain_is_named(source: str, text: str) -> None:
    assert shown(source, text, FindingKind.DROPPED_HEDGE)


HELD_BACK = [
    "Supposedly, mint calms dogs.",
    "It is believed that mint calms dogs.",
    "Researchers suspect that mint calms dogs.",
    "There are signs that mint calms dogs.",
    "It looks as if mint calms dogs.",
    "As far as we know, mint calms dogs.",
    "In all probability, mint calms dogs.",
    "Chances are that mint calms dogs.",
    "In the main, mint calms dogs.",
    "At best, mint calms dogs.",
    "Mint is apt to calm dogs.",
    "Mint has a chance of calming dogs.",
    "Mint almost certainly calms dogs.",
    "Mint more or less calms dogs.",
    "Under some conditions, mint calms dogs.",
]


@pytest.mark.parametrize("source", HELD_BACK)
def test_every_way_to_hold_a_claim_back_is_missed_when_it_is_gone(source: str) -> None:
    assert shown(source, "Mint calms dogs.", FindingKind.DROPPED_HEDGE)


@pytest.mark.parametrize(
    "few", ["Various", "Numerous", "A handful of", "A minority of", "Virtually all", "A good many"]
)
def test_every_part_of_them_is_missed_when_all_are_told_of(few: str) -> None:
    assert shown(f"{few} cats dislike citrus.", "Cats dislike citrus.", FindingKind.DROPPED_HEDGE)


def test_few_are_nearly_none() -> None:
    assert shown("Few cats like citrus.", "Cats like citrus.", FindingKind.DROPPED_NEGATION)
    assert FindingKind.DROPPED_NEGATION not in {
        f.kind for f in check("Few cats like citrus.", "Most cats do not like citrus.").findings
    }


@pytest.mark.parametrize(
    "text",
    ["Report the theft to the police.", "In places with frost, wait until April.", "Use it for part of the year."],
)
def test_a_word_that_only_looks_like_doubt_is_none(text: str) -> None:
    assert reading(text).hedges == ()
