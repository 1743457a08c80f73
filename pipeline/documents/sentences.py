"""Where sentences end: one regular expression finds the places, a few rules with word lists decide.

A place is a run of `.`, `!`, `?` or `…` with the quotes and brackets that close after it, and white space. Most
are decided by the next character alone: a capital after an ordinary word ends the sentence. The rest turn on the
word before the stop, whose group in `words/abbreviations.txt` says what may follow it ("5 min. in", "vit. C",
"Dr. Lee"), and on `words/openers.txt` for what opens a sentence all the same ("the U.S. Avoid …").

Spans carry no white space at either end, lie in order, and together hold every other character of the range.
"""

import re

from pipeline.documents import words
from pipeline.documents.model import Span

_PLACE = re.compile(
    # Only where a run begins, and never given back: text made of stops is read once.
    r"(?P<stop>[.!?…](?<![.!?…][.!?…])[.!?…]*+)"
    r"(?:"
    # A note's mark: "fade.[3]", "fade.1,2 The", "fade.²"
    r"(?:\[\d[\d,–\- ]*\]|(?<=[a-z)][.!?])\d{1,2}(?:[,–-]\d{1,2})*(?=\s+[A-Z“\"])|[¹²³⁰⁴-⁹]+)?"
    r"(?P<closed>[\"'”’»)\]*_]*+)(?P<gap>\s+)(?P<opened>[\"'“‘«(\[*_¿¡]*)(?P<next>\S?)"
    # No space at all: "redness.Avoid it"
    r"|(?<=[a-z]{3}.)(?=[A-Z][a-z]+\s)"
    r")"
)
_STOP, _GAP, _NEXT = (_PLACE.groupindex[name] for name in ("stop", "gap", "next"))
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_LABEL = re.compile(
    r"[(\[*_\"'“‘\s]*(?:(?:step|tip|rule|day|week|phase|part|chapter|section|table|figure|myth|fact|note|no)\.?\s+)?",
    re.IGNORECASE,
)
_HAS_VOWEL = re.compile(r"[aeiouy]")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]{1,2}")
_ROMAN_OR_LETTER = re.compile(r"(?:[IVXLC]+|[A-Z])\b")
_CAPITALS = re.compile(r"[A-Z]{2,}")
# "vitamin D", "vitamins A, C and E", "type I": the letter belongs to the noun and is no one's initial.
_LETTERED_NOUN = re.compile(
    r"\b(?:vitamins?|vits?\.?|hepatitis|types?|groups?|grades?|class(?:es)?|plan|steps?|parts?|options?|phases?|"
    r"stages?|zones?|levels?|products?|figures?|tables?|appendix|co-?q|omega|SPF|PA|UV)[\s-]+"
    r"(?:[A-Z]\d{0,2}(?:,\s*(?:(?:and|or)\s+)?|\s+(?:and|or|to)\s+|\s*[&/–-]\s*))*[A-Z]$",
    re.IGNORECASE,
)
_BULLETS = frozenset("•·▪◦‣●○■✓✔➤→*")
_DASHES = frozenset("-–—&/%=+,;:)")

_LONGEST_WORD = 40
_ORDINARY_LENGTH = 6
"""A word of so many letters that no list knows is taken for a word, even where a small letter follows its stop."""


def _by_word() -> dict[str, str]:
    return {word: group for group, listed in words.groups("abbreviations").items() for word in listed}


_GROUP = _by_word()
_FUNCTION_OPENERS = frozenset(words.groups("openers")["function"])
_OPENERS = _FUNCTION_OPENERS | frozenset(words.groups("openers")["advice"])


