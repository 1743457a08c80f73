"""added_content: a part of a sentence of which the source says nothing; and what limits a statement by half."""

import pytest

from pipeline.derive.model import FindingKind
from tests.derive.guard_findings import clean, shown


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "Leave your boots at the door and hang your coat in the hall before you come in.",
            "Boots off and coat in the hall before you come in, and have your ticket in your hand.",
        ),
        ("Oil the hinges if the gate squeaks.", "Does the gate squeak? Oil the hinges, which keeps rust away as well."),
        (
            "Brush the rug weekly to lift the dust.",
            "Brush the rug weekly to lift the dust and to scare off moths and beetles.",
        ),
        ("Rinse the brushes in cold water.", "Rinse the brushes in cold water with a spoonful of vinegar essence."),
        ("Wear a mask while you sand.", "Wear a mask while you sand. If your throat hurts, gargle with sage tea."),
    ],
)
def test_a_part_of_which_the_source_says_nothing_is_named(source: str, text: str) -> None:
    shown(source, text, FindingKind.ADDED_CONTENT)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Beginners tend to grip the bat too tightly.", "If you're new to it, you probably grip the bat too tightly."),
        ("Oil the hinges if the gate squeaks.", "Does the gate squeak? Then oil the hinges."),
        (
            "Rinse the brushes in cold water and dry them flat.",
            "Rinse the brushes in cold water and let them dry flat.",
        ),
    ],
)
def test_what_stands_for_a_part_of_the_source_adds_nothing(source: str, text: str) -> None:
    assert clean(source, text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "You need a green sticker and a customs form for parcels to countries outside Europe.",
            "You need a green sticker and a customs form for parcels.",
        ),
        ("Feed the fern again when six weeks have passed without growth.", "Feed the fern again after six weeks."),
        (
            "When breastfeeding, you should not take more than two cups of sage tea a day, a mild brew at that.",
            "Do not have more than two cups of sage tea a day, and a mild brew at that.",
        ),
        (
            "Bring the dog if you keep him on a lead and carry his passport with you.",
            "Bring the dog if you carry his passport with you.",
        ),
    ],
)
def test_half_of_what_limits_a_statement_is_missed(source: str, text: str) -> None:
    shown(source, text, FindingKind.LOST_CONDITION)


@pytest.mark.parametrize(
    ("source", "text", "kind"),
    [
        (
            "Wax polish should not be used on raw oak because it stains.",
            "On raw oak, go for wax polish.",
            FindingKind.DROPPED_NEGATION,
        ),
        (
            "Visitors with a cough or a cold are asked not to enter the ward.",
            "The ward is open to visitors with a cough or a cold.",
            FindingKind.DROPPED_NEGATION,
        ),
        (
            "Old spaniels can live in a caravan.",
            "A caravan is no place for an old spaniel.",
            FindingKind.ADDED_NEGATION,
        ),
        ("Sprouting onions should be thrown out.", "Don't throw sprouting onions out.", FindingKind.ADDED_NEGATION),
    ],
)
def test_advice_turned_round_in_another_verb_is_named(source: str, text: str, kind: FindingKind) -> None:
    shown(source, text, kind)


@pytest.mark.parametrize(
    ("source", "text", "kind"),
    [
        (
            "Bikers under twelve must not use the ramp.",
            "The ramp is also for bikers under twelve.",
            FindingKind.DROPPED_NEGATION,
        ),
        (
            "You can take the capsules with coffee.",
            "Coffee and these capsules don't go together.",
            FindingKind.ADDED_NEGATION,
        ),
        (
            "Do not swim with fresh stitches, since they can open.",
            "It's no trouble to swim with fresh stitches, though they can open.",
            FindingKind.DROPPED_NEGATION,
        ),
        (
            "A bathroom scale only gives a rough idea of body fat.",
            "A bathroom scale tells you exactly how much body fat there is.",
            FindingKind.STRONG_CLAIM,
        ),
        ("Knee pads lower the risk of bruises.", "With knee pads on, you are out of danger.", FindingKind.STRONG_CLAIM),
        (
            "Replace the hose after eight years, even when it has never leaked.",
            "Replace the hose after eight years if it has leaked.",
            FindingKind.LOST_CONDITION,
        ),
        (
            "See a vet about a limp that lasts or comes with swelling.",
            "A limp is a matter for your vet.",
            FindingKind.LOST_CONDITION,
        ),
    ],
)
def test_a_stance_turned_round_or_overstated_in_other_words_is_named(source: str, text: str, kind: FindingKind) -> None:
    shown(source, text, kind)


def test_a_doubt_is_missed_where_its_verb_was_exchanged() -> None:
    shown(
        "Phone signals could fade when the handset lies next to a steel radiator.",
        "A handset next to a steel radiator loses phone signals.",
        FindingKind.DROPPED_HEDGE,
    )
