"""Several documents on one subject, in one file or in several: one set of tips, each with whoever else says it."""

import re
from collections.abc import Callable

import pytest

from pipeline.derive import edits
from pipeline.derive.model import Candidate
from pipeline.derive.tips import derive
from pipeline.documents import read
from pipeline.documents.model import Document

ARTICLES = (
    (
        "How to Store Tomatoes",
        (
            "Keep whole ripe tomatoes at room temperature and out of direct sun, because the cold of a fridge takes "
            "their taste away within a day."
        ),
        "Set them on a plate with the stem end down, so that no air gets in through the scar where the stem was.",
    ),
    (
        "Keeping Tomatoes Fresh",
        (
            "Whole ripe tomatoes should be kept at room temperature, out of direct sun: the cold of the fridge takes "
            "their taste away."
        ),
        "Once they are cut, tomatoes must be kept in the fridge, covered, and eaten within two days of cutting.",
    ),
    (
        "Tomatoes in the Kitchen",
        (
            "Always keep ripe whole tomatoes at room temperature and out of the direct sun, since the cold of a fridge "
            "takes away their taste."
        ),
        "Once they are cut, tomatoes must be kept in the fridge, covered, and eaten within four days of cutting.",
    ),
)


def as_text() -> Document:
    lines = "\n".join("\n".join(article) for article in ARTICLES)
    return read(f"{lines}\nSubscribe for more kitchen tips\n".encode(), name="three.txt")


def as_markdown() -> Document:
    parts = (f"# {title}\n\n" + "\n\n".join(paragraphs) for title, *paragraphs in ARTICLES)
    return read("\n\n".join(parts).encode(), name="three.md")


def as_html() -> Document:
    parts = (
        f"<article><h1>{title}</h1>" + "".join(f"<p>{words}</p>" for words in paragraphs) + "</article>"
        for title, *paragraphs in ARTICLES
    )
    page = f"<nav><a href='/'>Home</a></nav><main>{''.join(parts)}</main><footer>Copyright</footer>"
    return read(f"<html><body>{page}</body></html>".encode(), name="three.html")


def holding(tips: list[Candidate], words: str) -> Candidate:
    (found,) = [tip for tip in tips if words in tip.text]
    return found


@pytest.mark.parametrize("made", [as_text, as_markdown, as_html])
def test_a_tip_that_three_articles_in_one_file_agree_on_names_the_other_two(made: Callable[[], Document]) -> None:
    document = made()
    tips = derive([document])
    kept = holding(tips, "room temperature")
    places = [kept.source, *kept.also]
    assert len(places) == 3
    assert {place.heading_path[0] for place in places} == {title for title, *_ in ARTICLES}
    for place in places:
        assert document.text[place.start : place.end] == place.quote
        assert "room temperature" in place.quote


def test_a_tip_that_three_files_agree_on_names_every_file() -> None:
    documents = [read("\n\n".join(article).encode(), name=f"{n}.txt") for n, article in enumerate(ARTICLES)]
    kept = holding(derive(documents), "room temperature")
    assert {kept.source.document, *(place.document for place in kept.also)} == {"0.txt", "1.txt", "2.txt"}
    by_name = {document.name: document for document in documents}
    assert all(place.sha256 == by_name[place.document].sha256 for place in kept.also)


@pytest.mark.parametrize("made", [as_text, as_markdown, as_html])
def test_where_two_articles_disagree_the_flag_shows_both_with_their_places(made: Callable[[], Document]) -> None:
    document = made()
    flags = [flag for tip in derive([document]) for flag in tip.flags if flag.startswith("sources disagree")]
    assert flags
    assert all("two days" in flag and "four days" in flag for flag in flags)
    for start, end in re.findall(r"\(three\.\w+, (\d+)–(\d+)\)", flags[0]):
        assert "eaten within" in document.text[int(start) : int(end)]


@pytest.mark.parametrize("made", [as_text, as_markdown, as_html])
def test_the_recorded_edits_make_the_text_of_the_quote_in_every_format(made: Callable[[], Document]) -> None:
    for tip in derive([made()]):
        assert edits.replay(tip.source.quote, tip.edits) == tip.text
