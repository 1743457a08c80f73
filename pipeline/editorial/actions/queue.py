"""The queue's order, and who is in it. Places are counted from 1, as a person sees them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from pipeline.audit import actions as audit
from pipeline.editorial.actions.lifecycle import locked_newsletter, locked_tip, move_tip
from pipeline.editorial.models import QueueEntry, Tip
from pipeline.editorial.revisions import approved_revision
from pipeline.editorial.tip_rules import TipEvent
from pipeline.errors import TipsheetError


class NotInQueueError(TipsheetError):
    """The tip has no place in the queue."""


def enqueue(*, tip_id: int, now: datetime, actor: str) -> QueueEntry:
    """Put an approved tip at the end of its newsletter's queue. Raises NotApprovedError, TransitionRefusedError."""
    with transaction.atomic():
        tip = locked_tip(tip_id=tip_id)
        move_tip(tip=tip, event=TipEvent.ENQUEUE, now=now, actor=actor)
        approved_revision(tip)
        last = _entries(tip.newsletter_id).last()
        return QueueEntry.objects.create(tip=tip, position=last.position + 1 if last else 1, queued_at=now)


def move(*, tip_id: int, to_place: int, now: datetime, actor: str) -> int:
    """Move the tip to a place in the queue; beyond the end is the end. Gives the place that it has now."""
    with transaction.atomic():
        entry = _entry(tip_id=tip_id)
        order = [other.tip_id for other in _entries(entry.tip.newsletter_id)]
        before = order.index(tip_id) + 1
        order.remove(tip_id)
        order.insert(min(max(to_place, 1) - 1, len(order)), tip_id)
        reorder(newsletter_id=entry.tip.newsletter_id, tip_ids=order)
        place = order.index(tip_id) + 1
        if place != before:
            _log("queue.moved", tip_id, now=now, actor=actor, before=before, after=place)
    return place


def hold(*, tip_id: int, now: datetime, actor: str) -> None:
    """Keep the tip in its place, and out of issues, until it is released."""
    _set_held(tip_id=tip_id, held=True, now=now, actor=actor)


def release(*, tip_id: int, now: datetime, actor: str) -> None:
    """Let a held tip go out again."""
    _set_held(tip_id=tip_id, held=False, now=now, actor=actor)


def drop(*, tip_id: int, now: datetime, actor: str) -> None:
    """Take the tip from the queue; it stays approved, and can be queued again."""
    with transaction.atomic():
        entry = _entry(tip_id=tip_id)
        entry.delete()
        move_tip(tip=locked_tip(tip_id=tip_id), event=TipEvent.DROP, now=now, actor=actor)


def put_back_first(*, tip_ids: list[int], newsletter_id: int, now: datetime) -> None:
    """Give tips that an issue gave up the first places in the queue, in the order given."""
    with transaction.atomic():
        locked_newsletter(newsletter_id=newsletter_id)
        order = [entry.tip_id for entry in _entries(newsletter_id)]
        QueueEntry.objects.bulk_create(QueueEntry(tip_id=tip_id, position=1, queued_at=now) for tip_id in tip_ids)
        reorder(newsletter_id=newsletter_id, tip_ids=[*tip_ids, *order])


def reorder(*, newsletter_id: int, tip_ids: list[int]) -> None:
    """Number the newsletter's queue anew, in the order of `tip_ids`, which names every tip in it."""
    with transaction.atomic():
        places = {tip_id: place for place, tip_id in enumerate(tip_ids, start=1)}
        entries = list(_entries(newsletter_id))
        for entry in entries:
            entry.position = places[entry.tip_id]
        QueueEntry.objects.bulk_update(entries, ["position"], batch_size=500)


def _set_held(*, tip_id: int, held: bool, now: datetime, actor: str) -> None:
    with transaction.atomic():
        entry = _entry(tip_id=tip_id)
        if entry.held != held:
            entry.held = held
            entry.save(update_fields=["held"])
            _log("queue.held" if held else "queue.released", tip_id, now=now, actor=actor)


def _entry(*, tip_id: int) -> QueueEntry:
    tip = locked_tip(tip_id=tip_id)
    entry = QueueEntry.objects.select_related("tip").filter(tip=tip).first()
    if entry is None:
        raise NotInQueueError(_why_not_queued(tip))
    return entry


def _why_not_queued(tip: Tip) -> str:
    place = tip.issue_tips.select_related("issue").order_by("-pk").first()
    if place and tip.state == "queued":
        return (
            f"Tip {tip.pk} is in issue {place.issue.number} already. Swap it there, or cancel that issue, "
            "to have it back in the queue."
        )
    return f"Tip {tip.pk} is {tip.state.replace('_', ' ')}, not in the queue. See: run.py queue list"


def _entries(newsletter_id: int) -> QuerySet[QueueEntry]:
    return QueueEntry.objects.filter(tip__newsletter_id=newsletter_id).order_by("position", "pk")


def _log(action: str, tip_id: int, *, now: datetime, actor: str, **detail: Any) -> None:
    audit.record(now=now, actor=actor, action=action, subject_kind="tip", subject_id=tip_id, **detail)
