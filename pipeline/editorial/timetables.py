"""Reading when a newsletter is due: its schedule, as the pure rules take it, and its coming slots."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from pipeline.audience.models import Subscriber
from pipeline.editorial import slots, timetable_rules
from pipeline.editorial.issue_rules import IssueState
from pipeline.editorial.models import BlackoutDates, Issue, Newsletter, OneOff, Schedule
from pipeline.editorial.recurrence_rules import Recurrence, stored_recurrence
from pipeline.editorial.slots import Slot, instant_of
from pipeline.editorial.timetable_rules import Blackout, DaysOff, OnDayOff, Timetable, one_off


def rule_from(schedule: Schedule) -> Recurrence:
    """The rule that is stored in a schedule."""
    return stored_recurrence(
        days=schedule.days,
        times=schedule.times,
        zone=schedule.time_zone,
        anchor=schedule.anchor,
        until=schedule.until,
        count=schedule.count,
        starts_at=schedule.starts_at,
    )


def rule_of(newsletter: Newsletter) -> Recurrence | None:
    """The newsletter's schedule as a rule; None while it has none, or is paused without an end."""
    schedule = Schedule.objects.filter(newsletter=newsletter).first()
    if schedule is None or (schedule.paused and schedule.paused_until is None):
        return None
    return rule_from(schedule)


def timetable_of(newsletter: Newsletter) -> Timetable:
    """All that decides when the newsletter is due, as it is stored now."""
    schedule = Schedule.objects.filter(newsletter=newsletter).first()
    one_offs = OneOff.objects.filter(newsletter=newsletter)
    table = Timetable(
        rule=rule_from(schedule) if schedule else None,
        one_offs=tuple(one_off(datetime.fromisoformat(each.nominal), each.time_zone) for each in one_offs),
        issues=_issues_by_slot(newsletter),
    )
    if schedule is None:
        return table
    blackouts = BlackoutDates.objects.filter(newsletter=newsletter)
    days_off = tuple(Blackout(each.first_day, each.last_day, each.reason) for each in blackouts)
    return replace(
        table,
        days_off=DaysOff(days_off, schedule.holidays),
        on_day_off=OnDayOff(schedule.on_day_off),
        is_paused=schedule.paused,
        paused_until=schedule.paused_until,
        zones=_zones_in_use() if schedule.at_subscribers_time else (),
    )


def _issues_by_slot(newsletter: Newsletter) -> dict[str, bool]:
    issues = Issue.objects.filter(newsletter=newsletter).values_list("slot_key", "state")
    return {key: state != IssueState.CANCELLED for key, state in issues}


def _zones_in_use() -> tuple[str, ...]:
    """The time zones that subscribers named, of whatever list: where a slot's time may come first, and last."""
    zones = Subscriber.objects.exclude(time_zone="").values_list("time_zone", flat=True).distinct()
    return tuple(sorted(zones))


def local_instants(issue: Issue) -> dict[str, datetime]:
    """When the issue's wall time comes, by time zone, and by '' for whoever names none; {} if all get it at once."""
    schedule = Schedule.objects.filter(newsletter=issue.newsletter_id).first()
    if schedule is None or not schedule.at_subscribers_time or not issue.nominal:
        return {}
    nominal = datetime.fromisoformat(issue.nominal)
    instants = {zone: instant_of(nominal, zone) for zone in _zones_in_use()}
    return {**instants, "": instant_of(nominal, schedule.time_zone)}


def asks_for_zone(newsletter: Newsletter) -> bool:
    """Whether subscribers' own time zones mean something to this newsletter."""
    return Schedule.objects.filter(newsletter=newsletter, at_subscribers_time=True).exists()


def end_note(newsletter: Newsletter, *, now: datetime) -> str:
    """When the schedule ends, or ended, as a sentence; '' for one without an end."""
    schedule = Schedule.objects.filter(newsletter=newsletter).first()
    return "" if schedule is None else slots.end_note(rule_from(schedule), now)


def zone_name(newsletter: Newsletter) -> str:
    """The IANA zone that the newsletter's times are told in: its schedule's, or UTC."""
    schedule = Schedule.objects.filter(newsletter=newsletter).first()
    return schedule.time_zone if schedule is not None else "UTC"


def free_slots(newsletter: Newsletter, *, after: datetime) -> Iterator[Slot]:
    """The coming slots that no issue was made for yet, without end; only one-offs while the schedule is paused."""
    return timetable_rules.free_slots(timetable_of(newsletter), after)


def coming_slots(newsletter: Newsletter, *, after: datetime) -> Iterator[Slot]:
    """The coming slots at which something is due, whether or not there is an issue for them."""
    return timetable_rules.coming_slots(timetable_of(newsletter), after)
