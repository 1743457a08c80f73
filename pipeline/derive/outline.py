"""What is kept of a document between the two times that it is gone through, in as few bytes as it takes.

A corpus may hold more documents than the memory; what is held of each is what its sentences are judged by, as two
strings, and where its windows stand, as two numbers each. So nothing is judged again the second time.
"""

from array import array

from pipeline.derive.profile import Profile
from pipeline.documents.model import Span

_PARTED = "\n"
_FOUR_BYTES = "I"


class Outline:
    """A document's names, the stems of its subjects, and the spans of its windows in reading order."""

    __slots__ = ("_ends", "_names", "_starts", "_stems")

    def __init__(self, background: Profile) -> None:
        self._names = _PARTED.join(sorted(background.names))
        self._stems = _PARTED.join(sorted(background.stems()))
        self._starts, self._ends = array(_FOUR_BYTES), array(_FOUR_BYTES)

    @property
    def names(self) -> frozenset[str]:
        """As the profile has them."""
        return frozenset(filter(None, self._names.split(_PARTED)))

    def stems(self) -> frozenset[str]:
        """As the profile has them."""
        return frozenset(filter(None, self._stems.split(_PARTED)))

    def note(self, span: Span) -> None:
        """Keep where a window stands."""
        self._starts.append(span.start)
        self._ends.append(span.end)

    def windows(self) -> frozenset[tuple[int, int]]:
        """Where each window begins and ends."""
        return frozenset(zip(self._starts, self._ends, strict=True))
