"""dropped_negation and added_negation: what is refused must stay refused, and nothing else.

Each row: the source, the text, the verdict, the source's words and the text's words that are shown, and the wording
that is proposed."""

import pytest

from pipeline.derive.guard import check
from pipeline.derive.model import FindingKind, Verdict
from tests.derive.guard_findings import clean, shown

# What the source refuses, the text advises.
DROPPED_NEGATION = [
    (
        "Nobody should lift a battery alone.",
        "Everybody should lift a battery alone.",
        Verdict.BLOCK,
        "Nobody should lift a battery alone",
        "Everybody should lift a battery alone",
        "Nobody should lift a battery alone.",
    ),
    (
        "The glue does not stick to nylon.",
        "The glue sticks to nylon.",
        Verdict.BLOCK,
        "The glue does not stick to nylon",
        "The glue sticks to nylon",
        "The glue does not stick to nylon.",
    ),
    (
        "Leave out the sugar.",
        "Add the sugar.",
        Verdict.BLOCK,
        "Leave out the sugar",
        "Add the sugar",
        "Leave out the sugar.",
    ),
    (
        "Bulbs must not touch the wall.",
        "Bulbs must touch the wall.",
        Verdict.BLOCK,
        "Bulbs must not touch the wall",
        "Bulbs must touch the wall",
        "Bulbs must not touch the wall.",
    ),
    (
        "Hardly any light reaches the floor.",
        "Light reaches the floor.",
        Verdict.BLOCK,
        "Hardly any light reaches the floor",
        "Light reaches the floor",
        "Hardly any light reaches the floor.",
    ),
    (
        "Neither pan needs oil.",
        "Both pans need oil.",
        Verdict.BLOCK,
        "Neither pan needs oil",
        "Both pans need oil",
        "Neither pan needs oil.",
    ),
    (
        "Do not peel the carrots.",
        "Peel the carrots.",
        Verdict.BLOCK,
        "Do not peel the carrots",
        "Peel the carrots",
        "Do not peel the carrots.",
    ),
    (
        "Never iron silk on high.",
        "Iron silk on high.",
        Verdict.BLOCK,
        "Never iron silk on high",
        "Iron silk on high",
        "Never iron silk on high.",
    ),
    (
        "Skip the fertiliser in winter.",
        "Use the fertiliser in winter.",
        Verdict.BLOCK,
        "Skip the fertiliser in winter",
        "Use the fertiliser in winter",
        "Skip the fertiliser in winter.",
    ),
    (
        "Ferns do not like lime.",
        "Ferns like lime.",
        Verdict.BLOCK,
        "Ferns do not like lime",
        "Ferns like lime",
        "Ferns do not like lime.",
    ),
    (
        "Store garlic without its leaves.",
        "Store garlic with its leaves.",
        Verdict.BLOCK,
        "Store garlic without its leaves",
        "Store garlic with its leaves",
        "Store garlic without its leaves.",
    ),
    (
        "Wool should not be tumble dried.",
        "Wool should be tumble dried.",
        Verdict.BLOCK,
        "Wool should not be tumble dried",
        "Wool should be tumble dried",
        "Wool should not be tumble dried.",
    ),
    (
        "Avoid tea after dinner.",
        "Drink tea after dinner.",
        Verdict.BLOCK,
        "Avoid tea after dinner",
        "Drink tea after dinner",
        "Avoid tea after dinner.",
    ),
    (
        "No mulch should touch the trunk.",
        "Mulch should touch the trunk.",
        Verdict.BLOCK,
        "No mulch should touch the trunk",
        "Mulch should touch the trunk",
        "No mulch should touch the trunk.",
    ),
    (
        "The rash is not contagious.",
        "The rash is contagious.",
        Verdict.BLOCK,
        "The rash is not contagious",
        "The rash is contagious",
        "The rash is not contagious.",
    ),
    (
        "Use a sponge rather than steel wool.",
        "Use a sponge and steel wool.",
        Verdict.BLOCK,
        "Use a sponge rather than steel wool",
        "Use a sponge and steel wool",
        "Use a sponge rather than steel wool.",
    ),
    (
        "Refrain from rubbing the stain.",
        "Rub the stain.",
        Verdict.BLOCK,
        "Refrain from rubbing the stain",
        "Rub the stain",
        "Refrain from rubbing the stain.",
    ),
    (
        "Keep candles away from curtains.",
        "Keep candles near curtains.",
        Verdict.BLOCK,
        "Keep candles away from curtains",
        "Keep candles near curtains",
        "Keep candles away from curtains.",
    ),
    (
        "You should not mix the two glues.",
        "You should mix the two glues.",
        Verdict.BLOCK,
        "You should not mix the two glues",
        "You should mix the two glues",
        "You should not mix the two glues.",
    ),
]


