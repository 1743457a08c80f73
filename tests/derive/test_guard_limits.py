"""Numbers with limits, rows and restatements: what two ways of giving one limit have in common."""

import pytest

from pipeline.derive.guard import check
from pipeline.derive.model import FindingKind
from tests.derive.guard_findings import clean, shown

NUMBERS = {FindingKind.CHANGED_NUMBER, FindingKind.ADDED_NUMBER, FindingKind.LOST_CONDITION, FindingKind.DROPPED_HEDGE}


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Avoid sawing within the past five days.", "Avoid sawing in the last 5 days."),
        ("The stain is gone within two to three days.", "The stain is gone in 2 to 3 days."),
        ("Members over the age of 70 ride for free.", "Once they're past 70, members ride for free."),
        ("Riders aged 70 or over renew it yearly.", "Renew it yearly once you're 70."),
        ("Do not exceed two scoops in any 24-hour period.", "Take no more than two scoops a day."),
        ("Add 4 drops in 24 hours.", "Add four drops a day."),
        ("Between 40% and 60% humidity suits them.", "40 to 60% humidity suits them."),
        ("Nets with holes larger than 1.2 mm leak.", "A net leaks if its holes are over 1.2 mm."),
        ("Cut them no wider than 5 cm.", "Cut them at most 5 cm wide."),
        ("Stop if the oil exceeds 190 °C.", "Stop if the oil goes above 190 °C."),
        ("The fare is halved after nine.", "After nine it is half the fare."),
        ("Two tablespoons (30 ml) of vinegar soften towels.", "2 tbsp of vinegar soften towels."),
        ("Pour in 2 cups, or 480 ml, of stock.", "Pour in 480 ml of stock."),
    ],
)
def test_one_limit_may_be_given_in_two_ways(source: str, text: str) -> None:
    assert clean(source, text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("It peaks on day two and is gone by day five.", "It peaks on the second day and is gone by the fifth."),
        ("Chicks regain their weight by day 14.", "Chicks regain their weight by two weeks."),
        ("Seedlings show by week 3.", "Seedlings show by three weeks."),
    ],
)
def test_a_row_is_told_by_ordinals_by_numbers_and_by_time(source: str, text: str) -> None:
    assert clean(source, text)


@pytest.mark.parametrize(
    ("source", "text", "words"),
    [
        (
            "It peaks on day two and is gone by day five.",
            "It peaks on the second day and is gone by the sixth.",
            "sixth",
        ),
        ("Chicks regain their weight by day 14.", "Chicks regain their weight by three weeks.", "three weeks"),
        ("Book it no later than two days ahead.", "Book it no earlier than two days ahead.", "two days"),
        ("It rests for nearly three days.", "It rests for over three days.", "three days"),
        ("It rests for about three days.", "It rests for under three days.", "three days"),
        ("The seat costs £5.", "The seat costs €5.", "€5"),
        ("The stain is gone within three days.", "The stain is gone after three days.", "three days"),
        ("Do not exceed two scoops in any 24-hour period.", "Take up to three scoops a day.", "three scoops a day"),
        ("Two tablespoons (30 ml) of vinegar soften towels.", "3 tbsp of vinegar soften towels.", "3 tbsp"),
    ],
)
def test_another_limit_is_named(source: str, text: str, words: str) -> None:
    assert words in shown(source, text, FindingKind.CHANGED_NUMBER).text_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("for a decade", "for ten years"),
        ("for a couple of weeks", "for two weeks"),
        ("for just under three days", "for almost three days"),
        ("for a little over three days", "for just over three days"),
        ("for up to and including three days", "for up to three days"),
        ("for upwards of three days", "for more than three days"),
        ("for two hotel nights", "for two nights"),
        ("on five days of the week", "five days a week"),
        ("on alternate days", "every other day"),
        ("with a teaspoonful of salt", "with 1 tsp of salt"),
        ("for 5 EUR", "for €5"),
    ],
)
def test_one_amount_in_two_ways_is_one_from_either_side(one: str, other: str) -> None:
    assert not {f.kind for f in check(f"Rinse it {one}.", f"Rinse it {other}.").findings} & NUMBERS
    assert not {f.kind for f in check(f"Rinse it {other}.", f"Rinse it {one}.").findings} & NUMBERS


def test_working_days_are_not_days() -> None:
    assert shown("It takes 20 working days to ripen.", "It takes 20 days to ripen.", FindingKind.CHANGED_NUMBER)


def test_as_long_as_after_a_number_opens_a_condition_and_limits_no_number() -> None:
    source = "The paint can be recoated after two hours as long as the room is warm."
    found = shown(source, "You can recoat the paint after two hours.", FindingKind.LOST_CONDITION)
    assert found.source_words == "as long as the room is warm"
