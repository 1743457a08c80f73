"""strong_claim: a promise needs one in the source.

Each row: the source, the text, the verdict, the source's words and the text's words that are shown, and the wording
that is proposed."""

import pytest

from pipeline.derive.guard import check
from pipeline.derive.model import FindingKind, Verdict
from tests.derive.guard_findings import clean, shown

# A promise that the source does not make.
STRONG_CLAIM = [
    (
        "Compost feeds the soil.",
        "Compost is the best way to feed the soil.",
        Verdict.BLOCK,
        "Compost feeds the soil",
        "best",
        "Compost feeds the soil.",
    ),
    (
        "Compost feeds the soil.",
        "Compost instantly feeds the soil.",
        Verdict.WARN,
        "Compost feeds the soil",
        "instantly",
        "Compost feeds the soil.",
    ),
    (
        "Compost feeds the soil.",
        "Everyone agrees that compost feeds the soil.",
        Verdict.BLOCK,
        "Compost feeds the soil",
        "Everyone",
        "Compost feeds the soil.",
    ),
    (
        "Compost feeds the soil.",
        "Compost is guaranteed to feed the soil.",
        Verdict.BLOCK,
        "Compost feeds the soil",
        "guaranteed",
        "Compost feeds the soil.",
    ),
    (
        "Compost feeds the soil.",
        "Compost always feeds the soil.",
        Verdict.BLOCK,
        "Compost feeds the soil",
        "always",
        "Compost feeds the soil.",
    ),
    (
        "Compost feeds the soil.",
        "Compost is scientifically proven to feed the soil.",
        Verdict.BLOCK,
        "Compost feeds the soil",
        "scientifically",
        "Compost is proven to feed the soil.",
    ),
    (
        "Compost feeds the soil.",
        "Compost feeds the soil with no risk.",
        Verdict.BLOCK,
        "Compost feeds the soil",
        "no risk",
        "Compost feeds the soil.",
    ),
    (
        "Compost feeds the soil.",
        "Compost never fails to feed the soil.",
        Verdict.BLOCK,
        "Compost feeds the soil",
        "never",
        "Compost feeds the soil.",
    ),
    (
        "Compost feeds the soil.",
        "You must use compost to feed the soil.",
        Verdict.WARN,
        "Compost feeds the soil",
        "must",
        "Compost feeds the soil.",
    ),
    (
        "Compost lowers waste.",
        "Compost ends waste.",
        Verdict.BLOCK,
        "Compost lowers waste",
        "ends",
        "Compost lowers waste.",
    ),
    (
        "Tea helps a cold.",
        "Tea cures a cold.",
        Verdict.BLOCK,
        "Tea helps a cold",
        "cures",
        "Tea helps a cold.",
    ),
    (
        "Bleach lightens the grout.",
        "Bleach makes the grout perfectly white.",
        Verdict.BLOCK,
        "Bleach lightens the grout",
        "perfectly",
        "Bleach makes the grout white.",
    ),
    (
        "Walking lowers the risk of falls.",
        "Walking prevents falls.",
        Verdict.BLOCK,
        "Walking lowers the risk of falls",
        "prevents",
        "Walking lowers the risk of falls.",
    ),
    (
        "Cedar balls keep moths off.",
        "Cedar balls permanently keep moths off.",
        Verdict.BLOCK,
        "Cedar balls keep moths off",
        "permanently",
        "Cedar balls keep moths off.",
    ),
    (
        "Cedar balls keep moths off.",
        "Cedar balls completely keep moths off.",
        Verdict.BLOCK,
        "Cedar balls keep moths off",
        "completely",
        "Cedar balls keep moths off.",
    ),
    (
        "Cedar balls keep moths off.",
        "Cedar balls are proven to keep moths off.",
        Verdict.BLOCK,
        "Cedar balls keep moths off",
        "proven",
        "Cedar balls keep moths off.",
    ),
    (
        "Cedar balls keep moths off.",
        "Cedar balls are the only way to keep moths off.",
        Verdict.BLOCK,
        "Cedar balls keep moths off",
        "only",
        "Cedar balls are the way to keep moths off.",
    ),
    (
        "Cedar balls keep moths off.",
        "Cedar balls keep all moths off.",
        Verdict.BLOCK,
        "Cedar balls keep moths off",
        "all",
        "Cedar balls keep moths off.",
    ),
    (
        "Cedar balls keep moths off.",
        "Cedar balls are a miracle that keeps moths off.",
        Verdict.BLOCK,
        "Cedar balls keep moths off",
        "miracle",
        "Cedar balls keep moths off.",
    ),
    (
        "Cedar balls keep moths off.",
        "Cedar balls are essential to keep moths off.",
        Verdict.WARN,
        "Cedar balls keep moths off",
        "essential",
        "Cedar balls keep moths off.",
    ),
    (
        "Cedar balls keep moths off.",
        "Cedar balls are risk-free and keep moths off.",
        Verdict.BLOCK,
        "Cedar balls keep moths off",
        "risk-free",
        "Cedar balls keep moths off.",
    ),
    (
        "Cedar balls keep moths off.",
        "Cedar balls effortlessly keep moths off.",
        Verdict.BLOCK,
        "Cedar balls keep moths off",
        "effortlessly",
        "Cedar balls keep moths off.",
    ),
    (
        "Cedar balls keep moths off.",
        "Cedar balls keep moths off forever.",
        Verdict.BLOCK,
        "Cedar balls keep moths off",
        "forever",
        "Cedar balls keep moths off.",
    ),
    (
        "Cedar balls keep moths off.",
        "Cedar balls perfectly keep moths off.",
        Verdict.BLOCK,
        "Cedar balls keep moths off",
        "perfectly",
        "Cedar balls keep moths off.",
    ),
    (
        "Cedar balls keep moths off.",
        "Nothing beats cedar balls to keep moths off.",
        Verdict.BLOCK,
        "Cedar balls keep moths off",
        "Nothing",
        "Cedar balls keep moths off.",
    ),
    (
        "Cedar balls reduce moths.",
        "Cedar balls eliminate moths.",
        Verdict.BLOCK,
        "Cedar balls reduce moths",
        "eliminate",
        "Cedar balls reduce moths.",
    ),
    (
        "Studies suggest naps help.",
        "Studies prove naps help.",
        Verdict.BLOCK,
        "Studies suggest naps help",
        "Studies prove",
        "Studies suggest naps help.",
    ),
    (
        "Cocoa is linked to calm.",
        "Cocoa guarantees calm.",
        Verdict.BLOCK,
        "Cocoa is linked to calm",
        "guarantees",
        "Cocoa is linked to calm.",
    ),
    (
        "Vinegar dulls the smell.",
        "Vinegar removes the smell.",
        Verdict.BLOCK,
        "Vinegar dulls the smell",
        "removes",
        "Vinegar dulls the smell.",
    ),
    (
        "Most cats like it.",
        "All cats like it.",
        Verdict.BLOCK,
        "Most cats like it",
        "All",
        "Most cats like it.",
    ),
]


