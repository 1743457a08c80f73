"""When a newsletter is due: its schedule, days off, pauses, one-offs; and what a change does to issues in the making.

A change replaces the slots to come. An issue that is composed, or held, and not frozen goes to the slot that its own
became, or to the next free one; an approved issue goes out as it was approved. The keys of issues are unique in the
database, and issues of an earlier schedule stand for slots of this one (`timetable_rules`), so that no change makes a
second issue for a stretch that had its issues.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from pipeline.audit import actions as audit
from pipeline.editorial.actions.lifecycle import locked_newsletter, move_issue
from pipeline.editorial.holiday_rules import holiday_calendar
from pipeline.editorial.issue_rules import IssueEvent, IssueState
from pipeline.editorial.models import BlackoutDates, Issue, Newsletter, OneOff, Schedule
from pipeline.editorial.queue_rules import QueuedTip, in_words, obstacle
from pipeline.editorial.recurrence_notations import read_schedule
from pipeline.editorial.recurrence_rules import Recurrence, ScheduleError, recurrence, time_of_day, weekly, zone_of
from pipeline.editorial.slots import Slot
from pipeline.editorial.timetable_rules import EXTRA, OnDayOff, coming_slots, free_slots, nominal_of, one_off
from pipeline.editorial.timetables import rule_from, timetable_of

FIELDS = ("schedule", "weekdays", "local_time", "time_zone", "on_day_off", "holidays", "at_subscribers_time")
MOST_DAYS_OFF = 366
_UNFROZEN = (IssueState.COMPOSED, IssueState.HELD)
_SEARCHED = timedelta(days=62)  # beyond the last issue in the making


@dataclass(frozen=True, slots=True)
class ScheduleChange:
    """The names of the fields that changed, and what became of issues in the making, a sentence each."""

    changed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def first_rule(*, schedule: str, weekdays: str, local_time: Any, time_zone: str, now: datetime) -> Recurrence:
    """A new newsletter's rule: `schedule` in any notation, or `weekdays` at `local_time`. Raises ScheduleError."""
    zone = zone_of(time_zone)
    if schedule:
        return read_schedule(schedule, zone=zone.key, today=now.astimezone(zone).date())
    return recurrence(days=[weekly(weekdays)], times=[time_of_day(local_time)], zone=zone.key)


def create_schedule(*, newsletter: Newsletter, rule: Recurrence, starts_at: datetime) -> Schedule:
    """The schedule of a newsletter that is being made, in the caller's transaction."""
    return Schedule.objects.create(newsletter=newsletter, starts_at=starts_at, **_values(rule))


def change_schedule(*, newsletter: Newsletter, changes: Mapping[str, Any], now: datetime, actor: str) -> ScheduleChange:
    """Change what `changes` names of FIELDS. `schedule` is the rule in any notation, and may name its zone.

    Raises ScheduleError; nothing is changed then.
    """
    unknown = sorted(set(changes) - set(FIELDS))
    if unknown:
        raise ScheduleError(f"A schedule has no '{unknown[0]}'.")
    with transaction.atomic():
        locked_newsletter(newsletter_id=newsletter.pk)
        schedule = Schedule.objects.get(newsletter=newsletter)
        values = _values(_changed_rule(schedule, changes, now=now)) | _checked_choices(changes)
        changed = [field for field, value in values.items() if getattr(schedule, field) != value]
        if not changed:
            return ScheduleChange()
        for field in changed:
            setattr(schedule, field, values[field])
        _count_from(schedule, now)
        schedule.save(update_fields=[*changed, "starts_at"])
        _log("schedule.changed", newsletter, now=now, actor=actor, fields=changed, schedule=str(schedule))
        return ScheduleChange(tuple(changed), settle(newsletter=newsletter, now=now, actor=actor))


