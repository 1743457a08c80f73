"""What two tips have in common, against what only one of them says.

Shared concepts and numbers speak for the same advice. A weighty word exchanged for another speaks against it, more
than words that only one of the two has: whoever says the same again often says more.
"""

from collections.abc import Set
from dataclasses import dataclass
from math import fsum

from rapidfuzz import fuzz

from pipeline.derive.duplicates_frame import FRAME, frame, is_exchanged
from pipeline.derive.duplicates_profile import Profile, alone
from pipeline.derive.duplicates_related import related
from pipeline.derive.guard_pair import akin
from pipeline.derive.normalise import stem

RELATED = 0.85
"""What a word of the same group counts, beside the same word."""
_EXCHANGED, _EXTRA, _LETTERS = 1.2, 0.3, 0.1
_DOUBT = 0.4  # what two tips of few words might have said besides
_OTHER_FILLING = 0.5
_LIKELY = 0.4  # what stays below is different advice, whatever its frame
_SHARED_FRAME = 3.7  # weight in common up to which the frame tells
_TELLING, _TELLING_SHARE, _WEIGHTY = 0.6, 0.2, 0.8  # exchanged weight, beside what is shared; of a single word
_OTHER_ACT = 0.85  # 'repot in spring' and 'prune in spring' open with different acts
_ECHO = 0.4  # a word that the other tip says in a word it has anyway
_MOST_EXCHANGED = 0.6  # beside what is shared: beyond it only a person may say that two tips are one
_ALL_BUT, _MUCH_MORE = 0.2, 2.2  # 'all of the other': hardly a word is left over; 'and more': some two words are


@dataclass(frozen=True, slots=True)
class Balance:
    """The weight in common, and what only the one or the other has."""

    common: float
    only_a: float
    only_b: float
    left: Set[str]
    right: Set[str]


def score(a: Profile, b: Profile) -> float:
    """How alike the two are, from 0 to .999."""
    scales = _balance(a, b)
    exchanged, extra = min(scales.only_a, scales.only_b), abs(scales.only_a - scales.only_b)
    told = scales.common / (scales.common + _EXCHANGED * exchanged + _EXTRA * extra + _DOUBT)
    letters = fuzz.token_set_ratio(a.stems, b.stems) / 100 if a.stems and b.stems else 0.0
    found = min(0.999, (1 - _LETTERS) * told + _LETTERS * letters)
    if a.act and b.act and a.act != b.act and a.act not in b.weights and b.act not in a.weights:
        found *= _OTHER_ACT
    if found > _LIKELY and (_same_frame(a, b, scales) or is_exchanged(a, b)):
        found *= _OTHER_FILLING
    return found


def contains(a: Profile, b: Profile) -> bool:
    """Whether one says all of the other, and much besides: both may be wanted, so a person is asked."""
    scales = _balance(a, b)
    return min(scales.only_a, scales.only_b) < _ALL_BUT and max(scales.only_a, scales.only_b) > _MUCH_MORE


def is_unsure(a: Profile, b: Profile) -> bool:
    """Whether too much is exchanged for a tip to be suppressed unseen.

    'Finish pasta in the sauce' and 'save pasta water for the sauce' have a subject in common, and no advice.
    """
    scales = _balance(a, b)
    return min(scales.only_a, scales.only_b) > _MOST_EXCHANGED * scales.common


def _balance(a: Profile, b: Profile) -> Balance:
    left, right = a.weights.keys() - b.weights.keys(), b.weights.keys() - a.weights.keys()
    kin = _partners(a, b, left, right)
    left, right = left - {x for x, _ in kin}, right - {y for _, y in kin}
    same, ours, theirs = numbers(a, b)
    return Balance(
        fsum(min(a.weights[c], b.weights[c]) for c in a.weights.keys() & b.weights.keys())
        + fsum(RELATED * min(a.weights[x], b.weights[y]) for x, y in kin)
        + same,
        fsum(_left_over(c, a, b) for c in left) + ours,
        fsum(_left_over(c, b, a) for c in right) + theirs,
        left,
        right,
    )


def _partners(a: Profile, b: Profile, left: Set[str], right: Set[str]) -> list[tuple[str, str]]:
    """Concepts of the two that say the same in other words, in pairs, each used once.

    Whichever side comes first, the pairs are the same.
    """
    pairs = [(x, y) for x in left if is_echoed(x, a, b) for y in right if related(a.shown[x], b.shown[y])]
    found = []
    for x, y in sorted(pairs, key=sorted):
        if x in left and y in right:
            left, right = left - {x}, right - {y}
            found.append((x, y))
    return found


def _left_over(concept: str, one: Profile, other: Profile) -> float:
    """What a concept weighs that the other tip lacks; little, where the other says it in a word it shares as well."""
    weight = one.weights[concept] * alone(concept)
    return weight * _ECHO if is_echoed(concept, one, other) else weight


def is_echoed(concept: str, one: Profile, other: Profile) -> bool:
    """Whether the other tip has a word that says the same."""
    if not one.kinds[concept].isdisjoint(other.all_kinds):
        return True
    base = stem(one.shown[concept])
    return any(akin(base, each) for each in other.openings.get(base[:4], ()))


def _same_frame(a: Profile, b: Profile, scales: Balance) -> bool:
    """Whether the two are one sentence with other words of weight in it."""
    if scales.common > _SHARED_FRAME:
        return False  # two long sentences that share so much speak of one thing, in whatever order
    exchanged = min(scales.only_a, scales.only_b)
    weighty = [max((one.weights[c] for c in only), default=0.0) for one, only in ((a, scales.left), (b, scales.right))]
    if exchanged < max(_TELLING, _TELLING_SHARE * scales.common) and min(weighty) < _WEIGHTY:
        return False
    return frame(a, b) >= FRAME


def numbers(a: Profile, b: Profile) -> tuple[int, int, int]:
    """How many numbers both have, and how many of weight each has for itself."""
    first = [q for q in a.quantities if any(q.meets(other) for other in b.quantities)]
    second = [q for q in b.quantities if any(q.meets(other) for other in a.quantities)]
    weighty = [sum(1 for q in one.quantities if not q.weak) for one in (a, b)]
    same = min(len(first), len(second))
    return same, max(weighty[0] - len(first), 0), max(weighty[1] - len(second), 0)
