"""Two tips that are one sentence with other words in it: 'store flour / coffee in an airtight container'.

Whoever says the same again says it in another frame; whoever keeps the frame means the other words.
"""

from rapidfuzz.distance import LCSseq

from pipeline.derive.duplicates_profile import Profile
from pipeline.derive.duplicates_related import related
from pipeline.derive.lexicon_files import words

FRAME = 0.45
"""The share of words in one order from which on two tips have the same frame."""
_REFILLED, _WORD_FOR_WORD = 0.5, 0.7
_OF_A_LENGTH = 0.6


def frame(a: Profile, b: Profile) -> float:
    """The share of the shorter tip's words that the other has in the same order; 0 where the other is much longer."""
    shorter, longer = sorted((a.plain.split(), b.plain.split()), key=len)
    if len(shorter) < _OF_A_LENGTH * len(longer):
        return 0.0
    return LCSseq.similarity(shorter, longer) / max(1, len(shorter))


def opens_alike(a: Profile, b: Profile) -> bool:
    """Whether both open with the same word: a list's next item opens as the last one did, a retelling seldom does."""
    return bool(a.plain) and a.plain.partition(" ")[0] == b.plain.partition(" ")[0]


def is_recast(a: Profile, b: Profile) -> bool:
    """Whether the one takes more sentences than the other: who fills a frame anew keeps to its sentences."""
    return _sentences(a) != _sentences(b)


def _sentences(one: Profile) -> int:
    return one.reading.words[-1].sentence if one.reading.words else 0


def is_refilled(a: Profile, b: Profile) -> bool:
    """Whether each has a word of its own, in one frame, that the other does not say in another word.

    Small words count: 'prune while they flower' and 'prune after they flower' are two orders.
    """
    return frame(a, b) >= _REFILLED and all(_fillings(a, b))


def is_exchanged(a: Profile, b: Profile) -> bool:
    """Whether the two are the same word for word, but for one word that each has for itself."""
    if frame(a, b) < _WORD_FOR_WORD or bool(a.reading.negators) != bool(b.reading.negators):
        return False
    ours, theirs = _fillings(a, b)
    return len(ours) == len(theirs) == 1


def _fillings(a: Profile, b: Profile) -> tuple[set[str], set[str]]:
    """The words that only the one or the other has, and that the other does not say in another word."""
    ours, theirs = _own_words(a, b), _own_words(b, a)
    return _unsaid(ours, theirs, b), _unsaid(theirs, ours, a)


def _unsaid(told: set[str], own: set[str], other: Profile) -> set[str]:
    """Of the words told, those that the other tip has no word for; small words answer to its own words alone."""
    all_words = {word.lower for word in other.reading.words if word.is_content}
    small = words("guard/words", "function")
    return {
        word for word in told if not any(related(word, each) for each in (own if word in small else own | all_words))
    }


def is_denied(a: Profile, b: Profile) -> bool:
    """Whether, in one frame, the one denies and the other does not: 'it may be used', 'it should not be used'."""
    return frame(a, b) >= FRAME and bool(a.reading.negators) != bool(b.reading.negators)


def _own_words(one: Profile, other: Profile) -> set[str]:
    """The words that only the one has, but for the numbers of both and words that tell nothing."""
    both = [q for q in one.quantities if any(q.meets(told) for told in other.quantities)]
    counted = {i for q in both for i in range(q.first, q.last)}
    theirs = {word.concept for word in other.reading.words}
    return {
        word.lower
        for i, word in enumerate(one.reading.words)
        if word.is_word and i not in counted and word.concept not in theirs and word.lower not in _neutral()
    }


def _neutral() -> frozenset[str]:
    return words("guard/grammar", "neutral")
