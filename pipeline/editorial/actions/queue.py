"""The queue's order, and who is in it. Places are counted from 1, as a person sees them.

A higher priority stands before a lower one, whatever is moved by hand: within a priority the hand decides.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from pipeline.audit import actions as audit
from pipeline.editorial.actions.lifecycle import locked_newsletter, locked_tip, move_tip
from pipeline.editorial.models import QueueEntry, Tip
from pipeline.editorial.queries import local_day
from pipeline.editorial.queue_rules import PRIORITIES, in_words
from pipeline.editorial.revisions import approved_revision, current_revision
from pipeline.editorial.tip_rules import TipEvent
from pipeline.errors import TipsheetError


class NotInQueueError(TipsheetError):
    """The tip has no place in the queue."""


class LastDayPassedError(TipsheetError):
    """The tip's last day is over, so that it could never go out."""


class PriorityError(TipsheetError):
    """There is no such priority."""


def enqueue(*, tip_id: int, now: datetime, actor: str) -> QueueEntry:
    """Put an approved tip at the end of its newsletter's queue.

    Raises NotApprovedError, TransitionRefusedError, LastDayPassedError.
    """
    with transaction.atomic():
        tip = locked_tip(tip_id=tip_id)
        move_tip(tip=tip, event=TipEvent.ENQUEUE, now=now, actor=actor)
        revision = approved_revision(tip)
        if revision.not_after and revision.not_after < local_day(tip.newsletter, now):
            raise LastDayPassedError(
                f"The last day of tip {tip_id} was {in_words(revision.not_after)}: it could not go out any more. Give "
                "it a later last day, then approve it."
            )
        highest = _entries(tip.newsletter_id).aggregate(last=Max("position"))["last"] or 0
        return QueueEntry.objects.create(tip=tip, position=highest + 1, queued_at=now)


def move(*, tip_id: int, to_place: int, now: datetime, actor: str) -> int:
    """Move the tip to a place in the queue; beyond the end is the end. Gives the place that it has now: tips of a
    higher priority stay before it, and those of a lower one behind.
    """
    with transaction.atomic():
        entry = _entry(tip_id=tip_id)
        order = [other.tip_id for other in _entries(entry.tip.newsletter_id)]
        before = order.index(tip_id) + 1
        order.remove(tip_id)
        order.insert(min(max(to_place, 1) - 1, len(order)), tip_id)
        reorder(newsletter_id=entry.tip.newsletter_id, tip_ids=order)
        place = _place_of(entry)
        if place != before:
            _log("queue.moved", tip_id, now=now, actor=actor, before=before, after=place)
    return place


def prioritise(*, tip_id: int, priority: int, now: datetime, actor: str) -> int:
    """Give the tip another priority (see `PRIORITIES`); it stands behind those that have it already. Gives its place.

    Raises PriorityError, NotInQueueError.
    """
    if priority not in PRIORITIES:
        raise PriorityError(f"There is no priority {priority}. Use {', '.join(map(str, PRIORITIES))}.")
    with transaction.atomic():
        entry = _entry(tip_id=tip_id)
        if entry.priority != priority:
            order = [other.tip_id for other in _entries(entry.tip.newsletter_id) if other.tip_id != tip_id]
            entry.priority = priority
            entry.save(update_fields=["priority"])
            reorder(newsletter_id=entry.tip.newsletter_id, tip_ids=[*order, tip_id])
            _log("queue.prioritised", tip_id, now=now, actor=actor, priority=PRIORITIES[priority])
        return _place_of(entry)


def expire(*, newsletter_id: int, today: date, now: datetime, actor: str) -> list[int]:
    """Take the tips from the queue whose last day lies before `today` (the newsletter's own); their numbers.

    They stay approved: with a later last day, which is a new revision, a tip can be queued again.
    """
    with transaction.atomic():
        locked_newsletter(newsletter_id=newsletter_id)
        over = _entries(newsletter_id).filter(tip__revision__not_after__lt=today).select_related("tip__revision")
        expired = []
        for entry in list(over):
            tip, last_day = entry.tip, current_revision(entry.tip).not_after
            entry.delete()
            reason = f"its last day was {last_day:%Y-%m-%d}"
            move_tip(tip=tip, event=TipEvent.EXPIRE, now=now, actor=actor, reason=reason)
            expired.append(tip.pk)
    return expired


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
    return QueueEntry.objects.filter(tip__newsletter_id=newsletter_id).order_by("-priority", "position", "pk")


def _place_of(entry: QueueEntry) -> int:
    order = _entries(entry.tip.newsletter_id).values_list("tip_id", flat=True)
    return list(order).index(entry.tip_id) + 1


def _log(action: str, tip_id: int, *, now: datetime, actor: str, **detail: Any) -> None:
    audit.record(now=now, actor=actor, action=action, subject_kind="tip", subject_id=tip_id, **detail)
