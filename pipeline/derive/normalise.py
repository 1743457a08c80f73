"""The words of a text brought to one form, so that two texts can be held side by side.

`read(text)` gives one `Word` for each word, number and mark, in order. Contractions become two words with one span
("don't" → do, not), spelling variants one ("moisturiser" → moisturizer), and every word carries its stem and its
concept: the first word of its line in `lexicons/guard/synonyms.txt`, or its stem. Spans point into the text as given.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import Stemmer

from pipeline.derive.lexicon_files import groups, words, words_in_order

_TOKEN = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*|\d+(?:[.,]\d+)*|[^\w\s]|_", re.UNICODE)
_ENDING = re.compile(r"(?<=[a-z])('(?:ll|re|ve|m|d|s))$|n't$")
_ENDINGS = {"'ll": "will", "'re": "are", "'ve": "have", "'m": "am", "'d": "would"}
_LETTERS = str.maketrans({"’": "'", "ʼ": "'", "‑": "-"})
_BULLETS = frozenset("-*+•·▪◦‣●○■–—")
_CLOSERS = frozenset("\"'”’)]»")


class Word(NamedTuple):
    """One word, number or mark. `sentence` counts from 0; `start` and `end` point into the text as given."""

    text: str
    lower: str
    stem: str
    concept: str
    start: int
    end: int
    sentence: int
    is_word: bool
    is_content: bool


def read(text: str) -> tuple[Word, ...]:
    """The text's words in order."""
    return tuple(_joined(list(_words(text))))


def content(text: str) -> tuple[Word, ...]:
    """The words that carry matter: no function words, no marks."""
    return tuple(word for word in read(text) if word.is_content)


def sentences(found: tuple[Word, ...]) -> list[tuple[Word, ...]]:
    """The words by sentence."""
    table: dict[int, list[Word]] = {}
    for word in found:
        table.setdefault(word.sentence, []).append(word)
    return [tuple(part) for part in table.values()]


def plain(text: str) -> str:
    """The text in one form for literal comparison: lower case, one blank, straight quotes, no marks at the end."""
    return " ".join(word.lower for word in read(text) if word.is_word)


@lru_cache(maxsize=65536)
def stem(lower: str) -> str:
    """The word's stem by Snowball's English rules."""
    return str(_stemmer().stemWord(lower))


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


@cache
def _concepts() -> dict[str, str]:
    """Word, and stem, → concept: the first word's stem of the line it stands in.

    A word as written goes before a stem ('leaves' is a leaf, though 'leaving' is not); of two lines the first counts.
    """
    table: dict[str, str] = {}
    for line in words_in_order("guard/synonyms"):
        name, *_ = line.split()
        for each in line.split():
            table.setdefault(each, stem(name))
    for written, name in list(table.items()):
        table.setdefault(stem(written), name)
    for entry in groups("guard/words")["irregular"]:
        base, *forms = entry.split()
        name = table.get(base) or table.get(stem(base), stem(base))
        table.update({form: name for form in forms if form not in table})
    return table


@cache
def _spelling() -> dict[str, str]:
    pairs = (entry.split() for entry in groups("guard/words")["spelling"])
    return {entry[0]: entry[1] for entry in pairs}


@cache
def _contractions() -> dict[str, tuple[str, ...]]:
    pairs = (entry.split() for entry in groups("guard/words")["contraction"])
    return {first: tuple(rest) for first, *rest in pairs}


@lru_cache(maxsize=65536)
def concept_of(lower: str) -> str:
    """What a word stands for: the first of its synonyms, or its stem."""
    table, base = _concepts(), stem(lower)
    return table.get(lower) or table.get(base, base)


