"""DOCX (Office Open XML). Only the parts with words are unpacked, each up to a limit; XML with a DOCTYPE is refused.

Paragraphs are read one by one from a stream, so that memory does not grow with the document. Headings are told by
the outline level of their style (styles inherit it), else by a short paragraph all in bold.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from lxml import etree

from pipeline.documents.errors import DocumentError
from pipeline.documents.formats.base import Extraction, Format, Precedence, Writer
from pipeline.documents.model import BlockKind

MOST_ENTRIES = 10_000
LARGEST_PART_BYTES = 64 * 1024 * 1024

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT_W = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_DOCUMENT, _STYLES = "word/document.xml", "word/styles.xml"
_DAMAGED = "Open it in a word processor, save it again as .docx, and hand that in"
_TITLE_STYLES = frozenset({"title"})
_QUOTE_STYLES = frozenset({"quote", "intensequote", "intense quote"})
_SKIPPED = frozenset({"del", "moveFrom", "txbxContent"})
"""What is not read: words that were struck or moved away, and text boxes, which stand beside the text."""


_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, etree.XMLSyntaxError)
"""What the standard library and lxml raise on damaged archives and parts."""


def extract(data: bytes, name: str) -> Extraction:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive, name)
            styles = _Styles(archive, name)
            reader = _Reader(styles)
            with archive.open(_DOCUMENT) as part:
                reader.take(part, name)
            return reader.writer.extraction()
    except _BROKEN as error:
        raise DocumentError(name, "it is a damaged Word document", _DAMAGED) from error


def _check(archive: zipfile.ZipFile, name: str) -> None:
    """Refuses before anything is unpacked; a part never unpacks to more than its entry claims (zipfile sees to it)."""
    entries = archive.infolist()
    if not any(entry.filename == _DOCUMENT for entry in entries):
        raise DocumentError(name, "it is a ZIP archive without a Word document in it", _DAMAGED)
    if len(entries) > MOST_ENTRIES:
        raise DocumentError(name, f"it packs {len(entries)} files, which no Word document does", _DAMAGED)
    for entry in entries:
        if entry.filename in (_DOCUMENT, _STYLES):
            if entry.flag_bits & 1:
                raise DocumentError(name, "it is encrypted", "Save it without a password and hand it in again")
            if entry.file_size > LARGEST_PART_BYTES:
                raise DocumentError(name, "it unpacks to more than 64 MB of text", "Split it into smaller documents")


def _elements(part: IO[bytes], name: str, *locals_: str) -> Iterator[tuple[str, etree._Element]]:
    """Start and end events of the named elements of a part, whichever of the two namespaces it is written in.

    A DOCTYPE (entities) is refused; libxml2 itself refuses elements nested more than 256 deep.
    """
    events = etree.iterparse(
        part,
        events=("start", "end"),
        tag=_names(*locals_),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    is_first = True
    for event, element in events:
        if is_first and element.getroottree().docinfo.doctype:
            raise DocumentError(name, "it declares XML entities, which no Word document does", _DAMAGED)
        is_first = False
        yield event, element


def _names(*locals_: str) -> tuple[str, ...]:
    return tuple(namespace + local for local in locals_ for namespace in (_W, _STRICT_W))


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _value(element: etree._Element) -> str:
    return element.get(f"{_W}val") or element.get(f"{_STRICT_W}val") or ""


class _Styles:
    """Outline levels, list membership and quotes by style, inherited along `basedOn`."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._names: dict[str, str] = {}
        self._parents: dict[str, str] = {}
        self._levels: dict[str, int] = {}
        if _STYLES in archive.namelist():
            with archive.open(_STYLES) as part:
                self._read(part, name)

    def _read(self, part: IO[bytes], name: str) -> None:
        current = ""
        for event, element in _elements(part, name, "style", "name", "basedOn", "outlineLvl"):
            local = _local(element)
            if event == "start" and local == "style":
                current = element.get(f"{_W}styleId") or element.get(f"{_STRICT_W}styleId") or ""
            elif event == "end" and local == "name":
                self._names[current] = _value(element).lower()
            elif event == "end" and local == "basedOn":
                self._parents[current] = _value(element)
            elif event == "end" and local == "outlineLvl" and _value(element).isdecimal():
                self._levels[current] = int(_value(element)) + 1
            elif event == "end" and local == "style":
                element.clear()

    def level(self, style: str) -> int:
        """The heading level of a style, 0 where it is none."""
        for each in self._line(style):
            if each in self._levels:
                return self._levels[each] if self._levels[each] <= 9 else 0
            plain = self._names.get(each, each).lower().replace(" ", "")
            if plain in _TITLE_STYLES:
                return 1
            if plain.startswith("heading") and plain[7:].isdecimal() and len(plain) < 10:
                return int(plain[7:])
        return 0

    def is_list(self, style: str) -> bool:
        return any(self._names.get(each, each).lower().startswith("list") for each in self._line(style))

    def is_quote(self, style: str) -> bool:
        return any(self._names.get(each, each).lower() in _QUOTE_STYLES for each in self._line(style))

    def _line(self, style: str) -> Iterator[str]:
        seen: set[str] = set()
        while style and style not in seen:
            seen.add(style)
            yield style
            style = self._parents.get(style, "")


