"""Which words are opposites, by `lexicons/guard/opposites.txt`, in their stems and in what is compared by them."""

from functools import cache

from pipeline.derive.lexicon_files import groups
from pipeline.derive.normalise import stem


@cache
def opposites_of(base: str) -> frozenset[str]:
    """The stems of a stem's opposites; of a comparative, the opposites' comparatives (thicker: thinner)."""
    found = set(opposites().get(base, frozenset()))
    for prefix in ("un", "dis", "non", "im", "ir", "in"):
        found |= {prefix + base} if len(base) >= 3 else set()
        found |= {base[len(prefix) :]} if base.startswith(prefix) and len(base) >= len(prefix) + 3 else set()
    for ending in ("er", "est"):
        if base.endswith(ending) and len(base) > len(ending) + 2:
            bare = base[: -len(ending)]
            for root in (bare, bare + "e", bare[:-1], bare[:-1] + "y" if bare.endswith("i") else bare):
                found |= {_compared(other, ending) for other in opposites().get(stem(root), frozenset())}
    return frozenset(found)


@cache
def other_states(base: str) -> frozenset[str]:
    """'On' for 'off': opposites that are read only where a text is held to its source."""
    lines = [set(entry.split()) for entry in groups("guard/opposites")["states"]]
    return frozenset().union(*(line - {base} for line in lines if base in line))


def _compared(base: str, ending: str) -> str:
    """easi → easier, thin → thinner: the stem of the comparative."""
    if base.endswith("i"):
        return stem(base + ending)
    double = len(base) > 2 and base[-1] not in "aeiouywx" and base[-2] in "aeiou" and base[-3] not in "aeiou"
    return stem(base + (base[-1] if double else "") + ending)


@cache
def opposites() -> dict[str, frozenset[str]]:
    """Stem → the stems of its opposites."""
    table: dict[str, set[str]] = {}
    for entry in groups("guard/opposites")["pairs"]:
        first, second = (stem(word) for word in entry.split())
        table.setdefault(first, set()).add(second)
        table.setdefault(second, set()).add(first)
    return {word: frozenset(found) for word, found in table.items()}
