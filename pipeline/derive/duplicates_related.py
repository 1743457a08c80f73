"""Words that two writers choose for one thing ('monitor' and 'screen'), by `lexicons/duplicates/related.txt`.

Looser than a concept: a word may stand in several groups, and being related is not passed on from group to group.
"""

from functools import cache, lru_cache

from pipeline.derive.guard_pair import akin
from pipeline.derive.lexicon_files import words_in_order
from pipeline.derive.normalise import stem


@cache
def _table() -> dict[str, frozenset[int]]:
    """Stem → the groups that it stands in."""
    table: dict[str, set[int]] = {}
    for number, line in enumerate(words_in_order("duplicates/related")):
        for word in line.split():
            table.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in table.items()}


@lru_cache(maxsize=65536)
def groups_of(lower: str) -> frozenset[int]:
    """The groups that a word stands in, whatever its ending."""
    return _table().get(stem(lower), frozenset())


def related(a: str, b: str) -> bool:
    """Whether two words share a group, or differ in their ending alone."""
    return not groups_of(a).isdisjoint(groups_of(b)) or (a[:4] == b[:4] and akin(stem(a), stem(b)))
