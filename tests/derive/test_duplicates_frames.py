"""One frame with other words in it, and things of one kind: what tells two tips of like words apart."""

import pytest

from pipeline.derive.duplicates import compare
from pipeline.derive.duplicates_alternatives import alternatives
from pipeline.derive.duplicates_balance import score
from pipeline.derive.duplicates_evidence import evidence
from pipeline.derive.duplicates_frame import frame, is_denied, is_exchanged, is_recast, is_refilled, opens_alike
from pipeline.derive.duplicates_profile import profile
from pipeline.derive.duplicates_related import related
from pipeline.derive.guard_opposites import opposites
from pipeline.derive.lexicon_files import words_in_order
from pipeline.derive.model import Likeness
from pipeline.derive.normalise import concept_of, stem

NOTHING: frozenset[str] = frozenset()

SWAPS = {
    "Wait {} before you rinse the dye out.": ("24 hours", "72 hours", "four days"),
    "Brush the dog's coat {}.": ("twice a day", "daily", "every other day", "once a week"),
    "Add {} of sugar to the jam.": ("one cup", "two cups", "half a cup"),
    "Smooth the serum on {} skin.": ("damp", "dry"),
    "Brush your teeth {} breakfast.": ("before", "after", "during"),
    "Prune the roses {} they flower.": ("before", "after", "while", "until"),
    "Feed {} small portions.": ("dogs", "cats", "horses"),
    "Keep the {} dry after the operation.": ("ear", "eye", "nose"),
    "Bake the loaf at {} degrees.": ("180", "220"),
    "Take the tablet {} food.": ("with", "without"),
    "The cream {} in pregnancy.": ("may be used", "should not be used"),
    "Stop the treatment if {} appears.": ("redness", "a fever"),
    "Invest {} of your income.": ("10 %", "20 %"),
    "Cut the stems {} water.": ("under", "above"),
    "Rinse the filter with {} water.": ("warm", "cold", "soapy"),
    "Sleep on your {}.": ("back", "side", "stomach"),
    "Adults need {} of sleep.": ("at least seven hours", "at most seven hours"),
    "Children {} may use the lotion.": ("over two", "under two"),
    "Let children brush alone {} eight years.": ("from", "until"),
    "Lift the bar {}.": ("slowly and lower it quickly", "quickly and lower it slowly"),
}


@pytest.mark.parametrize("template", SWAPS)
def test_a_tip_with_one_thing_exchanged_is_never_suppressed(template: str) -> None:
    told = [template.format(filling) for filling in SWAPS[template]]
    for at, one in enumerate(told):
        for other in told[at + 1 :]:
            assert compare(one, other).verdict is not Likeness.SAME, (one, other)


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ("Wear cotton socks on hikes.", "Wear wool socks on hikes.", "One is on 'cotton', the other on 'wool'."),
        ("Ice a sprained ankle.", "Ice a sprained wrist.", "One is on 'ankle', the other on 'wrist'."),
        ("Air the room from two weeks on.", "Air the room until two weeks on.", "The limits differ"),
    ],
)
def test_another_thing_of_one_kind_or_another_limit_is_other_advice(a: str, b: str, reason: str) -> None:
    for comparison in (compare(a, b), compare(b, a)):
        assert comparison.verdict is Likeness.DIFFERENT
        assert reason in comparison.reason


def test_two_names_of_one_thing_are_no_alternatives() -> None:
    assert alternatives(frozenset({"sock"}), frozenset({"stock"}), NOTHING) is None
    assert alternatives(frozenset({"ankl"}), frozenset({"wrist"}), NOTHING) == ("ankl", "wrist")
    assert alternatives(frozenset({"ankl"}), frozenset({"wrist"}), frozenset({"knee"})) is None


def test_no_group_of_related_words_and_no_synonyms_join_alternatives_or_opposites() -> None:
    for line in (*words_in_order("duplicates/related"), *words_in_order("guard/synonyms")):
        stems = [stem(word) for word in line.split()]
        if concept_of("wine") in stems or concept_of("sheet") in stems:
            continue  # what holds wine or beer, and what a bed is made with: one word for either
        for one in stems:
            assert not opposites().get(one, NOTHING) & set(stems), line
            apart = [alternatives(frozenset({one}), frozenset({other}), NOTHING) for other in stems if other != one]
            assert not any(apart), line


