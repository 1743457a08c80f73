"""The pool: of a corpus's windows, those that a selection can come to, so that memory does not grow with the corpus.

A call without a limit takes every good window, so all of them stay. With a limit, only so many can be taken; the pool
then holds a hundred windows for each of them, the best, and none of a section that has more than two for each. Until
it has come to twice that, nothing is left out, and the selection is to the letter that from all of them. Beyond it,
what is lost is a window that stands behind a hundred better ones for each tip asked for; of windows with the very same
words the first stays, and the others are still found as further sources.
"""

from collections import Counter
from dataclasses import dataclass
from math import inf

from pipeline.derive.profile import Profile
from pipeline.derive.selection import rarity_of
from pipeline.derive.windows import Window

_FOR_EACH_TIP = 100
_FROM_A_SECTION = 2
_AT_LEAST = 1000
_COUNTED_AT_ONCE = 10_000  # stems


@dataclass(slots=True)
class Found:
    """A window, the background of its document, and its place among all windows."""

    window: Window
    background: Profile
    document: int
    order: int

    @property
    def section(self) -> tuple[int, str]:
        return self.document, self.window.passage.section.heading


class Pool:
    """Windows as they come, document by document; `rarity` is told by all of them, kept or not."""

    def __init__(self, limit: int | None) -> None:
        self._found: list[Found] = []
        self._counts: Counter[str] = Counter()
        self._uncounted: list[str] = []  # many short counts cost more than their words
        self._seen = 0
        self._from_a_section = _FROM_A_SECTION * (limit or 0)
        self._most = max(_AT_LEAST, _FOR_EACH_TIP * limit) if limit is not None else None
        self._least = -inf  # what a window scores more than, to be among the best

    def add(self, window: Window, background: Profile, document: int) -> None:
        self._uncounted += window.stems
        self._seen += 1
        if len(self._uncounted) > _COUNTED_AT_ONCE:
            self._count()
        if window.score <= self._least:
            return
        self._found.append(Found(window, background, document, self._seen - 1))
        if self._most is not None and len(self._found) >= 2 * self._most:
            self._found = self._best(self._most)
            if len(self._found) == self._most:
                self._least = min(each.window.score for each in self._found)

    def found(self) -> list[Found]:
        """The windows that are left, in reading order."""
        return self._found

    def rarity(self) -> dict[str, float]:
        """How telling a stem is among the windows."""
        self._count()
        return rarity_of(self._counts, self._seen)

    def _count(self) -> None:
        self._counts.update(self._uncounted)
        self._uncounted.clear()

    def _best(self, most: int) -> list[Found]:
        kept: list[Found] = []
        texts: set[str] = set()
        sections: Counter[tuple[int, str]] = Counter()
        for each in sorted(self._found, key=lambda one: (-one.window.score, one.order)):
            if len(kept) == most:
                break
            text = each.window.text
            if text not in texts and sections[each.section] < self._from_a_section:
                texts.add(text)
                sections[each.section] += 1
                kept.append(each)
        return sorted(kept, key=lambda one: one.order)
