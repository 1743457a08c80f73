"""What a heading says: about the text below it, and whether it could name a tip."""

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.derive.tokens import FUNCTION, STEMS, TABLE, TOKEN, UNIT, WORD, bit, entries

_NUMBERING = re.compile(
    r"^(?:(?:step|tip|chapter|part|section|rule|no\.?|day|week)\s+)?[#(]?(?:\d+(?:\.\d+)*|[ivx]+|[a-j](?=[.)]))[.):]\s+|^\d+(?:\.\d+)+\s+(?=[A-Za-z])|^(?:step|tip|rule|myth)\s+\d+\s*[:–—.-]\s*",
    re.IGNORECASE,
)
_MYTH_LABEL = re.compile(
    r"^(?:common\s+)?(?:myth|misconception|fiction|claim)s?\b\s*(?:#?\d+)?\s*[:–—.-]\s*\S", re.IGNORECASE
)
POINTS_BACK = re.compile(r"\b(?:it|its|them|they|this|these|those|we|us|our|me|my)\b", re.IGNORECASE)
"""Words that make a heading lean on what is above it ("Using it")."""

_BARE_NUMBER = re.compile(r"^\d{1,2}\s+(?=[A-Z])([\w'’-]+)")
_COUNTED = UNIT | bit("time") | bit("generic_noun")
_ABSTRACT, _GENERIC = bit("abstract"), bit("generic_noun")


def _phrases(group: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(TOKEN.findall(entry)) for entry in entries("headings", group))


_CONCLUSION, _MYTH = _phrases("conclusion"), _phrases("myth")
_WHOLE = frozenset(_phrases("generic"))
EMPTY = frozenset(STEMS[word] for word in entries("headings", "empty_words"))
"""Stems of words that make a heading promise rather than name: a guide, the basics, the truth."""


@dataclass(frozen=True, slots=True)
class Heading:
    """`text` is the heading without its numbering; `stems` are those of its content words.

    `telling` are the stems that are neither abstract nor generic nor empty: what the heading is really about.
    """

    text: str
    stems: frozenset[str]
    telling: frozenset[str]
    is_question: bool
    is_conclusion: bool
    is_myth: bool
    states_a_myth: bool
    is_generic: bool


@lru_cache(maxsize=2048)
def read_heading(raw: str) -> Heading:
    """The heading's parts; an empty one for a section that has none."""
    text = _NUMBERING.sub("", " ".join(raw.split())).strip(" :–—-#*_=")
    text = _without_bare_number(text)
    words = tuple(TOKEN.findall(text.lower().replace("’", "'")))
    plain = tuple(word for word in words if TABLE[word] & WORD)
    content = [word for word in plain if not TABLE[word] & FUNCTION and len(word) > 2]
    telling = frozenset(
        STEMS[word] for word in content if not TABLE[word] & (_ABSTRACT | _GENERIC) and STEMS[word] not in EMPTY
    )
    states_a_myth = bool(_MYTH_LABEL.match(" ".join(raw.split())))
    is_question = text.endswith("?")
    return Heading(
        text=text,
        stems=frozenset(STEMS[word] for word in content),
        telling=telling,
        is_question=is_question,
        is_conclusion=_holds(words, _CONCLUSION),
        is_myth=_holds(words, _MYTH) and not states_a_myth and not is_question,
        states_a_myth=states_a_myth,
        is_generic=plain in _WHOLE or not telling,
    )


def _without_bare_number(text: str) -> str:
    """ "5  Cleaning mould" is a fifth section; of "5 ways …" and "3 Minute masks" the number is a part."""
    found = _BARE_NUMBER.match(text)
    if not found:
        return text
    word = found[1].lower()
    counts = word.endswith("s") and text[: found.start(1)].strip() != "1"
    return text if counts or TABLE[word] & _COUNTED else text[found.start(1) :]


def _holds(words: tuple[str, ...], phrases: tuple[tuple[str, ...], ...]) -> bool:
    present = set(words)
    return any(
        words[index : index + len(phrase)] == phrase
        for phrase in phrases
        if phrase[0] in present
        for index in range(len(words) - len(phrase) + 1)
    )
