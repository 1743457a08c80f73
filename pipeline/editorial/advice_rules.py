"""Which tips give the same advice, as derive's duplicates see it: what keeps one piece of advice from going out twice.

Only what is sure counts (`Likeness.SAME`): a pair that is possibly the same was shown to a person at its review.
"""

from collections.abc import Mapping
from functools import lru_cache

from pipeline.derive.duplicates import Library
from pipeline.derive.model import Likeness

_LIKEST = 20  # as many as the library proposes for one tip


@lru_cache(maxsize=16)  # a queue is looked at far more often than it changes
def same_advice(texts: tuple[tuple[int, str], ...]) -> Mapping[int, frozenset[int]]:
    """For each tip, by number, the others that give the same advice; tips that stand alone are not in it."""
    library: Library[int] = Library()
    for tip_id, text in texts:
        library.add(tip_id, text)
    found: dict[int, set[int]] = {}
    for tip_id, text in texts:
        for other, comparison in library.likest(text, limit=_LIKEST):
            if other != tip_id and comparison.verdict is Likeness.SAME:
                found.setdefault(tip_id, set()).add(other)
                found.setdefault(other, set()).add(tip_id)
    return {tip_id: frozenset(others) for tip_id, others in found.items()}
