"""A document's versions: storing one, and what follows for the tips that rested on another, or on a file now gone.

Approved and queued tips whose words are gone go back to review, out of the queue and out of issues not yet sent. What
readers have stays, and is listed for a correction. A further source that says it no longer is no source any more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from pipeline.audit import actions as audit
from pipeline.documents.model import Document as ReadDocument
from pipeline.editorial.actions.lifecycle import TipBeingSentError, locked_newsletter, locked_tip, reason_given
from pipeline.editorial.actions.tips import record_approval, send_back
from pipeline.editorial.changed_sources import SourceChange, changes_of, holds, open_changes
from pipeline.editorial.models import Document, Newsletter, Provenance, Review, Tip
from pipeline.editorial.revisions import current_revision
from pipeline.editorial.tip_rules import TipEvent, TipState, allows
from pipeline.editorial.wording_rules import one_line
from pipeline.errors import TipsheetError


class NothingToKeepError(TipsheetError):
    """A tip's source did not change, or readers do not have the tip."""


@dataclass(frozen=True, slots=True)
class Unsettled:
    """The numbers of the tips that rest on words which are gone: those that went back to review, those that readers
    have (or are being sent now), and those that nobody had approved yet.
    """

    sent_back: tuple[int, ...] = ()
    to_correct: tuple[int, ...] = ()
    undecided: tuple[int, ...] = ()


def store_document(*, document: ReadDocument, location: str, now: datetime, actor: str) -> Document:
    """The document as the current version at its location; a version that was there before is taken up again."""
    stored, is_new = Document.objects.get_or_create(
        sha256=document.sha256,
        extractor=document.extractor,
        location=location,
        defaults={
            "name": document.name[:255],
            "media_type": document.media_type,
            "title": one_line(document.title, 300),
            "canonical_sha256": document.canonical_sha256,
            "text": document.text,
            "ingested_at": now,
        },
    )
    if stored.current_since is None or stored.gone_at is not None:
        Document.objects.filter(location=location).exclude(pk=stored.pk).update(current_since=None)
        stored.current_since, stored.gone_at = stored.current_since or now, None
        stored.save(update_fields=["current_since", "gone_at"])
        _log("document.ingested" if is_new else "document.returned", stored, now=now, actor=actor)
    return stored


def settle(*, newsletter: Newsletter, document: Document, now: datetime, actor: str) -> Unsettled:
    """Do what follows for the newsletter's tips from the current version at the document's location."""
    _drop_corroborations(newsletter, document, now=now, actor=actor)
    changes = open_changes(newsletter, location=document.location)
    states = dict(Tip.objects.filter(pk__in=changes).values_list("pk", "state"))
    back: list[int] = []
    correct: list[int] = []
    undecided: list[int] = []
    for tip_id in sorted(changes):
        state = TipState(states[tip_id])
        if not allows(state, TipEvent.SEND_BACK):
            (correct if state is TipState.PUBLISHED else undecided).append(tip_id)
        elif _sent_back(tip_id, changes[tip_id], now=now, actor=actor):
            back.append(tip_id)
        else:
            correct.append(tip_id)
    return Unsettled(tuple(back), tuple(correct), tuple(undecided))


def follow_moves(
    *, location: str, document: ReadDocument, is_there: Callable[[str], bool], now: datetime, actor: str
) -> None:
    """If these very bytes stood at a location where no file is any more, the document was moved: it keeps its past."""
    with transaction.atomic():
        if Document.objects.filter(location=location).exists():
            return
        known = Document.objects.filter(sha256=document.sha256, current_since__isnull=False).order_by("pk")
        moved = next((each for each in known if not is_there(each.location)), None)
        if moved is not None:
            Document.objects.filter(location=moved.location).update(location=location)
            _log("document.moved", moved, now=now, actor=actor, to=location)


def note_gone(*, newsletter: Newsletter, location: str, now: datetime, actor: str) -> Unsettled:
    """The document's file is not there any more: do what follows for the tips that rest on it."""
    with transaction.atomic():
        locked_newsletter(newsletter_id=newsletter.pk)
        document = Document.objects.get(location=location, current_since__isnull=False)
        if document.gone_at is None:
            document.gone_at = now
            document.save(update_fields=["gone_at"])
            _log("document.gone", document, now=now, actor=actor)
        return settle(newsletter=newsletter, document=document, now=now, actor=actor)


def keep(*, tip_id: int, reason: str, now: datetime, actor: str) -> Review:
    """Decide, in the actor's name, that a published tip still stands though its source changed.

    Raises NothingToKeepError, MissingReasonError, and what an approval raises but for the guard, which the reason
    overrules.
    """
    reason = reason_given(reason=reason, what="keeping a tip as it is")
    with transaction.atomic():
        tip = locked_tip(tip_id=tip_id)
        revision = current_revision(tip)
        if tip.state != TipState.PUBLISHED or not changes_of(revision):
            raise NothingToKeepError(f"Tip {tip_id} needs no correction. See: run.py tips list --needs-correction")
        review = record_approval(revision=revision, now=now, actor=actor, override_reason=reason)
        review.reason = reason
        review.save(update_fields=["reason"])
        audit.record(
            now=now, actor=actor, action="tip.kept", subject_kind="tip", subject_id=tip.pk,
            hash_after=revision.content_hash, reason=reason,
        )  # fmt: skip
    return review


def _sent_back(tip_id: int, changes: list[SourceChange], *, now: datetime, actor: str) -> bool:
    try:
        send_back(tip_id=tip_id, reason=f"its source {changes[0]}", now=now, actor=actor)
    except TipBeingSentError:
        return False  # its issue is on its way: there is nothing left to hold back
    return True


def _drop_corroborations(newsletter: Newsletter, current: Document, *, now: datetime, actor: str) -> None:
    """Forget further sources at the location whose words the current version does not hold."""
    stored = Provenance.objects.filter(
        corroborates=True, document__location=current.location, revision__tip__newsletter=newsletter
    )
    for row in stored.select_related("revision").order_by("pk"):
        if current.gone_at is not None or not holds(current.text, row.quote):
            audit.record(
                now=now, actor=actor, action="tip.corroboration_lost", subject_kind="tip",
                subject_id=row.revision.tip_id, document=row.document_id, start=row.start, end=row.end,
            )  # fmt: skip
            row.delete()


def _log(action: str, document: Document, *, now: datetime, actor: str, **detail: str) -> None:
    audit.record(
        now=now, actor=actor, action=action, subject_kind="document", subject_id=document.pk,
        hash_after=document.sha256, **detail,
    )  # fmt: skip