@pytest.mark.parametrize(("source", "text", "verdict", "source_words", "text_words", "suggestion"), STRONG_CLAIM)
def test_a_promise_of_the_texts_own_is_flagged_by_its_word(
    source: str, text: str, verdict: Verdict, source_words: str, text_words: str, suggestion: str
) -> None:
    finding = shown(source, text, FindingKind.STRONG_CLAIM)
    assert finding.verdict is verdict
    assert (finding.source_words, finding.text_words) == (source_words, text_words)
    assert finding.suggestion == suggestion


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Compost always feeds the soil.", "Compost feeds the soil every time."),
        ("Tea does not cure a cold.", "Tea is no cure for a cold."),
        ("It is safe to use compost.", "Compost is safe to use."),
        ("Never leave a candle alone.", "A candle should never be left alone."),
        ("Cedar works all day.", "All day, cedar works."),
        ("It is the best time to sow.", "The best time to sow it is now."),
    ],
)
def test_a_promise_that_the_source_makes_or_denies_passes(source: str, text: str) -> None:
    assert clean(source, text)


def test_no_check_of_strong_fires_on_an_untouched_text() -> None:
    for source, *_ in [*STRONG_CLAIM]:
        assert not check(source, source).findings, source


@pytest.mark.parametrize(
    ("source", "text", "words"),
    [
        ("The lamp tans legs a little.", "The lamp tans legs a little, without any risk.", "without any risk"),
        ("The lamp tans legs.", "The lamp tans legs without the slightest danger.", "without the slightest danger"),
        ("A fan reduces mould on walls.", "A fan keeps walls free of mould.", "free of mould"),
        ("The mat leaves fewer crumbs.", "The mat leaves no crumbs.", "no crumbs"),
        ("This soap is gentle.", "This is the gentlest soap.", "gentlest"),
        ("This knot is reliable.", "This is the most reliable knot.", "most reliable"),
        ("A hat makes sunburn less common.", "Wear a hat and say goodbye to sunburn.", "goodbye to"),
        ("The new lock is harder to pick.", "The new lock can't be picked.", "can't be picked"),
        ("Reading helps you rest.", "Nothing helps you rest like reading.", "Nothing"),
        ("The seal works in light rain.", "The seal works in any weather.", "in any weather"),
        ("The balm calms bites.", "The balm calms bites without any side effects.", "without any side effects"),
        ("Index funds have fared well.", "Index funds are a sure thing.", "sure thing"),
        ("The spray keeps paint clean.", "The spray keeps paint clean for years to come.", "for years to come"),
    ],
)
def test_an_absolute_put_in_by_other_words_is_named(source: str, text: str, words: str) -> None:
    assert shown(source, text, FindingKind.STRONG_CLAIM).text_words == words


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("A vole's teeth never stop growing.", "A vole's teeth grow all its life."),
        ("Half a spoon will do for a pot.", "A pot needs only half a spoon."),
        ("Guests cancel free of charge.", "Guests cancel and pay nothing."),
        ("Warts are benign.", "Warts are harmless."),
        ("Ring the plumber without delay if it leaks.", "Ring the plumber right away if it leaks."),
        ("Itching is no cause for concern.", "Itching is nothing to worry about."),
        ("The loft carries no risk of damp.", "There is no risk of damp in the loft."),
        ("Keep it at the lowest setting.", "The lowest setting is where to keep it."),
        ("Ferns are happier in a bathroom than in a hall.", "A bathroom suits ferns better than a hall."),
        ("Dust lifts more easily if it is damp.", "Dampen the dust; it'll then lift more easily."),
        ("Charge it overnight, but not below freezing.", "Charge it overnight, but never when it's below freezing."),
    ],
)
def test_a_promise_that_the_source_makes_in_other_words_is_none(source: str, text: str) -> None:
    assert [f for f in check(source, text).findings if f.kind is FindingKind.STRONG_CLAIM] == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Every van is to be returned with a full tank.", "Always return a van with a full tank."),
        ("Dawn is the recommended time to water.", "It is best to water at dawn."),
        ("Cover the pan, or the milk will boil over.", "Cover the pan to prevent the milk from boiling over."),
        ("Heat makes the boards warp.", "Heat causes the boards to warp."),
        ("Salt lifts wine stains.", "Salt removes wine stains."),
        ("Entry is restricted to members.", "Only members may enter."),
    ],
)
def test_advice_and_plain_words_may_be_told_by_a_stronger_word(source: str, text: str) -> None:
    assert [f for f in check(source, text).findings if f.kind is FindingKind.STRONG_CLAIM] == []


@pytest.mark.parametrize(
    "promise",
    [
        "conquers a cough",
        "rids you of a cough",
        "makes short work of a cough",
        "single-handedly eases a cough",
        "eases a cough like nothing else",
        "eases a cough any time",
        "eases a cough faster than anything",
        "eases a cough with certainty",
        "eases a cough one hundred per cent",
    ],
)
def test_every_way_to_promise_is_named(promise: str) -> None:
    assert shown("Mint tea eases a cough.", f"Mint tea {promise}.", FindingKind.STRONG_CLAIM)
