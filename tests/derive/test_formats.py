"""The same article gives the same tips from every format, each span in its own canonical text."""

import pytest

from pipeline.derive import edits
from pipeline.derive.model import Candidate
from pipeline.derive.tips import derive
from pipeline.documents import read
from pipeline.documents.model import Document
from tests.documents import making
from tests.documents.making import Part

ARTICLE = (
    Part("h1", "Caring for Paint Brushes"),
    Part("p", "Paint brushes last for years when they are looked after. Good brushes are dear, and cheap ones shed."),
    Part("h2", "Washing Brushes"),
    Part("p", "Wash the brushes once a week with a mild soap and warm water, so that no mould can grow in them."),
    Part(
        "p",
        "Additionally, keep solvents away from the handle, because the varnish may dissolve and the wood may swell.",
    ),
    Part("h2", "Storing Brushes"),
    Part("p", "Hang dry brushes up by the handle, because brushes that stand on their hairs bend within a few days."),
    Part("h2", "Stiff Brushes"),
    Part("p", "If a brush has gone stiff, soak it in warm vinegar for half an hour and comb the hairs afterwards."),
)
MAKERS = {
    "brushes.txt": making.as_text,
    "brushes.md": making.as_markdown,
    "brushes.html": making.as_html,
    "brushes.docx": making.as_docx,
    "brushes.pdf": making.as_pdf,
}


def made(name: str) -> Document:
    return read(MAKERS[name](ARTICLE), name=name)


def tips(name: str) -> list[Candidate]:
    return derive([made(name)])


@pytest.fixture(scope="module")
def from_markdown() -> list[Candidate]:
    return tips("brushes.md")


@pytest.mark.parametrize("name", MAKERS)
def test_every_format_gives_the_tips_of_the_article(name: str, from_markdown: list[Candidate]) -> None:
    assert {tip.text for tip in tips(name)} == {tip.text for tip in from_markdown}
    assert len(from_markdown) >= 4


@pytest.mark.parametrize("name", MAKERS)
def test_every_format_gives_the_same_titles_and_topics(name: str, from_markdown: list[Candidate]) -> None:
    assert {tip.title for tip in tips(name)} == {tip.title for tip in from_markdown}
    assert _topics(tips(name)) == _topics(from_markdown)


def _topics(found: list[Candidate]) -> set[str]:
    """The topics under a heading; the opening's comes from the title, which a PDF may not have."""
    return {tip.topic for tip in found if tip.source.heading_path[-1:] != ("Caring for Paint Brushes",)}


@pytest.mark.parametrize("name", MAKERS)
def test_every_span_is_in_the_format_s_own_canonical_text(name: str) -> None:
    document = made(name)
    for tip in derive([document]):
        source = tip.source
        assert document.text[source.start : source.end] == source.quote
        assert edits.replay(source.quote, tip.edits) == tip.text
        assert (source.sha256, source.canonical_sha256) == (document.sha256, document.canonical_sha256)


@pytest.mark.parametrize("name", MAKERS)
def test_a_prefix_comes_off_in_every_format_and_the_edit_says_so(name: str) -> None:
    handle = next(tip for tip in tips(name) if "solvents" in tip.text)
    assert handle.text.startswith("Keep solvents")
    assert "removed 'Additionally, '" in handle.edits


@pytest.mark.parametrize("name", MAKERS)
def test_the_heading_path_names_the_section_in_every_format(name: str) -> None:
    hanging = next(tip for tip in tips(name) if tip.text.startswith("Hang dry"))
    assert hanging.source.heading_path[-1] == "Storing Brushes"


def test_one_article_in_all_formats_is_one_set_with_every_other_file_as_a_source() -> None:
    found = derive([made(name) for name in MAKERS])
    texts = [tip.text for tip in found]
    assert len(set(texts)) == len(texts)
    washing = next(tip for tip in found if tip.text.startswith("Wash the brushes"))
    assert {washing.source.document} | {source.document for source in washing.also} == set(MAKERS)
