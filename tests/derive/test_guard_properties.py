"""What the guard always finds, and what it never minds, over sentences made from parts."""

import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.derive.guard import check, conflicts
from pipeline.derive.model import FindingKind, Verdict
from tests.derive.guard_sentences import Made, conditional, hedged, negated, numbered, renumbered, tips

unhurried = settings(deadline=None, max_examples=60)  # a shared machine has slow moments
OF_SOURCE = set(FindingKind) - {FindingKind.REGULATED_CLAIM, FindingKind.MISSING_NOTE}


def kinds(source: str, text: str) -> set[FindingKind]:
    return {finding.kind for finding in check(source, text).findings} & OF_SOURCE


@given(hedged)
@unhurried
def test_a_hedge_that_is_dropped_is_flagged(made: Made) -> None:
    assert FindingKind.DROPPED_HEDGE in kinds(made.whole, made.without)


@given(negated)
@unhurried
def test_a_negation_that_is_dropped_is_flagged(made: Made) -> None:
    assert FindingKind.DROPPED_NEGATION in kinds(made.whole, made.without)


@given(negated)
@unhurried
def test_a_negation_that_is_added_is_flagged(made: Made) -> None:
    assert FindingKind.ADDED_NEGATION in kinds(made.without, made.whole)


@given(conditional)
@unhurried
def test_a_condition_that_is_dropped_is_flagged(made: Made) -> None:
    assert FindingKind.LOST_CONDITION in kinds(made.whole, made.without)


@given(numbered())
@unhurried
def test_a_number_that_is_dropped_is_flagged(made: Made) -> None:
    assert FindingKind.LOST_CONDITION in kinds(made.whole, made.without)


@given(numbered())
@unhurried
def test_a_number_that_is_added_is_flagged(made: Made) -> None:
    assert FindingKind.ADDED_NUMBER in kinds(made.without, made.whole)


@given(renumbered())
@unhurried
def test_a_number_that_is_changed_is_flagged_and_the_right_one_proposed(made: Made) -> None:
    report = check(made.whole, made.without)
    changed = [finding for finding in report.findings if finding.kind is FindingKind.CHANGED_NUMBER]
    assert changed
    assert report.verdict is Verdict.BLOCK
    assert changed[0].suggestion == made.whole


@given(tips)
@unhurried
def test_an_untouched_text_is_never_flagged(text: str) -> None:
    assert not kinds(text, text)


@given(st.lists(tips, min_size=2, max_size=4), st.data())
@unhurried
def test_some_of_a_texts_sentences_are_never_flagged(parts: list[str], data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.sampled_from(parts), min_size=1, max_size=len(parts), unique=True))
    assert not kinds(" ".join(parts), " ".join(kept))


@given(st.text(max_size=200))
@unhurried
def test_any_text_passes_against_itself(text: str) -> None:
    assert not kinds(text, text)


@given(st.text(max_size=120), st.text(max_size=120), st.text(max_size=60))
@unhurried
def test_any_two_texts_get_an_answer(source: str, text: str, context: str) -> None:
    report = check(source, text, context)
    assert (report.verdict is Verdict.PASS) == (not report.findings)


@given(tips)
@unhurried
def test_a_text_is_never_in_conflict_with_itself(text: str) -> None:
    assert conflicts(text, text) is None


@given(tips, tips)
@unhurried
def test_a_finding_quotes_both_sides_in_their_own_letters(source: str, text: str) -> None:
    for finding in check(source, text).findings:
        assert finding.message
        assert finding.source_words in source
        assert finding.text_words in text


def test_the_answer_does_not_hang_on_the_hash_seed() -> None:
    code = (
        "from pipeline.derive.guard import check; from pipeline.derive.duplicates import compare\n"
        "a = 'Clay masks may dry the skin for 20 minutes, unless they are rinsed before the serum.'\n"
        "b = 'Clay masks always dry hair for 30 hours after the serum and cure eczema, retinol and Paris too.'\n"
        "print(check(a, b), compare(a, b), compare(b, a))"
    )
    root = Path(__file__).parents[2]
    answers = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, cwd=root, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(answers) == 1
    assert b"changed_number" in answers.pop()
