"""What the scheduler composes: the issue of the coming slot once its lead time has come, and of one that was missed.

Which slot that is, is looked up under the newsletter's lock, so that neither another scheduler nor a change of the
schedule comes between looking and composing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import takewhile

from django.db import transaction
from django.db.models import QuerySet

from pipeline.audit import actions as audit
from pipeline.editorial.actions.issues import compose
from pipeline.editorial.actions.lifecycle import locked_newsletter
from pipeline.editorial.issue_rules import IssueState
from pipeline.editorial.models import Issue, Newsletter, QueueEntry, Schedule
from pipeline.editorial.queries import choosable, policy_of, rules_of
from pipeline.editorial.queue_rules import Verdict, choose
from pipeline.editorial.slots import Slot
from pipeline.editorial.timetable_rules import ONCE
from pipeline.editorial.timetables import free_slots

LOOK_BACK = timedelta(days=370)
BEFORE_UNKNOWN = timedelta(days=7)


def compose_coming(*, newsletter: Newsletter, now: datetime, actor: str) -> Issue | None:
    """The new issue for the next free slot; None before its lead time. Raises as `compose` does."""
    with transaction.atomic():
        lead = timedelta(minutes=locked_newsletter(newsletter_id=newsletter.pk).lead_time_minutes)
        slot = next(free_slots(newsletter, after=now), None)
        if slot is None or slot.at_utc - lead > now:
            return None
        return compose(newsletter=newsletter, slot=slot, now=now, actor=actor)


def compose_missed(*, newsletter: Newsletter, now: datetime, actor: str) -> Issue | None:
    """The new issue for the newest slot that passed without one, after the last issue, though there was something for
    it: tips that waited, or what the rule for a short queue makes of an empty one (tips of long ago, a person).

    However long the sleep, only one: the slots before it are given up, which the audit log says. None where no slot
    was missed. Raises as `compose` does.
    """
    with transaction.atomic():
        locked_newsletter(newsletter_id=newsletter.pk)
        missed = _missed(newsletter, now=now)
        if not missed:
            return None
        *given_up, newest = missed
        issue = compose(newsletter=newsletter, slot=newest, now=now, actor=actor)
        if given_up:
            audit.record(
                now=now, actor=actor, action="schedule.slots_given_up", subject_kind="newsletter",
                subject_id=newsletter.pk, slots=[slot.key for slot in given_up], instead=newest.key,
            )  # fmt: skip
    return issue


def leave_unknown(*, newsletter: Newsletter, since: datetime | None, now: datetime, actor: str) -> list[Slot]:
    """Leave alone, for good, the slots that passed up to `now`: an issue of theirs may be out though the database does
    not know it. Gives, and writes to the audit log, those after the last issue that have none, from a little before
    `since` on: one may have passed while its issue was still to be made.
    """
    with transaction.atomic():
        locked_newsletter(newsletter_id=newsletter.pk)
        issues = Issue.objects.filter(newsletter=newsletter, slot_at__lte=now).exclude(state=IssueState.CANCELLED)
        last = issues.order_by("-slot_at").values_list("slot_at", flat=True).first()
        bounds = [(since or now) - BEFORE_UNKNOWN, now - LOOK_BACK, *([last] if last else [])]
        passed = list(_passed(newsletter, since=max(bounds), now=now))
        Schedule.objects.filter(newsletter=newsletter, starts_at__lt=now).update(starts_at=now)
        if passed:
            audit.record(
                now=now, actor=actor, action="schedule.slots_unknown", subject_kind="newsletter",
                subject_id=newsletter.pk, slots=[slot.key for slot in passed],
            )  # fmt: skip
    return passed


def _passed(newsletter: Newsletter, *, since: datetime, now: datetime) -> Iterator[Slot]:
    """The slots after `since` that passed without an issue."""
    return takewhile(lambda slot: slot.at_utc <= now, free_slots(newsletter, after=since))


def _missed(newsletter: Newsletter, *, now: datetime) -> list[Slot]:
    """The slots that passed without an issue since the last one, if one would have been made for the newest."""
    if rules_of(newsletter).short_queue in {"shorter", "skip"} and not _queue(newsletter).exists():
        return []
    last = Issue.objects.filter(newsletter=newsletter).exclude(state=IssueState.CANCELLED).order_by("-slot_at").first()
    since = max(now - LOOK_BACK, last.slot_at) if last is not None else now - LOOK_BACK
    starts_at = Schedule.objects.get(newsletter=newsletter).starts_at
    passed = _passed(newsletter, since=since, now=now)
    missed = [slot for slot in passed if not slot.key.startswith(ONCE) or slot.at_utc >= starts_at]
    return missed if missed and _had_something(newsletter, missed[-1]) else []


def _queue(newsletter: Newsletter) -> QuerySet[QueueEntry]:
    return QueueEntry.objects.filter(tip__newsletter=newsletter, held=False)


def _had_something(newsletter: Newsletter, slot: Slot) -> bool:
    """Whether the newsletter's rules would have made an issue, were it one that is held for a person, of what there was
    at the slot. What was skipped is not sent after all when the queue fills up.
    """
    day = slot.local.date()
    queue, sent = choosable(newsletter, on=day)
    waiting = [tip for tip in queue if tip.queued_at is not None and tip.queued_at <= slot.at_utc]
    return choose(waiting, on=day, policy=policy_of(newsletter), sent=sent).verdict is not Verdict.SKIP
