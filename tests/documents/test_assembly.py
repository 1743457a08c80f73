"""What is the same for every format: sections and their paths, boilerplate, lists and their intros, hashes, titles."""

import hashlib
from dataclasses import replace

import pytest

from pipeline.documents.assembly import assemble
from pipeline.documents.formats import all_formats, format_named
from pipeline.documents.formats.base import Extraction, Writer
from pipeline.documents.model import BlockKind, Document

TEXT = format_named("text")
ITEM = BlockKind.LIST_ITEM


def of(extraction: Extraction, name: str = "a.txt") -> Document:
    return assemble(b"raw", name=name, found=TEXT, extraction=extraction)


def written(*parts: tuple[str, str | int]) -> Document:
    """Parts are ("heading", level), ("words", "p"), ("words", "li1") or ("words", "li2")."""
    writer = Writer()
    for words, what in parts:
        if isinstance(what, int):
            writer.heading(words, what)
        elif what == "p":
            writer.block(words)
        else:
            writer.block(words, ITEM, int(what[2:]))
    return of(writer.extraction())


def intros(document: Document) -> dict[str, str | None]:
    text = document.text
    return {b.span.of(text): b.intro and b.intro.of(text) for _, b in document.blocks() if b.kind is ITEM}


def test_hashes_are_of_the_raw_bytes_and_of_the_canonical_text() -> None:
    document = written(("Pat dry.", "p"))
    assert document.sha256 == hashlib.sha256(b"raw").hexdigest()
    assert document.canonical_sha256 == hashlib.sha256(b"Pat dry.").hexdigest()
    assert document.extractor == "text/1"


def test_a_path_holds_the_headings_above() -> None:
    document = written(("A", 1), ("B", 2), ("C", 3), ("D", 2), ("E", 1), ("F", 3))
    assert [section.heading_path for section in document.sections] == [
        ("A",),
        ("A", "B"),
        ("A", "B", "C"),
        ("A", "D"),
        ("E",),
        ("E", "F"),
    ]


def test_words_before_the_first_heading_are_a_section_without_one() -> None:
    document = written(("Words first.", "p"), ("A", 1), ("Words.", "p"))
    first = document.sections[0]
    assert (first.heading, first.heading_span, first.heading_path) == ("", None, ())
    assert [section.heading for section in document.sections] == ["", "A"]


def test_boilerplate_reaches_down_but_not_sideways() -> None:
    document = written(("Care", 1), ("References", 2), ("Older", 3), ("Evening", 2))
    assert [section.is_boilerplate for section in document.sections] == [False, True, True, False]


def test_calls_at_the_end_of_a_section_become_boilerplate_of_their_own() -> None:
    calls = ("Sign up now.", "p"), ("Shop now.", "p")
    document = written(("Care", 1), ("Pat dry.", "p"), *calls, ("Evening", 1), ("Rest.", "p"))
    assert [(section.heading, len(section.blocks), section.is_boilerplate) for section in document.sections] == [
        ("Care", 1, False),
        ("", 2, True),
        ("Evening", 1, False),
    ]


def test_a_call_amid_an_article_stays_for_the_gates_to_judge() -> None:
    document = written(("Care", 1), ("Sign up now.", "p"), ("Pat dry.", "p"))
    assert [section.is_boilerplate for section in document.sections] == [False]


def test_a_list_item_that_sounds_like_a_call_is_no_closing_call() -> None:
    document = written(("Care", 1), ("Remember:", "p"), ("call us if it bleeds", "li1"))
    assert not any(section.is_boilerplate for section in document.sections)


def test_an_intro_is_the_line_before_the_list() -> None:
    document = written(("Avoid:", "p"), ("acids", "li1"), ("sun", "li1"), ("Then rest.", "p"), ("alone", "li1"))
    assert intros(document) == {"acids": "Avoid:", "sun": "Avoid:", "alone": None}


def test_an_item_introduces_the_items_under_it() -> None:
    document = written(("Avoid:", "p"), ("acids", "li1"), ("glycolic", "li2"), ("sun", "li1"), ("noon", "li2"))
    assert intros(document) == {"acids": "Avoid:", "glycolic": "acids", "sun": "Avoid:", "noon": "sun"}


def test_a_long_or_finished_paragraph_introduces_nothing() -> None:
    assert intros(written(("It ends here.", "p"), ("one", "li1"))) == {"one": None}
    assert intros(written(("word " * 60 + ":", "p"), ("one", "li1"))) == {"one": None}


def test_a_table_row_is_one_sentence_whatever_its_stops() -> None:
    writer = Writer()
    writer.block("1 | Rest. Sleep. | Yes", BlockKind.TABLE)
    document = of(writer.extraction())
    assert [len(block.sentences) for _, block in document.blocks()] == [1]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("ice-pick_scars.txt", "Ice pick scars"),
        ("https://site.example/care/evening-care?x=1", "Evening care"),
        ("C:\\papers\\my notes.docx", "My notes"),
        ("", ""),
    ],
)
def test_without_a_heading_the_title_comes_from_the_name(name: str, title: str) -> None:
    writer = Writer()
    writer.block("Words.")
    assert of(writer.extraction(), name).title == title


def test_a_title_that_the_format_names_comes_first() -> None:
    writer = Writer()
    writer.heading("Heading", 1)
    assert of(writer.extraction("  Named\n title ")).title == "Named title"
    assert of(replace(writer.extraction(), title="")).title == "Heading"


def test_the_writer_keeps_white_space_single_and_drops_what_is_no_character() -> None:
    writer = Writer()
    writer.block(" one\n\ttwo\u00a0three ")
    writer.block("\u200b\x00 \ufeff")
    writer.block("so\u00adft\ud800")
    assert writer.extraction().text == "one two three\n\nsoft"


def test_items_and_rows_stand_on_lines_of_their_own_without_gaps() -> None:
    document = written(("Avoid:", "p"), ("acids", "li1"), ("sun", "li1"), ("Rest.", "p"))
    assert document.text == "Avoid:\n\nacids\nsun\n\nRest."


def test_formats_are_asked_in_order_and_plain_text_last() -> None:
    assert [each.name for each in all_formats()] == ["docx", "pdf", "html", "markdown", "text"]
    assert all(each.suffixes and each.media_type for each in all_formats())


def test_what_unpacks_or_draws_is_always_isolated_and_plain_text_never() -> None:
    assert {each.name for each in all_formats() if each.is_isolated(b"")} == {"docx", "pdf"}
    assert [each.name for each in all_formats() if not each.is_isolated(bytes(10**6))] == ["text"]
