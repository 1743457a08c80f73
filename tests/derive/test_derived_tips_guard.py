"""The guard over every tip that is derived from the cases: untouched it passes; whatever holds it back is missed when
it is taken out."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pipeline.derive.guard import check
from pipeline.derive.guard_reading import reading
from pipeline.derive.model import Candidate, FindingKind
from pipeline.derive.tips import derive
from pipeline.documents import read
from pipeline.documents.model import Document

CASES = Path(__file__).parent / "cases"
ARTICLES = CASES.parents[1] / "documents" / "cases" / "headings"
OF_SOURCE = set(FindingKind) - {FindingKind.REGULATED_CLAIM, FindingKind.MISSING_NOTE}

_MODAL = re.compile(r" (?:may|might|could)\b(?! be\b)(?! have\b)", re.IGNORECASE)
_MODAL_BE = re.compile(r" (?:may|might|could) be\b", re.IGNORECASE)
_ADVERB = re.compile(r"(?<!most) (?:often|usually|sometimes|generally|typically|occasionally|rarely)\b", re.IGNORECASE)
_NEGATION = re.compile(r"\b(do|does|should|must|need|will|can) ?not\b", re.IGNORECASE)
_NEVER = re.compile(r"\b(?<!than )never\b ?", re.IGNORECASE)
_CONDITION = re.compile(
    r"(?:,?(?<! as) (?:if|unless|until|as long as|provided that) [^,.;:]+(?=[.;]))"
    r"|(?:^(?:If|Unless|Until|Once) [^,.;:]+, )"
)


@cache
def derived() -> tuple[tuple[Document, Candidate], ...]:
    paths = [path for path in sorted((CASES / "dev").iterdir()) if path.suffix != ".labels"]
    paths += [path for part in ("dev", "once") for path in sorted((ARTICLES / part).glob("*.txt"))]
    documents = [read(path.read_bytes().replace(b"\n#", b"\n"), name=path.name) for path in paths]
    return tuple((document, tip) for document in documents for tip in derive([document]))


def without(pattern: re.Pattern[str], instead: str = "") -> Iterator[tuple[str, str]]:
    """Each tip that holds the pattern, and the same with one place of it taken out."""
    for _, tip in derived():
        for found in pattern.finditer(tip.text):
            told = f"{tip.text[: found.start()]}{found.expand(instead)}{tip.text[found.end() :]}"
            yield tip.text, told[:1].upper() + told[1:]


def kinds(source: str, text: str) -> set[FindingKind]:
    return {finding.kind for finding in check(source, text).findings} & OF_SOURCE


def test_no_derived_tip_is_flagged_against_its_own_words() -> None:
    flagged = {
        tip.text: found
        for document, tip in derived()
        if (found := {f.kind for f in check(tip.source.quote, tip.text, document.text).findings} & OF_SOURCE)
    }
    assert len(derived()) > 120
    assert flagged == {}


@pytest.mark.parametrize(
    ("pattern", "instead", "expected", "least"),
    [
        (_MODAL, "", {FindingKind.DROPPED_HEDGE}, 5),
        (_MODAL_BE, " is", {FindingKind.DROPPED_HEDGE, FindingKind.DROPPED_NEGATION}, 3),
        (_ADVERB, "", {FindingKind.DROPPED_HEDGE}, 3),
        (_NEGATION, r"\1", {FindingKind.DROPPED_NEGATION, FindingKind.ADDED_NEGATION}, 15),
        (_NEVER, "", {FindingKind.DROPPED_NEGATION, FindingKind.ADDED_NEGATION}, 3),
        (_CONDITION, "", {FindingKind.LOST_CONDITION, FindingKind.DROPPED_NEGATION}, 15),
    ],
    ids=["may", "may be", "often", "not", "never", "if"],
)
def test_what_holds_a_derived_tip_back_is_missed_when_it_is_gone(
    pattern: re.Pattern[str], instead: str, expected: set[FindingKind], least: int
) -> None:
    tried = list(without(pattern, instead))
    passed = [(source, text) for source, text in tried if not kinds(source, text) & expected]
    assert len(tried) >= least
    assert passed == []


def numbers(change: bool) -> Iterator[tuple[str, str]]:
    """Each tip with a number and its unit, and the same without them or with another number."""
    for _, tip in derived():
        one = reading(tip.text)
        for quantity in one.quantities:
            start, end = one.words[quantity.start].start, one.words[quantity.end - 1].end
            said = tip.text[start:end]
            if quantity.weak or quantity.dimension == "count" or not said[0].isdigit():
                continue
            told = re.sub(r"\d+", lambda digits: str(int(digits[0]) * 3 + 1), said) if change else ""
            text = " ".join(f"{tip.text[:start]}{told}{tip.text[end:]}".split()).replace(" .", ".").replace(" ,", ",")
            yield tip.text, text


def test_a_number_that_is_gone_from_a_derived_tip_is_missed() -> None:
    tried = list(numbers(change=False))
    expected = {FindingKind.LOST_CONDITION, FindingKind.CHANGED_NUMBER, FindingKind.DROPPED_HEDGE}
    assert len(tried) >= 20
    assert [pair for pair in tried if not kinds(*pair) & expected] == []


def test_a_number_that_was_changed_in_a_derived_tip_is_named() -> None:
    tried = list(numbers(change=True))
    expected = {FindingKind.CHANGED_NUMBER, FindingKind.ADDED_NUMBER, FindingKind.LOST_CONDITION}
    assert len(tried) >= 20
    assert [pair for pair in tried if not kinds(*pair) & expected] == []
