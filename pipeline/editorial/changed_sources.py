"""Which tips rest on words that their document does not hold any more: it came in changed, or its file is gone.

The words of a tip are compared with the document as it is now, white space apart, so that a new line width changes
nothing. A change is open until a person decides on the tip again: approves, corrects or keeps it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import F, Max, Q, QuerySet
from rapidfuzz import fuzz, process

from pipeline.documents.sentences import split
from pipeline.editorial.models import Document, Newsletter, Provenance, TipRevision
from pipeline.editorial.tip_rules import TipState

LIVING = (TipState.DRAFT, TipState.IN_REVIEW, TipState.APPROVED, TipState.QUEUED, TipState.PUBLISHED)
_LEAST_LIKE = 60  # of 100: below it a sentence is another one, not the old one changed


@dataclass(frozen=True, slots=True)
class SourceChange:
    """`quote` stood at `location`; `now` is what stands there in its place, or '' where nothing is like it."""

    location: str
    quote: str
    since: datetime
    is_gone: bool
    now: str = ""

    def __str__(self) -> str:
        if self.is_gone:
            return f"{self.location} is not there any more; it said “{_short(self.quote)}”"
        if self.now:
            return f"{self.location} was changed: “{_short(self.quote)}” is now “{_short(self.now)}”"
        return f"{self.location} was changed and does not say “{_short(self.quote)}” any more"


def changes_of(revision: TipRevision) -> list[SourceChange]:
    """What became of the words that the revision rests on, as far as nobody has decided on it since."""
    return _open(Provenance.objects.filter(revision=revision)).get(revision.tip_id, [])


def agreeing(revision: TipRevision) -> set[str]:
    """The locations of the documents that say what the revision says, without those that do not say so any more."""
    named = set(revision.provenances.values_list("document__location", flat=True))
    return named - {change.location for change in changes_of(revision)}


def open_changes(newsletter: Newsletter, *, location: str | None = None) -> dict[int, list[SourceChange]]:
    """The newsletter's tips, by number, that rest on words which are gone; with `location`, gone from there."""
    found = Provenance.objects.filter(revision__tip__newsletter=newsletter, revision__tip__state__in=LIVING)
    return _open(found if location is None else found.filter(document__location=location))


def needing_correction(newsletter: Newsletter) -> dict[int, list[SourceChange]]:
    """The tips that readers have, and whose source does not say so any more."""
    found = Provenance.objects.filter(revision__tip__newsletter=newsletter, revision__tip__state=TipState.PUBLISHED)
    return _open(found)


def holds(text: str, quote: str) -> bool:
    """Whether the words stand in the text, white space apart."""
    return " ".join(quote.split()) in " ".join(text.split())


def _open(provenances: QuerySet[Provenance]) -> dict[int, list[SourceChange]]:
    rows = (
        provenances.filter(corroborates=False, revision=F("revision__tip__revision"))
        .filter(Q(document__current_since__isnull=True) | Q(document__gone_at__isnull=False))
        .select_related("document", "revision")
        .annotate(decided_at=Max("revision__reviews__decided_at"))
        .order_by("pk")
    )
    found: defaultdict[int, list[SourceChange]] = defaultdict(list)
    current_at = cache(_current)
    for row in rows:
        change = _change(row, current_at(row.document.location))
        if change is not None and (row.decided_at is None or row.decided_at <= change.since):
            found[row.revision.tip_id].append(change)
    return dict(found)


def _current(location: str) -> Document | None:
    return Document.objects.filter(location=location, current_since__isnull=False).first()


def _change(row: Provenance, current: Document | None) -> SourceChange | None:
    if current is None or current.current_since is None:
        return None
    if current.gone_at is not None:
        return SourceChange(current.location, row.quote, current.gone_at, is_gone=True)
    if holds(current.text, row.quote):
        return None
    now = _likest(current.text, row.quote)
    return SourceChange(current.location, row.quote, current.current_since, is_gone=False, now=now)


def _likest(text: str, quote: str) -> str:
    """The run of sentences in the text that is most like the quote, if one is like it at all."""
    spans = split(text, 0, len(text))
    length = max(1, len(split(quote, 0, len(quote))))
    runs = [" ".join(text[a.start : b.end].split()) for a, b in zip(spans, spans[length - 1 :], strict=False)]
    best = process.extractOne(" ".join(quote.split()), runs, scorer=fuzz.ratio, score_cutoff=_LEAST_LIKE)
    return str(best[0]) if best else ""


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 160 else f"{text[:157].rstrip()}…"
