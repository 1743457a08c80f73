"""PDF. PDFium tells the characters with their size and place; `page_lines.py` tells headings and paragraphs from it.

Per line a handful of calls into PDFium, not per character: its own text of the page already has words and lines.
"""

import ctypes
import re
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.documents.errors import DocumentError
from pipeline.documents.formats.base import Extraction, Format, Precedence
from pipeline.documents.page_lines import PageLine, write_lines

MOST_PAGES = 5_000
MOST_CHARACTERS = 20_000_000

_BOLD_WEIGHT = 600
_LIGATURES = str.maketrans(
    {"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\x02": "-", "\ufffe": "-"}
)
_LINE = re.compile(r"[^\r\n]+")
_PEEK_BYTES = 1024


def extract(data: bytes, name: str) -> Extraction:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise _refusal(error, name) from error
    if len(document) > MOST_PAGES:
        raise DocumentError(name, f"it has more than {MOST_PAGES} pages", "Split it into smaller documents")
    lines = list(_lines(document, name))
    if not lines:
        raise DocumentError(
            name, "its pages are pictures without text", "Run text recognition over it, or type the text out"
        )
    return write_lines(lines)


def _refusal(error: Exception, name: str) -> DocumentError:
    if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD or "assword" in str(error):
        return DocumentError(name, "it is encrypted", "Save it without a password and hand it in again")
    return DocumentError(name, "it is a damaged PDF", "Check that it opens, or save it as a PDF again")


def _lines(document: pdfium.PdfDocument, name: str) -> Iterator[PageLine]:
    characters = 0
    for number in range(len(document)):
        try:
            page = document[number]
            text_page = page.get_textpage()
        except pdfium.PdfiumError:
            continue  # a damaged page among good ones
        text = text_page.get_text_range(errors="replace")
        characters += len(text)
        if characters > MOST_CHARACTERS:
            raise DocumentError(name, "it holds more than 20 million characters", "Split it into smaller documents")
        height = page.get_height() or 1.0
        is_plain = text.isascii() or max(text) < "\U00010000"
        for found in _LINE.finditer(text):
            line = _line(text_page.raw, found, number, height, text if not is_plain else "")
            if line is not None:
                yield line
        text_page.close()
        page.close()


def _line(text_page: object, found: re.Match[str], page: int, height: float, wide: str) -> PageLine | None:
    words = found[0].strip()
    if not words:
        return None
    start, end = found.start() + found[0].index(words[0]), found.end() - 1
    if wide:  # PDFium counts UTF-16 units
        start, end = start + _surrogates(wide[:start]), end + _surrogates(wide[:end])
    first = raw.FPDFText_GetCharIndexFromTextIndex(text_page, start)
    last = raw.FPDFText_GetCharIndexFromTextIndex(text_page, end)
    left, _, bottom, top = _box(text_page, first)
    _, right, _, _ = _box(text_page, last)
    return PageLine(
        page=page,
        words=words.translate(_LIGATURES),
        size=round(raw.FPDFText_GetFontSize(text_page, first) * _scale(text_page, first), 1),
        is_bold=_is_bold(text_page, first) and _is_bold(text_page, max(first, last - 1)),
        left=left,
        right=max(left, right),
        baseline=bottom,
        from_top=1 - top / height,
    )


def _surrogates(text: str) -> int:
    return sum(letter > "\uffff" for letter in text)


def _box(text_page: object, index: int) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of a character, its font's height included."""
    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(box))
    return box.left, box.right, box.bottom, box.top


def _scale(text_page: object, index: int) -> float:
    """By how much the text matrix enlarges the font: some writers set size 1 and scale it."""
    matrix = raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(text_page, index, ctypes.byref(matrix)):
        return 1.0
    return float((matrix.c**2 + matrix.d**2) ** 0.5) or 1.0


def _is_bold(text_page: object, index: int) -> bool:
    if raw.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT:
        return True
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    length = raw.FPDFText_GetFontInfo(text_page, index, name, 128, ctypes.byref(flags))
    return 0 < length <= 128 and b"bold" in name.value.lower()


def recognises(data: bytes, _name: str) -> bool:
    return b"%PDF-" in data[:_PEEK_BYTES]


FORMAT = Format(
    name="pdf",
    version=1,
    media_type="application/pdf",
    suffixes=(".pdf",),
    precedence=Precedence.SIGNATURE,
    recognises=recognises,
    extract=extract,
    isolated_from_bytes=0,
)
