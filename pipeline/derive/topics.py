"""Topics: a small taxonomy for skincare, and what the document is on for everything else."""

import re
from collections import Counter
from functools import cache
from itertools import pairwise

from pipeline.derive import clauses, grammar
from pipeline.derive.about import is_occasion
from pipeline.derive.headings import Heading, read_heading
from pipeline.derive.lexicon_files import groups
from pipeline.derive.naming import asks, naming, unprintable
from pipeline.derive.profile import Profile, is_one_of, own_titles, sentence_case
from pipeline.derive.tokens import TABLE, TOKEN, Kept, entries
from pipeline.derive.windows import Window
from pipeline.documents.model import Document

LONGEST_TOPIC = 40
_SURE, _UNSURE = 2, 1
_NAMED = 2  # for the topics that the document's own name speaks for
_LONG_CHAPTER = 4_000  # characters, as of an article
_MOST_KEPT = 64
_ENOUGH = 4  # a sure word in the first sentence, or two that are not


def topic(window: Window, background: Profile) -> str:
    """The tip's topic, as readers see it."""
    if background.is_skincare and (found := _by_taxonomy(window, background)):
        return found
    return _by_document(window, background)


class _Taxonomy(Kept[tuple[tuple[int, int], ...]]):
    """word → the topics that it speaks for and how surely, found as words turn up; `pairs` for two words together."""

    def __init__(self) -> None:
        super().__init__(self._topics_of)
        self.names = [name for name in groups("tips/topics") if name != "skincare"]
        self.pairs: dict[str, list[tuple[str, int]]] = {}
        self._entries: list[tuple[str, int, int]] = []
        for topic_number, name in enumerate(self.names):
            for entry in entries("topics", name):
                first, _, second = entry.partition(" ")
                if second:
                    self.pairs.setdefault(first, []).append((second, topic_number))
                else:
                    self._entries.append((entry.rstrip("?"), topic_number, _UNSURE if entry.endswith("?") else _SURE))

    def _topics_of(self, word: str) -> tuple[tuple[int, int], ...]:
        return tuple({number: worth for entry, number, worth in self._entries if _matches(entry, word)}.items())


def _matches(entry: str, word: str) -> bool:
    return word.startswith(entry[:-1]) if entry.endswith("*") else word == entry


@cache
def _taxonomy() -> _Taxonomy:
    return _Taxonomy()


def _spoken(words: list[str]) -> Counter[int]:
    """How much the different words speak for each topic."""
    taxonomy = _taxonomy()
    found: Counter[int] = Counter()
    for word in set(words):
        for number, worth in taxonomy[word]:
            found[number] += worth
    for first, second in pairwise(words):
        for ending, number in taxonomy.pairs.get(first, ()):
            found[number] += _SURE * _matches(ending, second)
    return found


def _by_taxonomy(window: Window, background: Profile) -> str:
    """The topic whose words the tip speaks most; its first sentence, its heading and its document's name count double.

    One word that is met in other topics as often ("spot", "dry") is not enough: '' then.
    """
    total: Counter[int] = Counter()
    for place, sentence in enumerate(window.sentences()):
        for number, count in _spoken(sentence.words).items():
            total[number] += count * (1 if place else 2)
    named = _spoken(TOKEN.findall(naming(window.document, background).name.lower()))
    for number in +named:
        total[number] += _NAMED
    spoken = {number for number, count in total.items() if count}
    for number, count in _spoken(TOKEN.findall(window.passage.heading.text.lower())).items():
        total[number] += 2 * count * (number in spoken)
    best = min(spoken, key=lambda number: (-total[number], number), default=-1)
    return _taxonomy().names[best] if total[best] >= _ENOUGH else ""


def _by_document(window: Window, background: Profile) -> str:
    """What the document is on; of a document in long chapters the chapter's heading, where that names a thing."""
    own = naming(window.document, background)
    name = own.lead if own.lead != own.name else own.thing or own.lead
    chapter = _chapter(window, background, is_sure=bool(name))
    if chapter or name:
        return chapter or name
    first = background.subjects[:1]
    return first[0].name[:1].upper() + first[0].name[1:] if first else "General"


def _chapter(window: Window, background: Profile, is_sure: bool) -> str:
    """The highest heading that names something the tip speaks of; where it `is_sure` what the document is on, only
    one over as much text as a document of its own has."""
    titles, said = own_titles(window.document), frozenset(window.stems)
    for raw in window.passage.section.heading_path:
        heading = read_heading(re.split(r"[:–—(]", raw)[0])
        names = not is_one_of(titles, raw) and names_a_thing(heading) and not heading.telling.isdisjoint(said)
        fits = names and 0 < len(heading.text) <= LONGEST_TOPIC
        if fits and not (is_sure and _lengths(window.document)[raw] < _LONG_CHAPTER):
            return sentence_case(heading.text, background.names)
    return ""


_kept: dict[str, Counter[str]] = {}


def _lengths(document: Document) -> Counter[str]:
    """How many characters stand under each heading, those under the headings below it included."""
    found = _kept.get(document.canonical_sha256)
    if found is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        found = _kept[document.canonical_sha256] = Counter()
        for section, span in document.section_spans():
            found.update(dict.fromkeys(section.heading_path, span.end - span.start))
    return found


def names_a_thing(heading: Heading) -> bool:
    """Whether a heading names a thing: no time, no place, no order, nothing said to the reader ("Know your enemy")."""
    words = TOKEN.findall(heading.text.lower())
    if unprintable(heading) or not words or asks(heading.text) or is_occasion(heading.text):
        return False
    at_odds = grammar.OPENER | grammar.PREPOSITION | grammar.PRONOUN | grammar.NEGATION
    is_order = clauses.is_order(heading.text) and len(words) > 1
    return not is_order and not TABLE[words[0]] & at_odds and _READER.isdisjoint(words)


_READER = frozenset(["you", "your", "yourself", "it", "isn't", "is", "are", "don't", "won't", "can't", "not"])
