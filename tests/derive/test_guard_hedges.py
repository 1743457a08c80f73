"""dropped_hedge: what held a claim back must still hold it back.

Each row: the source, the text, the verdict, the source's words and the text's words that are shown, and the wording
that is proposed."""

import pytest

from pipeline.derive.guard import check
from pipeline.derive.model import FindingKind, Verdict
from tests.derive.guard_findings import clean, shown

# A hedge that is gone, or gave way to a stronger word.
DROPPED_HEDGE = [
    (
        "Mint might help with nausea.",
        "Mint helps with nausea.",
        Verdict.BLOCK,
        "Mint might help with nausea",
        "Mint helps with nausea",
        "Mint might help with nausea.",
    ),
    (
        "Limescale can shorten a kettle's life.",
        "Limescale shortens a kettle's life.",
        Verdict.BLOCK,
        "Limescale can shorten a kettle's life",
        "Limescale shortens a kettle's life",
        "Limescale can shorten a kettle's life.",
    ),
    (
        "A cold rinse may reduce frizz in some hair types.",
        "A cold rinse reduces frizz.",
        Verdict.BLOCK,
        "A cold rinse may reduce frizz in some hair types",
        "A cold rinse reduces frizz",
        "A cold rinse may reduce frizz in some hair types.",
    ),
    (
        "Salt is sometimes enough to stop a slug.",
        "Salt is enough to stop a slug.",
        Verdict.WARN,
        "Salt is sometimes enough to stop a slug",
        "Salt is enough to stop a slug",
        "Salt is sometimes enough to stop a slug.",
    ),
    (
        "A loan is often cheaper from a credit union.",
        "A loan is cheaper from a credit union.",
        Verdict.WARN,
        "A loan is often cheaper from a credit union",
        "A loan is cheaper from a credit union",
        "A loan is often cheaper from a credit union.",
    ),
    (
        "Almost every rose needs sun.",
        "Every rose needs sun.",
        Verdict.WARN,
        "Almost every rose needs sun",
        "Every rose needs sun",
        "Almost every rose needs sun.",
    ),
    (
        "Roughly 30 seeds fit in a tray.",
        "30 seeds fit in a tray.",
        Verdict.WARN,
        "Roughly 30",
        "30",
        "Roughly 30 seeds fit in a tray.",
    ),
    (
        "Nearly half of the water is lost.",
        "Half of the water is lost.",
        Verdict.WARN,
        "Nearly half",
        "Half",
        "Nearly half of the water is lost.",
    ),
    (
        "Oil could mark the suede.",
        "Oil marks the suede.",
        Verdict.BLOCK,
        "Oil could mark the suede",
        "Oil marks the suede",
        "Oil could mark the suede.",
    ),
    (
        "Studies suggest that walking aids sleep.",
        "Walking aids sleep.",
        Verdict.BLOCK,
        "Studies suggest that walking aids sleep",
        "Walking aids sleep",
        "Studies suggest that walking aids sleep.",
    ),
    (
        "Honey may soothe a cough.",
        "Honey soothes a cough.",
        Verdict.BLOCK,
        "Honey may soothe a cough",
        "Honey soothes a cough",
        "Honey may soothe a cough.",
    ),
    (
        "Some orchids like shade.",
        "Orchids like shade.",
        Verdict.BLOCK,
        "Some orchids like shade",
        "Orchids like shade",
        "Some orchids like shade.",
    ),
    (
        "Knots often come out with oil.",
        "Knots come out with oil.",
        Verdict.WARN,
        "Knots often come out with oil",
        "Knots come out with oil",
        "Knots often come out with oil.",
    ),
    (
        "Frost can kill basil.",
        "Frost kills basil.",
        Verdict.BLOCK,
        "Frost can kill basil",
        "Frost kills basil",
        "Frost can kill basil.",
    ),
    (
        "Masks might loosen blackheads.",
        "Masks loosen blackheads.",
        Verdict.BLOCK,
        "Masks might loosen blackheads",
        "Masks loosen blackheads",
        "Masks might loosen blackheads.",
    ),
    (
        "The seams usually hold for a year.",
        "The seams hold for a year.",
        Verdict.WARN,
        "The seams usually hold for a year",
        "The seams hold for a year",
        "The seams usually hold for a year.",
    ),
    (
        "Rust is probably the cause.",
        "Rust is the cause.",
        Verdict.WARN,
        "Rust is probably the cause",
        "Rust is the cause",
        "Rust is probably the cause.",
    ),
    (
        "The dye could fade in the sun.",
        "The dye fades in the sun.",
        Verdict.BLOCK,
        "The dye could fade in the sun",
        "The dye fades in the sun",
        "The dye could fade in the sun.",
    ),
    (
        "Moths tend to avoid cedar.",
        "Moths avoid cedar.",
        Verdict.WARN,
        "Moths tend to avoid cedar",
        "Moths avoid cedar",
        "Moths tend to avoid cedar.",
    ),
    (
        "Naps seem to help memory.",
        "Naps help memory.",
        Verdict.BLOCK,
        "Naps seem to help memory",
        "Naps help memory",
        "Naps seem to help memory.",
    ),
    (
        "Most hamsters sleep by day.",
        "Hamsters sleep by day.",
        Verdict.WARN,
        "Most hamsters sleep by day",
        "Hamsters sleep by day",
        "Most hamsters sleep by day.",
    ),
    (
        "Many apples keep until spring.",
        "Apples keep until spring.",
        Verdict.WARN,
        "Many apples keep",
        "Apples keep",
        "Many apples keep until spring.",
    ),
    (
        "It is a relatively cheap fix.",
        "It is a cheap fix.",
        Verdict.WARN,
        "It is a relatively cheap fix",
        "It is a cheap fix",
        "It is a relatively cheap fix.",
    ),
    (
        "The sting is generally mild.",
        "The sting is mild.",
        Verdict.WARN,
        "The sting is generally mild",
        "The sting is mild",
        "The sting is generally mild.",
    ),
    (
        "Grease perhaps hides the crack.",
        "Grease hides the crack.",
        Verdict.BLOCK,
        "Grease perhaps hides the crack",
        "Grease hides the crack",
        "Grease perhaps hides the crack.",
    ),
    (
        "Screens are likely to delay sleep.",
        "Screens delay sleep.",
        Verdict.WARN,
        "Screens are likely to delay sleep",
        "Screens delay sleep",
        "Screens are likely to delay sleep.",
    ),
    (
        "In some cases, the swelling returns.",
        "The swelling returns.",
        Verdict.WARN,
        "In some cases, the swelling returns",
        "The swelling returns",
        "In some cases, the swelling returns.",
    ),
    (
        "Boots last about six years.",
        "Boots last six years.",
        Verdict.WARN,
        "about six years",
        "six years",
        "Boots last about six years.",
    ),
    (
        "Bulbs can sometimes rot in clay.",
        "Bulbs always rot in clay.",
        Verdict.BLOCK,
        "Bulbs can sometimes rot in clay",
        "Bulbs always rot in clay",
        "Bulbs can sometimes rot in clay.",
    ),
    (
        "Peeling sometimes reddens the chin.",
        "Peeling usually reddens the chin.",
        Verdict.WARN,
        "Peeling sometimes reddens the chin",
        "Peeling usually reddens the chin",
        "Peeling sometimes reddens the chin.",
    ),
    (
        "Loans may cost more in spring.",
        "Loans will cost more in spring.",
        Verdict.BLOCK,
        "Loans may cost more in spring",
        "Loans will cost more in spring",
        "Loans may cost more in spring.",
    ),
    (
        "The paste appears to lift stains.",
        "The paste lifts stains.",
        Verdict.BLOCK,
        "The paste appears to lift stains",
        "The paste lifts stains",
        "The paste appears to lift stains.",
    ),
    (
        "Lavender is thought to calm cats.",
        "Lavender calms cats.",
        Verdict.BLOCK,
        "Lavender is thought to calm cats",
        "Lavender calms cats",
        "Lavender is thought to calm cats.",
    ),
]