def pause_schedule(
    *, newsletter: Newsletter, paused: bool, now: datetime, actor: str, until: datetime | None = None
) -> tuple[str, ...]:
    """Let no slots come, for good or until a moment (aware), or let them come again; what became of issues.

    An issue in the making goes to the first slot after the pause, or is held where the pause has no end.
    """
    if until is not None and (not paused or until <= now):
        raise ScheduleError(f"A pause cannot end on {until:%Y-%m-%d %H:%M} UTC: that is over. Name a moment to come.")
    with transaction.atomic():
        locked_newsletter(newsletter_id=newsletter.pk)
        schedule = Schedule.objects.get(newsletter=newsletter)
        if (schedule.paused, schedule.paused_until) == (paused, until):
            return ()
        schedule.paused, schedule.paused_until = paused, until
        _count_from(schedule, now)
        schedule.save(update_fields=["paused", "paused_until", "starts_at"])
        detail = {"until": f"{until:%FT%TZ}"} if until else {}
        _log("schedule.paused" if paused else "schedule.resumed", newsletter, now=now, actor=actor, **detail)
        return settle(newsletter=newsletter, now=now, actor=actor)


def add_blackout(
    *, newsletter: Newsletter, first_day: date, last_day: date, reason: str, now: datetime, actor: str
) -> tuple[str, ...]:
    """Keep slots off these days, the last one included; what became of issues. Raises ScheduleError."""
    reason = " ".join(reason.split())[:120] or "no issue on this day"
    if last_day < first_day:
        raise ScheduleError(f"The days off end on {last_day}, before they begin on {first_day}. Swap them.")
    if (last_day - first_day).days >= MOST_DAYS_OFF:
        raise ScheduleError(f"Days off are up to {MOST_DAYS_OFF} in a row. For longer, pause the schedule.")
    with transaction.atomic():
        locked_newsletter(newsletter_id=newsletter.pk)
        BlackoutDates.objects.update_or_create(
            newsletter=newsletter, first_day=first_day, last_day=last_day, defaults={"reason": reason}
        )
        days = {"first_day": str(first_day), "last_day": str(last_day)}
        _log("schedule.blackout_added", newsletter, now=now, actor=actor, reason=reason, **days)
        return settle(newsletter=newsletter, now=now, actor=actor)


def remove_blackout(*, newsletter: Newsletter, first_day: date, now: datetime, actor: str) -> tuple[str, ...]:
    """Let slots come again on the days off that begin on `first_day`. Raises ScheduleError if none do."""
    with transaction.atomic():
        locked_newsletter(newsletter_id=newsletter.pk)
        removed, _ = BlackoutDates.objects.filter(newsletter=newsletter, first_day=first_day).delete()
        if not removed:
            raise ScheduleError(f"No days off begin on {first_day}. See: run.py schedule show")
        schedule = Schedule.objects.get(newsletter=newsletter)
        _count_from(schedule, now)
        schedule.save(update_fields=["starts_at"])
        _log("schedule.blackout_removed", newsletter, now=now, actor=actor, first_day=str(first_day))
        return settle(newsletter=newsletter, now=now, actor=actor)


def add_one_off(*, newsletter: Newsletter, nominal: datetime, now: datetime, actor: str) -> Slot:
    """A slot beside the schedule, at a local time (naive) in the schedule's zone. Raises ScheduleError."""
    with transaction.atomic():
        locked_newsletter(newsletter_id=newsletter.pk)
        zone = Schedule.objects.get(newsletter=newsletter).time_zone
        slot = one_off(nominal.replace(second=0, microsecond=0), zone)
        if slot.at_utc <= now:
            raise ScheduleError(f"{slot.local:%Y-%m-%d %H:%M} in {zone} is over. Name a moment to come.")
        there = next(iter(coming_slots(timetable_of(newsletter), slot.at_utc - timedelta(seconds=1))), None)
        if there is not None and there.local == slot.local:
            raise ScheduleError(f"There is a slot at {slot.local:%Y-%m-%d %H:%M} in {zone} already. Choose another.")
        OneOff.objects.create(newsletter=newsletter, nominal=f"{slot.nominal:%Y-%m-%dT%H:%M}", time_zone=zone)
        _log("schedule.one_off_added", newsletter, now=now, actor=actor, slot=slot.key)
    return slot


