"""Is this advice known already? A newsletter's tips, published and rejected ones included, to compare new ones with."""

from dataclasses import dataclass, field

from django.db import models

from pipeline.derive.model import Likeness
from pipeline.editorial.issue_rules import plain_text
from pipeline.editorial.models import Newsletter, TipRevision


@dataclass(frozen=True, slots=True)
class Alike:
    """A tip of the library that gives the same advice, or perhaps the same."""

    tip_id: int
    likeness: Likeness
    reason: str


@dataclass(slots=True)
class Library:
    """The texts of a newsletter's tips, by the tip's number."""

    _by_text: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, newsletter: Newsletter) -> "Library":
        library = cls()
        current = TipRevision.objects.filter(tip__newsletter=newsletter, tip__revision_id=models.F("pk"))
        for tip_id, text in current.order_by("tip_id").values_list("tip_id", "text"):
            library.add(tip_id, text)
        return library

    def add(self, tip_id: int, text: str) -> None:
        self._by_text.setdefault(_normal(text), tip_id)

    def same_text(self, text: str) -> int | None:
        """The tip that has the very same words, case and spacing apart."""
        return self._by_text.get(_normal(text))

    def compare(self, text: str) -> Alike | None:
        """The tip that is most like these words, if one is the same or possibly the same."""
        same = self.same_text(text)
        return Alike(same, Likeness.SAME, "the same text") if same else None


def _normal(text: str) -> str:
    return " ".join(plain_text(text).casefold().split())
