"""`schedule`: when issues are due, days off, pauses, and issues at a moment of their own."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from pipeline.cli.base import as_option, command, newsletter_option, pick_newsletter, visible

if TYPE_CHECKING:
    from pipeline.editorial.models import Newsletter, Schedule
    from pipeline.editorial.slots import Slot
    from pipeline.editorial.timetable_rules import Timetable

SHOWN = 5


@click.group(name="schedule")
def schedule() -> None:
    """See and change when issues are due."""


@command(schedule, name="show")
@newsletter_option
def show(slug: str | None) -> None:
    """Show the schedule in words and by RFC 5545, its days off, and the next slots in local time and UTC."""
    from pipeline.clock import utc_now

    _show(pick_newsletter(slug), now=utc_now())


@command(schedule, name="set")
@click.argument("text", required=False)
@click.option("--zone", "time_zone", help="The time zone of its times, such as Europe/Berlin.")
@click.option("--day-off", "on_day_off", type=click.Choice(["skip", "next-day"]), help="What a slot on a day off does.")
@click.option("--holidays", metavar="CODE", help="A country's public holidays are days off: DE, DE-BY, US; none: ''.")
@click.option(
    "--subscribers-time/--newsletters-time", "at_subscribers_time", default=None,
    help="Mail each subscriber when their own clocks show the time, or all at once.",
)  # fmt: skip
@newsletter_option
@as_option
def set_schedule(text: str | None, slug: str | None, actor: str, **given: Any) -> None:
    """Say when issues are due: 'every Tuesday and Friday at 9:00', a cron line, or an RRULE.

    Issues in the making move to the new slots; an approved one goes out when it was approved for.
    """
    from pipeline.clock import utc_now
    from pipeline.editorial.actions.schedules import change_schedule

    newsletter, now = pick_newsletter(slug), utc_now()
    changes = {name: value for name, value in given.items() if value is not None}
    if text is not None:
        changes["schedule"] = text
    if not changes:
        raise click.UsageError("Say when: run.py schedule set 'every Tuesday and Friday at 9:00'")
    if "on_day_off" in changes:
        changes["on_day_off"] = changes["on_day_off"].replace("-", "_")
    change = change_schedule(newsletter=newsletter, changes=changes, now=now, actor=actor)
    _tell(change.notes if change.changed else ["Nothing to change."])
    _show(newsletter, now=now)


@command(schedule, name="pause")
@click.option("--until", metavar="DAY", help="The first day on which slots come again, such as 2027-01-04.")
@newsletter_option
@as_option
def pause(until: str | None, slug: str | None, actor: str) -> None:
    """Let no slot come until a day, or until you resume. One-offs still go out."""
    from pipeline.clock import utc_now
    from pipeline.editorial.actions.schedules import pause_schedule
    from pipeline.editorial.recurrence_words import read_date
    from pipeline.editorial.timetables import zone_name

    newsletter, now = pick_newsletter(slug), utc_now()
    midnight = datetime.combine(read_date(until), time(0), ZoneInfo(zone_name(newsletter))) if until else None
    _tell(pause_schedule(newsletter=newsletter, paused=True, until=midnight, now=now, actor=actor))
    _show(newsletter, now=now)


@command(schedule, name="resume")
@newsletter_option
@as_option
def resume(slug: str | None, actor: str) -> None:
    """Let slots come again."""
    from pipeline.clock import utc_now
    from pipeline.editorial.actions.schedules import pause_schedule

    newsletter, now = pick_newsletter(slug), utc_now()
    _tell(pause_schedule(newsletter=newsletter, paused=False, now=now, actor=actor))
    _show(newsletter, now=now)


@command(schedule, name="off")
@click.argument("first_day")
@click.argument("last_day", required=False)
@click.option("--reason", default="", help="Why, as it stands in the plan.")
@click.option("--remove", is_flag=True, help="Take the days off that begin on FIRST_DAY back.")
@newsletter_option
@as_option
def off(first_day: str, last_day: str | None, reason: str, remove: bool, slug: str | None, actor: str) -> None:
    """Have no issue on a day, or from FIRST_DAY to LAST_DAY: 2026-12-21 2027-01-04."""
    from pipeline.clock import utc_now
    from pipeline.editorial.actions import schedules as actions
    from pipeline.editorial.recurrence_words import read_date

    newsletter, now = pick_newsletter(slug), utc_now()
    first = read_date(first_day)
    shared: dict[str, Any] = {"newsletter": newsletter, "first_day": first, "now": now, "actor": actor}
    if remove:
        _tell(actions.remove_blackout(**shared))
    else:
        _tell(actions.add_blackout(**shared, last_day=read_date(last_day) if last_day else first, reason=reason))
    _show(newsletter, now=now)


@command(schedule, name="once")
@click.argument("moment", type=click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]))
@click.option("--remove", is_flag=True, help="Take it back.")
@newsletter_option
@as_option
def once(moment: datetime, remove: bool, slug: str | None, actor: str) -> None:
    """Have an issue at a MOMENT of its own, beside the schedule: "2026-12-24 18:00", in the schedule's zone."""
    from pipeline.clock import utc_now
    from pipeline.editorial.actions import schedules as actions

    newsletter, now = pick_newsletter(slug), utc_now()
    if remove:
        _tell(actions.remove_one_off(newsletter=newsletter, nominal=moment, now=now, actor=actor))
    else:
        slot = actions.add_one_off(newsletter=newsletter, nominal=moment, now=now, actor=actor)
        _tell([f"An issue goes out on {_when(slot)}.", *([slot.note] if slot.note else [])])
    _show(newsletter, now=now)