def split(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The spans of the sentences in `text[start:end]`, in order; a blank line always ends one."""
    spans: list[Span] = []
    for blank in _BLANK_LINE.finditer(text, start, end):
        _split_paragraph(text, start, blank.start(), spans)
        start = blank.end()
    _split_paragraph(text, start, end, spans)
    return tuple(spans)


def _split_paragraph(text: str, start: int, end: int, spans: list[Span]) -> None:
    begin = _skip_space(text, start, end)
    for place in _PLACE.finditer(text, begin, end):
        if _ends(text, begin, end, place):
            glued = place[_GAP] is None
            spans.append(Span(begin, place.end() if glued else place.start(_GAP)))
            begin = place.end() if glued else place.end(_GAP)
    last = begin + len(text[begin:end].rstrip())
    if last > begin:
        spans.append(Span(begin, last))


def _skip_space(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _ends(text: str, begin: int, end: int, place: re.Match[str]) -> bool:
    stop, gap, following = place.group(_STOP, _GAP, _NEXT)
    if gap is None:
        return _is_prose(_word_before(text, begin, place.start()))
    if not following:
        return True
    if stop != ".":
        return _after_strong_stop(place, following)
    word = _word_before(text, begin, place.start())
    if not (following.isupper() or following.isdigit()):
        return _before_other(place, word, following)
    if len(word) > 1 and word.isalpha() and word not in _GROUP and word.lower() not in _GROUP:
        return True
    return _after_word(text, begin, end, place, word)


def _word_before(text: str, begin: int, stop: int) -> str:
    """The word that ends at `stop`, without what opens before it."""
    found = text[max(begin, stop - _LONGEST_WORD) : stop].rsplit(None, 1)
    return found[-1].lstrip("([{\"'“‘«*_-–—/~≥≤<>") if found else ""


def _is_prose(word: str) -> bool:
    """Whether a stop glued to the next word ("redness.Avoid") ends a sentence: not in addresses and file names."""
    return word.isalpha() and word[1:].islower() and word.lower() not in _GROUP


def _after_strong_stop(place: re.Match[str], following: str) -> bool:
    """After `!`, `?` and ellipses a small letter goes on with the sentence, unless a bare `!` or `?` stands before."""
    if following in _DASHES:
        return False
    if following.islower():
        return place["stop"][-1] in "!?" and not place["closed"] and not place["opened"]
    return True


def _before_other(place: re.Match[str], word: str, following: str) -> bool:
    """A full stop before a small letter, a sign or a bullet."""
    known = word in _GROUP or word.lower() in _GROUP
    if not following.islower():
        return following in _BULLETS or (following not in _DASHES and not known)
    if place["closed"] or place["opened"] or known or not word.isalpha():
        return False
    if place.string[place.end(_NEXT) : place.end(_NEXT) + 1].isupper():
        return True  # "eBay", "pH"
    return word.islower() and len(word) >= _ORDINARY_LENGTH and bool(_HAS_VOWEL.search(word))


def _after_word(text: str, begin: int, end: int, place: re.Match[str], word: str) -> bool:
    """A full stop after a word that may be an abbreviation, before a capital or a digit."""
    stop = place.start()
    next_word = _next_word(text, place, end)
    if word.isdigit() and len(word) <= 3 and _LABEL.fullmatch(text[begin : stop - len(word)][:_LONGEST_WORD]):
        return False  # "2. Rinse", "Step 2. Rinse": the number of an entry
    if len(word) == 1 and word.isupper():
        return _after_letter(text, begin, stop, next_word)
    group = _GROUP.get(word) or _GROUP.get(word.lower())
    if group is None:
        return not _DOTTED.fullmatch(word) or next_word in _OPENERS
    if ")" in place["closed"]:
        return place[_NEXT].isupper()  # "(about 5 min.) Then": the bracket closed what the word belonged to
    before = text[max(begin, stop - len(word) - 12) : stop - len(word)].rstrip(" -–")
    return _after_abbreviation(group, next_word, next_is_digit=place[_NEXT].isdigit(), numbered=before[-1:].isdigit())


def _next_word(text: str, place: re.Match[str], end: int) -> str:
    found = _WORD.match(text, place.start(_NEXT), min(end, place.start(_NEXT) + _LONGEST_WORD))
    return found[0].rstrip(".") if found else ""


def _opens_sentence(text: str, begin: int, at: int) -> bool:
    return not text[begin:at].strip("([*_\"'“‘ \t\r\n")


def _after_letter(text: str, begin: int, stop: int, next_word: str) -> bool:
    """A single capital: the letter of a noun ("vitamin D. Avoid"), or somebody's initial ("J. Smith")."""
    if _LETTERED_NOUN.search(text[max(begin, stop - 60) : stop]):
        return True
    return next_word in _OPENERS and len(next_word) > 1 and not _opens_sentence(text, begin, stop - 1)


def _after_abbreviation(group: str, next_word: str, *, next_is_digit: bool, numbered: bool) -> bool:
    """Whether a sentence ends after a word of the group; `numbered` says that a number stands before the word."""
    match group:
        case "never_ends":
            return False
        case "before_name":
            return next_word in _FUNCTION_OPENERS and len(next_word) > 1
        case "modifier" | "in_name":
            return next_word in _OPENERS and len(next_word) > 1
        case "before_number":
            return not next_is_digit and not _ROMAN_OR_LETTER.fullmatch(next_word)
        case "unit":
            return not next_is_digit and (numbered or not _CAPITALS.fullmatch(next_word))
        case "unit_after_number":
            return not (numbered and next_is_digit)
    return not next_is_digit and _GROUP.get(next_word[:3]) != "calendar"
