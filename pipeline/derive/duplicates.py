"""Do two tips give the same advice? Words decide, and vetoes overrule them.

`compare` weighs the concepts that two tips share; other numbers, an opposite or a negation in the same place make
them different advice, however alike the words are. `Library` finds a tip's likest among thousands: a TF-IDF
inverted index proposes, `compare` decides. Two tiers: SAME is sure enough to suppress; POSSIBLE is for a person.
"""

from collections.abc import Hashable, Set
from heapq import nlargest
from math import fsum, log
from typing import Generic, TypeVar

from rapidfuzz import fuzz

from pipeline.derive.duplicates_profile import Profile, alone, profile
from pipeline.derive.duplicates_vetoes import veto
from pipeline.derive.guard_pair import akin
from pipeline.derive.model import Comparison, Likeness

Key = TypeVar("Key", bound=Hashable)

SAME = 0.66
POSSIBLE = 0.5
_EXCHANGED, _EXTRA, _LETTERS = 1.2, 0.3, 0.1
_DOUBT = 0.4  # what two tips of few words might have said besides
_OTHER_FILLING = 0.8
_OTHER_ACT = 0.85  # 'repot in spring' and 'prune in spring' open with different acts
_VETOED = 0.3  # the most that a vetoed pair scores
_PROPOSALS = 20  # tips that the index hands to the comparison
_POSTINGS = 2000  # entries of the index that are looked at for a tip, rare words first


def compare(a: str, b: str) -> Comparison:
    """How alike the advice of two texts is, and why. Symmetric."""
    return _compare(profile(a), profile(b))


def _compare(a: Profile, b: Profile) -> Comparison:
    if a.plain == b.plain:
        return Comparison(1.0, Likeness.SAME, "The words are the same.")
    score = _score(a, b)
    reason = veto(a, b) if score > _VETOED or (a.quantities and b.quantities) else ""
    if reason:
        return Comparison(round(min(score, _VETOED), 4), Likeness.DIFFERENT, reason)
    shared = _shared_words(a, b)
    if score >= SAME:
        return Comparison(round(score, 4), Likeness.SAME, f"Both advise the same: {shared}.")
    if score >= POSSIBLE:
        return Comparison(round(score, 4), Likeness.POSSIBLE, f"Much is alike: {shared}.")
    what = f"Only little is alike: {shared}." if shared else "They share no words that matter."
    return Comparison(round(score, 4), Likeness.DIFFERENT, what)


def _score(a: Profile, b: Profile) -> float:
    """The weight in common, against what was put in another's place (dear) and what only one has (cheap)."""
    left, right = a.weights.keys() - b.weights.keys(), b.weights.keys() - a.weights.keys()
    kin = [(x, y) for x in sorted(left) for y in sorted(right) if x[:4] == y[:4] and akin(x, y)]
    left, right = left - {x for x, _ in kin}, right - {y for _, y in kin}
    same, ours, theirs = _numbers(a, b)
    common = fsum(min(a.weights[c], b.weights[c]) for c in a.weights.keys() & b.weights.keys())
    common += fsum(min(a.weights[x], b.weights[y]) for x, y in kin) + same
    only_a = fsum(a.weights[c] * alone(c) for c in left) + ours
    only_b = fsum(b.weights[c] * alone(c) for c in right) + theirs
    exchanged, extra = min(only_a, only_b), abs(only_a - only_b)
    told = common / (common + _EXCHANGED * exchanged + _EXTRA * extra + _DOUBT)
    letters = fuzz.token_set_ratio(a.stems, b.stems) / 100 if a.stems and b.stems else 0.0
    other_acts = a.act and b.act and a.act != b.act and a.act not in b.weights and b.act not in a.weights
    score = min(0.999, (1 - _LETTERS) * told + _LETTERS * letters) * (_OTHER_ACT if other_acts else 1.0)
    return score * (_OTHER_FILLING if _one_slot(a, b, left, right) else 1.0)


def _one_slot(a: Profile, b: Profile, left: Set[str], right: Set[str]) -> bool:
    """Whether the two are one sentence with another word in one place ('avoid make-up / the sun after treatment').

    Whoever says the same again says it in another frame; whoever keeps the frame means the other word.
    """
    weighty = [max((one.weights[c] for c in only), default=0.0) for one, only in ((a, left), (b, right))]
    if min(weighty) < 0.8:
        return False
    first, second = a.plain.split(), b.plain.split()
    shorter = min(len(first), len(second))
    before = next((i for i in range(shorter) if first[i] != second[i]), shorter)
    after = next((i for i in range(shorter - before) if first[-1 - i] != second[-1 - i]), shorter - before)
    return before + after >= shorter / 2


def _numbers(a: Profile, b: Profile) -> tuple[int, int, int]:
    """How many numbers both have, and how many of weight each has for itself."""
    first = [q for q in a.quantities if any(q.meets(other) for other in b.quantities)]
    second = [q for q in b.quantities if any(q.meets(other) for other in a.quantities)]
    alone = [sum(1 for q in one.quantities if not q.weak) for one in (a, b)]
    same = min(len(first), len(second))
    return same, max(alone[0] - len(first), 0), max(alone[1] - len(second), 0)


def _shared_words(a: Profile, b: Profile) -> str:
    """The shared words that weigh most, in the one text's own letters."""
    first = min(a, b, key=lambda one: one.plain)
    common = a.weights.keys() & b.weights.keys()
    shared = sorted(common, key=lambda c: (-first.weights[c], first.order[c]))[:4]
    return ", ".join(first.shown[c] for c in sorted(shared, key=lambda c: first.order[c]))


class Library(Generic[Key]):
    """Tips by key, ready to be searched for the likest."""

    def __init__(self) -> None:
        self._profiles: dict[Key, Profile] = {}
        self._order: dict[Key, int] = {}
        self._postings: dict[str, list[Key]] = {}
        self._count = 0

    def __len__(self) -> int:
        return len(self._profiles)

    def add(self, key: Key, text: str) -> None:
        """Put a tip in; a key that is there already is given its new text."""
        self.remove(key)
        one = profile(text)
        self._profiles[key] = one
        self._order[key] = self._count = self._count + 1
        for concept in one.weights:
            self._postings.setdefault(concept, []).append(key)

    def remove(self, key: Key) -> None:
        """Take a tip out; nothing happens where there is none."""
        one = self._profiles.pop(key, None)
        for concept in one.weights if one is not None else ():
            self._postings[concept].remove(key)

    def likest(self, text: str, limit: int = 5) -> list[tuple[Key, Comparison]]:
        """The tips most like the text, the likest first, without those that have nothing in common with it."""
        one = profile(text)
        found = [(key, _compare(one, self._profiles[key])) for key in self._proposals(one)]
        found = [(key, comparison) for key, comparison in found if comparison.score > 0]
        return sorted(found, key=lambda pair: (-pair[1].score, self._order[pair[0]]))[:limit]

    def _proposals(self, one: Profile) -> list[Key]:
        """The tips that share most weight with this one, by the rarer of its words."""
        scores: dict[Key, float] = {}
        looked_at = 0
        rare_first = sorted(one.weights, key=lambda c: (len(self._postings.get(c, ())), c))
        for concept in rare_first:
            postings = self._postings.get(concept, ())
            if looked_at and looked_at + len(postings) > _POSTINGS:
                break
            looked_at += len(postings)
            weight = one.weights[concept] * log(1 + len(self._profiles) / (1 + len(postings)))
            for key in postings:
                scores[key] = scores.get(key, 0.0) + weight
        return nlargest(_PROPOSALS, scores, key=scores.__getitem__)  # of equals, the first found
