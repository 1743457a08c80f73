"""Topics: a small taxonomy for skincare, and a document's own headings for everything else."""

import re
from collections import Counter
from functools import cache
from itertools import pairwise

from pipeline.derive.headings import POINTS_BACK, read_heading
from pipeline.derive.lexicon_files import groups
from pipeline.derive.naming import naming
from pipeline.derive.profile import Profile, is_one_of, own_titles, sentence_case
from pipeline.derive.tokens import TOKEN, Kept, entries
from pipeline.derive.windows import Window

LONGEST_TOPIC = 40


def topic(window: Window, background: Profile) -> str:
    """The tip's topic, as readers see it."""
    if background.is_skincare and (found := _by_taxonomy(window)):
        return found
    return _by_heading(window, background)


class _Taxonomy(Kept[tuple[int, ...]]):
    """word → the topics that it speaks for, filled as words turn up; `pairs` for those that take two words."""

    def __init__(self) -> None:
        super().__init__(self._topics_of)
        self.names = [name for name in groups("tips/topics") if name != "skincare"]
        self.pairs: dict[str, list[tuple[str, int]]] = {}
        self._entries: list[tuple[str, int]] = []
        for topic_number, name in enumerate(self.names):
            for entry in entries("topics", name):
                first, _, second = entry.partition(" ")
                if second:
                    self.pairs.setdefault(first, []).append((second, topic_number))
                else:
                    self._entries.append((entry, topic_number))

    def _topics_of(self, word: str) -> tuple[int, ...]:
        return tuple(dict.fromkeys(number for entry, number in self._entries if _matches(entry, word)))


def _matches(entry: str, word: str) -> bool:
    return word.startswith(entry[:-1]) if entry.endswith("*") else word == entry


@cache
def _taxonomy() -> _Taxonomy:
    return _Taxonomy()


def _spoken(words: list[str]) -> Counter[int]:
    """How many different words speak for each topic."""
    taxonomy = _taxonomy()
    found = Counter(number for word in set(words) for number in taxonomy[word])
    for first, second in pairwise(words):
        for ending, number in taxonomy.pairs.get(first, ()):
            found[number] += _matches(ending, second)
    return found


def _by_taxonomy(window: Window) -> str:
    """The topic whose words the tip speaks most; its first sentence and its heading count double."""
    total: Counter[int] = Counter()
    for place, sentence in enumerate(window.sentences()):
        for number, count in _spoken(sentence.words).items():
            total[number] += count * (1 if place else 2)
    spoken = {number for number, count in total.items() if count}
    for number, count in _spoken(TOKEN.findall(window.passage.heading.text.lower())).items():
        total[number] += 2 * count * (number in spoken)
    best = min(spoken, key=lambda number: (-total[number], number), default=None)
    return _taxonomy().names[best] if best is not None else ""


def _by_heading(window: Window, background: Profile) -> str:
    """The highest heading that is not the document's own and says something; else what the document is about."""
    titles = own_titles(window.document)
    for raw in window.passage.section.heading_path:
        heading = read_heading(raw)
        text = re.split(r"[:–—(]", heading.text)[0].strip()
        usable = not POINTS_BACK.search(text) and not (
            heading.is_generic or heading.is_question or heading.is_conclusion or heading.states_a_myth
        )
        if usable and not heading.is_myth and not is_one_of(titles, raw) and 0 < len(text) <= LONGEST_TOPIC:
            return sentence_case(text, background.names)
    if own := naming(window.document, background).thing:
        return own
    if background.subjects:
        name = background.subjects[0].name
        return name[:1].upper() + name[1:]
    return "General"
