"""What a document is about, and how it writes its words: the background that rules, titles and topics ask."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from itertools import chain, compress, count, islice
from typing import Protocol

from pipeline.derive.headings import EMPTY, read_heading
from pipeline.derive.tokens import FUNCTION, GERUND, STEMS, TABLE, VERB, VERB_FORM, WORD, Kept, bit, entries
from pipeline.documents.model import Document

_WORDS = re.compile(r"[^\W\d_]+(?:['’\-‑][^\W\d_]+)*|\0")
_BETWEEN = "\0"  # what parts two paragraphs: no word is its neighbour
_BLOCKS_AT_ONCE = 500
# What stands before is looked at last: a search for a capital passes over all else in one step.
_CAPITAL_INSIDE_A_SENTENCE = re.compile(r"[A-Z](?<=[a-z,;] [A-Z])[a-z]+(?:[A-Z][a-z]+)*(?:'s)?")
_CAPITAL_INSIDE_A_WORD = re.compile(r"\b[A-Z][a-z]+[A-Z][A-Za-z]*")
JUDGED_BY, _MOST_SUBJECTS = 3, 8
_WAY, _SITE = re.compile(r"\s+[>›»]\s+"), re.compile(r"\s+[|·]\s+")
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


class Background(Protocol):
    """What sentences are judged by, of all that a profile knows."""

    @property
    def names(self) -> frozenset[str]: ...

    def stems(self) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Profile:
    """`names` are words that the document writes with a capital inside sentences and never small.

    `subjects` come with the most frequent first; a word of the title or of a heading weighs more.
    """

    names: frozenset[str]
    subjects: tuple[Subject, ...]
    is_skincare: bool

    def stems(self, most: int = JUDGED_BY) -> frozenset[str]:
        return frozenset().union(*(subject.stems for subject in self.subjects[:most]))


def profile(document: Document) -> Profile:
    """Read the document once for its vocabulary; memory is that of its distinct words."""
    vocabulary = _Vocabulary()
    blocks = (block for section, block in document.blocks() if not section.is_boilerplate)
    while batch := [block.span.of(document.text) for block in islice(blocks, _BLOCKS_AT_ONCE)]:
        vocabulary.add(batch)
    subjects = _subjects(document, vocabulary)
    return Profile(vocabulary.names, subjects, _speaks_of_skin(vocabulary.counts))


def _written(chunk: str) -> tuple[str, ...]:
    """The words of what stands between two blanks, as they are written."""
    return tuple(_WORDS.findall(chunk))


_WRITTEN = Kept(_written)


class _Vocabulary:
    """The words of a document: how often each stands, how it is written, and what stands before it."""

    def __init__(self) -> None:
        self._written: Counter[str] = Counter()
        self._capitals: set[str] = set()
        self._sample: list[str] = []
        self._sampled = 0
        self._left: dict[str, dict[str, int]] = {}

    def add(self, texts: Iterable[str]) -> None:
        """Read some paragraphs at once: many short calls cost more than their words."""
        text = f" {_BETWEEN} ".join(texts)
        words = list(chain.from_iterable(map(_WRITTEN.__getitem__, text.split())))
        self._written.update(words)
        self._capitals.update(_CAPITAL_INSIDE_A_SENTENCE.findall(text))
        if self._sampled < _SAMPLE:
            self._sample += words
            self._sample.append(_BETWEEN)
            self._sampled += len(text)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How often each word stands, in small letters."""
        found = {word: count for word, count in self._written.items() if word.islower()}
        for word in self._not_small:
            small = word.lower()
            found[small] = found.get(small, 0) + self._written[word]
        return found

    @cached_property
    def _not_small(self) -> list[str]:
        return [word for word in self._written if not word.islower() and word != _BETWEEN]

    @cached_property
    def names(self) -> frozenset[str]:
        """The words that stand with a capital inside sentences, and never without."""
        capitals = self._capitals.union(_CAPITAL_INSIDE_A_WORD.findall(" ".join(self._not_small)))
        small = {word.lower().removesuffix("'s") for word in capitals}
        return frozenset(small - self._written.keys() - _KNOWN_CAPITALS)

    def look_before(self, words: Set[str]) -> None:
        """Find the neighbours of all these words at once; words that are not asked for have none that are kept."""
        wanted = {word: word for word in words} | {
            written: small for written in self._not_small if (small := written.lower()) in words
        }
        sample = self._sample
        for word in words:
            self._left[word] = {}
        places = list(compress(count(), map(wanted.__contains__, sample)))
        for (before, word), times in Counter([(sample[at - 1], sample[at]) for at in places if at]).items():
            left, small = self._left[wanted[word]], before.lower()
            left[small] = left.get(small, 0) + times

    def phrase(self, word: str) -> str:
        """The word with the neighbours that it mostly has: 'scars' → 'ice pick scars'."""
        phrase = word
        for _ in range(2):
            left = self.before(word)
            best = _most_frequent(left)
            if not best or left[best] < 3 or left[best] * 3 < sum(left.values()) or not self._belongs(best):
                break
            phrase, word = f"{best} {phrase}", best
        return phrase

    def before(self, word: str) -> dict[str, int]:
        """The word's neighbours on its left, where they stand together three times or more."""
        if word not in self._left:
            self.look_before({word})
        found = self._left[word].items()
        return {before: times for before, times in found if times > 2 and before != _BETWEEN}

    def _belongs(self, word: str) -> bool:
        """Whether a word can be part of a name; a verb only in the middle of one ("ice pick scars")."""
        if not TABLE[word] & _NOT_A_SUBJECT:
            return True
        if not TABLE[word] & VERB or TABLE[word] & (_NOT_A_SUBJECT & ~VERB):
            return False
        left = self.before(word)
        first = _most_frequent(left)
        return bool(first) and left[first] * 2 >= sum(left.values()) and not TABLE[first] & _NOT_A_SUBJECT


