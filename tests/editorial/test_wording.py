"""Words as they are kept, and the hash that an approval holds to."""

import unicodedata
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.editorial.content import SourceContent
from pipeline.editorial.hashing import handed_in_hash, revision_hash, text_hash
from pipeline.editorial.wording_rules import LIMITS, Wording, WordingError, cleaned, problems_of, xml_safe

PLAIN = Wording("Cold spoons", "Cool a *spoon*.", "Eyes", "Ida Berg")
SEEN = tuple(LIMITS)
any_text = st.text(st.characters(), max_size=80)
wordings = st.builds(Wording, **dict.fromkeys(SEEN, any_text))


@pytest.mark.parametrize("field", SEEN)
def test_every_field_that_a_reader_sees_changes_the_hash(field):
    changed = replace(PLAIN, **{field: getattr(PLAIN, field) + "x"})
    assert revision_hash(changed) != revision_hash(PLAIN)


def test_the_sources_that_are_shown_change_the_hash():
    source = SourceContent("On eyes", "Cool a spoon.", "https://x.example")
    hashes = {revision_hash(PLAIN, sources) for sources in ([], [source], [source, source])}
    hashes |= {revision_hash(PLAIN, [replace(source, **{field: "y"})]) for field in ("title", "quote", "url")}
    assert len(hashes) == 6


def test_dates_do_not_change_what_readers_see_but_are_part_of_what_was_handed_in():
    dated = replace(PLAIN, not_before=date(2026, 5, 1))
    assert revision_hash(dated) == revision_hash(PLAIN)
    other_way = replace(PLAIN, not_after=date(2026, 5, 1))
    assert len({handed_in_hash(each) for each in (PLAIN, dated, other_way)}) == 3


@given(wordings, wordings)
def test_two_wordings_have_one_hash_only_if_they_are_one(a, b):
    a, b = cleaned(a), cleaned(b)
    assert (revision_hash(a) == revision_hash(b)) == (a == b)


@given(st.lists(any_text.map(xml_safe), max_size=3), st.lists(any_text.map(xml_safe), max_size=3))
def test_words_never_wander_from_one_part_to_the_next_unseen(a, b):
    assert (text_hash(*a) == text_hash(*b)) == (a == b)


def test_words_moved_between_fields_change_the_hash():
    assert revision_hash(replace(PLAIN, title="Cold", topic="spoonsEyes")) != revision_hash(
        replace(PLAIN, title="Coldspoons", topic="Eyes")
    )


@given(wordings)
def test_what_is_kept_can_always_be_written_as_xml_and_is_on_one_line_where_it_must(wording):
    kept = cleaned(wording)
    for field in SEEN:
        value = getattr(kept, field)
        element = ElementTree.Element("a")
        element.text = value
        assert ElementTree.fromstring(ElementTree.tostring(element, "utf-8")).text in (value, None)
        if field != "text":
            assert "\n" not in value
            assert value == " ".join(value.split())
    assert cleaned(kept) == kept


@given(wordings)
def test_what_passes_holds_nothing_that_could_break_a_header(wording):
    if problems_of(wording):
        return
    kept = cleaned(wording)
    for field in ("title", "author", "topic"):
        assert not any(
            unicodedata.category(character) in {"Cc", "Zl", "Zp", "Cs"} for character in getattr(kept, field)
        )


def test_a_wording_without_fault_has_no_problem_and_each_fault_is_named_by_its_field():
    assert problems_of(PLAIN) == []
    assert problems_of(replace(PLAIN, author=""), needs_author=False) == []
    faulty = Wording("", " ", "\x00", author="", picture_url="ftp://x", link_url="https://")
    assert [problem.field for problem in problems_of(faulty)] == [
        "title", "topic", "text", "author", "topic", "link", "picture",
    ]  # fmt: skip


def test_an_error_of_words_is_one_line_with_every_fault():
    error = WordingError(problems_of(Wording("", "", "Eyes", author="Ida")))
    assert str(error) == (
        "title: is missing; say in a few words what the tip is about; text: is empty; write the advice itself"
    )
