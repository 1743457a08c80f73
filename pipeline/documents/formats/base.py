"""What a document format is, and what its reader hands over.

A format is one module in this folder with a `FORMAT`; it is found by itself. Its `extract` turns bytes into an
`Extraction`: the canonical text, and pieces of it in reading order, each a span with what it is. Everything that
holds for every format (sections, sentences, hashes, boilerplate) is done once, in `pipeline/documents/assembly.py`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from pipeline.documents.model import BlockKind


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the canonical text: a heading where `kind` is None, else a block.

    `level` is a heading's depth (1 is the highest), or a list item's depth of nesting.
    """

    start: int
    end: int
    kind: BlockKind | None
    level: int = 1


@dataclass(frozen=True, slots=True)
class Extraction:
    """The canonical text, its pieces in order and apart from each other, and the title where the format names one."""

    text: str = field(repr=False)
    pieces: tuple[Piece, ...] = field(repr=False)
    title: str = ""


class Precedence(IntEnum):
    """In which order the formats are asked whether they recognise a document."""

    SIGNATURE = 1
    """The content says so beyond doubt: a file signature."""
    MARKUP = 2
    """The content says so: tags."""
    NAME = 3
    """Only the name says so: the content could be plain text as well."""
    ANY_TEXT = 4


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of document.

    `name` and `version` make the extractor's name ("text/1"): a change to what `extract` hands over for the same
    bytes raises the version. Documents of `isolated_from_bytes` or more are read in a child process with memory and
    time limits: all of them where the parser is native code that unpacks or draws, larger ones where hostile nesting
    makes the parser's time grow with the square of the size.
    """

    name: str
    version: int
    media_type: str
    suffixes: tuple[str, ...]
    precedence: Precedence
    recognises: Callable[[bytes, str], bool]
    extract: Callable[[bytes, str], Extraction]
    isolated_from_bytes: int | None = None

    @property
    def extractor(self) -> str:
        return f"{self.name}/{self.version}"

    def is_isolated(self, data: bytes) -> bool:
        return self.isolated_from_bytes is not None and len(data) >= self.isolated_from_bytes


_NO_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ud800-\udfff\ufeff\ufffe\uffff]")
"""Controls, lone surrogates and signs without width, which are no part of the words."""
LONGEST_BOLD_HEADING = 90
BOLD_HEADING_LEVEL = 7


class Writer:
    """Builds the canonical text of a format whose words must be taken out of markup first.

    Pieces are set apart by a blank line (list items and table rows by a line break), white space is made single.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._pieces: list[Piece] = []
        self._length = 0

    def heading(self, text: str, level: int) -> None:
        self._add(text, None, level)

    def block(self, text: str, kind: BlockKind = BlockKind.PARAGRAPH, level: int = 1) -> None:
        self._add(text, kind, level)

    def paragraph(self, text: str, *, is_all_bold: bool) -> None:
        """A paragraph; a short one all in bold and without a stop is a heading that was never marked as one."""
        line = text.strip()
        if is_all_bold and len(line) <= LONGEST_BOLD_HEADING and line[-1:] not in ".!;,":
            self.heading(line, BOLD_HEADING_LEVEL)
        else:
            self.block(text)

    def extraction(self, title: str = "") -> Extraction:
        return Extraction("".join(self._parts), tuple(self._pieces), " ".join(title.split()))

    def _add(self, raw: str, kind: BlockKind | None, level: int) -> None:
        text = " ".join(_NO_CHARACTERS.sub("", raw).split())
        if not text:
            return
        if self._pieces:
            follows_on = kind in _CLOSE_SET and self._pieces[-1].kind is kind
            gap = "\n" if follows_on else "\n\n"
            self._parts.append(gap)
            self._length += len(gap)
        self._parts.append(text)
        self._pieces.append(Piece(self._length, self._length + len(text), kind, level))
        self._length += len(text)


_CLOSE_SET = frozenset({BlockKind.LIST_ITEM, BlockKind.TABLE})
