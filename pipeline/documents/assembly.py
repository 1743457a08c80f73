"""From a format's pieces to a `Document`: the part that is the same for every format."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import PurePosixPath

from pipeline.documents import sentences
from pipeline.documents.boilerplate import is_boilerplate_heading, is_call_to_action
from pipeline.documents.formats.base import Extraction, Format, Piece
from pipeline.documents.model import Block, BlockKind, Document, Section, Span

LONGEST_INTRO = 240
"""Characters; a longer paragraph before a list is not the line that introduces it."""

_WHOLE = frozenset({BlockKind.TABLE, BlockKind.CAPTION})
"""Blocks that are one sentence whatever stops they hold."""


def assemble(data: bytes, *, name: str, found: Format, extraction: Extraction) -> Document:
    text = extraction.text
    sections = tuple(_sections(text, extraction.pieces))
    return Document(
        name=name,
        media_type=found.media_type,
        sha256=hashlib.sha256(data).hexdigest(),
        text=text,
        canonical_sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        extractor=found.extractor,
        title=extraction.title or _first_heading(text, extraction.pieces) or _title_from_name(name),
        sections=sections,
    )


def _first_heading(text: str, pieces: tuple[Piece, ...]) -> str:
    """The heading that opens the document; a heading further down is only a section's."""
    if pieces and pieces[0].kind is None:
        return _words(text, pieces[0])
    return ""


def _title_from_name(name: str) -> str:
    stem = PurePosixPath(name.replace("\\", "/").split("?")[0].rstrip("/")).stem
    plain = re.sub(r"[-_\s]+", " ", stem).strip()
    return plain[:1].upper() + plain[1:]


def _words(text: str, piece: Piece) -> str:
    return " ".join(text[piece.start : piece.end].split())


def _sections(text: str, pieces: tuple[Piece, ...]) -> Iterator[Section]:
    """One section to a heading, and where it ends in calls to action, one more of boilerplate without a heading."""
    above: list[tuple[int, str, bool]] = []
    for heading, blocks in _by_heading(pieces):
        path: tuple[str, ...] = ()
        if heading is not None:
            while above and above[-1][0] >= heading.level:
                above.pop()
            words = _words(text, heading)
            is_boilerplate = is_boilerplate_heading(words) or bool(above and above[-1][2])
            above.append((heading.level, words, is_boilerplate))
            path = tuple(each[1] for each in above)
        suppressed = bool(above and above[-1][2])
        own, calls = (blocks, []) if suppressed else _without_closing_calls(text, blocks)
        if heading is not None or own:
            span = Span(heading.start, heading.end) if heading else None
            yield Section(path[-1] if path else "", span, path, tuple(_blocks(text, own)), suppressed)
        if calls:
            yield Section("", None, (), tuple(_blocks(text, calls)), is_boilerplate=True)


def _by_heading(pieces: Iterable[Piece]) -> Iterator[tuple[Piece | None, list[Piece]]]:
    heading: Piece | None = None
    blocks: list[Piece] = []
    for piece in pieces:
        if piece.kind is not None:
            blocks.append(piece)
            continue
        if heading or blocks:
            yield heading, blocks
        heading, blocks = piece, []
    if heading or blocks:
        yield heading, blocks


def _without_closing_calls(text: str, blocks: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    keep = len(blocks)
    while keep and blocks[keep - 1].kind is BlockKind.PARAGRAPH and is_call_to_action(_words(text, blocks[keep - 1])):
        keep -= 1
    return blocks[:keep], blocks[keep:]


def _blocks(text: str, pieces: list[Piece]) -> Iterator[Block]:
    intros = _intros(text, pieces)
    for piece, intro in zip(pieces, intros, strict=True):
        assert piece.kind is not None  # noqa: S101 - headings were taken out by `_by_heading`
        span = Span(piece.start, piece.end)
        parts = (span,) if piece.kind in _WHOLE else sentences.split(text, piece.start, piece.end)
        yield Block(piece.kind, span, parts, intro)


def _intros(text: str, pieces: list[Piece]) -> list[Span | None]:
    """For each piece the line that introduces its list: the paragraph before it, or the item it hangs under."""
    intros: list[Span | None] = []
    by_level: dict[int, Span | None] = {}
    for before, piece in pairwise([None, *pieces]):
        if piece is None or piece.kind is not BlockKind.LIST_ITEM:
            by_level = {}
            intros.append(None)
            continue
        if before is not None and _introduces(text, before, piece):
            by_level[piece.level] = Span(before.start, before.end)
        intros.append(by_level.get(piece.level))
        by_level = {level: intro for level, intro in by_level.items() if level <= piece.level}
    return intros


def _introduces(text: str, before: Piece, item: Piece) -> bool:
    if before.kind is BlockKind.LIST_ITEM:
        return before.level < item.level
    is_short = before.end - before.start <= LONGEST_INTRO
    return before.kind is BlockKind.PARAGRAPH and is_short and text[before.end - 1] not in ".!?…"
