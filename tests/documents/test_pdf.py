"""PDF: headings by size, whole words and paragraphs, no headers and footers; what cannot be read is told."""

import pytest

from pipeline.documents import DocumentError, read
from pipeline.documents.model import BlockKind
from pipeline.documents.page_lines import PageLine, write_lines
from tests.documents.making import ARTICLE, as_pdf, encrypted_pdf, pdf_of


def line(words: str, top: float, *, page: int = 0, size: float = 11, left: float = 72, right: float = 500) -> PageLine:
    """A line whose top is `top` points from the top of an A4 page."""
    return PageLine(page, words, size, False, left, right, 842 - top - size, top / 842)


def texts(lines: list[PageLine]) -> list[tuple[BlockKind | None, str]]:
    made = write_lines(lines)
    return [(piece.kind, made.text[piece.start : piece.end]) for piece in made.pieces]


P = BlockKind.PARAGRAPH


def test_headers_and_page_numbers_are_left_out() -> None:
    text = read(as_pdf(ARTICLE, lines_on_page=5), name="a.pdf").text
    assert "Handbook" not in text
    assert "Page" not in text


def test_a_word_cut_at_the_end_of_a_line_is_made_whole() -> None:
    lines = [line("Keep the treat-", 100), line("ment gentle and low-", 114), line("risk. A low-risk plan helps.", 128)]
    assert texts(lines) == [(P, "Keep the treatment gentle and low-risk. A low-risk plan helps.")]


def test_a_wider_gap_opens_a_paragraph() -> None:
    lines = [line("One goes on", 100), line("here.", 114, right=120), line("Two.", 150, right=120), line("Xs.", 164)]
    assert texts(lines) == [(P, "One goes on here."), (P, "Two."), (P, "Xs.")]


def test_a_paragraph_goes_on_over_the_page() -> None:
    lines = [line("The skin needs", 700), line("time to heal.", 200, page=1), line("New words", 240, page=1)]
    assert texts(lines)[0] == (P, "The skin needs time to heal.")


def test_larger_lines_are_headings_by_rank() -> None:
    lines = [
        line("Title", 100, size=20),
        line("Part", 130, size=14),
        *(line("Body text goes on", 150 + 14 * n) for n in range(3)),
    ]
    made = write_lines(lines)
    assert [(piece.kind, piece.level) for piece in made.pieces][:2] == [(None, 1), (None, 2)]


def test_a_heading_in_two_lines_is_one() -> None:
    lines = [line("How to Care for", 100, size=20), line("Your Skin", 124, size=20), line("Body text " * 9, 160)]
    assert texts(lines)[0] == (None, "How to Care for Your Skin")


def test_small_print_below_is_a_footnote() -> None:
    lines = [*(line("Body text goes on", 100 + 14 * n) for n in range(5)), line("1 A note.", 700, size=8)]
    assert texts(lines)[-1] == (BlockKind.FOOTNOTE, "1 A note.")


def test_an_encrypted_pdf_is_told() -> None:
    with pytest.raises(DocumentError, match="encrypted"):
        read(encrypted_pdf(), name="a.pdf")


def test_a_pdf_of_pictures_is_told_what_it_lacks() -> None:
    with pytest.raises(DocumentError, match="pictures without text"):
        read(pdf_of([b"0 0 10 10 re f"]), name="a.pdf")


@pytest.mark.parametrize("data", [b"%PDF-1.4\n", b"%PDF-1.7 nonsense" * 50, b"junk %PDF-1.4 trailer<</Root 9 0 R>>"])
def test_a_damaged_pdf_is_told(data: bytes) -> None:
    with pytest.raises(DocumentError, match="damaged"):
        read(data, name="a.pdf")


def test_pages_that_hold_themselves_end() -> None:
    circle = pdf_of([b"BT /F1 12 Tf 72 700 Td (Words here.) Tj ET"]).replace(b"/Kids[4 0 R]", b"/Kids[2 0 R]")
    with pytest.raises(DocumentError):
        read(circle, name="a.pdf")


BODY = [line("Body text goes on and on", 200 + 14 * n) for n in range(4)]


def test_the_largest_words_of_the_first_page_are_the_title_whatever_stands_above_them() -> None:
    above = [line("12 March 2026", 60), line("The Garden Paper", 80, size=13)]
    made = write_lines([*above, line("How to prune", 110, size=22), line("an old fig", 136, size=22), *BODY])
    assert made.title == "How to prune an old fig"


def test_words_as_large_as_others_are_no_title_of_the_whole() -> None:
    parts = [line("Part one", 110, size=22), *BODY, line("Part two", 400, size=22), line("More of the same body", 430)]
    assert write_lines(parts).title == ""
    late = [*BODY, line("An appendix", 100, page=1, size=22), line("More of the same body", 430, page=1)]
    assert write_lines(late).title == ""


def test_a_pdf_is_called_by_its_title() -> None:
    document = read(as_pdf(ARTICLE), name="scan-0001.pdf")
    assert document.title == ARTICLE[0].text
