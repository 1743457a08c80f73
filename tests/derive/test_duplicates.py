"""Do two tips give the same advice?"""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.derive import duplicates
from pipeline.derive.duplicates import Library, compare
from pipeline.derive.duplicates_profile import profile
from pipeline.derive.model import Likeness
from tests.derive.guard_sentences import tips

unhurried = settings(deadline=None, max_examples=60)  # a shared machine has slow moments


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Wait 12 weeks before you judge a retinoid.", "Give a retinoid three months before judging it."),
        ("Apply toner before serum.", "Serum goes on after the toner."),
        ("Do not skip sunscreen in winter.", "Wear sunscreen in winter."),
        ("Chill the dough for half an hour.", "Chill your dough for 30 minutes."),
        ("Never leave a dog in a parked car.", "Don't leave your dog in a parked car."),
        ("Moisturise with a fragrance-free cream.", "Moisturize with a cream without fragrance."),
    ],
)
def test_the_same_advice_in_other_words_is_no_different(a: str, b: str) -> None:
    assert compare(a, b).verdict is not Likeness.DIFFERENT


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ("Wait 24 hours before washing.", "Wait 72 hours before washing.", "24 hours and 72 hours"),
        ("Water the roses in summer.", "Do not water the roses in summer.", "advises against it"),
        ("Stretch before a run.", "Stretch after a run.", "'after'"),
        ("Retinol increases oil production.", "Retinol decreases oil production.", "'decreases'"),
        ("Apply toner before serum.", "Apply serum before toner.", "the other way about"),
        ("Thicker coats dry outside.", "Thinner coats dry outside.", "'thicker'"),
    ],
)
def test_a_veto_overrules_words_and_says_why(a: str, b: str, reason: str) -> None:
    comparison = compare(a, b)
    assert comparison.verdict is Likeness.DIFFERENT
    assert reason in comparison.reason


def test_numbers_of_two_kinds_do_not_clash() -> None:
    assert compare("Wait 20 minutes, then apply SPF 30.", "Wait 20 minutes, then apply it.").verdict is Likeness.SAME


def test_tips_that_share_nothing_say_so() -> None:
    comparison = compare("Prune the roses.", "Descale the kettle.")
    assert comparison.score < 0.2
    assert "no words that matter" in comparison.reason


@given(tips)
@unhurried
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert compare(text, text).verdict is Likeness.SAME


@given(st.text(max_size=80))
@unhurried
def test_any_text_is_the_same_as_itself(text: str) -> None:
    comparison = compare(text, text)
    assert (comparison.score, comparison.verdict) == (1.0, Likeness.SAME)


@given(tips, tips)
@unhurried
def test_the_comparison_is_symmetric(a: str, b: str) -> None:
    assert compare(a, b) == compare(b, a)


@given(st.text(max_size=60), st.text(max_size=60))
@unhurried
def test_any_two_texts_compare_symmetrically_within_bounds(a: str, b: str) -> None:
    comparison = compare(a, b)
    assert comparison == compare(b, a)
    assert 0 <= comparison.score <= 1
    assert comparison.reason


# ── the library ──────────────────────────────────────────────────────────────────────────────────────────────

TIPS = {
    1: "Water the fern when its soil is dry.",
    2: "Descale the kettle every two months.",
    3: "Carry a spare tube on every ride.",
    4: "Salt the pasta water well.",
}


@pytest.fixture
def library() -> Library[int]:
    made: Library[int] = Library()
    for key, text in TIPS.items():
        made.add(key, text)
    return made


def test_the_library_finds_the_likest(library: Library[int]) -> None:
    (key, comparison), *_ = library.likest("If the soil is dry, water your fern.")
    assert key == 1
    assert comparison.verdict is Likeness.SAME


def test_the_library_gives_no_more_than_asked_for_and_the_likest_first(library: Library[int]) -> None:
    library.add(5, "Ferns need water once the soil is dry and their leaves hang.")
    found = library.likest("Water the fern when its soil is dry.", limit=2)
    assert [key for key, _ in found] == [1, 5]
    assert library.likest("Water the fern when its soil is dry.", limit=1) == found[:1]


def test_a_key_added_again_has_its_new_text_alone(library: Library[int]) -> None:
    library.add(1, "Air the bedroom each morning.")
    assert len(library) == len(TIPS)
    assert all(key != 1 for key, _ in library.likest("Water the fern when its soil is dry."))
    assert library.likest("Each morning, air the bedroom.")[0][0] == 1


def test_a_tip_that_was_taken_out_is_not_found(library: Library[int]) -> None:
    library.remove(2)
    library.remove(2)
    assert len(library) == len(TIPS) - 1
    assert all(key != 2 for key, _ in library.likest("Descale the kettle every two months."))


def test_an_empty_library_and_an_empty_text_find_nothing(library: Library[int]) -> None:
    assert Library[int]().likest("Water the fern.") == []
    assert library.likest("") == []


@given(st.lists(tips, min_size=1, max_size=12, unique=True), st.data())
@unhurried
def test_a_tip_of_the_library_is_found_as_the_same(texts: list[str], data: st.DataObject) -> None:
    library: Library[str] = Library()
    for text in texts:
        library.add(text, text)
    text = data.draw(st.sampled_from(texts))
    key, comparison = library.likest(text, limit=1)[0]
    assert comparison.score == 1.0
    assert compare(key, text).score == 1.0


def test_common_words_alone_do_not_hide_the_likest_among_many() -> None:
    library: Library[int] = Library()
    for number in range(4000):
        library.add(number, f"Wash the skin gently in room {number} of the house.")
    library.add(-1, "Wash the skin gently with oat water.")
    assert library.likest("Gently wash the skin with oat water.", limit=1)[0][0] == -1


@given(tips, tips)
@example(
    "Clay masks may irritate the scalp. Clay masks often squeal on wet roads.",
    "Clay masks rarely irritate the scalp. Rinse the brush once the paint has dried.",
)
@unhurried
def test_what_was_compared_before_is_compared_alike_again(a: str, b: str) -> None:
    assert compare(a, b) == compare(a, b) == duplicates._compare(profile(a), profile(b))
    assert compare(b, a) == compare(a, b)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wash the cat's blanket at least once a week.", "Wash the blanket of the cat every seven days or sooner."),
        ("Roll shirts to fit more into the case.", "Rolled shirts take up less room in the case, so roll shirts."),
        (
            "Switch a cat to a new litter over seven to ten days by mixing in a little more of it each day.",
            "Changing the cat's litter? Blend more and more of the new litter into the old across a week to ten days.",
        ),
    ],
)
def test_one_limit_told_two_ways_is_no_other_advice(one: str, other: str) -> None:
    assert compare(one, other).verdict is not Likeness.DIFFERENT
