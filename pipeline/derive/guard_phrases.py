"""Finds the entries of a word list in a text, the longest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress, count

from pipeline.derive.lexicon_files import groups
from pipeline.derive.normalise import Word, read

STRONG_MARKS = frozenset(".;:!?()[]—–")  # what surely ends a clause


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words `start` up to `end` of a reading that match an entry of a word list; `group` is the entry's group."""

    start: int
    end: int
    group: str
    entry: str


@cache
def _index(lexicon: str, only: tuple[str, ...]) -> dict[str, list[tuple[tuple[str, ...], str, str]]]:
    """First word → entries that open with it, longest first."""
    table: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for group, entries in groups(lexicon).items():
        if only and group not in only:
            continue
        for entry in entries:
            parts = tuple(word.lower for word in read(entry))
            table.setdefault(parts[0], []).append((parts, group, entry))
    for options in table.values():
        options.sort(key=lambda option: -len(option[0]))
    return table


def phrases(found: Sequence[Word], lexicon: str, *only: str) -> list[Phrase]:
    """Where entries of the word list stand, the longest first, none inside another."""
    table = _index(lexicon, only)
    lowers = tuple([word.lower for word in found])
    result, free = [], 0  # up to `free` the words belong to an entry that was found
    for position in compress(count(), map(table.__contains__, lowers)):  # few words open an entry
        if position < free:
            continue
        for parts, group, entry in table[lowers[position]]:
            if lowers[position : position + len(parts)] == parts:
                free = position + len(parts)
                result.append(Phrase(position, free, group, entry))
                break
    return result
