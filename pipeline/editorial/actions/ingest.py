"""Taking tips in: derived candidates with their document, and tips written by hand. One file is one transaction.

The same thing handed in twice changes nothing; changed words make a new revision. What is known already is told by a
key: for a hand-written tip its file (and in a CSV its title), for a derived one the very words that it was made from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from pipeline.derive.model import Candidate, Likeness, Source
from pipeline.documents.model import Document as ReadDocument
from pipeline.editorial.actions.lifecycle import TipBeingSentError, locked_newsletter
from pipeline.editorial.actions.revise import Derivation, Passage, add_corroboration, create_tip, revise
from pipeline.editorial.actions.sources import Unsettled, settle, store_document
from pipeline.editorial.hashing import handed_in_hash, text_hash
from pipeline.editorial.library import Alike, Library
from pipeline.editorial.models import Document, Newsletter, Provenance, Tip, TipOrigin
from pipeline.editorial.tip_files import WrittenTip
from pipeline.editorial.tip_rules import TipEvent, TipState, allows
from pipeline.editorial.wording_rules import LIMITS, Wording, cleaned, one_line


class Outcome(StrEnum):
    """What became of a tip that was handed in."""

    ADDED = "added"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class IngestedTip:
    """`tip_id` is the new tip, or the one that stands for what was handed in; `note` says what a person should know."""

    tip_id: int
    title: str
    outcome: Outcome
    note: str = ""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one file or address gave. `unsettled` are tips whose source changed under them."""

    location: str
    tips: tuple[IngestedTip, ...] = ()
    unsettled: Unsettled = field(default_factory=Unsettled)

    def count(self, outcome: Outcome) -> int:
        return sum(tip.outcome is outcome for tip in self.tips)


def ingest_handwritten(
    *,
    newsletter: Newsletter,
    location: str,
    tips: Sequence[WrittenTip],
    now: datetime,
    actor: str,
    library: Library | None = None,
) -> IngestReport:
    """Take in the tips of one hand-written file, as drafts; all of them, or none if one cannot be kept.

    `location` is the file's path as the workspace names it, by which a later version is recognised.
    """
    with transaction.atomic():
        locked_newsletter(newsletter_id=newsletter.pk)
        library = library or Library.of(newsletter)
        done = [_take_written(newsletter, f"file:{location}", tip, library, now=now, actor=actor) for tip in tips]
    return IngestReport(location, tuple(done))


def ingest_candidates(
    *,
    newsletter: Newsletter,
    document: ReadDocument,
    location: str,
    candidates: Sequence[Candidate],
    now: datetime,
    actor: str,
    library: Library | None = None,
) -> IngestReport:
    """Take in a document and those of the candidates that stand in it, as drafts.

    `candidates` may be of several documents that were derived from together: each document's turn takes its own, and
    notes it as a further source where another's tip says the same. A candidate whose advice the library holds already
    is not added again either. Tips that rest on an earlier version of the document, with words that are gone from
    this one, go back to review.
    """
    with transaction.atomic():
        locked_newsletter(newsletter_id=newsletter.pk)
        stored = store_document(document=document, location=location, now=now, actor=actor)
        unsettled = settle(newsletter=newsletter, document=stored, now=now, actor=actor)
        library = library or Library.of(newsletter)
        done = []
        for candidate in candidates:
            if candidate.source.sha256 == document.sha256:
                done.append(_take_candidate(newsletter, candidate, library, now=now, actor=actor))
            elif any(source.sha256 == document.sha256 for source in candidate.also):
                done += _note_sources(newsletter, candidate, now=now, actor=actor)
    return IngestReport(location, tuple(done), unsettled)


def is_taken_in(*, newsletter: Newsletter, document: ReadDocument, location: str) -> bool:
    """Whether this very document, read by this very reader, gave this newsletter tips already, and none has come in
    its place since.
    """
    return Provenance.objects.filter(
        document__current_since__isnull=False,
        document__gone_at__isnull=True,
        document__sha256=document.sha256,
        document__extractor=document.extractor,
        document__location=location,
        revision__tip__newsletter=newsletter,
    ).exists()


def _take_written(
    newsletter: Newsletter, place: str, written: WrittenTip, library: Library, *, now: datetime, actor: str
) -> IngestedTip:
    wording = cleaned(written.wording)
    key = _key(place, written.name)
    handed_in = handed_in_hash(wording)
    tip = Tip.objects.select_related("revision").filter(newsletter=newsletter, ingest_key=key).first()
    if tip:
        return _take_again(tip, wording, handed_in, now=now, actor=actor)
    twin = library.same_text(wording.text)
    if twin:
        return IngestedTip(twin, wording.title, Outcome.DUPLICATE, f"tip {twin} has the same text")
    alike = library.compare(wording.text)
    flags = _duplicate_flags(alike)
    tip = create_tip(
        newsletter=newsletter, origin=TipOrigin.HANDWRITTEN, wording=wording, now=now, actor=actor,
        derivation=Derivation(flags=flags), ingest_key=key, ingest_hash=handed_in,
    )  # fmt: skip
    library.add(tip.pk, wording.text)
    return IngestedTip(tip.pk, wording.title, Outcome.ADDED, "; ".join(flags))


