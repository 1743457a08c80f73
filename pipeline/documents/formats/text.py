"""Plain text. The canonical text is the file's own text, to the character.

Lines become drafts of blocks: hard-wrapped text is joined again, otherwise each line is a block. Marks at the start
of a line (bullets, numbers, `Q:`, `>`) tell what it is; headings are told from their neighbours (`headings.py`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pipeline.documents.decoding import decode_utf8
from pipeline.documents.drafts import Draft, Mark
from pipeline.documents.formats.base import Extraction, Format, Piece, Precedence
from pipeline.documents.headings import settle
from pipeline.documents.model import BlockKind
from pipeline.documents.signatures import is_text

_MARKS = re.compile(
    r"(?P<bullet>[-*+•·▪◦‣●○■✓✔➤→–—]\s+(?=\S)(?!.*\s[–—*+•-]$))"
    r"|(?P<hash>#{1,6}\s+(?=\S)|>{2,6}\s+(?=[^a-z]*[A-Z][^a-z]*$))"  # a quoted line of a letter is not in capitals
    r"|(?P<number>\(?(?:\d{1,3}(?:\.\d{1,2})*[.)]|\d{1,2}(?:\.\d{1,2})+(?!\s*(?:[mck]?[gml]|litres?|metres?|oz|lb|"
    r"cups?|pints?|tsp|tbsp|percent|per|million)\b))\s+(?=\S))"  # 1.5 kg of plums are no section
    r"|(?P<letter>\(?[a-z][.)]\s+(?=\S))"
    r"|(?P<question>(?:Q\d{0,3}|Question(?:\s\d{1,3})?)[.:)]\s+(?=\S))"
    r"|(?P<answer>(?:A\d{0,3}|Answer(?:\s\d{1,3})?)[.:)]\s+(?=\S))"
    r"|(?P<quote>(?:>\s?)+(?=\S))"
    r"|(?P<note>(?:\[\^?\d{1,3}\]:?|[¹²³⁴-⁹]+)\s+(?=\S))"
)
_RULE = re.compile(r"([=\-~_*^#+•.])(?:\s?\1){2,}")
_ANSWER_INSIDE = re.compile(r"(?<=[?.!])\s+(?:A|Answer)[.:]\s+(?=\S)")
_COLUMNS = re.compile(r"\S {3,}\S.* {3,}\S")
_GAP, _WIDE_GAP = re.compile(r"\S(?: {2,}|\t+)\S"), re.compile(r"\S(?: {3,}|\t+)\S")
_STOPS = '.!?:…"”’)'
_LIST_STARTERS = frozenset("-*+•·▪◦‣●○■✓✔➤→–—#(>[QA¹²³") | frozenset("0123456789abcdefghijklmnopqrstuvwxyz")

WRAPPED_SHARE = 0.3
"""Where so many lines go on with a small letter, the text is hard-wrapped; about three in four do, else hardly one."""
NARROWEST_WRAP = 30
LONGEST_ITEM = 90
"""Characters of a line in a list without bullets."""


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    words: str
    after_blank: bool
    is_inset: bool = False


def extract(data: bytes, name: str) -> Extraction:
    text = decode_utf8(data, name=name)
    lines = list(_lines(text))
    drafts = list(_drafts(lines, width=_wrap_width(lines)))
    pieces = tuple(Piece(each.start, each.end, each.kind, each.level) for each in settle(drafts))
    return Extraction(text, pieces)


def _lines(text: str) -> Iterator[_Line]:
    at, after_blank = 0, True
    for raw in text.splitlines(keepends=True):
        words = raw.strip()
        if words:
            start = at + (0 if raw.startswith(words) else raw.index(words))
            yield _Line(start, start + len(words), words, after_blank, raw.startswith(("  ", "\t")))
        after_blank = not words
        at += len(raw)


def _wrap_width(lines: list[_Line]) -> int:
    """The width at which the text is hard-wrapped, 0 where it is not."""
    broken: list[int] = []
    pairs = 0
    for line, following in pairwise(lines):
        if following.after_blank or _mark(following.words) or _RULE.fullmatch(following.words):
            continue
        pairs += 1
        if following.words[0].islower() and line.words[-1] not in _STOPS:
            broken.append(len(line.words))
    if not broken or len(broken) < WRAPPED_SHARE * pairs:
        return 0
    width = sorted(broken)[(len(broken) * 9) // 10]
    return width if width >= NARROWEST_WRAP else 0


def _mark(words: str) -> re.Match[str] | None:
    return _MARKS.match(words) if words[0] in _LIST_STARTERS else None


def _drafts(lines: list[_Line], *, width: int) -> Iterator[Draft]:
    draft: Draft | None = None
    in_bare_list = asked = False
    for index, line in enumerate(lines):
        if _RULE.fullmatch(line.words):
            if draft is not None and not line.after_blank and not _is_blank_of_form(line, draft):
                draft.underline = line.words[0]
            if draft is not None:
                yield draft
            draft, in_bare_list = None, False
            continue
        mark = _mark(line.words)
        if draft is not None and mark is None and width and _goes_on(draft, lines[index - 1], line, width):
            draft.add(line.end, line.words)
            continue
        if draft is not None:
            yield draft
        in_bare_list = mark is None and _stands_in_bare_list(in_bare_list, draft, line, lines, index)
        draft = _open(line, mark, in_bare_list=in_bare_list, asked=asked)
        if mark is None and _is_row_of_two(lines, index):
            draft.kind, draft.mark = BlockKind.TABLE, None
        asked = asked or draft.mark is Mark.QUESTION
        if draft.mark is Mark.QUESTION and (answer := _ANSWER_INSIDE.search(line.words)):
            yield Draft(draft.start, line.start + answer.start(), line.words[: answer.start()], Mark.QUESTION)
            draft = Draft(line.start + answer.end(), line.end, line.words[answer.end() :], Mark.ANSWER)
    if draft is not None:
        yield draft


def _is_blank_of_form(line: _Line, draft: Draft) -> bool:
    """Dots to write on, which are longer than the line above them."""
    return line.words[0] == "." and len(line.words) > len(draft.words) + 3


def _goes_on(draft: Draft, before: _Line, line: _Line, width: int) -> bool:
    """Whether a line of hard-wrapped text goes on with the block, rather than opening the next one."""
    if line.after_blank or draft.mark is Mark.HASH:
        return False
    if line.words[0].islower() or (line.words.isupper() and before.words.isupper()):
        return True
    has_room = len(before.words) + 1 + len(line.words.split(None, 1)[0]) < width - 4
    if not has_room:
        return True
    if before.words[-1] in _STOPS:
        return False
    return draft.line_count > 1 or len(before.words) > 0.6 * width


def _stands_in_bare_list(inside: bool, before: Draft | None, line: _Line, lines: list[_Line], index: int) -> bool:
    """Whether the line is an entry of a list without bullets: short lines without a stop under "You need:"."""
    if len(line.words) > LONGEST_ITEM or line.words[-1] in ".!?:…":
        return False
    if not inside:
        opens = before is not None and before.last_words.endswith(":") and not line.after_blank and before.mark is None
        if not opens:
            return False
        following = lines[index + 1] if index + 1 < len(lines) else None
        return following is not None and not following.after_blank and len(following.words) <= LONGEST_ITEM
    if line.after_blank or (line.words.isupper() and before is not None and not before.words.isupper()):
        return False
    following = lines[index + 1] if index + 1 < len(lines) else None
    return following is None or following.after_blank or len(following.words) <= LONGEST_ITEM


def _open(line: _Line, mark: re.Match[str] | None, *, in_bare_list: bool, asked: bool) -> Draft:
    kind = Mark(mark.lastgroup) if mark and mark.lastgroup else None
    if mark is None or (kind is Mark.ANSWER and not asked):
        draft = Draft(line.start, line.end, line.words, Mark.BARE if in_bare_list else None)
    else:
        draft = Draft(line.start + mark.end(), line.end, line.words[mark.end() :], kind)
        draft.depth = mark[0].count(".", 0, len(mark[0].rstrip()) - 1) + 1 if kind is Mark.NUMBER else 1
        if kind is Mark.HASH:
            draft.depth = len(mark[0].strip())
    draft.after_blank = line.after_blank
    draft.is_inset = line.is_inset
    if kind is None and _is_table_row(line.words):
        draft.kind = BlockKind.TABLE
    return draft


def _is_row_of_two(lines: list[_Line], index: int) -> bool:
    """'New clasp        £38', right above or below another line of two columns."""
    column = _second_column(lines[index].words)
    if not column:
        return False
    beside = [lines[index - 1]] if index and not lines[index].after_blank else []
    beside += [line for line in lines[index + 1 : index + 2] if not line.after_blank]
    others = [_second_column(line.words) for line in beside]
    return any(other == column or (other and _WIDE_GAP.search(lines[index].words)) for other in others)


def _second_column(words: str) -> int:
    """Where the second column of a line begins, in characters; 0 where it has none."""
    found = _GAP.search(words)
    return found.end() - 1 if found else 0


def _is_table_row(words: str) -> bool:
    return words.count("|") >= 2 or words.count("\t") >= 2 or bool(_COLUMNS.search(words))


def recognises(data: bytes, _name: str) -> bool:
    return is_text(data)


FORMAT = Format(
    name="text",
    version=1,
    media_type="text/plain",
    suffixes=(".txt",),
    precedence=Precedence.ANY_TEXT,
    recognises=recognises,
    extract=extract,
)
