"""What a document is about, and how it writes its words: the background that rules, titles and topics ask."""

import re
from collections import Counter
from dataclasses import dataclass

from pipeline.derive.headings import read_heading
from pipeline.derive.tokens import FUNCTION, GERUND, STEMS, TABLE, VERB, VERB_FORM, WORD, bit, entries
from pipeline.documents.model import Document

_WORDS = re.compile(r"[^\W\d_]+(?:['’\-‑][^\W\d_]+)*")
_INNER_CAPITAL = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]+(?:[A-Z][a-z]+)*(?:'s)?|\b[A-Z][a-z]+[A-Z][A-Za-z]*")
_LAST_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)* $")
_SAMPLE = 200_000  # characters in which the subject's full phrase is looked for: it shows long before
_NOT_A_SUBJECT = (
    FUNCTION
    | VERB
    | VERB_FORM
    | bit("adverb")
    | bit("abstract")
    | bit("generic_noun")
    | bit("time")
    | bit("unit")
    | bit("hedge")
    | bit("consult")
    | bit("opener")
    | bit("determiner")
    | bit("advice")
    | bit("preposition")
    | bit("marketing")
    | bit("adjective")
)
_KNOWN_CAPITALS = frozenset(entries("headings", "capitals"))


_SKIN_WORDS = tuple(entries("topics", "skincare"))
_SKIN_SHARE = 0.006
"""A document is about skin when one word in 160 says so."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a document is about: the phrase as it is written inside sentences, its stems, how often it stands."""

    name: str
    stems: frozenset[str]
    count: int


@dataclass(frozen=True, slots=True)
class Profile:
    """`names` are words that the document writes with a capital inside sentences and never small.

    `subjects` come with the most frequent first; a word of the title or of a heading weighs more.
    """

    names: frozenset[str]
    subjects: tuple[Subject, ...]
    is_skincare: bool

    def stems(self, most: int = 3) -> frozenset[str]:
        return frozenset().union(*(subject.stems for subject in self.subjects[:most]))


def profile(document: Document) -> Profile:
    """Read the document once for its vocabulary; memory is that of its distinct words."""
    counts: Counter[str] = Counter()
    small: set[str] = set()
    capitals: set[str] = set()
    for section, block in document.blocks():
        if section.is_boilerplate:
            continue
        text = block.span.of(document.text)
        words = _WORDS.findall(text)
        counts.update(map(str.lower, words))
        small.update(filter(str.islower, words))
        capitals.update(_INNER_CAPITAL.findall(text))
    names = {word.lower().removesuffix("'s") for word in capitals} - small - _KNOWN_CAPITALS
    subjects = _subjects(document, counts, frozenset(names))
    return Profile(frozenset(names), subjects, _speaks_of_skin(counts))


def _speaks_of_skin(counts: Counter[str]) -> bool:
    spoken = sum(counts[word] for word in _SKIN_WORDS)
    return spoken >= 2 and spoken >= counts.total() * _SKIN_SHARE


def _subjects(document: Document, counts: Counter[str], names: frozenset[str]) -> tuple[Subject, ...]:
    headings = frozenset().union(*(read_heading(section.heading).stems for section in document.sections))
    title = read_heading(document.title).stems
    title_words = set(_WORDS.findall(document.title.lower()))
    weights: Counter[str] = Counter()
    surface: dict[str, Counter[str]] = {}
    for word, count in counts.items():
        if (count < 2 and word not in title_words) or len(word) < 3 or word in names:
            continue
        stem, bits = STEMS[word], TABLE[word]
        if not bits & WORD or bits & _NOT_A_SUBJECT:
            continue
        if bits & GERUND and (count < 4 or (stem not in title and stem not in headings)):
            continue
        weights[stem] += count * (1 + 2 * (stem in title) + (stem in headings))
        surface.setdefault(stem, Counter())[word] += count
    best = sorted(weights, key=lambda stem: (-weights[stem], stem))[:8]
    sample = document.text[:_SAMPLE].lower()
    found: list[Subject] = []
    for stem in best:
        if any(stem in known.stems for known in found):
            continue
        word = min(surface[stem], key=lambda word: (-surface[stem][word], word))
        name = _titled(document.title.lower(), _phrase(sample, word))
        stems = frozenset(STEMS[part] for part in _WORDS.findall(name) if not TABLE[part] & FUNCTION)
        found.append(Subject(name, stems | {stem}, sum(surface[stem].values())))
    return tuple(found)


def _titled(title: str, word: str) -> str:
    """The word with the plain word that the title sets before it: 'fund' → 'emergency fund'."""
    found = re.search(rf"([^\W\d_]{{3,}}) {re.escape(word)}\b", title)
    if " " in word or not found or TABLE[found[1]] & (_NOT_A_SUBJECT | GERUND):
        return word
    return f"{found[1]} {word}"


def _phrase(sample: str, word: str) -> str:
    """The word with the neighbours that it mostly has: 'scars' → 'ice pick scars'."""
    phrase = word
    for _ in range(2):
        left, total = _left_of(sample, phrase)
        best = min(left, key=lambda word: (-left[word], word), default="")
        if not best or left[best] < 3 or left[best] * 3 < total or TABLE[best] & _NOT_A_SUBJECT:
            break
        phrase = f"{best} {phrase}"
    return phrase


def _left_of(sample: str, phrase: str) -> tuple[Counter[str], int]:
    """The words directly before the phrase, and how often the phrase stands."""
    left: Counter[str] = Counter()
    total = 0
    at = sample.find(phrase)
    while at >= 0:
        end = at + len(phrase)
        if not (sample[at - 1 : at].isalnum() or sample[end : end + 1].isalnum()):
            total += 1
            before = sample[max(0, at - 30) : at]
            if before.endswith(" ") and (word := _LAST_WORD.search(before)):
                left[word[0].rstrip()] += 1
        at = sample.find(phrase, end)
    return left, total


def sentence_case(title: str, names: frozenset[str]) -> str:
    """A heading set in capitals or in Title Case as a plain line: small but for its first letter and for names."""
    words = title.split()
    shouted = title.isupper()
    for index, word in enumerate(words):
        bare = word.strip("'’\"“”().,:;").lower().removesuffix("'s")
        keeps = bare in names or bare in _KNOWN_CAPITALS or (not shouted and not _is_plain(word))
        single = len(bare) == 1 and bare != "a" and index > 0  # "vitamin C"
        if not keeps and not single:
            words[index] = word.lower()
        elif shouted and not single:
            words[index] = word.capitalize()
    if shouted:
        words = [word.upper() if word.strip("().,:;") in _ACRONYMS else word for word in words]
    line = " ".join(words)
    return line[:1].upper() + line[1:]


def _is_plain(word: str) -> bool:
    """Small but for the first letter of it and of its parts: 'Care', 'Pre-Treatment', but not 'SPF' or 'pH'."""
    return all(part[1:].islower() or len(part) < 2 for part in re.split(r"[\W_]+", word)) and word != "I"


_ACRONYMS = frozenset(entries("headings", "acronyms"))