def _take_again(tip: Tip, wording: Wording, handed_in: str, *, now: datetime, actor: str) -> IngestedTip:
    if tip.ingest_hash == handed_in:
        return IngestedTip(tip.pk, wording.title, Outcome.UNCHANGED)
    if not allows(TipState(tip.state), TipEvent.REVISE):
        note = f"it is {TipState(tip.state).label}, so that its new words were not taken; write them as a new tip"
        return IngestedTip(tip.pk, wording.title, Outcome.KEPT, note)
    before = tip.revision_id
    try:
        revised = revise(tip_id=tip.pk, wording=wording, now=now, actor=actor)
    except TipBeingSentError as error:
        return IngestedTip(tip.pk, wording.title, Outcome.KEPT, str(error))
    Tip.objects.filter(pk=tip.pk).update(ingest_hash=handed_in)
    if revised.revision_id == before:
        return IngestedTip(tip.pk, wording.title, Outcome.UNCHANGED)
    return IngestedTip(tip.pk, wording.title, Outcome.REVISED, f"it is {TipState(revised.state).label} now")


def _take_candidate(
    newsletter: Newsletter, candidate: Candidate, library: Library, *, now: datetime, actor: str
) -> IngestedTip:
    passage = _passage(candidate.source)
    if passage is None:
        raise AssertionError(f"{candidate.source.document} was not stored before its candidates")
    known = _known_by_words(newsletter, candidate)
    alike = None if known else library.compare(candidate.text)
    if alike and alike.likeness is Likeness.SAME:
        known = Tip.objects.get(pk=alike.tip_id)
    if known:
        return _corroborate(known, candidate, now=now, actor=actor)
    flags = (*candidate.flags, *_duplicate_flags(alike), *_conflict_flags(candidate, library))
    tip = create_tip(
        newsletter=newsletter, origin=TipOrigin.DERIVED, now=now, actor=actor, ingest_key=_span_key(candidate),
        wording=_wording(candidate), passages=[passage],
        derivation=Derivation(candidate.score, flags, candidate.edits),
    )  # fmt: skip
    _corroborate(tip, candidate, now=now, actor=actor)
    library.add(tip.pk, candidate.text)
    return IngestedTip(tip.pk, candidate.title, Outcome.ADDED, "; ".join(flags))


def _wording(candidate: Candidate) -> Wording:
    """The candidate's words; a document's odd characters are no reason to refuse the tip."""
    title = one_line(candidate.title, LIMITS["title"])
    return Wording(title=title, text=candidate.text, topic=one_line(candidate.topic, LIMITS["topic"]))


def _note_sources(newsletter: Newsletter, candidate: Candidate, *, now: datetime, actor: str) -> list[IngestedTip]:
    known = _known_by_words(newsletter, candidate)
    return [_corroborate(known, candidate, now=now, actor=actor)] if known else []


def _corroborate(tip: Tip, candidate: Candidate, *, now: datetime, actor: str) -> IngestedTip:
    """Note each source of the candidate that is in a stored document with the tip that says the same."""
    passages = [_passage(source) for source in (candidate.source, *candidate.also)]
    gained = [add_corroboration(tip=tip, passage=passage, now=now, actor=actor) for passage in passages if passage]
    if any(gained):
        note = f"tip {tip.pk} says it already; the source was noted there"
        return IngestedTip(tip.pk, candidate.title, Outcome.DUPLICATE, note)
    return IngestedTip(tip.pk, candidate.title, Outcome.UNCHANGED)


def _known_by_words(newsletter: Newsletter, candidate: Candidate) -> Tip | None:
    return Tip.objects.filter(newsletter=newsletter, ingest_key=_span_key(candidate)).first()


def _span_key(candidate: Candidate) -> str:
    return f"span:{text_hash(candidate.source.quote)}"


def _duplicate_flags(alike: Alike | None) -> tuple[str, ...]:
    return (f"possible duplicate of tip {alike.tip_id}: {alike.reason}",) if alike else ()


def _conflict_flags(candidate: Candidate, library: Library) -> list[str]:
    """Where a tip that was taken in before says something else, both sides; one run's documents are heard by derive."""
    if any(flag.startswith("sources disagree") for flag in candidate.flags):
        return []
    place = f"{candidate.source.document}, {candidate.source.start}–{candidate.source.end}"
    return [
        f"sources disagree: “{found.source_words}” ({place}) against “{found.text_words}” (tip {tip_id})"
        for tip_id, found in library.disagreeing(candidate.text)
    ]


def _passage(source: Source) -> Passage | None:
    """The source in a stored document; None if that document was not taken in (yet)."""
    document = (
        Document.objects.filter(sha256=source.sha256, canonical_sha256=source.canonical_sha256).order_by("pk").last()
    )
    if document is None:
        return None
    return Passage(document, source.heading_path, source.start, source.end, source.quote)


def _key(place: str, name: str) -> str:
    """A key of at most 300 characters that no two places share; readable, as far as it fits."""
    key = f"{place}#{name}" if name else place
    return key if len(key) <= 200 else f"{key[:120]}…{text_hash(place, name)}"
