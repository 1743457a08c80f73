"""A tip as the duplicate check sees it: weighted concepts, numbers, and what stands under a negation."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.derive.guard_negation import state
from pipeline.derive.guard_polarity import Polarity
from pipeline.derive.guard_quantity import Quantity
from pipeline.derive.guard_reading import Reading, reading
from pipeline.derive.lexicon_files import groups, words, words_in_order
from pipeline.derive.normalise import Word, concept_of, is_plain

_KEPT = 512  # profiles, of texts of at most so many characters
_KEPT_CHARACTERS = 600


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
    act: str


def profile(text: str) -> Profile:
    """The text's profile; that of a sentence or a tip is kept, since it is compared with many others."""
    return _kept(text) if len(text) <= _KEPT_CHARACTERS else _profile(text)


def _profile(text: str) -> Profile:
    one = reading(text)
    weights: dict[str, float] = {}
    order: dict[str, int] = {}
    shown: dict[str, str] = {}
    polarity: dict[str, Polarity] = {}
    for index, state_here in _telling(one):
        word = one.words[index]
        weights[word.concept] = max(weights.get(word.concept, 0.0), _weight(word))
        order.setdefault(word.concept, index)
        shown.setdefault(word.concept, word.lower)
        polarity[word.concept] = _joined(polarity.get(word.concept), state_here)
    lowers = [word.lower for word in one.words if word.is_word]
    return Profile(
        " ".join(lowers),
        " ".join(sorted({one.words[index].stem for index in one.matter})),
        frozenset(word.stem for word in one.words if word.is_word),
        weights,
        order,
        shown,
        polarity,
        one.quantities,
        one,
        bool(set(lowers) & words("guard/negation", "harm")),
        _act(one),
    )


_kept = lru_cache(maxsize=_KEPT)(_profile)


def _telling(one: Reading) -> Iterator[tuple[int, Polarity]]:
    """The words of substance that are no negators themselves, each with its polarity."""
    starts = {i for negator in one.negators for i in range(negator.start, negator.end)}
    keepers = words("guard/grammar", "keeps off")
    kept_apart = {i for n in one.negators if one.words[n.start].lower in keepers for i in n.scope}
    for index in one.matter:
        if index not in starts:  # 'keep apples away from onions' refuses neither
            yield index, Polarity.MAYBE if index in kept_apart else state(one, index)


def _act(one: Reading) -> str:
    """The concept of the verb that a tip opens with; '' where it opens with no act of note."""
    first = next((word for word in one.words if word.is_word), None)
    known = first is not None and first.is_content and not is_plain(first) and first.lower in _acts()
    return first.concept if known and first is not None else ""


@cache
def alone(concept: str) -> float:
    """How much a concept counts that only one of two tips has: verbs are easily exchanged, rare words are not."""
    return 0.55 if concept in _act_concepts() else 1.0 if concept in _known() else 1.15


@cache
def _act_concepts() -> frozenset[str]:
    return frozenset(concept_of(word) for word in _acts())


@cache
def _known() -> frozenset[str]:
    return frozenset(concept_of(word) for line in words_in_order("guard/synonyms") for word in line.split())


@cache
def _acts() -> frozenset[str]:
    """The words that ask for something to be done."""
    return frozenset(word for line in groups("guard/synonyms")["doing"] for word in line.split())


def _joined(before: Polarity | None, now: Polarity) -> Polarity:
    """A word that stands in both states is uncertain."""
    return now if before is None or before is now else Polarity.MAYBE


def _weight(word: Word) -> float:
    """Words that any tip may hold weigh little; longer words are rarer, and weigh more."""
    base = 0.25 if is_plain(word) else 1.0
    return base * (0.75 + min(len(word.lower), 10) / 20)
