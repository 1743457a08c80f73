"""Who else says it: repeats of a chosen tip, further sources that support it, and sources that disagree.

Tips are held against each other sentence by sentence. A sentence repeats another when the duplicate check says so, or
when most of what it says of substance (weighed by how rare the words are) is in the other and no number, negation or
opposite tells them apart. A tip that another repeats in any sentence that advises is not given twice.

The comparison costs a hundred times what a rule costs; only sentences that share telling words come to it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from heapq import nsmallest
from itertools import chain
from operator import eq

from pipeline.derive.chosen import Chosen, Said
from pipeline.derive.duplicates import compare
from pipeline.derive.grammar import OPENER, gives_order
from pipeline.derive.guard_conflicts import conflicts
from pipeline.derive.model import Likeness
from pipeline.derive.outline import Outline
from pipeline.derive.passages import Passage, Piece, passages
from pipeline.derive.rules import Scope, refusal
from pipeline.derive.tokens import (
    DIGIT,
    EITHER,
    EITHER_FORM,
    NUMBER_WORD,
    STEMS,
    TABLE,
    VERB,
    VERB_FORM,
    Sentence,
    bit,
    entries,
)
from pipeline.derive.windows import Window, windows_at
from pipeline.documents.model import Document

_REPEATS = {4: 0.62, 5: 0.52, 6: 0.45}
"""Words in common → the share of the lighter sentence's weight from which one sentence repeats another."""
_SUPPORTS = 0.7
"""The share from which a sentence that the duplicate check leaves open is named as a further source."""
_LEAST_COMMON = 4
_LEAST_SAID = 6
"""Words of substance that a sentence has at least, for a share of them to tell something."""
_HOLDS_ALL = 0.8
_SAME_MATTER = 0.45
"""The same share, from which two sentences that do not repeat each other may contradict each other."""
_SAID_TWICE = 0.3
"""The likeness from which one document's own tip is taken for a repeat: an author seldom gives an advice twice."""
_BEGUN_ALIKE = 7
"""The words with which two statements of one author begin, from which both say the same of the same."""
_VETOED = 0.2
"""What the duplicate check gives at most where numbers, negations or opposites tell two texts apart."""
_MOST_COMPARED, _MOST_LIKELY = 12, 48
_MOST_LOOKED_AT = 600  # entries of the index that a sentence looks at
_UNIT = 1_000_000  # the weight of a word that no window holds

_NEGATION = bit("negation")
_LIMITS = frozenset(entries("clauses", "ties")) - {"not", "than", "without"} | {"before", "after", "during", "says"}
_FLAT = frozenset(["not", "never", "cannot", "don't", "doesn't", "didn't", "won't", "can't"])
_VERBS = VERB | EITHER | VERB_FORM | EITHER_FORM