def remove_one_off(*, newsletter: Newsletter, nominal: datetime, now: datetime, actor: str) -> tuple[str, ...]:
    """Take back a slot beside the schedule; what became of its issue. Raises ScheduleError if there is none."""
    with transaction.atomic():
        locked_newsletter(newsletter_id=newsletter.pk)
        said = f"{nominal:%Y-%m-%dT%H:%M}"
        removed, _ = OneOff.objects.filter(newsletter=newsletter, nominal=said).delete()
        if not removed:
            raise ScheduleError(f"There is no one-off at {said.replace('T', ' ')}. See: run.py schedule show")
        _log("schedule.one_off_removed", newsletter, now=now, actor=actor, nominal=said)
        return settle(newsletter=newsletter, now=now, actor=actor)


def settle(*, newsletter: Newsletter, now: datetime, actor: str) -> tuple[str, ...]:
    """Give each issue in the making the slot that its own became; a sentence for each that moved, is held or stays."""
    with transaction.atomic():
        locked_newsletter(newsletter_id=newsletter.pk)
        coming = Issue.objects.filter(newsletter=newsletter, slot_at__gt=now).exclude(slot_key__startswith=EXTRA)
        movable = list(coming.filter(state__in=_UNFROZEN).order_by("slot_at", "number"))
        frozen = list(coming.filter(state=IssueState.APPROVED).order_by("slot_at"))
        table = timetable_of(newsletter)
        taken = set(table.issues)
        table = replace(table, issues={key: sent for key, sent in table.issues.items() if key not in _keys(movable)})
        horizon = max((issue.slot_at for issue in [*movable, *frozen]), default=now) + _SEARCHED
        due = {slot.key: slot for slot in takewhile(lambda slot: slot.at_utc <= horizon, coming_slots(table, now))}
        spare = (slot for slot in free_slots(table, now) if slot.key not in taken)
        why = "has ended" if table.is_running else "is paused"
        notes = [f"Issue {each.number} is approved for {_said(each.slot_at)} and goes out then." for each in frozen
                 if each.slot_key not in due]  # fmt: skip
        for issue in movable:
            notes += _resettled(issue, due.get(issue.slot_key) or next(spare, None), why=why, now=now, actor=actor)
    return tuple(notes)


def _count_from(schedule: Schedule, now: datetime) -> None:
    """Let no slot that a change brings into the past count as missed: what is new begins now."""
    schedule.starts_at = max(schedule.starts_at, now)


def _resettled(issue: Issue, slot: Slot | None, *, why: str, now: datetime, actor: str) -> list[str]:
    if slot is None:
        if issue.state == IssueState.COMPOSED:
            _hold(issue, f"The schedule {why.replace('is ', 'was ')}.", now=now, actor=actor)
        return [f"Issue {issue.number} is held: the schedule {why}."]
    if (issue.slot_key, issue.slot_at) == (slot.key, slot.at_utc):
        return []
    before, issue.slot_key, issue.slot_at = issue.slot_key, slot.key, slot.at_utc
    issue.nominal = f"{slot.nominal:%Y-%m-%dT%H:%M}"
    issue.save(update_fields=["slot_key", "slot_at", "nominal"])
    audit.record(
        now=now, actor=actor, action="issue.slot_changed", subject_kind="issue", subject_id=issue.pk,
        before=before, after=slot.key,
    )  # fmt: skip
    day = slot.local.date()
    obstacles = _obstacles(issue, day)
    if obstacles and issue.state == IssueState.COMPOSED:
        _hold(issue, f"It moved to {in_words(day)}: {'; '.join(obstacles)}.", now=now, actor=actor)
    return [f"Issue {issue.number} moved to {slot.local:%A %Y-%m-%d %H:%M} ({_said(slot.at_utc)})."]


