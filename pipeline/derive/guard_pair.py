"""A text held to its source, word by word.

Every word of substance in the text is linked to the source's word that it most likely comes from: the same stem or
concept, with the most neighbours in common. Sentences that stand in the source as they are need no check ("settled");
what is left over is what somebody changed.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipeline.derive.guard_reading import Reading, reading
from pipeline.derive.model import Finding, FindingKind, Verdict
from pipeline.derive.normalise import content

_NEIGHBOURS = 4
_SHORTEST_PART = 5  # letters of a word that may be the end of another


@dataclass(frozen=True)
class Pair:
    """`links` maps words of the text to words of the source, `fresh` are the text's words that are not settled."""

    source: Reading
    text: Reading
    context: frozenset[str]
    settled: frozenset[int]
    used: frozenset[int]
    links: dict[int, int]

    @cached_property
    def back(self) -> dict[int, list[int]]:
        """Source word → the text's words linked to it."""
        table: dict[int, list[int]] = {}
        for text_index, source_index in self.links.items():
            table.setdefault(source_index, []).append(text_index)
        return table

    @cached_property
    def source_concepts(self) -> frozenset[str]:
        return frozenset(word.concept for word in self.source.words if word.is_word)

    @cached_property
    def text_concepts(self) -> frozenset[str]:
        return frozenset(word.concept for word in self.text.words if word.is_word)

    @cached_property
    def fresh(self) -> tuple[int, ...]:
        return tuple(i for i in self.text.matter if self.text.words[i].sentence not in self.settled)

    @cached_property
    def fresh_concepts(self) -> frozenset[str]:
        """The concepts of the sentences that somebody changed."""
        return frozenset(word.concept for i, word in enumerate(self.text.words) if word.is_word and self.is_fresh(i))

    def is_fresh(self, index: int) -> bool:
        """Whether the text's word stands in a sentence that is not the source's own."""
        return self.text.words[index].sentence not in self.settled

    def is_used(self, index: int) -> bool:
        """Whether the source's word stands in a sentence that the text took over unchanged."""
        return self.source.words[index].sentence in self.used

    def survives(self, index: int) -> bool:
        """Whether the source's word is told in the text."""
        return index in self.back or self.source.words[index].concept in self.text_concepts

    def kept(self, indices: Iterable[int]) -> float:
        """The share of these source words that the text's changed sentences link to."""
        chosen = list(indices)
        return sum(1 for i in chosen if i in self.back) / len(chosen) if chosen else 0.0


def pair(source: str, text: str, context: str = "") -> Pair:
    """Both texts read, and linked."""
    left, right = reading(source), reading(text)
    settled, used = _verbatim(left, right)
    fresh = [i for i in right.matter if right.words[i].sentence not in settled]
    return Pair(left, right, _concepts(context), settled, used, dict(_links(left, right, fresh, used)))


@lru_cache(maxsize=16)
def _concepts(context: str) -> frozenset[str]:
    """The concepts of a document, kept for the next of its tips."""
    return frozenset(word.concept for word in content(context))


def _verbatim(left: Reading, right: Reading) -> tuple[frozenset[int], frozenset[int]]:
    """The numbers of the text's sentences that stand in the source as they are, and of the source's own."""
    table: dict[tuple[str, ...], set[int]] = {}
    for number, words in _by_sentence(left):
        table.setdefault(words, set()).add(number)
    settled: set[int] = set()
    used: set[int] = set()
    for number, words in _by_sentence(right):
        if words in table:
            settled.add(number)
            used |= table[words]
    return frozenset(settled), frozenset(used)


def _by_sentence(one: Reading) -> Iterator[tuple[int, tuple[str, ...]]]:
    table: dict[int, list[str]] = {}
    for word in one.words:
        if word.is_word or word.text in "%$€£°":
            table.setdefault(word.sentence, []).append(word.lower)
    for number, words in table.items():
        yield number, tuple(words)