class Agreement:
    """The chosen tips, found by the stems that they share with a sentence."""

    def __init__(self, rarity: Mapping[str, float], *, is_limited: bool = False) -> None:
        self.chosen: list[Chosen] = []
        self._asked: set[tuple[int, int]] | None = set() if is_limited else None  # where windows begin; None: of all
        self._weights = {stem: round(value * _UNIT) for stem, value in rarity.items()}
        self._stems: set[str] = set()
        self._by_stem: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, chosen: Chosen) -> None:
        self._stems.update(chosen.window.stems)
        for stem in chosen.window.stems:
            self._by_stem[stem].append(len(self.chosen))
        self.chosen.append(chosen)

    def is_repeat(self, window: Window, number: int) -> bool:
        """Whether the window, of the document with that number, gives the advice of a chosen tip again.

        That tip then names the place.
        """
        if self._asked is not None:
            self._asked.add((number, window.span.start))
        for tip in self._near(window.stems):
            ours, theirs = tip.window.advising(), window.advising()
            if any(denies(one, other) for one in ours for other in theirs):
                continue
            found = compare(tip.window.text, window.text)
            begun = number == tip.number and _begin_alike(tip.window.opening, window.opening)
            if found.verdict is Likeness.SAME or begun or self._holds_all(tip.window, window):
                tip.support(Said(number, window.document, window.passage.section, window.span))
                return True
            again = [(one, other) for one in ours for other in theirs if self._repeats(one, other)]
            if again:
                self._name_again(tip, Said(number, window.document, window.passage.section, again[0][1].span), again[0])
                return True
            is_likely = number != tip.number or found.score >= _SAID_TWICE
            if found.verdict is Likeness.POSSIBLE and is_likely:
                tip.possible.append(Said(number, window.document, window.passage.section, window.span).place())
                return True
        return False

    def _name_again(self, tip: Chosen, said: Said, pair: tuple[Sentence, Sentence]) -> None:
        """A sentence that repeats one of the tip's: a source where the check agrees, else for a person to judge."""
        if compare(pair[0].text, pair[1].text).verdict is Likeness.DIFFERENT:
            tip.possible.append(said.place())
        else:
            tip.support(said)

    def _holds_all(self, tip: Window, window: Window) -> bool:
        """Whether nearly all that the window says of substance stands in the tip, in whatever sentences."""
        core = frozenset().union(*(sentence.core() for sentence in window.sentences()))
        said = frozenset().union(*(sentence.core() for sentence in tip.sentences()))
        common = core & said
        if any(TABLE[word] & (DIGIT | NUMBER_WORD) for word in core - said):
            return False  # another number is another advice
        return len(common) >= _LEAST_COMMON and self._weight(common) >= _HOLDS_ALL * self._weight(core)

    def hear(self, number: int, document: Document, outline: Outline) -> None:
        """Let all of a document support the chosen tips, or speak against them: every window, and every sentence.

        Windows that the selection came to have been asked already, which is all of them where there was no limit.
        """
        places = outline.windows() if self._asked is not None else frozenset()
        for passage in passages(document, outline):
            if not self._may_speak_of_one(passage.stems()):
                continue
            if self._asked is not None:
                self._hear_windows(number, windows_at(passage, places), self._asked)
            for piece in passage.pieces:
                stems = piece.sentence.stems()
                if len(stems) < _LEAST_COMMON:
                    continue
                said = Said(number, document, passage.section, piece.span)
                for tip in self._near(stems):
                    if not tip.holds(said):
                        self._hear_piece(tip, said, passage, piece)
            passage.forget()

    def _hear_windows(self, number: int, found: Iterable[Window], asked: Set[tuple[int, int]]) -> None:
        for window in found:
            if (number, window.span.start) not in asked:
                self.is_repeat(window, number)

    def _may_speak_of_one(self, said: Iterable[str]) -> bool:
        """Whether so many of a passage's stems are in one tip that a sentence of it could be near it.

        Asked before the passage is read: most passages of a large corpus speak of none.
        """
        stems = self._stems.intersection(said)
        if len(stems) < _LEAST_COMMON:
            return False
        tips = sorted(chain.from_iterable(map(self._by_stem.__getitem__, stems)))
        if len(tips) > _MOST_LOOKED_AT:
            return True
        return any(map(eq, tips, tips[_LEAST_COMMON - 1 :]))  # a tip that stands there four times holds four of them

    def _hear_piece(self, tip: Chosen, said: Said, passage: Passage, piece: Piece) -> None:
        for one in tip.window.sentences():
            shared = self._shared(one.core(), piece.sentence.core(), least=_LEAST_COMMON - 1)
            if shared < _SAME_MATTER or refusal(piece.sentence, passage.setting, Scope.EVERY):
                continue
            verdict = compare(one.text, piece.sentence.text).verdict
            if self._contradicts(one, piece.sentence, verdict):
                tip.flags.append(tip.disagreement(one, piece.sentence.text, said))
                return
            if verdict is Likeness.DIFFERENT:
                continue
            if verdict is Likeness.SAME or (shared >= _SUPPORTS and self._repeats(one, piece.sentence)):
                tip.support(said)
                return

    def _contradicts(self, one: Sentence, other: Sentence, found: Likeness) -> bool:
        if denies(one, other):
            return True
        return found is Likeness.DIFFERENT and conflicts(one.text, other.text) is not None

    def _repeats(self, one: Sentence, other: Sentence) -> bool:
        """Whether two sentences say the same, or one of them what the other says among more."""
        common = len(one.core() & other.core())
        if common < _LEAST_COMMON or min(len(one.core()), len(other.core())) < _LEAST_SAID or denies(one, other):
            return False
        if self._shared(one.core(), other.core()) < _REPEATS[min(common, max(_REPEATS))]:
            return False
        found = compare(one.text, other.text)
        return found.verdict is not Likeness.DIFFERENT or found.score > _VETOED

    def _shared(self, one: frozenset[str], other: frozenset[str], least: int = _LEAST_COMMON) -> float:
        """The weight of what both say, as a share of the lighter one's; 0 for fewer than `least` words."""
        common = one & other
        if len(common) < least:
            return 0.0
        return self._weight(common) / min(self._weight(one), self._weight(other))

    def _weight(self, stems: frozenset[str]) -> int:
        """Their weight in whole numbers, so that the sum is the same in whatever order a set gives them."""
        known = self._weights.get
        return sum([known(stem, _UNIT) for stem in stems])

    def _near(self, stems: Iterable[str]) -> Sequence[Chosen]:
        """The chosen tips that share most stems with these, at least four."""
        wanted = frozenset(stems)
        shared, is_whole = self._shared_counts(wanted)
        if not is_whole:  # the rarest of the stems told which tips to look at; now all of them count
            likely = nsmallest(_MOST_LIKELY, shared, key=lambda index: (-shared[index], index))
            shared = Counter({index: len(wanted.intersection(self.chosen[index].window.stems)) for index in likely})
        near = sorted((-count, index) for index, count in shared.items() if count >= _LEAST_COMMON)
        return [self.chosen[index] for _, index in near[:_MOST_COMPARED]]

    def _shared_counts(self, stems: Iterable[str]) -> tuple[Counter[int], bool]:
        """How many of the stems each tip holds, and whether all of them were counted.

        Rare stems go first, and those that very many tips hold are left out: else each tip would cost more, the more
        there are.
        """
        places = sorted((self._by_stem[stem] for stem in stems if stem in self._by_stem), key=len)
        shared: Counter[int] = Counter()
        looked_at = 0
        for number, tips in enumerate(places):
            looked_at += len(tips)
            if looked_at > _MOST_LOOKED_AT and number:
                return shared, False
            shared.update(tips)
        return shared, True


