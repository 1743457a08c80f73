"""One pass over the words: what each of them is."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.derive import tokens
from pipeline.derive.lexicon_files import groups
from pipeline.derive.tokens import DIGIT, EITHER, EITHER_FORM, GERUND, STEMS, TABLE, VERB, VERB_FORM, WORD, bit, forms
from tests.derive.making import sentence


@pytest.mark.parametrize(
    ("word", "group"),
    [
        ("rinse", VERB),
        ("rinsed", VERB_FORM),
        ("rinsing", GERUND),
        ("water", EITHER),
        ("plants", EITHER_FORM),
        ("500", DIGIT),
    ],
)
def test_a_word_is_known_by_its_form(word: str, group: int) -> None:
    assert TABLE[word] & group


@pytest.mark.parametrize(
    ("base", "found"),
    [
        ("rinse", (["rinses", "rinsed"], "rinsing")),
        ("dry", (["dries", "dried"], "drying")),
        ("spray", (["sprays", "sprayed"], "spraying")),
        ("wash", (["washes", "washed"], "washing")),
        ("oil", (["oils", "oiled"], "oiling")),
    ],
)
def test_regular_verbs_have_their_forms(base: str, found: tuple[list[str], str]) -> None:
    assert forms(base) == found


def test_a_star_stands_for_every_ending() -> None:
    assert TABLE["irritating"] & bit("safety")
    assert TABLE["irritation"] & bit("safety")
    assert not TABLE["irrigation"] & bit("safety")


def test_a_phrase_marks_its_first_word() -> None:
    read = sentence("Ask about free shipping today.")
    assert read.mask & bit("advertising")
    assert read.word_with(bit("advertising")) == "free"
    assert not sentence("A free hand and cheap shipping.").mask & bit("advertising")


def test_a_phrase_may_begin_with_a_mark() -> None:
    assert sentence("Wash it at 40 °C.").mask & tokens.UNIT


def test_the_longest_start_of_each_group_is_kept() -> None:
    read = sentence("However, it rains.")
    assert read.starts & bit("contrast_start")
    assert read.start_lengths[bit("contrast_start")] == 1
    assert sentence("It is important to note that oil ages.").start_lengths[bit("removable_start")] == 6


def test_a_curly_apostrophe_is_an_apostrophe() -> None:
    assert sentence("It’s best to rinse.").words[0] == "it's"


def test_stems_leave_out_small_words_and_the_core_leaves_out_hollow_ones() -> None:
    read = sentence("The effective treatment softens scars within 14 days.")
    assert read.stems() == {"effect", "treatment", "soften", "scar", "day"}
    assert read.core() == {"soften", "scar", "14", "day"}


def test_the_tables_are_caches_that_stay_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_MOST_KEPT", 50)
    table = tokens.Kept(tokens._bits_of)
    for number in range(500):
        assert table[f"word{'abcdefghij'[number % 10] * (number // 10)}"] & WORD
    assert len(table) <= 52


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    read = sentence(text)
    assert len(read.words) == len(read.masks)
    assert all(read.mask & mask == mask for mask in read.masks)


@given(st.text(min_size=1, max_size=30))
def test_a_stem_never_depends_on_what_was_read_before(word: str) -> None:
    assert STEMS[word] == tokens._stem_of(word)


@pytest.mark.parametrize("name", ["starts", "refusals", "signals", "verbs", "headings", "clauses", "titles", "topics"])
def test_every_lexicon_can_be_read_and_every_group_has_a_comment(name: str) -> None:
    from pipeline.derive.lexicon_files import FOLDER

    found = groups(f"tips/{name}")
    assert found
    assert all(found.values())
    lines = (FOLDER / "tips" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    comments = sum(1 for before, line in itertools.pairwise(lines) if line.startswith("[") and before.startswith("#"))
    assert comments >= len(found) * (0.05 if name == "topics" else 0.9)


@given(st.text(max_size=200))
def test_splitting_at_blanks_finds_the_words_that_matching_the_whole_text_finds(text: str) -> None:
    assert tokens.read_words(text) == [
        word for part in text.split() for word in tokens.TOKEN.findall(part.lower().translate(tokens._APOSTROPHES))
    ]
    straight = text.translate(tokens._APOSTROPHES)
    if len(straight.lower()) == len(straight):  # a small letter may be longer than its capital
        assert tokens.read_words(text) == tokens.TOKEN.findall(straight.lower())


@given(st.text(max_size=200))
def test_the_stems_asked_of_a_text_before_it_is_read_are_those_of_its_words(text: str) -> None:
    assert set(tokens.content_stems(text)) == {tokens.CONTENT_STEMS[word] for word in tokens.read_words(text)} - {""}