@pytest.mark.parametrize(("source", "text", "verdict", "source_words", "text_words", "suggestion"), DROPPED_NEGATION)
def test_a_negation_that_is_gone_is_flagged_and_blocks(
    source: str, text: str, verdict: Verdict, source_words: str, text_words: str, suggestion: str
) -> None:
    finding = shown(source, text, FindingKind.DROPPED_NEGATION)
    assert finding.verdict is verdict
    assert (finding.source_words, finding.text_words) == (source_words, text_words)
    assert finding.suggestion == suggestion


# What the source advises, the text refuses.
ADDED_NEGATION = [
    (
        "Bulbs touch the wall.",
        "Bulbs do not touch the wall.",
        Verdict.BLOCK,
        "Bulbs touch the wall",
        "Bulbs do not touch the wall",
        "Bulbs touch the wall.",
    ),
    (
        "The glue sticks to nylon.",
        "The glue does not stick to nylon.",
        Verdict.BLOCK,
        "The glue sticks to nylon",
        "The glue does not stick to nylon",
        "The glue sticks to nylon.",
    ),
    (
        "Sand the edge.",
        "Sand no edge.",
        Verdict.BLOCK,
        "Sand the edge",
        "Sand no edge",
        "Sand the edge.",
    ),
    (
        "Salt the water.",
        "Avoid salting the water.",
        Verdict.BLOCK,
        "Salt the water",
        "Avoid salting the water",
        "Salt the water.",
    ),
    (
        "Add the sugar.",
        "Leave out the sugar.",
        Verdict.BLOCK,
        "Add the sugar",
        "Leave out the sugar",
        "Add the sugar.",
    ),
    (
        "Peel the carrots.",
        "Do not peel the carrots.",
        Verdict.BLOCK,
        "Peel the carrots",
        "Do not peel the carrots",
        "Peel the carrots.",
    ),
    (
        "Ferns like lime.",
        "Ferns do not like lime.",
        Verdict.BLOCK,
        "Ferns like lime",
        "Ferns do not like lime",
        "Ferns like lime.",
    ),
    (
        "Wool should be tumble dried.",
        "Wool should not be tumble dried.",
        Verdict.BLOCK,
        "Wool should be tumble dried",
        "Wool should not be tumble dried",
        "Wool should be tumble dried.",
    ),
    (
        "Rub the stain.",
        "Avoid rubbing the stain.",
        Verdict.BLOCK,
        "Rub the stain",
        "Avoid rubbing the stain",
        "Rub the stain.",
    ),
    (
        "The rash is contagious.",
        "The rash is not contagious.",
        Verdict.BLOCK,
        "The rash is contagious",
        "The rash is not contagious",
        "The rash is contagious.",
    ),
    (
        "Feed the carp in winter.",
        "Never feed the carp in winter.",
        Verdict.BLOCK,
        "Feed the carp in winter",
        "Never feed the carp in winter",
        "Feed the carp in winter.",
    ),
    (
        "Iron the collar first.",
        "Skip ironing the collar.",
        Verdict.BLOCK,
        "Iron the collar first",
        "Skip ironing the collar",
        "Iron the collar first.",
    ),
]


@pytest.mark.parametrize(("source", "text", "verdict", "source_words", "text_words", "suggestion"), ADDED_NEGATION)
def test_a_negation_of_the_texts_own_is_flagged_and_blocks(
    source: str, text: str, verdict: Verdict, source_words: str, text_words: str, suggestion: str
) -> None:
    finding = shown(source, text, FindingKind.ADDED_NEGATION)
    assert finding.verdict is verdict
    assert (finding.source_words, finding.text_words) == (source_words, text_words)
    assert finding.suggestion == suggestion


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Do not skip the primer.", "Use the primer."),
        ("Do not wait until the tyre is bald.", "Act before the tyre is bald."),
        ("Don't let the soil dry out.", "Keep the soil from drying out."),
        ("Rubbing spreads the stain.", "Do not rub, because it spreads the stain."),
        ("Do not peel the carrots.", "Don't peel the carrots."),
        ("Do not peel the carrots.", "Leave the carrots unpeeled."),
        ("Never iron silk on high.", "Avoid ironing silk on high."),
        ("Wool should not be tumble dried.", "Do not tumble dry wool."),
        ("Avoid tea after dinner.", "Do not drink tea after dinner."),
        ("Use a sponge rather than steel wool.", "Use a sponge instead of steel wool."),
        ("Do not forget the sunscreen.", "Remember the sunscreen."),
    ],
)
def test_the_same_refusal_in_other_words_passes(source: str, text: str) -> None:
    assert clean(source, text)


def test_no_check_of_negation_fires_on_an_untouched_text() -> None:
    for source, *_ in [*DROPPED_NEGATION, *ADDED_NEGATION]:
        assert not check(source, source).findings, source
