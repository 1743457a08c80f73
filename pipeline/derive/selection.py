"""Selection: the best tips that do not repeat each other, spread over topics; few rather than poor ones.

Maximal marginal relevance (Carbonell and Goldstein 1998): the next tip is the one with the highest score less what it
shares with those already taken, and less a little for each tip that its topic and its section have given. What is
taken off only ever grows, so a heap in which a tip is weighed again when it comes up gives the very order that
weighing all of them each time would.
"""

import heapq
import math
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from pipeline.derive.windows import FLOOR

_SHARED = 2.2
_TOPIC_AGAIN = 0.22
_SECTION_AGAIN = 0.2
_MOST_AGAIN = 4
_LOOKED_BACK = 48
"""Of the tips taken that share a telling word, the latest so many are compared: a tip far up the list bores nobody."""
_TELLING = 6
_UNIT = 1_000_000

_Weighed = tuple[frozenset[str], int]
"""The stems of a choice, and the sum of their weights."""


@dataclass(slots=True)
class Choice:
    """A tip to choose from: `order` breaks ties, so that the outcome hangs on nothing but the documents."""

    score: float
    stems: tuple[str, ...]
    section: tuple[int, str]
    order: int


def select(
    choices: Sequence[Choice], rarity: Mapping[str, float], topic_of: Callable[[int], str]
) -> Iterator[tuple[int, float]]:
    """The indices of the choices to take with their scores, best first, down to the floor.

    `topic_of` costs most. It is asked only of a choice that comes up first without what its topic takes off, which
    most of a large corpus never does.
    """
    taken = _Taken(rarity)
    shared = [0.0] * len(choices)
    good = [(index, choice) for index, choice in enumerate(choices) if choice.score >= FLOOR]
    heap = [(-choice.score, choice.order, index, 0, True) for index, choice in good]
    heapq.heapify(heap)
    while heap:
        _, order, index, weighed_at, is_whole = heapq.heappop(heap)
        choice = choices[index]
        if weighed_at != taken.count:
            shared[index] = max(shared[index], taken.shared(choice, weighed_at))
            least = _SHARED * shared[index] + taken.again(choice)
            heapq.heappush(heap, (least - choice.score, order, index, taken.count, False))
        elif not is_whole:
            lost = _SHARED * shared[index] + taken.again(choice, topic_of(index))
            heapq.heappush(heap, (lost - choice.score, order, index, taken.count, True))
        else:
            taken.add(choice, topic_of(index))
            yield index, choice.score


def rarity_of(counts: Mapping[str, int], choices: int) -> dict[str, float]:
    """How telling a stem is, that so many of the choices hold: the logarithm of how rare it is."""
    return {stem: math.log(1 + choices / count) for stem, count in counts.items()}


class _Taken:
    """What has been taken, found again by its most telling stems.

    Weights are whole numbers, so that a sum is the same in whatever order a set gives its stems.
    """

    def __init__(self, rarity: Mapping[str, float]) -> None:
        self.count = 0
        self._weight = {stem: round(value * _UNIT) for stem, value in rarity.items()}
        self._by_stem: defaultdict[str, deque[int]] = defaultdict(lambda: deque(maxlen=_LOOKED_BACK))
        self._weighed: list[_Weighed] = []
        self._topics: Counter[str] = Counter()
        self._sections: Counter[tuple[int, str]] = Counter()

    def add(self, choice: Choice, topic: str) -> None:
        self._topics[topic] += 1
        self._sections[choice.section] += 1
        self._weighed.append(self._weigh(choice))
        for stem in self._telling(choice):
            self._by_stem[stem].append(self.count)
        self.count += 1

    def shared(self, choice: Choice, since: int) -> float:
        """The most that the choice shares with one of those taken from number `since` on."""
        near: set[int] = set()
        for stem in self._telling(choice):
            near.update(takewhile(since.__le__, reversed(self._by_stem[stem])))
        if not near:
            return 0.0
        ours = self._weigh(choice)
        return max([self._overlap(ours, self._weighed[number]) for number in near])

    def again(self, choice: Choice, topic: str | None = None) -> float:
        """What the choice loses because its topic, where that is given, and its section have given tips already."""
        of_topic = 0 if topic is None else self._topics[topic]
        of_section = self._sections[choice.section]
        return _TOPIC_AGAIN * min(of_topic, _MOST_AGAIN) + _SECTION_AGAIN * min(of_section, _MOST_AGAIN)

    def _telling(self, choice: Choice) -> list[str]:
        return sorted(choice.stems, key=lambda stem: (-self._weight[stem], stem))[:_TELLING]

    def _weigh(self, choice: Choice) -> _Weighed:
        return frozenset(choice.stems), sum(map(self._weight.__getitem__, choice.stems))

    def _overlap(self, one: _Weighed, other: _Weighed) -> float:
        """The weight of what both say over that of what either says."""
        common = sum(map(self._weight.__getitem__, one[0] & other[0]))
        either = one[1] + other[1] - common
        return common / either if either else 0.0
