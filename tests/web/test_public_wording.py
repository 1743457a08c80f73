"""The words of the readers' pages: complete in each language, and each of them used."""

import re
from dataclasses import asdict

import pytest

from pipeline.audience.wording import form_wording, wording_version
from pipeline.config import CHECKOUT
from pipeline.publish import confirmation_mail
from pipeline.render.catalogue import translated
from pipeline.web.public.wording import ENGLISH, GERMAN, words_for

TEMPLATES = sorted((CHECKOUT / "templates" / "public").glob("*.html"))
MAIL = confirmation_mail.ENGLISH
PAIRS = [(ENGLISH, GERMAN), (MAIL, translated(MAIL, confirmation_mail.ROOM, "de"))]


def places(text):
    return sorted(re.findall(r"\{\w+\}", text))


@pytest.mark.parametrize(("english", "german"), PAIRS)
def test_german_says_all_that_english_says_with_the_same_places(english, german):
    for name, text in asdict(english).items():
        translated = getattr(german, name)
        assert translated or not text, name
        assert places(translated) == places(text), name
        assert translated != text or name == "language" or not text, name


@pytest.mark.parametrize(("english", "german"), PAIRS)
def test_the_tone_is_calm(english, german):
    for text in (*asdict(english).values(), *asdict(german).values()):
        assert "!" not in text
        assert text == text.strip()


def test_the_templates_use_every_phrase_and_none_that_does_not_exist():
    used = {name for path in TEMPLATES for name in re.findall(r"words\.(\w+)", path.read_text(encoding="utf-8"))}
    known = set(asdict(ENGLISH))
    refusals = {name for name in known if name.endswith("_refused")}
    assert used - known == set()
    assert known - used == refusals


def test_no_template_says_something_that_is_not_in_the_words():
    for path in TEMPLATES:
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]*>|&lt;.*?&gt;|:root.*", " ", path.read_text(encoding="utf-8"))
        assert not re.search(r"[A-Za-z]{4,}", re.sub(r"@media.*", " ", text)), path.name


@pytest.mark.parametrize("language", ["de", "de-AT", "DE", "de-Latn-CH"])
def test_a_language_is_found_by_its_first_part(language):
    assert words_for(language)["language"] == "de"


@pytest.mark.parametrize("language", ["en", "fr", "", "x", "zh-Hant"])
def test_a_language_without_words_gets_english_marked_as_such(language):
    assert words_for(language)["language"] == "en"
    assert form_wording("Letter", language).startswith("Send me Letter")


def test_the_newsletters_name_stands_in_its_places_as_data():
    words = words_for("en", "The {0} & {newsletter} Letter")
    assert words["subscribe_title"] == "Get The {0} & {newsletter} Letter by email"


def test_the_wording_of_consent_has_a_version_that_follows_its_text():
    one, other = form_wording("The Skin Letter", "en"), form_wording("The Skin Letter", "de")
    assert wording_version(one) == wording_version(one) != wording_version(other)
    assert re.fullmatch(r"[0-9a-f]{12}", wording_version(one))
