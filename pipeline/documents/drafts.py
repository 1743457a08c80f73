"""Blocks of plain text in the making, before it is settled which of them are headings."""

from dataclasses import dataclass
from enum import StrEnum

from pipeline.documents.model import BlockKind


class Mark(StrEnum):
    """What opens a line."""

    BULLET = "bullet"
    HASH = "hash"
    NUMBER = "number"
    LETTER = "letter"
    QUESTION = "question"
    ANSWER = "answer"
    QUOTE = "quote"
    NOTE = "note"
    BARE = "bare"
    """An entry of a list without bullets."""


_KIND = {
    Mark.BULLET: BlockKind.LIST_ITEM,
    Mark.NUMBER: BlockKind.LIST_ITEM,
    Mark.LETTER: BlockKind.LIST_ITEM,
    Mark.BARE: BlockKind.LIST_ITEM,
    Mark.QUOTE: BlockKind.QUOTE,
    Mark.NOTE: BlockKind.FOOTNOTE,
}


@dataclass(slots=True)
class Draft:
    """A block in the making: its span without the mark before it, the words of its first lines (all a heading can
    have), and what it was told by."""

    start: int
    end: int
    words: str
    mark: Mark | None = None
    kind: BlockKind | None = BlockKind.PARAGRAPH
    level: int = 1
    depth: int = 1
    line_count: int = 1
    after_blank: bool = True
    underline: str = ""
    is_numbered: bool = False
    """Of a heading, whose number is no list item's mark any more."""
    is_inset: bool = False
    """Whether its first line is indented."""
    last_words: str = ""

    def __post_init__(self) -> None:
        self.last_words = self.words
        if self.mark is not None:
            self.kind = _KIND.get(self.mark, BlockKind.PARAGRAPH)

    def add(self, end: int, words: str) -> None:
        self.end = end
        self.line_count += 1
        if self.line_count == 2:
            self.words = f"{self.words} {words}"
        self.last_words = words

    @property
    def length(self) -> int:
        return self.end - self.start

    @property
    def is_item(self) -> bool:
        return self.kind is BlockKind.LIST_ITEM