def denies(one: Sentence, other: Sentence) -> bool:
    """Whether one says flatly what the other says is not so: a shared verb, negated in one of them alone.

    A denial that hangs on a condition ("not before it is dry") denies nothing.
    """
    if (one.mask & _NEGATION) == (other.mask & _NEGATION):
        return False
    denied = one if one.mask & _NEGATION else other
    said = other if denied is one else one
    if not _LIMITS.isdisjoint(denied.words):
        return False
    verbs = {STEMS[word] for word, bits in zip(said.words, said.masks, strict=True) if bits & _VERBS}
    return any(
        STEMS[word] in verbs and bool(_FLAT & set(denied.words[max(0, at - 2) : at]))
        for at, word in enumerate(denied.words)
        if denied.masks[at] & _VERBS
    )


def _begin_alike(one: Sentence, other: Sentence) -> bool:
    """Whether two statements begin with the same words: 'Ice pick scars are a type of acne scar that …'.

    Orders and cases may: 'If the skin stings, rinse it' and 'If the skin stings, leave out the cream'.
    """
    if one.words[:_BEGUN_ALIKE] != other.words[:_BEGUN_ALIKE] or len(one.words) < _BEGUN_ALIKE:
        return False
    return not one.masks[0] & OPENER and not any(map(gives_order, (one, other)))
