"""A tip as the duplicate check sees it: weighted concepts, numbers, and what stands under a negation."""

from dataclasses import dataclass
from functools import cache

from pipeline.derive.guard_numbers import Quantity
from pipeline.derive.guard_reading import Polarity, Reading, reading
from pipeline.derive.lexicon_files import words
from pipeline.derive.normalise import stem


@dataclass(frozen=True, slots=True)
class Profile:
    """`weights` by concept; `order` and `shown` give the concept's first place and letters; `polarity` likewise."""

    plain: str
    stems: str
    stem_set: frozenset[str]
    weights: dict[str, float]
    order: dict[str, int]
    shown: dict[str, str]
    polarity: dict[str, Polarity]
    quantities: tuple[Quantity, ...]
    reading: Reading
    tells_harm: bool


def profile(text: str) -> Profile:
    """The text's profile."""
    one = reading(text)
    weights: dict[str, float] = {}
    order: dict[str, int] = {}
    shown: dict[str, str] = {}
    polarity: dict[str, Polarity] = {}
    starts = {i for negator in one.negators for i in range(negator.start, negator.end)}
    for index in one.matter:
        if index in starts:
            continue
        word = one.words[index]
        weights[word.concept] = max(weights.get(word.concept, 0.0), _weight(word.lower))
        order.setdefault(word.concept, index)
        shown.setdefault(word.concept, word.lower)
        polarity[word.concept] = _joined(polarity.get(word.concept), one.polarity[index])
    lowers = [word.lower for word in one.words if word.is_word]
    stems = [one.words[index].stem for index in one.matter]
    return Profile(
        " ".join(lowers),
        " ".join(sorted(set(stems))),
        frozenset(word.stem for word in one.words if word.is_word),
        weights,
        order,
        shown,
        polarity,
        one.quantities,
        one,
        bool(set(lowers) & words("guard/negation", "harm")),
    )


def _joined(before: Polarity | None, now: Polarity) -> Polarity:
    """A word that stands in both states is uncertain."""
    return now if before is None or before is now else Polarity.MAYBE


@cache
def _light() -> frozenset[str]:
    return frozenset(stem(word) for word in words("guard/plain"))


def _weight(lower: str) -> float:
    """Words that any tip may hold weigh little; longer words are rarer, and weigh more."""
    base = 0.35 if stem(lower) in _light() else 1.0
    return base * (0.75 + min(len(lower), 10) / 20)
