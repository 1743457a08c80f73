"""Do two tips give the same advice? Words decide, and vetoes overrule them.

`compare` asks how likely two tips advise the same (`duplicates_evidence`); other numbers, an opposite or a negation in
the same place (`duplicates_vetoes`) make them different advice, however alike the words are. `Library` finds a tip's
likest among thousands: a TF-IDF inverted index proposes, `compare` decides. Two tiers: SAME is sure enough to
suppress; POSSIBLE is for a person, and so is a tip that says all of another and much besides.
"""

from collections.abc import Hashable
from functools import lru_cache
from heapq import nlargest
from math import log
from typing import Generic, TypeVar

from pipeline.derive.duplicates_balance import contains, is_unsure
from pipeline.derive.duplicates_evidence import evidence, said
from pipeline.derive.duplicates_frame import is_denied, is_refilled
from pipeline.derive.duplicates_profile import Profile, profile
from pipeline.derive.duplicates_vetoes import exchanged_roles, veto
from pipeline.derive.model import Comparison, Likeness

Key = TypeVar("Key", bound=Hashable)

SAME = 0.88
POSSIBLE = 0.25
_MOST_POSSIBLE = SAME - 0.0001  # what a pair scores that would be the same but for a doubt
_VETOED = 0.2  # the most that a vetoed pair scores
_WEIGHTY = 0.65  # shared, against what is exchanged (`duplicates_balance`): words said again, with few others
_ALL = 0.97  # of one tip: the other says all of it
_TOLD_APART = 0.2  # the same, from which it is worth saying what tells a pair apart
_PROPOSALS = 20  # tips that the index hands to the comparison
_KEPT, _KEPT_CHARACTERS = 20_000, 800  # comparisons, of two texts of together at most so many characters
_POSTINGS = 2000  # entries of the index that are looked at for a tip, rare words first


def compare(a: str, b: str) -> Comparison:
    """How alike the advice of two texts is, and why. Symmetric."""
    return _kept(a, b) if len(a) + len(b) <= _KEPT_CHARACTERS else _compare(profile(a), profile(b))


@lru_cache(maxsize=_KEPT)
def _kept(a: str, b: str) -> Comparison:
    """Pairs come back: half of those of a derivation do, and a queue is compared with itself over and over."""
    return _compare(profile(a), profile(b))


def _compare(a: Profile, b: Profile) -> Comparison:
    if a.plain == b.plain:
        return Comparison(1.0, Likeness.SAME, "The words are the same.")
    found = evidence(a, b)
    alike = found.likelihood
    reason = veto(a, b, found.apart) if found.balance > _TOLD_APART or (a.quantities and b.quantities) else ""
    if reason:
        return Comparison(round(min(alike, _VETOED), 4), Likeness.DIFFERENT, reason)
    shared = _shared_words(a, b)
    is_repeated = found.balance >= _WEIGHTY and found.covered >= _ALL
    if is_repeated or alike >= SAME:
        unsure = _doubt(a, b) or ("Much is alike" if alike < SAME and _says_not(a, b) else "")
        if not unsure:
            return Comparison(round(max(alike, SAME), 4), Likeness.SAME, f"Both advise the same: {shared}.")
        alike = min(max(alike, POSSIBLE), _MOST_POSSIBLE)
        return Comparison(round(alike, 4), Likeness.POSSIBLE, f"{unsure}: {shared}.")
    if alike >= POSSIBLE:
        return Comparison(round(alike, 4), Likeness.POSSIBLE, f"Much is alike: {shared}.")
    what = f"Only little is alike: {shared}." if shared else "They share no words that matter."
    return Comparison(round(alike, 4), Likeness.DIFFERENT, what)


def _doubt(a: Profile, b: Profile) -> str:
    """Why a person should look at two tips that say nearly the same; '' where nobody needs to."""
    if contains(a, b):
        return "One says all of the other, and more"
    if is_unsure(a, b) or is_refilled(a, b) or is_denied(a, b):
        return "Much is alike"
    return "The words are alike, their order is not" if exchanged_roles(a, b) else ""


def _says_not(a: Profile, b: Profile) -> bool:
    """Whether only one of two tips denies anything."""
    return bool(a.reading.negators) != bool(b.reading.negators)


def _shared_words(a: Profile, b: Profile) -> str:
    """The shared words that weigh most, in the one text's own letters; where there are none, those said otherwise."""
    first, second = sorted((a, b), key=lambda one: one.plain)
    common = first.weights.keys() & second.weights.keys() or {c for c in first.weights if said(c, first, second)}
    shared = sorted(common, key=lambda c: (-first.weights[c], first.order[c]))[:4]
    return ", ".join(first.shown[c] for c in sorted(shared, key=lambda c: first.order[c]))


class Library(Generic[Key]):
    """Tips by key, ready to be searched for the likest."""

    def __init__(self) -> None:
        self._profiles: dict[Key, Profile] = {}
        self._texts: dict[Key, str] = {}
        self._order: dict[Key, int] = {}
        self._postings: dict[str, list[Key]] = {}
        self._count = 0

    def __len__(self) -> int:
        return len(self._profiles)

    def add(self, key: Key, text: str) -> None:
        """Put a tip in; a key that is there already is given its new text."""
        self.remove(key)
        one = profile(text)
        self._profiles[key], self._texts[key] = one, text
        self._order[key] = self._count = self._count + 1
        for concept in one.weights:
            self._postings.setdefault(concept, []).append(key)

    def remove(self, key: Key) -> None:
        """Take a tip out; nothing happens where there is none."""
        one = self._profiles.pop(key, None)
        self._texts.pop(key, None)
        for concept in one.weights if one is not None else ():
            self._postings[concept].remove(key)

    def likest(self, text: str, limit: int = 5) -> list[tuple[Key, Comparison]]:
        """The tips most like the text, the likest first, without those that have nothing in common with it."""
        one = profile(text)
        found = [(key, compare(text, self._texts[key])) for key in self._proposals(one)]
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