def _obstacles(issue: Issue, day: date) -> list[str]:
    """Why tips of the issue may not go out on `day`."""
    obstacles: list[str] = []
    for revision in [place.revision for place in issue.issue_tips.select_related("revision").order_by("position")]:
        tip = QueuedTip(
            revision.tip_id, 1, revision.title, revision.topic,
            not_before=revision.not_before, not_after=revision.not_after,
        )  # fmt: skip
        why = obstacle(tip, day)
        obstacles += [f"tip {revision.tip_id}: {why}"] if why else []
    return obstacles


def _hold(issue: Issue, reason: str, *, now: datetime, actor: str) -> None:
    issue.held_reason = reason[:500]
    move_issue(issue=issue, event=IssueEvent.HOLD, now=now, actor=actor, reason=issue.held_reason)


def _keys(issues: Iterable[Issue]) -> set[str]:
    return {issue.slot_key for issue in issues}


def _said(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _changed_rule(schedule: Schedule, changes: Mapping[str, Any], *, now: datetime) -> Recurrence:
    rule = rule_from(schedule)
    zone = zone_of(changes.get("time_zone", schedule.time_zone)).key
    if text := changes.get("schedule"):
        today = now.astimezone(ZoneInfo(zone)).date()
        said = read_schedule(text, zone=zone, today=today, since=_counted_from(schedule, zone, now=now))
        return _with_its_count(said, rule)
    days = rule.days if "weekdays" not in changes else (weekly(changes["weekdays"]),)
    times = rule.times if "local_time" not in changes else (time_of_day(changes["local_time"]),)
    return recurrence(days=days, times=times, zone=zone, anchor=rule.anchor, until=rule.until, count=rule.count)


def _with_its_count(said: Recurrence, before: Recurrence) -> Recurrence:
    """What was said, or the rule as it stood where that says the same: "10 times" goes on counting where it began."""
    same = replace(before, anchor=said.anchor, starts_at=None) == said
    return replace(said, anchor=before.anchor) if said.count and same else said


def _counted_from(schedule: Schedule, zone: str, *, now: datetime) -> date:
    """Where an interval goes on counting from that does not say: where it did before, else from the last issue."""
    if schedule.anchor:
        return schedule.anchor
    issues = Issue.objects.filter(newsletter=schedule.newsletter_id).exclude(state=IssueState.CANCELLED)
    days = [nominal.date() for key in issues.values_list("slot_key", flat=True) if (nominal := nominal_of(key))]
    return max(days) if days else now.astimezone(ZoneInfo(zone)).date()


def _checked_choices(changes: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "on_day_off" in changes:
        if changes["on_day_off"] not in list(OnDayOff):
            raise ScheduleError(f"'{changes['on_day_off']}' is no way with days off. Use skip or next_day.")
        values["on_day_off"] = OnDayOff(changes["on_day_off"])
    if "holidays" in changes:
        values["holidays"] = holiday_calendar(changes["holidays"])
    if "at_subscribers_time" in changes:
        values["at_subscribers_time"] = bool(changes["at_subscribers_time"])
    return values


def _values(rule: Recurrence) -> dict[str, Any]:
    return {
        "days": rule.days_text(),
        "times": rule.times_text(),
        "time_zone": rule.zone,
        "anchor": rule.anchor,
        "until": f"{rule.until:%Y-%m-%dT%H:%M}" if rule.until else "",
        "count": rule.count,
    }


def _log(action: str, newsletter: Newsletter, *, now: datetime, actor: str, **detail: Any) -> None:
    audit.record(now=now, actor=actor, action=action, subject_kind="newsletter", subject_id=newsletter.pk, **detail)
