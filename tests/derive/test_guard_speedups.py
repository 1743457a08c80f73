"""What lets the comparison pass over most of a text must leave nothing out."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.derive import guard_numbers
from pipeline.derive.guard_opposites import opposites
from pipeline.derive.guard_pair import akin
from pipeline.derive.guard_reading import reading
from pipeline.derive.normalise import read

WORDS = [
    "a", "an", "few", "couple", "of", "two", "half", "hour", "hours", "every", "each", "other", "day", "twice", "once",
    "daily", "weekly", "about", "at", "least", "10", "1.5", "percent", "%", "$", "dozen", "nights", "week", "SPF", "30",
    "rinse", "the", "skin", "several", "last", "third", "or", "more", "in", "three", "to", "between", "and",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_no_number_opens_with_a_word_that_is_passed_over(text: str) -> None:
    found = read(text)
    for position, word in enumerate(found):
        opens = guard_numbers._frequency_word(found, position) or guard_numbers._quantity(found, position)
        if opens is not None:
            assert word.lower in guard_numbers._opening() or word.lower[:1].isdigit()
        if guard_numbers._vague(found, position) is not None:
            assert word.lower in guard_numbers._opening() | guard_numbers._opening_vaguely()


@given(st.text("abcdes", min_size=1, max_size=9), st.text("abcdes", min_size=1, max_size=9))
def test_words_of_one_family_share_the_letters_that_they_are_looked_up_by(one: str, other: str) -> None:
    if akin(one, other):
        assert one[:4] == other[:4]


@given(st.lists(st.sampled_from(sorted(opposites())), max_size=6).map(" ".join))
def test_a_reading_knows_every_stem_and_every_place_of_a_concept(text: str) -> None:
    one = reading(text)
    assert one.stems == {word.stem for word in one.words}
    for index in one.matter:
        assert index in one.by_concept[one.words[index].concept]
        assert index in one.by_opening[one.words[index].stem[:4]]