@pytest.mark.parametrize(("source", "text", "verdict", "source_words", "text_words", "suggestion"), DROPPED_HEDGE)
def test_a_hedge_that_is_gone_is_flagged_with_the_clause_that_lost_it(
    source: str, text: str, verdict: Verdict, source_words: str, text_words: str, suggestion: str
) -> None:
    finding = shown(source, text, FindingKind.DROPPED_HEDGE)
    assert finding.verdict is verdict
    assert (finding.source_words, finding.text_words) == (source_words, text_words)
    assert finding.suggestion == suggestion


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Mint might help with nausea.", "Mint may help with nausea."),
        ("Oil could mark the suede.", "Oil may mark the suede."),
        ("Roughly 30 seeds fit in a tray.", "About 30 seeds fit in a tray."),
        ("A loan is often cheaper from a credit union.", "A loan from a credit union is often cheaper."),
        ("Honey may soothe a cough.", "Honey can soothe a cough."),
        ("Honey may soothe a cough.", "A cough may be soothed by honey."),
        ("Frost can kill basil.", "Frost may kill basil."),
        ("Some orchids like shade.", "A few orchids like shade."),
        ("The seams usually hold for a year.", "The seams generally hold for a year."),
        ("Knots often come out with oil.", "With oil, knots often come out."),
        ("Boots last about six years.", "Boots last around six years."),
        ("Moths tend to avoid cedar.", "Moths usually avoid cedar."),
        ("You can polish brass with vinegar.", "Polish brass with vinegar."),
        ("Rust is probably the cause.", "Rust is likely the cause."),
    ],
)
def test_a_claim_that_is_held_back_as_much_passes(source: str, text: str) -> None:
    assert clean(source, text)


def test_no_check_of_hedges_fires_on_an_untouched_text() -> None:
    for source, *_ in [*DROPPED_HEDGE]:
        assert not check(source, source).findings, source


def test_what_is_seldom_so_and_told_outright_is_turned_round() -> None:
    found = shown("Ticks rarely carry the germ.", "Ticks carry the germ.", FindingKind.DROPPED_NEGATION)
    assert found.suggestion == "Ticks rarely carry the germ."
    assert found.verdict is Verdict.WARN
