"""Reading what the editorial stage holds, as the pure rules take it: the queue, the schedule, the coming slots."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import takewhile

from pipeline.editorial.models import Issue, Newsletter, QueueEntry, Schedule
from pipeline.editorial.queue_rules import QueuedTip, QueuePlan, plan
from pipeline.editorial.slots import Slot, WeeklyRule, slots_after

PLAN_DAYS = 730  # how far ahead a queued tip's expected date is looked for


def rule_of(newsletter: Newsletter) -> WeeklyRule | None:
    """The newsletter's schedule as a rule; None while it has none, or is paused."""
    schedule = Schedule.objects.filter(newsletter=newsletter).first()
    if schedule is None or schedule.paused:
        return None
    return WeeklyRule.parse(
        weekdays=schedule.weekdays,
        local_time=schedule.local_time,
        zone=schedule.time_zone,
        starts_at=schedule.starts_at,
    )


def zone_name(newsletter: Newsletter) -> str:
    """The IANA zone that the newsletter's times are told in: its schedule's, or UTC."""
    schedule = Schedule.objects.filter(newsletter=newsletter).first()
    return schedule.time_zone if schedule is not None else "UTC"


def queue_of(newsletter: Newsletter) -> list[QueuedTip]:
    """The newsletter's queue, in its order."""
    entries = (
        QueueEntry.objects.filter(tip__newsletter=newsletter).select_related("tip__revision").order_by("position", "pk")
    )
    return [_queued(entry, rank) for rank, entry in enumerate(entries, start=1)]


def _queued(entry: QueueEntry, rank: int) -> QueuedTip:
    revision = entry.tip.revision
    if revision is None:
        raise AssertionError(f"tip {entry.tip_id} has no revision")
    return QueuedTip(
        tip_id=entry.tip_id,
        rank=rank,
        title=revision.title,
        topic=revision.topic,
        held=entry.held,
        not_before=revision.not_before,
        not_after=revision.not_after,
    )


def free_slots(newsletter: Newsletter, *, after: datetime) -> Iterator[Slot]:
    """The coming slots that no issue was made for yet, without end; none while the schedule is paused."""
    rule = rule_of(newsletter)
    if rule is None:
        return
    # By key, not by time: an issue that was brought forward keeps its slot. Keys begin with the local day.
    since = f"{after - timedelta(days=2):%Y-%m-%d}"
    taken = set(Issue.objects.filter(newsletter=newsletter, slot_key__gte=since).values_list("slot_key", flat=True))
    for slot in slots_after(rule, after):
        if slot.key not in taken:
            yield slot


def queue_plan(newsletter: Newsletter, *, now: datetime) -> QueuePlan:
    """What the issues of the coming PLAN_DAYS days would take from the queue as it stands."""
    horizon = now + timedelta(days=PLAN_DAYS)
    slots = takewhile(lambda slot: slot.at_utc < horizon, free_slots(newsletter, after=now))
    return plan(queue_of(newsletter), slots, count=newsletter.tips_per_issue)
