"""added_content: a text holds no matter that its source and context do not.

Each row: the source, the text, the verdict, the source's words and the text's words that are shown, and the wording
that is proposed."""

import pytest

from pipeline.derive.guard import check
from pipeline.derive.model import FindingKind, Verdict
from tests.derive.guard_findings import clean, shown

# New matter: a medicine, a disease, an ingredient or a name blocks.
ADDED_CONTENT = [
    (
        "Rinse the pan.",
        "Rinse the pan with vinegar and baking soda.",
        Verdict.WARN,
        "Rinse the pan.",
        "vinegar and baking soda",
        "Rinse the pan.",
    ),
    (
        "Wear a hat.",
        "Wear a hat to prevent melanoma.",
        Verdict.BLOCK,
        "Wear a hat.",
        "melanoma",
        "Wear a hat.",
    ),
    (
        "Fold the map.",
        "Fold the map, as Ordnance Survey says.",
        Verdict.BLOCK,
        "Fold the map.",
        "Ordnance",
        "Fold the map.",
    ),
    (
        "Stretch the calf.",
        "Stretch the calf to improve circulation and posture.",
        Verdict.WARN,
        "Stretch the calf.",
        "improve circulation and posture",
        "Stretch the calf.",
    ),
    (
        "Wash the pillow.",
        "Wash the pillow with retinol.",
        Verdict.BLOCK,
        "Wash the pillow.",
        "retinol",
        "Wash the pillow.",
    ),
    (
        "Trim the wick.",
        "Trim the wick and polish the silver.",
        Verdict.WARN,
        "Trim the wick.",
        "polish the silver",
        "Trim the wick.",
    ),
    (
        "Press the serum into damp skin.",
        "Press the serum with niacinamide into damp skin.",
        Verdict.BLOCK,
        "Press the serum into damp skin.",
        "niacinamide",
        "Press the serum into damp skin.",
    ),
    (
        "Rinse the brush.",
        "Rinse the brush in ethanol.",
        Verdict.WARN,
        "Rinse the brush.",
        "ethanol",
        "Rinse the brush.",
    ),
    (
        "Rest the knee.",
        "Rest the knee to treat arthritis.",
        Verdict.BLOCK,
        "Rest the knee.",
        "arthritis",
        "Rest the knee.",
    ),
    (
        "Oil the lock.",
        "Oil the lock with WD-40.",
        Verdict.BLOCK,
        "Oil the lock.",
        "WD",
        "Oil the lock.",
    ),
    (
        "Salt the soup.",
        "Salt the soup, says Jamie.",
        Verdict.BLOCK,
        "Salt the soup.",
        "Jamie",
        "Salt the soup.",
    ),
    (
        "Feed the fern.",
        "Feed the fern for glossy fronds and pest resistance.",
        Verdict.WARN,
        "Feed the fern.",
        "glossy fronds and pest resistance",
        "Feed the fern.",
    ),
    (
        "Take a nap.",
        "Take ibuprofen and a nap.",
        Verdict.BLOCK,
        "Take a nap.",
        "ibuprofen",
        "Take a nap.",
    ),
    (
        "Wipe the lens.",
        "Wipe the lens with a microfibre cloth.",
        Verdict.WARN,
        "Wipe the lens.",
        "microfibre cloth",
        "Wipe the lens.",
    ),
]


@pytest.mark.parametrize(("source", "text", "verdict", "source_words", "text_words", "suggestion"), ADDED_CONTENT)
def test_new_matter_is_flagged_by_its_words(
    source: str, text: str, verdict: Verdict, source_words: str, text_words: str, suggestion: str
) -> None:
    finding = shown(source, text, FindingKind.ADDED_CONTENT)
    assert finding.verdict is verdict
    assert (finding.source_words, finding.text_words) == (source_words, text_words)
    assert finding.suggestion == suggestion


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Trim the wick before lighting the candle.", "Before you light the candle, trim its wick."),
        ("Stretch the calf.", "Take time to stretch the calf."),
        ("Wipe the lens with a cloth.", "Use a cloth to wipe the lens."),
        ("Feed the fern in spring.", "In spring, give the fern some food."),
        ("Rest the knee.", "It is a good idea to rest the knee."),
    ],
)
def test_a_rewrite_with_the_sources_own_matter_passes(source: str, text: str) -> None:
    assert clean(source, text)


def test_no_check_of_content_fires_on_an_untouched_text() -> None:
    for source, *_ in [*ADDED_CONTENT]:
        assert not check(source, source).findings, source
