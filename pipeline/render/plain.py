"""Plain text, as every kind of output needs it: free of characters that no format carries, and wrapped for people.

Widths are columns as a terminal or a monospaced mail reader shows them: an East Asian wide character takes two, a
combining mark none. Text in scripts that set no spaces between words may break between any two characters, except
where a line would then start with a closing mark or end with an opening one (JIS X 4051's first rule).
"""

import re
import unicodedata

LINE_WIDTH = 78  # RFC 5322 section 2.1.1: lines should be no longer

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|[\U0001fffe-\U0001ffff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NO_LINE_START = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー）］｝〕〉》」』】〙〗’”ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ"
)
_NO_LINE_END = frozenset("（［｛〔〈《「『【〘〖‘“")
_JOINERS = frozenset("\u200d\ufe0e\ufe0f\u20e3")


def clean(text: str) -> str:
    """The text without what HTML and XML both refuse (control characters, lone surrogates, noncharacters), its
    line ends made "\\n". Direction marks, joiners and every other character stay.
    """
    return _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """The cleaned text with each run of white space made one space: for subjects, titles and headers."""
    return " ".join(clean(text).split())


def lines(text: str) -> list[str]:
    """The cleaned text's lines, each without white space at its ends or doubled within."""
    return [one_line(line) for line in clean(text).strip().split("\n")] if text.strip() else []


def columns(text: str) -> int:
    """How many columns the text takes in a monospaced reader."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def wrap(text: str, *, width: int = LINE_WIDTH, first: str = "", rest: str | None = None) -> str:
    """One paragraph as lines of at most `width` columns; only an unbreakable word, such as a link, is longer.

    `first` starts the first line, `rest` (as `first` when None) every other.
    """
    rest = first if rest is None else rest
    done: list[str] = []
    line, used, room = first, columns(first), columns(rest)
    empty = True
    for word, space in _words(text):
        taken = columns(word)
        joint = " " if space and not empty else ""
        if not empty and used + len(joint) + taken > width:
            done.append(line.rstrip())
            line, used, joint = rest, room, ""
        line, used, empty = line + joint + word, used + len(joint) + taken, False
    return "\n".join([*done, line.rstrip()])


def shorten(text: str, size: int) -> str:
    """One line of at most `size` characters, cut between words (between characters where there are none) and ended
    by "…" when something is left out.
    """
    line = one_line(text)
    if len(line) <= size:
        return line
    room = max(size - 1, 0)
    while room and _glued(line, room):
        room -= 1
    space = line.rfind(" ", 0, room + 1)
    cut = space if space > room // 2 else room
    return (line[:cut].rstrip(" ,;:.–—-、。") + "…")[:size]


def _words(text: str) -> list[tuple[str, bool]]:
    """Unbreakable pieces, each with whether a space stands before it."""
    pieces: list[tuple[str, bool]] = []
    for word in text.split():
        spaced = bool(pieces)
        parts = [word] if "://" in word or word.isascii() else _break_wide(word)
        pieces.extend((part, spaced and index == 0) for index, part in enumerate(parts))
    return pieces


def _break_wide(word: str) -> list[str]:
    parts: list[str] = []
    for index, character in enumerate(word):
        if parts and (_glued(word, index) or not _may_break(word[index - 1], character)):
            parts[-1] += character
        else:
            parts.append(character)
    return parts


def _may_break(before: str, after: str) -> bool:
    wide = _columns_of(before) == 2 or _columns_of(after) == 2
    return wide and after not in _NO_LINE_START and before not in _NO_LINE_END


def _glued(text: str, index: int) -> bool:
    """Whether a cut before `index` would part what the eye sees as one character."""
    if not 0 < index < len(text):
        return False
    after, before = text[index], text[index - 1]
    modifier = "\U0001f3fb" <= after <= "\U0001f3ff"
    return bool(unicodedata.combining(after)) or after in _JOINERS or before == "\u200d" or modifier


def _columns_of(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