@lru_cache(maxsize=65536)
def _forms(raw: str) -> tuple[str, ...]:
    """The word's forms after lower case, contractions and spelling."""
    lower = unicodedata.normalize("NFC", raw).translate(_LETTERS).lower()
    if lower in _contractions():
        return _contractions()[lower]
    ending = _ENDING.search(lower)
    if ending is None:
        return (_spelling().get(lower, lower),)
    base, tail = lower[: ending.start()], ending.group()
    if tail == "n't":
        return (base, "not")
    base = _spelling().get(base, base)
    return (base, _ENDINGS[tail]) if tail in _ENDINGS else (base,)


@cache
def plain_stems() -> frozenset[str]:
    """The stems of the words that add nothing to a claim."""
    return frozenset(stem(word) for word in words("guard/plain"))


def is_plain(word: Word) -> bool:
    """Whether the word adds nothing to a claim, whatever its ending."""
    return word.stem in plain_stems()


@cache
def _compounds() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """First word → the words that make one, and that one; the longest first."""
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for entry in groups("guard/words")["compounds"]:
        parts, one = entry.split(" > ")
        table.setdefault(parts.split()[0], []).append((tuple(parts.split()), one))
    return {first: sorted(entries, key=lambda entry: -len(entry[0])) for first, entries in table.items()}


def _joined(found: list[Word]) -> list[Word]:
    """The words, with those that make one word joined ('make-up', 'put on')."""
    compounds = _compounds()
    result: list[Word] = []
    free = 0  # up to there the words stand in the result
    for position in [at for at, word in enumerate(found) if word.lower in compounds]:
        if position < free:
            continue
        for parts, one in compounds[found[position].lower]:
            end = position + len(parts)
            if tuple([word.lower for word in found[position:end]]) == parts and not _counts_on(found, end):
                here, last = found[position], found[end - 1]
                joined = Word(one, one, stem(one), concept_of(one), here.start, last.end, here.sentence, True, True)
                result += (*found[free:position], joined)
                free = end
                break
    return result + found[free:]


def _counts_on(found: list[Word], end: int) -> bool:
    """'save up to half': the 'up' belongs to the amount."""
    return end < len(found) and found[end - 1].lower == "up" and found[end].lower == "to"


def _words(text: str) -> Iterator[Word]:
    """Words with their sentence's number: a sentence ends at . ! ? before a capital, at a blank line, at a bullet."""
    sentence, ended, last = 0, False, 0
    for match in _TOKEN.finditer(text):
        raw, start = match.group(), match.start()
        gap = text[last:start]
        if ("\n" in gap and ("\n\n" in gap or raw in _BULLETS)) or (
            ended and raw not in _CLOSERS and _opens(text, start)
        ):
            sentence += 1
        if raw not in _CLOSERS:
            ended = raw in ".!?" and not _abbreviated(text, start)
        last = match.end()
        for form, base, concept, is_word, is_content in _known_forms(raw):
            yield Word(raw, form, base, concept, start, last, sentence, is_word, is_content)


@lru_cache(maxsize=65536)
def _known_forms(raw: str) -> tuple[tuple[str, str, str, bool, bool], ...]:
    """Each form of a word with its stem, its concept, and whether it is a word and one that carries matter."""
    function = words("guard/words", "function")
    is_word, has_letters = raw[0].isalnum(), raw[0].isalpha()
    return tuple(
        (form, stem(form), concept_of(form), is_word, has_letters and form not in function and len(form) > 1)
        for form in (_forms(raw) if has_letters else (raw,))
    )


def _opens(text: str, start: int) -> bool:
    """Whether a sentence may open here: after a blank, with no small letter."""
    return (start == 0 or text[start - 1].isspace() or text[start - 1] in _CLOSERS) and not text[start].islower()


def _abbreviated(text: str, dot: int) -> bool:
    """Whether the dot belongs to an abbreviation that seldom ends a sentence."""
    if text[dot] != ".":
        return False
    before = re.search(r"[A-Za-z.]+$", text[max(0, dot - 8) : dot])
    word = before.group().lower() if before else ""
    return word in words("guard/grammar", "abbreviations") or (len(word) == 1 and word != "i")
