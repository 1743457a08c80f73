"""Things of one kind that never stand for each other ('cats' and 'dogs'), by `lexicons/duplicates/alternatives.txt`."""

from collections.abc import Set
from functools import cache

from pipeline.derive.lexicon_files import words_in_order
from pipeline.derive.normalise import stem


@cache
def _table() -> dict[str, dict[int, int]]:
    """Stem → the kinds that it belongs to, each with the thing that it is there."""
    table: dict[str, dict[int, int]] = {}
    for kind, line in enumerate(words_in_order("duplicates/alternatives")):
        for thing, told in enumerate(line.split()):
            for word in told.split("/"):
                table.setdefault(stem(word), {})[kind] = thing
    return table


def alternatives(left: Set[str], right: Set[str], shared: Set[str]) -> tuple[str, str] | None:
    """The stems of two things of one kind, each named by one side alone; None where both name the same ones.

    Where a word that both have, or that the side has besides, names the other's thing as well, nothing is exchanged.
    """
    ours, theirs, both = _things(left), _things(right), _things(shared)
    for kind in sorted(ours.keys() & theirs.keys()):
        if kind not in both and ours[kind].keys().isdisjoint(theirs[kind]):
            return min(ours[kind].values()), min(theirs[kind].values())
    return None


def _things(stems: Set[str]) -> dict[int, dict[int, str]]:
    """Kind → the things of it that are named, each with the stem that names it."""
    found: dict[int, dict[int, str]] = {}
    for each in sorted(stems):
        for kind, thing in _table().get(each, {}).items():
            found.setdefault(kind, {}).setdefault(thing, each)
    return found
