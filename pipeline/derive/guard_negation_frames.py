"""A 'not' put into words that are otherwise the source's own, or taken out of them.

Where the words on both sides of it are the same, no reading of scopes, limits or other negators is called for:
'the lid must be kept on' and 'the lid must not be kept on' are opposites, whatever else the sentence says.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.derive.guard_pair import Pair, finding
from pipeline.derive.guard_reading import Reading
from pipeline.derive.lexicon_files import words
from pipeline.derive.model import Finding, FindingKind, Verdict

_BEFORE, _AFTER, _ENOUGH = 3, 4, 5  # words beside the negator that must be the same, and how many there must be


@dataclass(frozen=True, slots=True)
class _Frame:
    """A sentence's stems without its negators and small words, and where the negators stood among them.

    A negator has its place among the stems, and its place among the text's words. `others` counts what else denies.
    """

    stems: tuple[str, ...]
    negators: tuple[tuple[int, int], ...]
    others: int

    @property
    def denials(self) -> int:
        return len(self.negators) + self.others

    def beside(self, place: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return self.stems[max(0, place - _BEFORE) : place], self.stems[place : place + _AFTER]


def framed(pair: Pair) -> Iterator[Finding]:
    """Each negator that one side alone has in a frame that both have."""
    theirs = list(_frames(pair.source).values())
    for sentence, ours in _frames(pair.text).items():
        if sentence in pair.settled:
            continue
        for other in theirs:
            if ours.denials > other.denials:
                yield from _alone(pair, ours, other, added=True)
            elif ours.denials < other.denials:
                yield from _alone(pair, other, ours, added=False)


def _alone(pair: Pair, has: _Frame, lacks: _Frame, *, added: bool) -> Iterator[Finding]:
    """The negators of `has` that stand between words which stand side by side in `lacks`."""
    one = pair.text if added else pair.source
    for place, index in has.negators:
        found = _place_in(lacks, *has.beside(place))
        if found is None or any(other == found for other, _ in lacks.negators):
            continue
        said = one.words[index].text
        message = "puts '{}' into words that the source says without" if added else "leaves out '{}' in the same words"
        yield finding(
            FindingKind.ADDED_NEGATION if added else FindingKind.DROPPED_NEGATION,
            Verdict.BLOCK,
            f"The text {message.format(said)}.",
            pair.source.text if added else pair.source.clause_text(index),
            pair.text.clause_text(index) if added else pair.text.text,
            "" if added else pair.source.sentence_text(index),
        )


def _place_in(frame: _Frame, before: tuple[str, ...], after: tuple[str, ...]) -> int | None:
    """Where these words stand in the frame, one part right behind the other; at a sentence's end fewer will do."""
    both = before + after
    ends = len(after) < _AFTER
    if not after or len(both) < _ENOUGH - ends:
        return None
    starts = range(len(frame.stems) - len(both) + 1)
    start = next((i for i in starts if frame.stems[i : i + len(both)] == both), None)
    if start is None or (ends and start + len(both) < len(frame.stems)):
        return None
    return start + len(before)


def _frames(one: Reading) -> dict[int, _Frame]:
    """The sentences of a text, by number."""
    small = words("guard/grammar", "frame passes over")
    refused = {negator.start for negator in one.negators}
    stems: dict[int, list[str]] = {}
    negators: dict[int, list[tuple[int, int]]] = {}
    others: Counter[int] = Counter()
    for index, word in enumerate(one.words):
        told = stems.setdefault(word.sentence, [])
        if word.lower in {"not", "never", "no"}:
            even = index + 1 < len(one.words) and one.words[index + 1].lower == "even"  # 'not even for a moment'
            if not even:
                negators.setdefault(word.sentence, []).append((len(told), index))
            continue
        others[word.sentence] += index in refused
        if word.is_word and word.lower not in small:
            told.append(word.stem)
    return {
        number: _Frame(tuple(told), tuple(negators.get(number, ())), others[number]) for number, told in stems.items()
    }
