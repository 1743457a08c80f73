"""Which lines of plain text are headings: told from their form and from what follows them."""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from pipeline.documents import words
from pipeline.documents.boilerplate import is_boilerplate_heading, is_call_to_action
from pipeline.documents.model import BlockKind

LONGEST_HEADING = 90
LONGEST_HEADING_WORDS = 14
PLAIN_HEADING_WORDS = 9
TITLE_CASE_SHARE = 0.6
SHORTEST_PROSE = 60
"""Characters; a shorter line without a stop is a name, an address, a signature."""
LOWEST_LEVEL = 9
FEWEST_SMALL, SMALL_HEADING_WORDS = 3, 6
"""Headings without a capital: how many make one believe in them, and how long they are."""
LONGEST_RUN = 3
"""Headings that follow each other without a word between: a title, a part, a section. More of them are a list."""


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


_DECORATED = re.compile(r"(?P<left>[=*~_+#-]{2,}|[*_–—-])\s*(?P<words>[^\s=*~_+#–—-].*?)\s*(?P<right>[=*~_+#–—-]+)")
_DECORATION = "=*~_+#–—-"
_HASHES_AFTER = re.compile(r"\s*#+$")
_NUMBERED = re.compile(
    r"(?:step|part|tip|chapter|section|rule|myth|fact|day|week|phase|stage)\s+(?:\d+|[ivx]+)\b|"
    r"[ivx]+\.\s",
    re.IGNORECASE,
)
# Openings of headings that are too long to be told by their length alone.
_ASKING = re.compile(
    r"(?:how|why|what|when|where|which|who)\b|"
    r"\d+\s+(?:\w+\s+){0,2}(?:ways|tips|reasons|things|signs|mistakes|steps|rules|questions|myths|facts|habits)\b",
    re.IGNORECASE,
)
_ALL_QUOTED = re.compile(r"[\"“‘'].*[\"”’']")
# Lines about the article rather than of it, and advice with a label before it.
_META = re.compile(
    r"(?:written|words|photos?|images?|reviewed|medically reviewed)\s+by\s|"
    r"(?:by|dear|hi|hello)\s+(?!(?:the|a|an|your)\b)|(?:posted|published|updated|last updated)\s|"
    r"(?:author|date|tip|pro tip|note|hint|important|remember|warning|caution|photos?|images?|pictures?|source|credit|"
    r"caption|tags?|categor(?:y|ies)|topics?|reading time|from|to|subject|cc|tel|phone|fax|e-?mail|address|reviewed|"
    r"updated|serves|makes|yield|time|duration|cost|price|level|difficulty|kind regards|regards|sincerely)\s*[:,]\s|"
    r"(?:related|read more|read next|read also|also read|see also|up next|next up|more on this|more like this|"
    r"you may also like|related (?:article|articles|post|posts|story|stories|reading))\s*:\s",
    re.IGNORECASE,
)
_DATE_OR_LINK = re.compile(
    r"https?://|www\.|\S@\S|^\d{1,2}:\d{2}\b|^\W*\d+\s+min(?:ute)?s?\s+read|^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|"
    r"^(?:\d{1,2}\s+)?(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\s+\d{1,4}",
    re.IGNORECASE,
)
_PROSE_ENDS = '.!?:…"”’)'
_FINITE = frozenset(words.groups("openers")["finite"])
_SMALL_WORDS = frozenset(words.groups("openers")["small_in_titles"])
_WORD = re.compile(r"[^\W_][\w'’-]*")


def settle(drafts: list[Draft]) -> list[Draft]:
    """The drafts with their headings told apart: `kind` None and a `level`, the span without decoration."""
    _tell(drafts)
    _tell_small(drafts)
    _undo_long_runs(drafts)
    _set_levels(drafts)
    return drafts


def _tell(drafts: list[Draft]) -> None:
    """From the last to the first, because what follows a heading decides on it; lines about the article (its author,
    its date) may stand between a title and what follows."""
    following: Draft | None = None
    for draft in reversed(drafts):
        if draft.mark is Mark.QUESTION:
            draft.kind = None
        elif following is not None and _is_heading(draft, following):
            draft.kind = None
            draft.mark = Mark.HASH if draft.mark is Mark.HASH else None
        if following is None or draft.length > LONGEST_HEADING or not _is_about_the_article(draft.words):
            following = draft


def _tell_small(drafts: list[Draft]) -> None:
    """Headings without a capital, in a text that has several of them and no others."""
    if any(draft.kind is None and draft.mark is not Mark.QUESTION for draft in drafts):
        return
    small = [draft for draft, following in pairwise(drafts) if _is_small_heading(draft, following)]
    for draft in small if len(small) >= FEWEST_SMALL else ():
        draft.kind = None


def _is_small_heading(draft: Draft, following: Draft) -> bool:
    if draft.mark is not None or draft.kind is not BlockKind.PARAGRAPH or draft.line_count > 1 or not draft.after_blank:
        return False
    line = draft.words
    is_short = line[0].islower() and line[-1] not in ".!;,:…" and len(line.split()) <= SMALL_HEADING_WORDS
    over_prose = following.kind is BlockKind.PARAGRAPH and following.length >= SHORTEST_PROSE
    return is_short and over_prose and not _states(line) and not is_call_to_action(line)