def _tell(notes: Iterable[str]) -> None:
    for note in notes:
        click.echo(visible(note))


def _when(slot: "Slot") -> str:
    return f"{slot.local:%A %Y-%m-%d %H:%M %Z}, which is {slot.at_utc:%Y-%m-%d %H:%M} UTC"


def _show(newsletter: "Newsletter", *, now: datetime) -> None:
    from pipeline.editorial.models import Schedule
    from pipeline.editorial.slots import end_note
    from pipeline.editorial.timetable_rules import coming_slots
    from pipeline.editorial.timetables import timetable_of

    row, table = Schedule.objects.get(newsletter=newsletter), timetable_of(newsletter)
    for line in (*_rule_lines(newsletter, row), *_off_lines(row, table)):
        click.echo(line)
    for slot in islice(coming_slots(table, now), SHOWN):
        click.echo(f"Slot        {_when(slot)}{'  ' + slot.note if slot.note else ''}")
    if table.rule is not None and (ends := end_note(table.rule, now)):
        click.echo(f"Ends        {ends}")
    click.echo("See what goes out at each: run.py plan")


def _rule_lines(newsletter: "Newsletter", row: "Schedule") -> Iterator[str]:
    from pipeline.editorial.recurrence_words import describe
    from pipeline.editorial.timetables import rule_from

    rule = rule_from(row)
    yield f"Schedule    {newsletter.name}: {describe(rule)}"
    yield from (f"            {line}" for line in rule.to_ical().splitlines())
    if row.at_subscribers_time:
        yield "            each subscriber at their own local time"
    if row.paused and row.paused_until:
        until = row.paused_until.astimezone(ZoneInfo(rule.zone))
        yield f"Paused      until {until:%Y-%m-%d %H:%M %Z}, which is {row.paused_until:%Y-%m-%d %H:%M} UTC"
    elif row.paused:
        yield "Paused      without an end: run.py schedule resume"


def _off_lines(row: "Schedule", table: "Timetable") -> Iterator[str]:
    for each in table.days_off.blackouts:
        days = f"{each.first_day} to {each.last_day}" if each.last_day > each.first_day else f"{each.first_day}"
        yield f"Day off     {days}: {visible(each.reason)}"
    if row.holidays:
        yield f"Day off     public holidays of {row.holidays}"
    if table.days_off.blackouts or row.holidays:
        fate = "is skipped" if row.on_day_off == "skip" else "moves to the next free day"
        yield f"            a slot on a day off {fate}"
