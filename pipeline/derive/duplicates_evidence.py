"""How likely two tips give the same advice: a few measures of the pair, weighed by what labelled pairs taught.

The weights stand in `lexicons/duplicates/weights.txt`, with the command that fits them. Each measure is one number, the
same whichever tip comes first.
"""

from dataclasses import dataclass
from functools import cache
from math import exp, fsum, log

from rapidfuzz import fuzz

from pipeline.derive.duplicates_balance import RELATED, is_echoed, numbers, score
from pipeline.derive.duplicates_frame import frame, is_recast, opens_alike
from pipeline.derive.duplicates_nearness import nearness
from pipeline.derive.duplicates_profile import Profile
from pipeline.derive.duplicates_vetoes import told_apart
from pipeline.derive.lexicon_files import groups

_HOPELESS = -2.5  # a sum that is far from any tier
_LITTLE, _UNLIKELY = 0.15, 0.1  # what one tip says of the other, below which nothing more is asked
_MOST_NUMBERS = 2  # a third number in common tells nothing new


@dataclass(frozen=True, slots=True)
class Evidence:
    """The likelihood is below 1, and 0 where two tips share nothing; the balance is that of `duplicates_balance`."""

    likelihood: float
    balance: float
    covered: float
    """The share of the one tip that the other says as well; of the two, the greater."""
    apart: str | None = None
    """What sets the two apart; None where it was not asked."""


def evidence(a: Profile, b: Profile) -> Evidence:
    """What speaks for the same advice. What only speaks against it, and costs most, is asked where it could tell."""
    covered = _both_covered(a, b)
    if covered[1] < _LITTLE:
        return Evidence(_UNLIKELY * covered[1], 0.0, covered[1])
    found = speaking_for(a, b, covered)
    weights = _weights()
    told = weights["start"] + fsum(weights[name] * value for name, value in found.items())
    apart = told_apart(a, b) if told > _HOPELESS else None
    if apart is not None:
        told += fsum(weights[name] * value for name, value in speaking_against(a, b, apart).items())
    return Evidence(1 / (1 + exp(-told)), found["balance"], found["more covered"], apart)


def speaking_for(a: Profile, b: Profile, covered: tuple[float, float] | None = None) -> dict[str, float]:
    """The measures of what two tips share, by the names that the weights have."""
    less, more = covered or _both_covered(a, b)
    same, ours, theirs = numbers(a, b)
    return {
        "balance": score(a, b),
        "less covered": less,
        "more covered": more,
        "letters": fuzz.token_set_ratio(a.stems, b.stems) / 100 if a.stems and b.stems else 0.0,
        "length": log(len(a.weights) * len(b.weights) + 1),
        "shared numbers": min(same, _MOST_NUMBERS),
        "other numbers": 0 if same else min(ours + theirs, _MOST_NUMBERS),
        "recast": is_recast(a, b),
    }


def speaking_against(a: Profile, b: Profile, apart: str) -> dict[str, float]:
    """The measures that can only make the same advice less likely; `apart` is what sets the two apart, if anything."""
    return {"frame": frame(a, b), "same opening": opens_alike(a, b), "told apart": bool(apart)}


@cache
def _weights() -> dict[str, float]:
    lines = (line.rsplit(" ", 1) for line in groups("duplicates/weights")["weights"])
    return {name.strip(): float(weight) for name, weight in lines}


def _both_covered(a: Profile, b: Profile) -> tuple[float, float]:
    """How much of each tip the other says, the lesser first."""
    ours, theirs = _covered(a, b), _covered(b, a)
    return min(ours, theirs), max(ours, theirs)


def _covered(one: Profile, other: Profile) -> float:
    """The share of a tip's weight that the other tip says in the same or in another word; 0 for a tip of no words."""
    told = fsum(weight * said(concept, one, other) for concept, weight in one.weights.items())
    return told / fsum(one.weights.values()) if told else 0.0


def said(concept: str, one: Profile, other: Profile) -> float:
    """How far the other tip says a concept of the one: 1 in the same word, less in another, 0 not at all."""
    if concept in other.weights:
        return 1.0
    if is_echoed(concept, one, other):
        return RELATED
    near = nearness(one.shown[concept])
    return max((near[base] for base in near.keys() & other.bases), default=0.0)
