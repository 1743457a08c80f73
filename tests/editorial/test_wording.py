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
from pipeline.editorial.models import TipRevision
from pipeline.editorial.wording_rules import (
    LIMITS,
    Wording,
    WordingError,
    cleaned,
    one_line,
    problems_of,
    xml_safe,
)

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


@pytest.mark.parametrize("field", [*SEEN])
def test_a_field_is_kept_at_its_limit_and_refused_one_character_further(field):
    filler = "https://x.example/" if field.endswith("_url") else ""
    needed = {"link_text": {"link_url": "https://x.example"}, "picture_alt": {"picture_url": "https://x.example/a.png"}}
    base = replace(PLAIN, **needed.get(field, {}))
    full = filler + "x" * (LIMITS[field] - len(filler))
    assert problems_of(replace(base, **{field: f" {full} "})) == []
    [problem] = problems_of(replace(base, **{field: f"{full}x"}))
    assert f"has {LIMITS[field] + 1} characters; shorten it to {LIMITS[field]} or fewer" in problem.message


def test_the_limits_are_those_of_the_columns_that_keep_the_words():
    columns = {name: TipRevision._meta.get_field(name).max_length for name in LIMITS if name != "text"}
    assert columns == {name: limit for name, limit in LIMITS.items() if name != "text"}
    assert TipRevision._meta.get_field("text").max_length is None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("javascript:alert(1)", "no web address that can be used here"),
        ("data:text/html,x", "no web address that can be used here"),
        ("//x.example/a", "no web address that can be used here"),
        ("https:///a", "no web address that can be used here"),
        ("https://x.example/a b", "no web address that can be used here"),
        ("https://x.example:port/", "is no web address"),
        ("https://[::1", "is no web address"),
        ("https://anna@x.example/", "holds a name or password"),
        ("https://:hunter2@x.example/", "holds a name or password"),
        ("https://anna:hunter2@x.example/", "holds a name or password"),
    ],
)
def test_a_link_that_leads_nowhere_or_gives_a_secret_away_is_refused(url, said):
    [problem] = problems_of(replace(PLAIN, link_url=url))
    assert problem.field == "link"
    assert said in problem.message
    assert "hunter2" not in problem.message


def test_a_link_may_be_plain_http_and_a_picture_may_not():
    assert problems_of(replace(PLAIN, link_url="http://x.example/a")) == []
    [problem] = problems_of(replace(PLAIN, picture_url="http://x.example/a.png", picture_alt="A spoon"))
    assert (problem.field, "https://" in problem.message) == ("picture", True)


def test_a_text_for_a_link_or_a_picture_that_is_not_there_is_refused():
    assert [problem.field for problem in problems_of(replace(PLAIN, link_text="More", picture_alt="A spoon"))] == [
        "link_text", "picture_alt",
    ]  # fmt: skip


def test_a_last_day_before_the_first_is_refused_and_one_day_is_enough():
    day = date(2026, 5, 1)
    assert problems_of(replace(PLAIN, not_before=day, not_after=day)) == []
    [problem] = problems_of(replace(PLAIN, not_before=day, not_after=date(2026, 4, 30)))
    assert problem.message == "2026-04-30 lies before not_before, 2026-05-01; swap them"


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\x07", "\u2028", "\n"])
def test_a_mark_that_nobody_sees_is_refused_in_a_line_and_left_out_of_a_made_title(mark):
    [problem] = problems_of(replace(PLAIN, title=f"Cold{mark}spoons"))
    assert f"U+{ord(mark):04X}" in problem.message
    assert one_line(f"Cold{mark}spoons", 40) in {"Cold spoons", "Coldspoons"}


def test_a_made_title_is_cut_at_its_limit_and_says_so():
    assert one_line("Cold spoons", 11) == "Cold spoons"
    assert one_line("Cold spoons", 10) == "Cold spoo…"
    assert one_line("Cold spoons for tired eyes", 6) == "Cold…"


@given(any_text, st.integers(2, 40))
def test_a_made_title_is_never_longer_than_it_may_be(text, limit):
    made = one_line(text, limit)
    assert len(made) <= limit
    assert made == " ".join(made.split())


def test_a_text_keeps_its_lines_and_ends_them_as_one_does():
    assert cleaned(replace(PLAIN, text=" One.\r\nTwo.\rThree.\x00 ")).text == "One.\nTwo.\nThree."


@pytest.mark.parametrize("field", SEEN)
def test_a_character_that_was_lost_on_the_way_is_told_with_its_place(field):
    broken = replace(PLAIN, **{field: f"{getattr(PLAIN, field)} caf\N{REPLACEMENT CHARACTER}"})
    told = [problem.message for problem in problems_of(broken) if "U+FFFD" in problem.message]
    assert len(told) == 1
    assert "caf”" in told[0]