def test_the_frame_is_the_share_of_words_in_one_order_and_none_for_tips_of_other_lengths() -> None:
    flour = profile("Store flour in an airtight box.")
    assert frame(flour, profile("Store coffee in an airtight box.")) == pytest.approx(5 / 6)
    assert frame(flour, profile("For flour, pick a box that is airtight.")) < 0.5
    assert frame(flour, profile("Store flour in an airtight box, away from light, heat and spices of any kind.")) == 0.0


def test_a_word_exchanged_in_one_frame_tells_and_another_word_for_it_does_not() -> None:
    flour = profile("Store flour in an airtight box.")
    assert is_exchanged(flour, profile("Store coffee in an airtight box."))
    assert is_refilled(flour, profile("Store coffee in an airtight box."))
    assert not is_refilled(flour, profile("Keep flour in an airtight container."))
    assert not is_exchanged(flour, profile("Store the flour in an airtight box."))


def test_a_frame_that_only_one_denies_is_for_a_person() -> None:
    assert is_denied(profile("The cream may be used daily."), profile("The cream should not be used daily."))
    assert not is_denied(profile("The cream may be used daily."), profile("The cream can be used daily."))


@pytest.mark.parametrize(
    ("written", "base"), [("eaten", "eat"), ("kept", "keep"), ("loaves", "loaf"), ("froze", "freeze")]
)
def test_a_form_that_no_ending_explains_counts_as_its_word(written: str, base: str) -> None:
    assert concept_of(written) == concept_of(base)


def test_words_of_two_trades_are_related_where_a_reader_would_do_the_same() -> None:
    assert related("detector", "alarm")
    assert related("estimate", "quote")
    assert not related("estimate", "alarm")


def test_two_long_sentences_that_share_much_are_not_told_apart_by_their_frame() -> None:
    a = "Sourdough bread is a kind of bread with a thick, dark crust and an open, glossy and chewy crumb inside."
    b = "Sourdough bread is a kind of bread that has a thick crust, with a crumb inside that is glossy, open and moist."
    assert frame(profile(a), profile(b)) > 0.45
    assert score(profile(a), profile(b)) > 0.65


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ("Choose a tent with two doors.", "Choose a site on high ground.", True),
        ("choose a tent", "Choose", True),
        ("A tent with two doors is what to choose.", "Choose a tent with two doors.", False),
        ("", "Choose a tent.", False),
        ("", "", False),
    ],
)
def test_items_of_one_list_open_with_the_same_word(a: str, b: str, alike: bool) -> None:
    assert opens_alike(profile(a), profile(b)) is opens_alike(profile(b), profile(a)) is alike


@pytest.mark.parametrize(
    ("a", "b", "recast"),
    [
        ("Air the tent before you store it.", "Damp canvas rots. Air the tent before it goes away.", True),
        ("Air the tent before you store it.", "Air the stove before you light it.", False),
        ("Air the tent. Then store it.", "Damp canvas rots. Air the tent.", False),
        ("", "Air the tent.", False),
    ],
)
def test_who_takes_more_sentences_has_recast_the_tip(a: str, b: str, recast: bool) -> None:
    assert is_recast(profile(a), profile(b)) is is_recast(profile(b), profile(a)) is recast


def test_of_two_pairs_alike_in_words_the_one_in_another_shape_is_likelier_the_same() -> None:
    one = profile("Air the tent in the garden before you store it.")
    listed = profile("Air the mattress in the garden before you roll it up.")
    reopened = profile("In the garden, air the mattress before you roll it up.")
    retold = profile("Take it to the garden. Air the mattress before you roll it up.")
    likelihoods = [evidence(one, other).likelihood for other in (listed, reopened, retold)]
    assert likelihoods == sorted(likelihoods)
    assert likelihoods[0] < likelihoods[1]