def _links(left: Reading, right: Reading, fresh: list[int], used: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Each fresh word of the text with the source's word that it most likely comes from."""
    chosen: dict[int, int] = {}
    scores: dict[int, dict[int, float]] = {}
    for index in fresh:
        candidates = left.by_concept.get(right.words[index].concept) or _family(left, right.words[index].stem)
        near = _around(right, index) if candidates else frozenset()
        values: dict[int, float] = {}
        for candidate in candidates:
            same = left.words[candidate].stem == right.words[index].stem
            settled = left.words[candidate].sentence in used
            value = len(near & _around(left, candidate)) + (0.5 if same else 0) - (0.4 if settled else 0)
            values[candidate] = value + _side(left, right, candidate, index)
        if values:
            chosen[index] = max(values, key=lambda candidate: values[candidate])
            scores[index] = values
    yield from _shared_out(chosen, scores).items()


def _shared_out(chosen: dict[int, int], scores: dict[int, dict[int, float]]) -> dict[int, int]:
    """Where two words of the text chose one of the source, and it has another like it, the less sure takes that."""
    taken = Counter(chosen.values())
    for index in sorted(chosen, key=lambda index: scores[index][chosen[index]]):
        free = [candidate for candidate in scores[index] if candidate not in taken]
        if taken[chosen[index]] > 1 and free:
            taken[chosen[index]] -= 1
            chosen[index] = max(free, key=lambda candidate: scores[index][candidate])
            taken[chosen[index]] += 1
    return chosen


def _family(left: Reading, base: str) -> list[int]:
    """The source's words that share all but the ending: pregnant and pregnancy, scarred and scar."""
    found = [i for i in left.by_opening.get(base[:4], ()) if akin(left.words[i].stem, base)]
    return found or [i for i in left.matter if _is_compound(left.words[i].stem, base)]


def _is_compound(a: str, b: str) -> bool:
    """Eggshell and shell: the one is the other with a word before it."""
    shorter, longer = sorted((a, b), key=len)
    return len(shorter) >= _SHORTEST_PART <= len(longer) - 2 and longer.endswith(shorter) and a != b


def akin(a: str, b: str) -> bool:
    """Whether two stems share their first letters up to an ending of at most three."""
    shorter, longer = sorted((a, b), key=len)
    kept = max(4, len(longer) - 3)
    return len(shorter) >= 4 and shorter[:kept] == longer[:kept][: len(shorter[:kept])] and len(shorter) >= kept


def _side(left: Reading, right: Reading, candidate: int, index: int) -> float:
    """A little more for words with the same word just before or after."""
    here, there = left.words, right.words
    before = candidate > 0 and index > 0 and here[candidate - 1].lower == there[index - 1].lower
    after = candidate + 1 < len(here) and index + 1 < len(there) and here[candidate + 1].lower == there[index + 1].lower
    return 0.3 * before + 0.3 * after


def _around(one: Reading, index: int) -> frozenset[str]:
    """The concepts of the nearest words of substance on both sides."""
    place = bisect_left(one.matter, index)
    near = one.matter[max(0, place - _NEIGHBOURS) : place] + one.matter[place + 1 : place + 1 + _NEIGHBOURS]
    sentence = one.words[index].sentence
    return frozenset([one.words[each].concept for each in near if one.words[each].sentence == sentence])


def finding(
    kind: FindingKind, verdict: Verdict, message: str, source_words: str, text_words: str, suggestion: str = ""
) -> Finding:
    """A finding with its words trimmed for show."""
    return Finding(kind, verdict, message, source_words.strip(), text_words.strip(), suggestion.strip())


def replace(text: str, old: str, new: str) -> str:
    """The text with the first `old` put right, or '' where it does not hold it."""
    if not old or old not in text:
        return ""
    position = text.index(old)
    if position == 0 and new[:1].islower():
        new = new[:1].upper() + new[1:]
    return text[:position] + new + text[position + len(old) :]


def swapped(pair: Pair, source_index: int, text_index: int) -> Finding:
    """swapped_relation: a word of the source, and the one that the text has in its place."""
    said = pair.source.words[source_index].text
    told = pair.text.words[text_index].text
    return finding(
        FindingKind.SWAPPED_RELATION,
        Verdict.BLOCK,
        f"The source says '{said}', the text '{told}'.",
        pair.source.clause_text(source_index),
        pair.text.clause_text(text_index),
        replace(pair.text.text, told, said.lower()),
    )
