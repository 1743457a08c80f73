"""From lines with a size and a place on a page to headings and paragraphs: for formats that keep only the looks.

What repeats at the edge of the pages (headers, footers, page numbers) goes; lines larger than the body's are
headings, the largest the highest; the others are joined into paragraphs by distance, indent and the room that was
left at the end of a line; words cut by a hyphen are made whole.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pipeline.documents.formats.base import Extraction, Writer
from pipeline.documents.model import BlockKind

HEADING_SCALE = 1.12
NOTE_SCALE = 0.86
LONGEST_HEADING = 160
EDGE_SHARE = 0.12
"""The part of a page's height, at the top and the bottom, in which headers and footers stand."""
PARAGRAPH_GAP = 1.25
"""Times the usual distance of lines; more of it opens a paragraph."""

_PAGE_NUMBER = re.compile(r"(?:page|p\.)?\s*[-–]?\s*\d{1,4}\s*[-–]?(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
_ROMAN_PAGE = re.compile(r"[ivxlc]{1,6}", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_ITEM = re.compile(r"(?:[•·▪◦‣●○■✓✔➤*–—-]|\(?\d{1,2}[.)])\s+(?=\S)")
_CUT_WORD = re.compile(r"([^\W\d_]+)[-\u00ad]$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_KEEP_HYPHEN = frozenset(
    ("non", "self", "well", "low", "high", "long", "short", "full", "half", "over", "cross", "all", "ex", "co")
)
_STOPS = '.!?:…"”’)'


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line: `size` in points, `left`, `right` and `baseline` in points, `from_top` a share of the page's height."""

    page: int
    words: str
    size: float
    is_bold: bool
    left: float
    right: float
    baseline: float
    from_top: float


def write_lines(lines: list[PageLine]) -> Extraction:
    kept = _without_edges(lines)
    return _Layout(kept or lines).extraction()


def _without_edges(lines: list[PageLine]) -> list[PageLine]:
    """The lines without page numbers, and without what stands at the edge of several pages."""
    pages = len({line.page for line in lines})
    at_edge = {(_shape(line), line.page) for line in lines if _is_at_edge(line)}
    on_pages = Counter(shape for shape, _ in at_edge)
    often = max(2, min(3, pages))
    return [
        line
        for line in lines
        if not (_is_at_edge(line) and (_is_page_number(line.words) or on_pages[_shape(line)] >= often))
    ]


def _is_at_edge(line: PageLine) -> bool:
    return line.from_top < EDGE_SHARE or line.from_top > 1 - EDGE_SHARE


def _is_page_number(words: str) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(words) or _ROMAN_PAGE.fullmatch(words))


def _shape(line: PageLine) -> str:
    return _DIGITS.sub("#", line.words)


class _Layout:
    def __init__(self, lines: list[PageLine]) -> None:
        self._lines = lines
        self._body = self._body_size()
        self._pitch = self._usual_pitch()
        self._right = self._usual_right()
        sizes = {line.size for line in lines if self._is_large(line)}
        self._levels = {size: level for level, size in enumerate(sorted(sizes, reverse=True), start=1)}
        self._known = self._vocabulary()

    def _body_size(self) -> float:
        weights: Counter[float] = Counter()
        for line in self._lines:
            weights[line.size] += len(line.words)
        return weights.most_common(1)[0][0]

    def _usual_pitch(self) -> float:
        pitches = [
            before.baseline - line.baseline
            for before, line in pairwise(self._lines)
            if before.page == line.page and before.size == line.size == self._body and before.baseline > line.baseline
        ]
        near = [pitch for pitch in pitches if pitch < 3 * self._body]
        return min(median(near), 1.6 * self._body) if near else 1.2 * self._body

    def _usual_right(self) -> float:
        rights = sorted(line.right for line in self._lines if line.size == self._body)
        return rights[len(rights) * 9 // 10]

    def _vocabulary(self) -> frozenset[str]:
        """The words of the lines' insides, where no hyphen was put in to end a line."""
        return frozenset(word.lower() for line in self._lines for word in _WORDS.findall(line.words[:-1]))

    def _is_large(self, line: PageLine) -> bool:
        return line.size >= HEADING_SCALE * self._body and len(line.words) <= LONGEST_HEADING

    def extraction(self) -> Extraction:
        writer = Writer()
        groups = list(self._groups())
        for group in groups:
            self._write(writer, group)
        return writer.extraction(self._title(groups))

    def _title(self, groups: list[list[PageLine]]) -> str:
        """The largest words of the first page, where nothing else in the document is set as large; '' otherwise.

        A logo, a date or a name may stand above them.
        """
        largest = [group for group in groups if self._is_large(group[0]) and self._levels[group[0].size] == 1]
        if len(largest) != 1 or largest[0][0].page != self._lines[0].page:
            return ""
        words = self._joined(largest[0])
        return words if len(words) <= LONGEST_HEADING else ""

    def _groups(self) -> Iterable[list[PageLine]]:
        group: list[PageLine] = []
        for line in self._lines:
            if group and not self._goes_on(group, line):
                yield group
                group = []
            group.append(line)
        if group:
            yield group

    def _goes_on(self, group: list[PageLine], line: PageLine) -> bool:
        before = group[-1]
        if line.size != before.size or (line.is_bold != before.is_bold and (line.is_bold or len(group) == 1)):
            return False
        if _ITEM.match(line.words):
            return False
        starts_small = line.words[:1].islower()
        if line.page != before.page or line.baseline > before.baseline + 1:  # the next page, or the next column
            return starts_small or (before.words[-1] not in _STOPS and not self._is_large(line))
        pitch = before.baseline - line.baseline
        if pitch > PARAGRAPH_GAP * max(self._pitch, 1.2 * line.size if self._is_large(line) else 0):
            return False
        if before.words[-1] not in _STOPS or starts_small:
            return True
        is_indented = len(group) > 1 and line.left > before.left + 0.8 * line.size
        has_room = before.right < self._right - 0.15 * max(1.0, self._right - before.left)
        return not is_indented and not has_room

    def _write(self, writer: Writer, group: list[PageLine]) -> None:
        text = self._joined(group)
        first = group[0]
        if self._is_large(first) and len(text) <= LONGEST_HEADING:
            writer.heading(text, self._levels[first.size])
        elif item := _ITEM.match(text):
            writer.block(text[item.end() :], BlockKind.LIST_ITEM)
        elif first.size <= NOTE_SCALE * self._body and first.from_top > 0.6:
            writer.block(text, BlockKind.FOOTNOTE)
        else:
            writer.paragraph(text, is_all_bold=all(line.is_bold for line in group))

    def _joined(self, group: list[PageLine]) -> str:
        parts = [group[0].words]
        for line in group[1:]:
            cut, follows = _CUT_WORD.search(parts[-1]), _FIRST_WORD.match(line.words)
            if cut and follows and follows[0][0].islower():
                if not self._keeps_hyphen(cut[1].lower(), follows[0].lower()):
                    parts[-1] = parts[-1][:-1]
            else:
                parts.append(" ")
            parts.append(line.words)
        return "".join(parts)

    def _keeps_hyphen(self, first: str, second: str) -> bool:
        if first + second in self._known:
            return False
        return f"{first}-{second}" in self._known or first in _KEEP_HYPHEN
