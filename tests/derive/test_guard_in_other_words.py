"""Faults that hide in quite other words, and what looks like them and is faithful."""

import pytest

from pipeline.derive.guard import check
from pipeline.derive.model import FindingKind

HEDGE, ADDED = FindingKind.DROPPED_HEDGE, FindingKind.ADDED_CONTENT
FAITHFUL = {
    "because it can, left out": (
        "Keep the balm off broken or irritated skin, because it can sting.",
        "Broken or irritated skin? Keep the balm away from it.",
    ),
    "unless it is, asked about": (
        "Water the beans in the evening, unless rain is forecast for the night.",
        "No rain on the way tonight? Then give your beans a drink in the evening.",
    ),
    "the better one chosen": (
        "A wok is better than a saucepan for stir-frying.",
        "For stir-fries, choose a wok over a saucepan.",
    ),
    "first the one, then the other": (
        "Rest dough for an hour before shaping so that the gluten relaxes.",
        "Rest the dough for an hour, then shape it: the gluten relaxes.",
    ),
    "one thing by its two names": (
        "Washing bedding weekly keeps mites down.",
        "Wash sheets and pillowcases weekly to keep mites down.",
        "Bedding is sheets, pillowcases and covers.",
    ),
}
FAULTY = {
    "may cause a dryness, and dries": (
        "The peel may cause dryness and flaking in the first few weeks.",
        "It dries out your skin and makes it flake in the first few weeks.",
        HEDGE,
    ),
    "might help you, and makes you": (
        "Drinking a cup of broth before a meal might help you feel full sooner.",
        "A cup of broth before you eat makes you feel full sooner.",
        HEDGE,
    ),
    "may stop it, and it will not": (
        "A spoon of vinegar in the water may stop eggshells from cracking.",
        "Boiling eggs? Add a spoon of vinegar to the water and the shells won't crack.",
        HEDGE,
    ),
    "may help prevent, and stops": (
        "A helmet may help prevent injuries in a fall.",
        "A helmet stops you getting hurt when you fall.",
        HEDGE,
    ),
    "the worse one chosen": (
        "A wok is better than a saucepan for stir-frying.",
        "For stir-fries, choose a saucepan over a wok.",
        FindingKind.SWAPPED_RELATION,
    ),
    "the one passed over praised": (
        "Choose butter over oil for this cake.",
        "Oil is better than butter for this cake.",
        FindingKind.SWAPPED_RELATION,
    ),
    "the second step first": (
        "Rest a roast for ten minutes before carving so that it keeps more of its juice.",
        "Carve your roast, then give it a ten-minute rest so it keeps more of its juice.",
        FindingKind.SWAPPED_RELATION,
    ),
    "straight from the fridge, and not": (
        "Use the pastry straight from the fridge, since cold pastry is easier to roll out.",
        "Don't use your pastry straight from the fridge, even though it's easier to roll when cold.",
        FindingKind.ADDED_NEGATION,
    ),
    "one wish too many": (
        "Soak dried peas overnight to shorten the cooking time.",
        "Want dried peas to cook faster and be easier on your stomach? Soak them overnight.",
        ADDED,
    ),
    "and a gift": (
        "Arrive at the airport at least two hours before an international flight.",
        "Flying abroad? Get to the airport at least two hours ahead and enjoy free lounge access.",
        ADDED,
    ),
}


@pytest.mark.parametrize("what", FAITHFUL)
def test_what_says_no_more_passes(what: str) -> None:
    assert check(*FAITHFUL[what]).findings == (), what


@pytest.mark.parametrize("what", FAULTY)
def test_what_says_more_or_something_else_is_named(what: str) -> None:
    source, text, kind = FAULTY[what]
    assert kind in {finding.kind for finding in check(source, text).findings}, what
