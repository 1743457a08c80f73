"""A tip as the duplicate check sees it: weighted concepts, numbers, and what stands under a negation."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.derive.duplicates_reasons import reasons
from pipeline.derive.duplicates_related import groups_of
from pipeline.derive.guard_negation import state
from pipeline.derive.guard_polarity import Negator, Polarity
from pipeline.derive.guard_quantity import Quantity
from pipeline.derive.guard_reading import Reading, reading
from pipeline.derive.lexicon_files import groups, words, words_in_order
from pipeline.derive.normalise import Word, concept_of, is_plain, stem

_KEPT = 1024  # profiles, of texts of at most so many characters
_KEPT_CHARACTERS = 600
_REASON = 0.5  # what a word in a reason weighs, beside one in the advice itself


@dataclass(frozen=True, slots=True)
class Profile:
    """`weights` by concept; `order` and `shown` give the concept's first place and letters; `polarity` likewise.

    `heads` maps what is negated to the first word that its negator turns round ('do not *prune* roses'). `kinds` are
    the groups of related words that a concept's word stands in, `openings` the stems by their first four letters,
    `bases` the stems of the words as shown. `why` are the places of the words that give a reason.
    """

    plain: str
    stems: str
    stem_set: frozenset[str]
    weights: dict[str, float]
    order: dict[str, int]
    shown: dict[str, str]
    polarity: dict[str, Polarity]
    heads: dict[str, frozenset[str]]
    kinds: dict[str, frozenset[int]]
    all_kinds: frozenset[int]
    openings: dict[str, tuple[str, ...]]
    bases: frozenset[str]
    quantities: tuple[Quantity, ...]
    reading: Reading
    why: frozenset[int]
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
    why = reasons(one)
    for index, state_here in _telling(one):
        word = one.words[index]
        weight = _weight(word) * (_REASON if index in why else 1.0)
        weights[word.concept] = max(weights.get(word.concept, 0.0), weight)
        order.setdefault(word.concept, index)
        shown.setdefault(word.concept, word.lower)
        told = Polarity.MAYBE if index in why else state_here  # 'to stop hiccups' refuses nothing
        polarity[word.concept] = _joined(polarity.get(word.concept), told)
    lowers = [word.lower for word in one.words if word.is_word]
    kinds = {concept: groups_of(word) for concept, word in shown.items()}
    return Profile(
        " ".join(lowers),
        " ".join(sorted({one.words[index].stem for index in one.matter})),
        frozenset(word.stem for word in one.words if word.is_word),
        weights,
        order,
        shown,
        polarity,
        _heads(one),
        kinds,
        frozenset().union(*kinds.values()),
        _openings(shown.values()),
        frozenset(map(stem, shown.values())),
        one.quantities,
        one,
        why,
        bool(set(lowers) & words("guard/negation", "harm")),
        _act(one),
    )


_kept = lru_cache(maxsize=_KEPT)(_profile)


def _telling(one: Reading) -> Iterator[tuple[int, Polarity]]:
    """The words of substance that are no negators themselves, each with its polarity."""
    starts = {i for negator in one.negators for i in _bare(one, negator)}
    keepers = words("guard/grammar", "keeps off")
    kept_apart = {i for n in one.negators if one.words[n.start].lower in keepers for i in n.scope}
    for index in one.matter:
        if index not in starts:  # 'keep apples away from onions' refuses neither
            yield index, Polarity.MAYBE if index in kept_apart else state(one, index)


def _bare(one: Reading, negator: Negator) -> range:
    """The negator's own words; of 'out of the sun' the sun is what is kept out of."""
    return range(negator.start, negator.end - (one.words[negator.start].lower == "out"))


def _openings(told: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """First four letters → the stems that open with them: what may share all but an ending stands together."""
    found: dict[str, list[str]] = {}
    for word in told:
        found.setdefault(stem(word)[:4], []).append(stem(word))
    return {letters: tuple(stems) for letters, stems in found.items()}


def _heads(one: Reading) -> dict[str, frozenset[str]]:
    """What is negated, with the first words of substance under its negators."""
    found: dict[str, set[str]] = {}
    for negator in one.negators:
        concepts = [one.words[i].concept for i in negator.scope if i in one.matter]
        for concept in concepts:
            found.setdefault(concept, set()).add(concepts[0])
    return {concept: frozenset(heads) for concept, heads in found.items()}


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
    exchanged = (word for line in groups("duplicates/related")["doing"] for word in line.split())
    return frozenset(concept_of(word) for word in (*_acts(), *exchanged))


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
