"""The fixed words: complete in each language, and in the right direction."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.render import wording


@pytest.mark.parametrize("words", [wording.ENGLISH, wording.GERMAN], ids=lambda words: str(words.language))
def test_a_language_lacks_no_word_and_keeps_every_place(words: wording.Wording) -> None:
    for field in fields(words):
        text, model = getattr(words, field.name), getattr(wording.ENGLISH, field.name)
        assert text.strip()
        assert text.count("{") == model.count("{")
        assert "!" not in text


@pytest.mark.parametrize(
    ("tag", "language"), [("de-AT", "de"), ("DE", "de"), ("en-GB", "en"), ("ja", "en"), ("", "en")]
)
def test_a_regional_language_gets_its_own_words_and_an_unknown_one_english(tag: str, language: str) -> None:
    assert wording.wording(tag).language == language


@pytest.mark.parametrize(
    ("tag", "direction"),
    [("ar", "rtl"), ("he-IL", "rtl"), ("fa", "rtl"), ("ur-PK", "rtl"), ("az-Arab", "rtl"), ("ks-Deva", "ltr"),
     ("en", "ltr"), ("ja", "ltr"), ("pa-Guru", "ltr"), ("ar-Latn", "ltr"), ("", "ltr")],
)  # fmt: skip
def test_a_language_tells_its_direction(tag: str, direction: str) -> None:
    assert wording.direction(tag) == direction


@pytest.mark.parametrize(
    ("tag", "slanted"), [("en", True), ("ru", True), ("ar", False), ("ja", False), ("zh-Hant", False)]
)
def test_only_scripts_that_have_italics_get_them(tag: str, slanted: bool) -> None:
    assert wording.has_italics(tag) is slanted


def test_a_greeting_is_a_whole_phrase_with_or_without_a_name() -> None:
    assert wording.greeting("Ada", "en") == "Hello Ada,"
    assert wording.greeting("  ", "en") == "Hello,"
    assert wording.greeting("Ada", "de-CH") == "Hallo Ada,"


@given(st.text())
def test_a_name_can_be_anything(name: str) -> None:
    assert name.strip() in wording.greeting(name, "en")


def test_what_is_no_language_tag_is_marked_as_english() -> None:
    assert wording.language_tag("pt-BR") == "pt-BR"
    assert wording.language_tag('en" onload="x') == "en"
