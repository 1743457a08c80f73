"""Every change against the quote is said in words, and can be made again from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.derive import edits


def test_a_prefix_is_taken_off_and_the_next_word_begins_with_a_capital() -> None:
    changes = (edits.removed("Additionally, "), edits.CAPITAL)
    assert edits.replay("Additionally, oil the chain.", changes) == "Oil the chain."


def test_a_word_within_is_taken_out_once() -> None:
    changes = (edits.removed("also ", within=True),)
    assert edits.replay("It can also be oiled, and also waxed.", changes) == "It can be oiled, and also waxed."


def test_a_note_in_the_edit_changes_nothing() -> None:
    noted = edits.removed("However, ", note="contrasts with the sentence before")
    assert noted == "removed 'However, ' (contrasts with the sentence before)"
    assert edits.replay("However, oil the chain.", (noted,)) == "oil the chain."


def test_a_prefix_with_an_apostrophe_is_replayed() -> None:
    change = edits.removed("It's important to note that ")
    assert edits.replay("It's important to note that oil ages.", (change,)) == "oil ages."


def test_a_prefix_that_is_not_there_is_not_taken_off() -> None:
    assert edits.replay("Oil the chain.", (edits.removed("Wax "),)) == "Oil the chain."


def test_lines_are_joined_by_single_spaces() -> None:
    assert edits.replay("Oil the\n   chain  well.", (edits.JOINED_LINES,)) == "Oil the chain well."


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Oil the chain", "Oil the chain."),
        ("Oil the chain;", "Oil the chain."),
        ("Oil the chain.", "Oil the chain."),
        ("He said “oil it.”", "He said “oil it.”"),
    ],
)
def test_an_item_ends_with_a_full_stop(line: str, text: str) -> None:
    assert edits.replay(line, (edits.FULL_STOP,)) == text


def test_list_items_follow_each_other_without_their_bullets() -> None:
    quote = "- Oil the chain\n- Pump up the tyres.\n3. Check the brakes"
    assert edits.replay(quote, (edits.JOINED_ITEMS,)) == "Oil the chain. Pump up the tyres. Check the brakes."


def test_an_item_that_runs_over_lines_stays_one() -> None:
    assert edits.items("* Oil the chain\n  with care\n* Stop") == ["Oil the chain with care", "Stop"]


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("Avoid:\n- sun\n- saunas\n- scrubs", "Avoid: sun, saunas and scrubs."),
        ("Avoid:\n- sun, wind\n- saunas;", "Avoid: sun, wind; and saunas."),
        ("Avoid:\n- sun", "Avoid: sun."),
        ("Avoid:\n- sun, and\n- saunas.", "Avoid: sun and saunas."),
    ],
)
def test_fragments_are_joined_to_the_line_that_introduces_them(quote: str, text: str) -> None:
    assert edits.replay(quote, (edits.JOINED_INTRO,)) == text


def test_an_unknown_edit_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="no such edit: rewrote it"):
        edits.replay("Oil the chain.", ("rewrote it",))


@given(st.text(max_size=200))
def test_without_edits_the_text_is_the_quote(quote: str) -> None:
    assert edits.replay(quote, ()) == quote


@given(st.text(max_size=200))
def test_joining_lines_twice_changes_nothing_more(quote: str) -> None:
    once = edits.replay(quote, (edits.JOINED_LINES,))
    assert edits.replay(once, (edits.JOINED_LINES,)) == once


@given(st.text(min_size=1, max_size=40).filter(lambda words: "'" not in words), st.text(max_size=80))
def test_what_was_removed_can_be_put_back(prefix: str, rest: str) -> None:
    assert prefix + edits.replay(prefix + rest, (edits.removed(prefix),)) == prefix + rest