def _most_frequent(counts: Mapping[str, int]) -> str:
    return min(counts, key=lambda each: (-counts[each], each), default="")


def _speaks_of_skin(counts: Mapping[str, int]) -> bool:
    spoken = sum([counts.get(word, 0) for word in _SKIN_WORDS])
    return spoken >= 2 and spoken >= sum(counts.values()) * _SKIN_SHARE


def _subjects(document: Document, vocabulary: _Vocabulary) -> tuple[Subject, ...]:
    surface, weights = _weighed(document, vocabulary)
    found: list[Subject] = []
    least = min(nlargest(_MOST_SUBJECTS, weights.values()), default=0)  # numbers alone are told apart at once
    likely = [stem for stem, weight in weights.items() if weight >= least]
    first = sorted(likely, key=lambda stem: (-weights[stem], stem))[:_MOST_SUBJECTS]
    words = {stem: min(surface[stem], key=lambda word: (-surface[stem][word], word)) for stem in first}
    vocabulary.look_before(set(words.values()))
    for stem, word in words.items():
        if any(stem in known.stems for known in found):
            continue
        name = _titled(document.title.lower(), vocabulary.phrase(word))
        stems = frozenset(STEMS[part] for part in _WORDS.findall(name) if not TABLE[part] & FUNCTION)
        found.append(Subject(name, stems | {stem}, sum(surface[stem].values())))
    return tuple(found)


def _subject_stem_of(word: str) -> str:
    """Its stem, or '' where it is no subject whatever the document: a guide is on something else."""
    bits = TABLE[word]
    if bits & _NOT_A_SUBJECT or not bits & WORD or len(word) < 3:
        return ""
    return "" if STEMS[word] in EMPTY else STEMS[word]


_SUBJECT_STEMS = Kept(_subject_stem_of)


def _weighed(document: Document, vocabulary: _Vocabulary) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """The stems that could be a subject: how each is written, and how much it weighs."""
    headings = frozenset().union(*(read_heading(section.heading).stems for section in document.sections))
    title = read_heading(document.title).stems
    title_words = set(_WORDS.findall(document.title.lower()))
    weights: dict[str, int] = {}
    surface: dict[str, dict[str, int]] = {}
    names = vocabulary.names
    told = [
        (word, times, stem)
        for word, times in vocabulary.counts.items()
        if (times > 1 or word in title_words) and (stem := _SUBJECT_STEMS[word]) and word not in names
    ]
    for word, times, stem in told:
        weight = 1 + 2 * (stem in title) + (stem in headings)
        if TABLE[word] & GERUND and (times < 4 or weight == 1):
            continue
        weights[stem] = weights.get(stem, 0) + times * weight
        if stem in surface:
            surface[stem][word] = times
        else:
            surface[stem] = {word: times}
    return surface, weights


def _titled(title: str, word: str) -> str:
    """The word with the plain word that the title sets before it: 'fund' → 'emergency fund'."""
    if " " in word or f" {word}" not in title:
        return word
    found = re.search(rf"([^\W\d_]{{3,}}) {re.escape(word)}\b", title)
    if not found or TABLE[found[1]] & (_NOT_A_SUBJECT | GERUND):
        return word
    return f"{found[1]} {word}"


def own_titles(document: Document) -> frozenset[str]:
    """What the document calls itself: its title, and a heading that stands over all the others."""
    paths = [section.heading_path for section in document.sections if section.heading_path]
    first = paths[0][0] if paths else ""
    over_all = len(paths) > 1 and all(path[0] == first for path in paths)
    return frozenset(_plain(each) for each in (document.title, first if over_all else "") if each)


def document_name(document: Document) -> str:
    """What the document calls itself: the heading over all the others, else its title.

    Less the way to it ("Home > Advice > Damp") and the site's name behind it ("Damp | The Dry House").
    """
    paths = [section.heading_path for section in document.sections if section.heading_path]
    over_all = [path[0] for path in paths[:1] if len(paths) > 1 and all(each[0] == path[0] for each in paths)]
    return without_site(over_all[0] if over_all else document.title)


def without_site(line: str) -> str:
    """A title less the way to its page and the name of its site."""
    return _SITE.split(_WAY.split(line)[-1])[0].strip()


def is_one_of(titles: frozenset[str], heading: str) -> bool:
    """Whether the heading is the document's own title."""
    return _plain(heading) in titles


def _plain(title: str) -> str:
    return " ".join(title.lower().split())


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
