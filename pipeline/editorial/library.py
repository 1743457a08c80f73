"""Is this advice known already? A newsletter's tips, published and rejected ones included, to compare new ones with."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import models

from pipeline.derive import duplicates
from pipeline.derive.guard import conflicts
from pipeline.derive.model import Finding, Likeness
from pipeline.editorial.issue_rules import plain_text
from pipeline.editorial.models import Newsletter, TipRevision

_MOST_HEARD = 5


@dataclass(frozen=True, slots=True)
class Alike:
    """A tip of the library that gives the same advice, or perhaps the same."""

    tip_id: int
    likeness: Likeness
    reason: str


@dataclass(slots=True)
class Library:
    """The current words of a newsletter's tips, by the tip's number. One can serve several files that are taken in
    one after the other; after a file that failed it is made anew.
    """

    _tips: duplicates.Library[int] = field(default_factory=duplicates.Library)
    _by_text: dict[str, int] = field(default_factory=dict)
    _texts: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, newsletter: Newsletter) -> "Library":
        library = cls()
        current = TipRevision.objects.filter(tip__newsletter=newsletter, tip__revision_id=models.F("pk"))
        for tip_id, text in current.order_by("tip_id").values_list("tip_id", "text").iterator():
            library.add(tip_id, text)
        return library

    def add(self, tip_id: int, text: str) -> None:
        """Put a tip in, or its new words in the place of the old ones."""
        plain = self._texts[tip_id] = plain_text(text)
        self._tips.add(tip_id, plain)
        self._by_text.setdefault(_normal(text), tip_id)

    def same_text(self, text: str) -> int | None:
        """The tip that has the very same words, case and spacing apart."""
        return self._by_text.get(_normal(text))

    def compare(self, text: str) -> Alike | None:
        """The tip that is most like these words, if one gives the same advice or possibly the same."""
        for tip_id, comparison in self._tips.likest(plain_text(text), limit=1):
            if comparison.verdict is not Likeness.DIFFERENT:
                return Alike(tip_id, comparison.verdict, comparison.reason)
        return None

    def disagreeing(self, text: str) -> Iterator[tuple[int, Finding]]:
        """The tips that are on the same matter and say something else of it: other numbers, or the opposite."""
        plain = plain_text(text)
        for tip_id, comparison in self._tips.likest(plain, limit=_MOST_HEARD):
            found = conflicts(plain, self._texts[tip_id]) if comparison.verdict is Likeness.DIFFERENT else None
            if found is not None:
                yield tip_id, found


def _normal(text: str) -> str:
    return " ".join(plain_text(text).casefold().split())
