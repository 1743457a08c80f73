"""The development set holds its floors; its labels are written so that they can be met."""

from pathlib import Path

import pytest

from pipeline.derive import gates, scores  # noqa: F401 - importing them registers their rules
from pipeline.derive.rules import GATES, SCORES, WINDOW_SCORES
from tests.derive.score import Outcome, cases, score


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return score("dev")


def share(outcome: Outcome, kind: str) -> float:
    right, of = outcome.counts[kind]
    return right / of


@pytest.mark.parametrize(
    "kind",
    [
        "never-tips kept out",
        "never-titles kept out",
        "tips that break no rule",
        "spans that hold",
        "no title twice",
        "advice given once",
        "further sources named",
        "disagreements flagged",
    ],
)
def test_what_may_never_happen_does_not(outcome: Outcome, kind: str) -> None:
    assert share(outcome, kind) == 1.0, outcome.misses


def test_most_expected_tips_are_among_the_best_fifteen(outcome: Outcome) -> None:
    assert share(outcome, "expected tips found") >= 0.9, outcome.misses


def test_most_titles_fit(outcome: Outcome) -> None:
    assert share(outcome, "titles that fit") >= 0.9, outcome.misses


@pytest.mark.parametrize("part", ["dev", "once"])
def test_every_label_names_words_of_its_document(part: str) -> None:
    for document, labels in cases(part):
        text = " ".join(document.text.split())
        for label in labels:
            if label.kind in ("tip", "once", "also", "disagree"):
                assert all(" ".join(words.split()) in text for words in label.parts), (document.name, label)


def test_there_are_enough_labels() -> None:
    labels = [label for part in ("dev", "once") for _, found in cases(part) for label in found]
    titles = sum(bool(label.titles) for label in labels)
    assert len(labels) + titles >= 300


def test_the_page_on_derivation_names_every_rule_with_its_reason() -> None:
    page = (Path(__file__).parents[2] / "docs" / "derivation.md").read_text(encoding="utf-8")
    for rule in (*GATES, *SCORES, *WINDOW_SCORES):
        assert f"| {rule.name}" in page, rule.name
        assert rule.why in page, rule.why
    for weighed in (*SCORES, *WINDOW_SCORES):
        assert f"| {weighed.name} | {weighed.weight:+.1f}" in page, weighed.name
