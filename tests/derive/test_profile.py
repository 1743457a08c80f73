"""What a document is about, and which words it writes with a capital."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.derive.profile import profile
from tests.derive.making import document, under


def subjects(text: str, name: str = "notes.txt") -> list[str]:
    return [subject.name for subject in profile(document(text, name=name)).subjects]


def test_the_subject_is_what_is_spoken_of_most() -> None:
    text = "Onions keep for months. Store onions in the dark, and keep onions away from potatoes.\n\nPotatoes sprout.\n"
    assert subjects(text)[0] == "onions"


def test_a_subject_has_the_words_that_mostly_stand_before_it() -> None:
    text = "Ice pick scars are deep. " * 4 + "Most ice pick scars fade little, and old scars fade least.\n"
    assert "ice pick scars" in subjects(text)


def test_a_subject_has_the_word_that_the_title_gives_it() -> None:
    made = under(
        "Where", "Keep the fund apart. A fund grows. The fund is for emergencies.", title="Building an emergency fund"
    )
    assert profile(made).subjects[0].name == "emergency fund"


def test_adjectives_and_verbs_are_no_subjects() -> None:
    assert subjects("Wet hair breaks. Wet wool stretches. Wet wood swells. Keep wet things apart, and keep calm.\n")[
        :1
    ] != ["wet"]


def test_an_empty_document_is_about_nothing() -> None:
    assert subjects("1 2 3\n") == []


def test_a_word_that_is_never_written_small_inside_sentences_is_a_name() -> None:
    text = "A brush by Velomax holds more paint, and Velomax is known for that. Ask for a Brush or a brush in June.\n"
    assert profile(document(text)).names == {"velomax"}


def test_words_of_boilerplate_sections_do_not_count() -> None:
    made = document("# Onions\n\nOnions keep for months.\n\n## Privacy policy\n\nCookies cookies cookies cookies.\n")
    assert "cookies" not in [subject.name for subject in profile(made).subjects]


def test_what_mostly_stands_before_a_word_is_found_however_it_is_written() -> None:
    text = (
        "Cast iron rusts. Dry a Cast Iron pan. A cast iron lid stays on. Iron it not.\n\nNo rust.\n\nIron keeps heat.\n"
    )
    assert profile(document(text)).subjects[0].name == "cast iron"


def test_a_word_has_no_neighbour_in_another_paragraph() -> None:
    text = "Store red\n\nonions cool.\n\nStore red\n\nonions dry.\n\nStore red\n\nonions dark.\n\nStore onions.\n"
    assert "onions" in subjects(text)


@given(st.lists(st.sampled_from(["Kelp", "kelp", "KELP", "McKay", "a", "dry", "Salt", "o'Neill", "iPod"]), max_size=30))
def test_a_name_stands_with_a_capital_inside_a_sentence_or_a_word_and_never_small(words: list[str]) -> None:
    found = profile(document(f"Note {' '.join(words)}.\n")).names
    inside = {word for before, word in pairwise(["Note", *words]) if before[-1].islower() and word.istitle()}
    expected = {word.lower() for word in inside.union({"McKay"} & set(words))} - set(words)
    assert found == expected
