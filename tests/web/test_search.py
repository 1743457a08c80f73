"""Looking for words in the archive: without script, whatever case and accents, and nothing that was withdrawn."""

import re
from html import unescape

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.publish.search import MAX_PAGE, RESULTS_PER_PAGE, search
from tests.publish.story import Story


@pytest.fixture
def story(letter):
    return Story(letter)


def look(query, **more):
    return Client().get("/search/skin-letter/", {"q": query, **more})


def titles(answer):
    return [unescape(found) for found in re.findall(r"<strong>([^<]*)</strong></a>", answer.content.decode())]


def test_a_tip_is_found_by_words_of_its_title_text_or_topic_in_any_case(story):
    story.issue("Sun", "Sleep")
    for query in ("SLEEP", "sleep number", "number sleep", "lukewarm sleep", "Slēep"):
        assert titles(look(query)) == ["A word on Sleep, number 2"], query


def test_the_newest_comes_first_and_leads_to_its_place(story):
    first, second = story.issue("Sun"), story.issue("Sun")
    answer = look("sun")
    assert titles(answer) == ["A word on Sun, number 2", "A word on Sun, number 1"]
    places = re.findall(r'href="(https://newsletter.example/skin-letter/archive/[^"]+)"', answer.content.decode())
    assert places == [issue.issue_tips.get().tip.permalink for issue in (second, first)]


def test_a_corrected_tip_is_found_by_its_new_words_and_a_withdrawn_one_by_none(story):
    story.issue("Sun", "Sleep")
    sun, sleep = story.published()
    story.correct(sun, title="Cover up at noon")
    story.withdraw(sleep)
    assert titles(look("cover noon")) == ["Cover up at noon"]
    assert titles(look("number 1")) == []
    assert titles(look("sleep")) == []


def test_what_is_not_published_is_not_found(story):
    story._write("Secrets")
    assert titles(look("secrets")) == []


def test_words_that_are_nowhere_are_said_to_be(story):
    story.issue("Sun")
    page = look("unheard of").content.decode()
    assert "No tip holds all of these words." in page
    assert 'value="unheard of"' in page


@pytest.mark.parametrize("query", ["", "  ", "\x00"])
def test_no_words_give_the_form_alone(story, query):
    story.issue("Sun")
    answer = look(query)
    assert (answer.status_code, titles(answer)) == (200, [])
    assert 'role="search"' in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["100%", "_", "\\", "%", "'; DROP TABLE editorial_tip; --", '"><script>alert(1)</script>']
)
def test_signs_are_looked_for_as_they_are_and_harm_nothing(story, query):
    story.issue("Sun")
    answer = look(query)
    assert (answer.status_code, titles(answer)) == (200, [])
    assert "<script>alert" not in answer.content.decode()


def test_many_results_are_shown_page_by_page(story):
    for _ in range(RESULTS_PER_PAGE // 3 + 2):
        story.issue("Sun", "Sun", "Sun")
    first, second = look("sun"), look("sun", page=2)
    assert len(titles(first)) == RESULTS_PER_PAGE
    assert not set(titles(first)) & set(titles(second))
    assert "?q=sun&amp;page=2" in first.content.decode()
    assert "?q=sun&amp;page=1" in second.content.decode()
    for page in ("0", "-1", "x", "9999", "²", ""):
        assert look("sun", page=page).status_code == 200


def test_a_newsletter_that_there_is_not_has_no_search(db, workspace):
    assert Client().get("/search/nothing/").status_code == 404


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=300), page=st.integers(-3, MAX_PAGE + 3))
def test_no_query_ever_fails(letter, workspace, query, page):
    found, more = search(letter, query, page=page, config=workspace)
    assert (list(found), more) == ([], False)


def test_an_answer_is_kept_for_minutes_and_in_no_search_engine(story):
    answer = look("sun")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