def _is_heading(draft: Draft, following: Draft) -> bool:
    if draft.mark not in (None, Mark.HASH, Mark.NUMBER) or draft.kind is BlockKind.TABLE or draft.line_count > 2:
        return False
    if draft.length > LONGEST_HEADING or len(draft.words.split()) > LONGEST_HEADING_WORDS:
        return False
    if _strip_decoration(draft):
        return True
    if draft.underline:
        return draft.words[-1] not in ".!;,"
    if draft.line_count > 1 and not draft.words.isupper():
        return False
    if draft.mark is Mark.NUMBER and (following.mark is Mark.NUMBER or following.kind is None):
        return following.mark is Mark.NUMBER and following.depth > draft.depth and following.kind is None
    is_like_one = _leads(draft, following) and _looks_like_heading(draft, following)
    return is_like_one and not _is_about_the_article(draft.words) and not is_call_to_action(draft.words)


def _strip_decoration(draft: Draft) -> bool:
    """Takes `== Title ==`, `**Title**` or `# Title #` down to its words; whether there was anything to take."""
    if draft.mark is Mark.HASH:
        closing = _HASHES_AFTER.search(draft.words)
        if closing:
            draft.end -= len(draft.words) - closing.start()
            draft.words = draft.words[: closing.start()]
        return True
    found = _DECORATED.fullmatch(draft.words) if draft.words[0] in _DECORATION else None
    if not found or found["words"][-1] in ".!;," or found["right"][0] != found["left"][-1]:
        return False
    draft.end = draft.start + found.end("words")
    draft.start += found.start("words")
    draft.underline = draft.underline or found["left"][0]
    draft.words = found["words"]
    return True


def _is_about_the_article(line: str) -> bool:
    return bool(_META.match(line) or _DATE_OR_LINK.search(line) or "|" in line or "\t" in line)


def _leads(draft: Draft, following: Draft) -> bool:
    """Whether what follows is something to stand over: longer text, a list, a table, a heading that stands over it."""
    if following.kind is None:
        asked = following.mark is Mark.QUESTION and draft.words.endswith("?")
        return not asked and not _states(draft.words)
    if following.kind is not BlockKind.PARAGRAPH or is_boilerplate_heading(draft.words):
        return True
    is_prose = following.last_words[-1] in _PROSE_ENDS or following.length >= SHORTEST_PROSE
    return following.length > draft.length and is_prose


def _states(line: str) -> bool:
    """'Once a day is enough': a whole sentence, which closes what stands before it and opens nothing."""
    told = {word.lower() for word in _WORD.findall(line)[1:]}
    is_title = bool(_ASKING.match(line)) or line[-1] in "?:" or _title_case_share(line) >= TITLE_CASE_SHARE
    return not is_title and not told.isdisjoint(_FINITE)


def _looks_like_heading(draft: Draft, following: Draft) -> bool:
    line = draft.words
    last = line[-1]
    if last in ".!;,…" or not (line[0].isupper() or line[0].isdigit() or line[0] in "\"“‘'(¿"):
        return False
    count = len(line.split())
    if last == ":":
        return not following.is_item and count <= PLAIN_HEADING_WORDS
    if count > 3 and _ALL_QUOTED.fullmatch(line):
        return False  # somebody's words, set apart
    if last == "?" or draft.mark is Mark.NUMBER or count <= PLAIN_HEADING_WORDS:
        return True
    return (
        line.isupper()
        or bool(_NUMBERED.match(line) or _ASKING.match(line))
        or _title_case_share(line) >= TITLE_CASE_SHARE
    )


def _title_case_share(line: str) -> float:
    content = [word for word in _WORD.findall(line) if word.lower() not in _SMALL_WORDS]
    return sum(not word[0].islower() for word in content) / max(1, len(content))


def _undo_long_runs(drafts: list[Draft]) -> None:
    """Plain lines in a run of more than a few "headings" are a list without bullets, its first the list's heading;
    its last may stand over the text that follows."""
    run: list[Draft] = []
    for draft in [*drafts, None]:
        if draft is not None and draft.kind is None and draft.mark is None and not draft.underline:
            run.append(draft)
            continue
        if len(run) > LONGEST_RUN:
            stands_over_text = draft is not None and draft.kind is not None
            if stands_over_text and draft is not None and draft.after_blank and not run[-1].after_blank:
                stands_over_text = False  # the last of the lines above, with a blank line behind it
            for plain in run[1:-1] if stands_over_text else run[1:]:
                plain.kind = BlockKind.LIST_ITEM
        run = []


def _set_levels(drafts: list[Draft]) -> None:
    """Marks of rank give the level; of the rest, capitals stand above small letters where both occur.

    Boilerplate gets the lowest of these levels, however loud: whatever heading comes next ends it.
    """
    headings = [draft for draft in drafts if draft.kind is None]
    underlines = list(dict.fromkeys(draft.underline for draft in headings if draft.underline))
    plain = [draft for draft in headings if not draft.underline and draft.mark is None]
    boilerplate = {id(draft) for draft in plain if is_boilerplate_heading(draft.words)}
    has_capitals = any(draft.words.isupper() for draft in plain if id(draft) not in boilerplate)
    base = len(underlines)
    for draft in headings:
        if draft.mark is Mark.HASH:
            draft.level = draft.depth
        elif draft.mark is Mark.QUESTION:
            draft.level = LOWEST_LEVEL
        elif draft.underline:
            draft.level = underlines.index(draft.underline) + 1
        else:
            is_lower = has_capitals and not (draft.words.isupper() and id(draft) not in boilerplate)
            draft.level = base + draft.depth + is_lower