class _Reader:
    def __init__(self, styles: _Styles) -> None:
        self.writer = Writer()
        self._styles = styles
        self._cells: list[list[str]] = []
        self._skipping = 0

    def take(self, part: IO[bytes], name: str) -> None:
        for event, element in _elements(part, name, "p", "tr", *_SKIPPED):
            local = _local(element)
            if local in _SKIPPED:
                self._skipping += 1 if event == "start" else -1
            if event == "start":
                if local == "tr" and not self._skipping:
                    self._cells.append([])
            elif local == "p" and not self._skipping:
                self._paragraph(element)
                element.clear()
            elif local == "tr" and not self._skipping and self._cells:
                row = self._cells.pop()
                self._keep(" | ".join(filter(None, row)))
                element.clear()

    def _keep(self, row: str) -> None:
        if self._cells:
            self._cells[-1].append(row)
        else:
            self.writer.block(row, BlockKind.TABLE)

    def _paragraph(self, paragraph: etree._Element) -> None:
        text, is_all_bold = _runs(paragraph)
        if self._cells:
            self._cells[-1].append(" ".join(text.split()))
            return
        properties = next((child for child in paragraph if _local(child) == "pPr"), None)
        given = {_local(child): child for child in properties} if properties is not None else {}
        style = _value(given["pStyle"]) if "pStyle" in given else ""
        level = self._styles.level(style)
        if "outlineLvl" in given and _value(given["outlineLvl"]) in "012345678":
            level = int(_value(given["outlineLvl"]) or -1) + 1
        if level:
            self.writer.heading(text, level)
        elif "numPr" in given or self._styles.is_list(style):
            self.writer.block(text, BlockKind.LIST_ITEM, _list_level(given.get("numPr")))
        elif self._styles.is_quote(style):
            self.writer.block(text, BlockKind.QUOTE)
        else:
            self.writer.paragraph(text, is_all_bold=is_all_bold)


def _list_level(numbering: etree._Element | None) -> int:
    if numbering is not None:
        for child in numbering:
            if _local(child) == "ilvl" and _value(child).isdecimal():
                return min(int(_value(child)[:2]), 9) + 1
    return 1


_RUN_PARTS = _names("t", "tab", "br", "cr", "noBreakHyphen")


def _runs(paragraph: etree._Element) -> tuple[str, bool]:
    """A paragraph's words, and whether all of them are bold."""
    words: list[str] = []
    bold = plain = 0
    for element in paragraph.iter(*_RUN_PARTS):
        local = _local(element)
        if local == "t" and element.text and not _is_skipped(element, paragraph):
            words.append(element.text)
            if element.text.strip():
                is_bold = _is_bold(element.getparent())
                bold, plain = bold + is_bold, plain + (not is_bold)
        elif local in {"tab", "br", "cr"} and _local_of_parent(element) == "r":
            words.append(" ")
        elif local == "noBreakHyphen":
            words.append("-")
    return "".join(words), bool(bold) and not plain


def _is_skipped(element: etree._Element, upto: etree._Element) -> bool:
    parent = element.getparent()
    while parent is not None and parent is not upto:
        if _local(parent) in _SKIPPED:
            return True
        parent = parent.getparent()
    return False


def _local_of_parent(element: etree._Element) -> str:
    parent = element.getparent()
    return _local(parent) if parent is not None else ""


def _is_bold(run: etree._Element | None) -> bool:
    if run is None:
        return False
    for properties in run:
        if _local(properties) == "rPr":
            return any(_local(each) == "b" and _value(each) not in {"0", "false", "off"} for each in properties)
    return False


def recognises(data: bytes, name: str) -> bool:
    """By the archive's signature and the name of its main part; the archive itself is opened in the child alone."""
    is_archive = data.startswith(b"PK\x03\x04")
    return is_archive and (_DOCUMENT.encode() in data or name.lower().endswith(FORMAT.suffixes))


FORMAT = Format(
    name="docx",
    version=1,
    media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    suffixes=(".docx",),
    precedence=Precedence.SIGNATURE,
    recognises=recognises,
    extract=extract,
    isolated_from_bytes=0,
)
