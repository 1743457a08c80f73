"""When a proposed wording may stand in for a tip's own: never unguarded, never longer, never about something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.derive.guard import check
from pipeline.derive.model import GuardReport, Verdict
from pipeline.derive.rewrite_rules import LEAST_SHARED, reasons_against, shared_words, tidied

SOURCE = (
    "Rinse the brush in lukewarm water for about two minutes after each use, because dried glue "
    "may stiffen the hairs unless they are made of nylon."
)


def reasons(proposal, original=SOURCE, source=SOURCE, report=None):
    return reasons_against(proposal, original=original, source=source, report=report or check(source, proposal))


def test_a_shorter_wording_that_says_the_same_is_taken():
    shorter = SOURCE.replace("after each use", "after use")
    assert reasons(shorter) == ()


@pytest.mark.parametrize(
    ("proposal", "said"),
    [
        (SOURCE.replace("may stiffen", "stiffens"), "dropped hedge"),
        (SOURCE.replace("two", "nine"), "number"),
        (SOURCE.replace(" unless they are made of nylon", ""), "lost condition"),
        ("Rinse the brush after each use; it is guaranteed to last.", "strong claim"),
    ],
)
def test_a_wording_that_the_guard_speaks_against_is_not_taken(proposal, said):
    assert any(said in reason for reason in reasons(proposal)), reasons(proposal)


def test_a_wording_that_is_longer_by_one_character_is_not_taken():
    assert reasons(f"{SOURCE[:-1]}…..", report=GuardReport(Verdict.PASS)) == (
        f"it is longer: {len(SOURCE) + 2} characters in place of {len(SOURCE)}",
    )


def test_a_wording_about_something_else_is_not_taken_even_if_the_guard_were_silent():
    said = reasons("Ask your bank for a lower rate.", report=GuardReport(Verdict.PASS))
    assert len(said) == 1
    assert said[0].startswith("only 0% of its words of substance stand in the source")


def test_a_third_of_the_words_is_enough_and_less_is_not():
    assert shared_words("brush water piano", SOURCE) >= LEAST_SHARED
    assert shared_words("brush violin piano cello", SOURCE) < LEAST_SHARED


@pytest.mark.parametrize("nothing", ["", "  \n", "\t"])
def test_no_words_are_no_proposal(nothing):
    assert reasons(nothing) == ("it is empty",)


def test_the_same_words_in_other_spacing_change_nothing():
    assert reasons(SOURCE.replace(" ", "  ", 3)) == ("it changes nothing",)


@pytest.mark.parametrize(
    "addition", ["<b>Rinse</b>", "[Rinse](https://evil.example)", "www.evil.example", "```", "{{ x }}", "Rinse\u202e"]
)
def test_links_markup_and_invisible_marks_are_not_taken(addition):
    said = reasons(f"{addition} the brush in lukewarm water.", report=GuardReport(Verdict.PASS))
    assert any("markup" in reason or "invisible" in reason for reason in said)


def test_markup_that_the_tip_has_already_is_not_held_against_a_proposal():
    original = "- Rinse the brush at https://example.org/help and let it dry well."
    assert reasons("Rinse the brush at https://example.org/help; let it dry.", original, original) == ()


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ('  "Rinse the brush."\n', "Rinse the brush."),
        ("“Rinse the brush.”", "Rinse the brush."),
        ('"Rinse" and "dry"', '"Rinse" and "dry"'),
        ("<think>It may be\nshorter.</think>\n\nRinse the brush.", "Rinse the brush."),
        ('"', '"'),
    ],
)
def test_what_models_put_around_an_answer_is_taken_off(answer, text):
    assert tidied(answer) == text


@given(st.text(max_size=400))
def test_whatever_is_proposed_nothing_is_taken_that_a_guard_speaks_against(proposal):
    report = check(SOURCE, proposal)
    if not reasons(proposal, report=report):
        assert report.verdict is Verdict.PASS
        assert len(proposal) <= len(SOURCE)
        assert shared_words(proposal, SOURCE) >= LEAST_SHARED
