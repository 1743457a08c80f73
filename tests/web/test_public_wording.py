"""The words of the readers' pages: each of them used, and none beside them."""

import re
from dataclasses import asdict

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audience.wording import wording_version
from pipeline.config import CHECKOUT
from pipeline.publish.consent_wording import form_wording
from pipeline.web.public.wording import ENGLISH, GERMAN, refusal, words_for
from pipeline.web.visitor_language import visitor_language

TEMPLATES = sorted((CHECKOUT / "templates" / "public").glob("*.html"))
# Said by a refusal, or in plain text to a feed reader, and so by no template.
SAID_ELSEWHERE = {"address_refused", "flood_refused", "name_refused", "zone_refused", "feed_gone", "feed_unknown"}


def test_german_is_another_text_throughout():
    german = asdict(GERMAN)
    assert german["language"] == "de"
    for name, text in asdict(ENGLISH).items():
        assert german[name] != text, name


def test_the_templates_use_every_phrase_and_none_that_does_not_exist():
    used = {name for path in TEMPLATES for name in re.findall(r"words\.(\w+)", path.read_text(encoding="utf-8"))}
    known = set(asdict(ENGLISH))
    assert used - known == set()
    assert known - used == SAID_ELSEWHERE


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
    assert form_wording("{0} {newsletter}", "en").startswith("Send me {0} {newsletter} by email")


def test_a_refusal_is_said_in_the_error_s_own_words_only_where_they_are_understood():
    error = ValueError("The name has 300 characters; 120 are room for one.")
    assert refusal("name", "en", error) == refusal("name", "fr", error) == str(error)
    assert refusal("name", "de-CH", error) == GERMAN.name_refused


def test_the_wording_of_consent_has_a_version_that_follows_its_text():
    one, other = form_wording("The Skin Letter", "en"), form_wording("The Skin Letter", "de")
    assert wording_version(one) == wording_version(one) != wording_version(other)
    assert re.fullmatch(r"[0-9a-f]{12}", wording_version(one))


@pytest.mark.parametrize(
    ("accepted", "path", "language"),
    [("de-AT,de;q=0.9,en;q=0.5", "/nowhere", "de-at"), ("fr, de;q=0.5", "/nowhere", "de"), ("fr", "/nowhere", "en"),
     ("en-GB, de", "/nowhere", "en-gb"), ("", "/nowhere", "en"), ("de", "/studio/nowhere", "en")],
)  # fmt: skip
def test_a_page_of_no_newsletter_speaks_the_visitor_s_language(accepted, path, language):
    request = RequestFactory().get(path, headers={"accept-language": accepted})
    assert visitor_language(request) == language


@given(st.text(alphabet=st.characters(codec="latin-1", exclude_categories=["Cc"])))
def test_whatever_a_browser_says_of_its_languages_is_answered(accepted):
    request = RequestFactory().get("/", headers={"accept-language": accepted})
    assert words_for(visitor_language(request))["language"] in {"en", "de"}


@pytest.mark.django_db
def test_a_visitor_who_reads_german_is_told_in_german_that_there_is_nothing(client, workspace):
    answer = client.get("/nowhere/", headers={"accept-language": "de"})
    assert answer.status_code == 404
    assert '<html lang="de" dir="ltr">' in answer.content.decode()
    assert "Hier ist nichts" in answer.content.decode()
    assert "Accept-Language" in answer.headers["Vary"]


@pytest.mark.django_db
def test_a_feed_reader_is_told_in_the_visitor_s_language_too(client, workspace):
    answer = client.get("/private/cut-short/feed.xml", headers={"accept-language": "de"})
    assert answer.status_code == 404
    assert answer.content.decode() == f"{GERMAN.feed_unknown}\n"
    assert answer.headers["Content-Language"] == "de"
