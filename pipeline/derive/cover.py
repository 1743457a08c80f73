"""Of stretches that overlap, those that are worth most together: weighted interval scheduling.

Kleinberg and Tardos, *Algorithm Design* (2005), section 6.1.
"""

from collections.abc import Iterable
from typing import Protocol, TypeVar

_MORE = 1e-9  # by which another stretch must be worth more to go before an earlier one


class Stretch(Protocol):
    """From one place up to and with another."""

    first: int
    last: int


T = TypeVar("T", bound=Stretch)


def best_cover(stretches: Iterable[tuple[T, float]], places: int) -> list[T]:
    """The stretches, none overlapping, of the greatest worth in all, in order; of equals the one that came first.

    `stretches` are given with what each is worth, `places` is how many places there are. A place may stay uncovered.
    """
    ending: list[list[tuple[T, float]]] = [[] for _ in range(places)]
    for stretch, own in stretches:
        ending[stretch.last].append((stretch, own))
    worth = [0.0]
    taken: list[T | None] = []
    for last in range(places):
        best, choice = worth[last], None
        for stretch, own in ending[last]:
            value = worth[stretch.first] + own
            if value > best + _MORE:
                best, choice = value, stretch
        worth.append(best)
        taken.append(choice)
    chosen: list[T] = []
    last = places - 1
    while last >= 0:
        found = taken[last]
        if found is not None:
            chosen.append(found)
        last = last - 1 if found is None else found.first - 1
    return chosen[::-1]
