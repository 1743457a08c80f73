"""What every document format keeps to: the same article in each gives the same headings, sentences and lists."""

from itertools import pairwise

import pytest

from pipeline.documents import DocumentError, read
from pipeline.documents.formats import all_formats
from pipeline.documents.model import BlockKind, Document
from tests.documents.making import ARTICLE, HEADINGS, MAKERS

MADE = {key: (name, make(ARTICLE)) for key, (name, make) in MAKERS.items()}
SENTENCES = [
    "A light peel can leave the skin tight for a day or two.",
    "Most people feel little after that, but a few do.",
    "Stop retinoids 2-3 wk. before the peel, unless your doctor says otherwise.",
    "Dr. Lee suggests a patch test.",
    "For one week, avoid:",
    "scrubs and brushes",
    "strong sun, even through glass",
    "Wash with lukewarm water only.",
    "Pat dry; never rub.",
    "Redness may last approx. 2.5 days, e.g. on the cheeks.",
    "Wear SPF 30 or more every day.",
    "Reapply it every two hours outdoors, and more often if you sweat a lot.",
    "Call the clinic if blisters appear or if the pain grows.",
    "It is better to ask too early than too late.",
]


@pytest.fixture(scope="module", params=sorted(MADE))
def document(request: pytest.FixtureRequest) -> Document:
    name, data = MADE[request.param]
    return read(data, name=name)


def words(text: str) -> str:
    return " ".join(text.split())


def test_every_format_is_made_and_tried_here() -> None:
    tried = {read(data, name=name).extractor for name, data in MADE.values()}
    assert tried == {each.extractor for each in all_formats()}


def test_headings_come_out_the_same(document: Document) -> None:
    assert [section.heading for section in document.sections] == HEADINGS
    assert document.title == HEADINGS[0]


def test_sentences_come_out_the_same(document: Document) -> None:
    found = [words(span.of(document.text)) for _, block in document.blocks() for span in block.sentences]
    assert found == SENTENCES


def test_a_list_keeps_the_line_that_introduces_it(document: Document) -> None:
    items = [block for _, block in document.blocks() if block.kind is BlockKind.LIST_ITEM]
    assert [words(item.intro.of(document.text)) for item in items if item.intro] == ["For one week, avoid:"] * 2


def test_spans_stand_on_their_words_inside_each_other_and_in_order(document: Document) -> None:
    at = 0
    for section in document.sections:
        if section.heading_span is not None:
            assert words(section.heading_span.of(document.text)) == section.heading
            assert at <= section.heading_span.start
            at = section.heading_span.end
        for block in section.blocks:
            assert at <= block.span.start
            assert block.sentences[0].start >= block.span.start
            assert block.sentences[-1].end <= block.span.end
            assert all(before.end <= after.start for before, after in pairwise(block.sentences))
            at = block.span.end
    assert at <= len(document.text)


def test_a_section_knows_its_path(document: Document) -> None:
    for section in document.sections:
        assert section.heading_path[-1] == section.heading


def test_reading_twice_gives_the_same(document: Document) -> None:
    again = next(read(data, name=name) for name, data in MADE.values() if name == document.name)
    assert again == document


@pytest.mark.parametrize("key", ["docx", "html", "pdf"])
def test_the_name_does_not_mislead_where_the_content_speaks(key: str) -> None:
    name, data = MADE[key]
    expected = read(data, name=name).media_type
    assert read(data, name="unknown.bin").media_type == expected


@pytest.mark.parametrize("key", sorted(MADE))
@pytest.mark.parametrize("percent", [1, 7, 50, 93])
def test_cut_short_it_is_read_or_refused_by_name(key: str, percent: int) -> None:
    name, data = MADE[key]
    try:
        read(data[: len(data) * percent // 100], name=name)
    except DocumentError as error:
        assert str(error).startswith(name)  # noqa: PT017 - either outcome is right; the message must name the file
