"""The sample articles that a newcomer's first newsletter is made of."""

from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.documents.files import find, read_path
from pipeline.documents.model import Document

FOLDER = Path(__file__).parents[2] / "tips" / "documents"
PATHS = find(FOLDER)


@pytest.fixture(scope="module", params=PATHS, ids=lambda path: path.name)
def article(request: pytest.FixtureRequest) -> Document:
    return read_path(request.param)


def sentences(document: Document) -> list[str]:
    return [span.of(document.text) for _, block in document.blocks() for span in block.sentences]


def test_there_is_one_of_each_kind_that_people_hand_in() -> None:
    assert sorted(path.suffix for path in PATHS) == [".html", ".md", ".txt"]


def test_an_article_is_short_and_has_headings_and_a_conclusion(article: Document) -> None:
    assert 450 <= len(" ".join(sentences(article)).split()) <= 750
    headings = [section.heading for section in article.sections if section.heading]
    assert len(headings) >= 7
    assert headings[-1] == "Conclusion"
    assert "Ice Pick Scars" in article.title


def test_its_closing_advertisement_is_set_apart(article: Document) -> None:
    *own, last = article.sections
    assert last.is_boilerplate
    assert len(last.blocks) == 1
    assert not any(section.is_boilerplate for section in own)


def test_nothing_of_the_page_around_it_comes_along(article: Document) -> None:
    for noise in ("cookies", "half price", "toners", "Leave your address", "Words:", "©"):
        assert noise not in article.text


def test_no_sentence_stands_in_two_articles() -> None:
    found = [set(sentences(read_path(path))) for path in PATHS]
    assert all(not one & other for one, other in pairwise([*found, found[0]]))


def test_they_differ_on_how_long_redness_lasts() -> None:
    told = {path.suffix: " ".join(sentences(read_path(path))) for path in PATHS}
    assert "within two to three days" in told[".txt"]
    assert "may last up to a week" in told[".md"]
    assert "within three to five days" in told[".html"]
