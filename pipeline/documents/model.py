"""A document as the rest of the pipeline sees it, whatever format it came in.

`Document.text` is the canonical text: every span in the pipeline is a pair of character offsets into it, half
open, so that `document.text[span.start:span.end]` is always the very words. For plain text the canonical text is
the file's own text, to the character; for other formats it is what the format's reader extracted, and
`canonical_sha256` with `extractor` says which reader made it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open character offsets into a document's canonical text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words the span stands on."""
        return text[self.start : self.end]


class BlockKind(StrEnum):
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    TABLE = "table"
    CAPTION = "caption"
    FOOTNOTE = "footnote"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list item, quote…: a span, and the spans of its sentences in order.

    `intro` is the span of the line that introduces a list ("Before the treatment, avoid:"), for its items.
    """

    kind: BlockKind
    span: Span
    sentences: tuple[Span, ...]
    intro: Span | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (none for the opening of a document) and the blocks under it, up to the next heading.

    `heading_path` holds the headings from the document's top down to this one, this one last. `is_boilerplate` marks
    what is no part of the article: sections under "About us" and the like, and, without a heading of their own, the
    calls to subscribe or buy that close a section.
    """

    heading: str
    heading_span: Span | None
    heading_path: tuple[str, ...]
    blocks: tuple[Block, ...]
    is_boilerplate: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """The canonical form of a document.

    `name` is the file's name or the URL as a person would recognise it; `sha256` is of the raw bytes,
    `canonical_sha256` of the canonical text in UTF-8; `extractor` names the reader and its version ("text/1").
    """

    name: str
    media_type: str
    sha256: str
    text: str = field(repr=False)
    canonical_sha256: str
    extractor: str
    title: str
    sections: tuple[Section, ...] = field(repr=False)

    def section_spans(self) -> Iterator[tuple[Section, Span]]:
        """Each section with what stands under its heading, down to the next one; empty where that follows at once."""
        starts = [section.heading_span.start if section.heading_span else 0 for section in self.sections]
        for section, end in zip(self.sections, [*starts[1:], len(self.text)], strict=True):
            start = section.heading_span.end if section.heading_span else 0
            yield section, Span(start, max(start, end))

    def blocks(self) -> Iterator[tuple[Section, Block]]:
        """Every block with its section, in reading order."""
        for section in self.sections:
            for block in section.blocks:
                yield section, block
