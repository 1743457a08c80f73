"""When a newsletter is due, as one stored form: days by RFC 5545, wall times, an IANA zone, where counting begins, and
where it ends.

```
days     RRULE:FREQ=WEEKLY;BYDAY=TU,FR          one DayRule (day_rules.py) a line; a day counts when any of them has it
times    09:00,17:30                            wall times, to the minute
zone     Europe/Berlin                          whose clocks show those times
anchor   2026-12-01                             no day before it; what "every N days" and COUNT are counted from
until    2027-06-30T23:59                       UNTIL: the last wall time that may be one, or none
count    10                                     COUNT: how many there are from the anchor on, or none
```

COUNT counts what the rule says, whether or not anything went out then: a slot on a day off, or in a pause, is one of
the ten. How a person writes a rule is in `recurrence_words`, a cron line and RFC 5545 in `recurrence_notations`; which
instants follow is in `slots`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.editorial.day_rules import WEEKDAYS as WEEKDAYS
from pipeline.editorial.day_rules import DayRule as DayRule
from pipeline.editorial.day_rules import Freq as Freq
from pipeline.editorial.day_rules import ScheduleError as ScheduleError
from pipeline.editorial.day_rules import canonical, day_rule
from pipeline.editorial.day_rules import weekly as weekly

EXAMPLES = (
    "'every Tuesday and Friday at 9:00', 'first Monday of the month at 8:00', "
    "'every 10 days at 6:15 from 2026-12-01', 'on the 15th of each month at noon', a cron line such as '0 9 * * 2', "
    "or an RRULE such as 'FREQ=WEEKLY;BYDAY=TU;BYHOUR=9;BYMINUTE=0'"
)
MOST_TIMES_A_DAY = 24
MOST_COUNTED = 1000
_LAST_YEAR = 9998
_SEARCHED_YEARS = 60  # a Friday 29 February is absent for up to forty
_SEARCHED_YEARS_COUNTED = (
    400  # after which the calendar's days and weekdays come again: "every 10 years" may be unlucky
)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A newsletter's rule. Made by `recurrence`, which checks it; `starts_at` (aware) bounds it, where there is one.
    `until` is a wall time, naive, and the last that may be; `count` how many there are, from the anchor.
    """

    days: tuple[DayRule, ...]
    times: tuple[time, ...]
    zone: str
    anchor: date | None = None
    starts_at: datetime | None = None
    until: datetime | None = None
    count: int | None = None

    @property
    def last(self) -> datetime | None:
        """The wall time, naive, after which there is none; None for a rule without an end."""
        return self.until if self.count is None else _counted_out(replace(self, starts_at=None))

    @property
    def last_occurrence(self) -> datetime | None:
        """The last wall time (naive) that the rule has; None for a rule without an end, or without any before it."""
        last = self.last
        if last is None:
            return None
        days = (last.date() - timedelta(days=number) for number in range(_SEARCHED_YEARS * 366))
        found = (datetime.combine(day, at) for day in days if self.is_on(day) for at in reversed(self.times))
        return next((nominal for nominal in found if nominal <= last), None)

    def is_on(self, day: date) -> bool:
        """Whether an occurrence has `day` as its nominal day, leaving aside where the rule ends."""
        return (self.anchor is None or day >= self.anchor) and any(rule.is_on(day, self.anchor) for rule in self.days)

    def has(self, nominal: datetime) -> bool:
        """Whether the rule has the wall time (naive)."""
        last = self.last
        return nominal.time() in self.times and self.is_on(nominal.date()) and (last is None or nominal <= last)

    def nominals_from(self, first: date) -> Iterator[datetime]:
        """The rule's wall times, naive, from the day `first` on, in order, to its end or to that of the calendar."""
        last = self.last
        for day in self.days_from(first):
            for nominal in (datetime.combine(day, at) for at in self.times):
                if last is not None and nominal > last:
                    return
                yield nominal

    def days_from(self, first: date) -> Iterator[date]:
        """The rule's nominal days from `first` on, wherever the rule ends, up to the calendar's year 9998."""
        day = max(first, self.anchor) if self.anchor else first
        while day.year <= _LAST_YEAR:
            if self.is_on(day):
                yield day
            day += timedelta(days=1)

    def period_of(self, day: date) -> tuple[int, int]:
        """A name for the stretch that one round of the rule covers: the day, the week, the month, or as many of them
        as the interval says. Where several rules are joined, the shortest of their stretches.
        """
        shortest = min(self.days, key=lambda rule: (list(Freq).index(rule.freq), rule.interval))
        return list(Freq).index(shortest.freq), shortest.period_of(day, self.anchor) // shortest.interval

    def days_text(self) -> str:
        """The days as they are stored: one RRULE a line."""
        return "\n".join(rule.to_rrule() for rule in self.days)

    def times_text(self) -> str:
        """The times as they are stored: "09:00,17:30"."""
        return ",".join(f"{at:%H:%M}" for at in self.times)

    def to_ical(self) -> str:
        """The rule as RFC 5545 properties: DTSTART where there is an anchor, and an RRULE for each rule and minute. An
        end that counts over several RRULEs is told by its last wall time, as a COUNT holds for one of them alone.
        """
        start = f"DTSTART;TZID={self.zone}:{self.anchor:%Y%m%d}T{self.times[0]:%H%M}00\n" if self.anchor else ""
        lines = [
            f"RRULE:{rule.to_rrule()};BYHOUR={','.join(map(str, hours))};BYMINUTE={minute}"
            for rule in self.days
            for minute, hours in (_apart(self.times) if rule.positions else _hours_by_minute(self.times))
        ]
        end = f";UNTIL={self.last:%Y%m%dT%H%M00}" if self.last else ""
        if self.count and len(lines) == 1:
            end = f";COUNT={self.count}"
        return start + "\n".join(line + end for line in lines)


@lru_cache(maxsize=256)
def _counted_out(rule: Recurrence) -> datetime | None:
    """The last of the wall times that `rule.count` counts; None for a rule that counts none."""
    if rule.count is None:
        return None
    counted = replace(rule, count=None).nominals_from(rule.anchor or date.min)
    return next(islice(counted, rule.count - 1, None), None)


def recurrence(
    *,
    days: Iterable[DayRule],
    times: Iterable[time],
    zone: str,
    anchor: date | None = None,
    starts_at: datetime | None = None,
    until: datetime | None = None,
    count: int | None = None,
) -> Recurrence:
    """The rule in its canonical form: everything in order, once. Raises ScheduleError for one that cannot be."""
    wall = sorted({at.replace(second=0, microsecond=0, tzinfo=None, fold=0) for at in times})
    rules = sorted({canonical(rule) for rule in days})
    if not rules:
        raise ScheduleError(f"The schedule names no day. Write it as {EXAMPLES}.")
    if not wall:
        raise ScheduleError("The schedule names no time of day. Add one, such as 'at 9:00'.")
    if len(wall) > MOST_TIMES_A_DAY:
        raise ScheduleError(
            f"The schedule would be due {len(wall)} times a day; a newsletter is due up to {MOST_TIMES_A_DAY} times."
        )
    if anchor is None and (count is not None or any(rule.needs_anchor for rule in rules)):
        raise ScheduleError("An interval, or a number of times, is counted from a day. Add it: 'from 2026-12-01'.")
    if count is not None and until is not None:
        raise ScheduleError("A schedule ends after a number of times, or with a day: keep to one of COUNT and UNTIL.")
    if count is not None and not 1 <= count <= MOST_COUNTED:
        raise ScheduleError(f"A schedule cannot end after {count} times: say 1 to {MOST_COUNTED}, or a last day.")
    made = Recurrence(tuple(rules), tuple(wall), zone_of(zone).key, anchor, starts_at, until, count)
    _refuse_empty(replace(made, starts_at=None))
    return made


def first_counted(days: Iterable[DayRule], count: int | None, *, since: date, today: date) -> date | None:
    """The anchor of a rule whose words name no first day; None where nothing is counted.

    Intervals are counted from `since`, a number of times from `today` on, in the step of the interval.
    """
    rules = tuple(days)
    if count is None:
        return since if any(rule.needs_anchor for rule in rules) else None
    ahead = (max(since, today) + timedelta(days=number) for number in range(_SEARCHED_YEARS * 366))
    return next((day for day in ahead if any(rule.is_on(day, since) for rule in rules)), today)


def stored_recurrence(
    *,
    days: str,
    times: str,
    zone: str,
    anchor: date | None,
    starts_at: datetime | None,
    until: str = "",
    count: int | None = None,
) -> Recurrence:
    """From the stored texts. Raises ScheduleError if somebody altered them to what cannot be."""
    return recurrence(
        days=[day_rule(line) for line in days.splitlines()],
        times=[time_of_day(part) for part in times.split(",")],
        zone=zone,
        anchor=anchor,
        starts_at=starts_at,
        until=_stored_moment(until) if until else None,
        count=count,
    )


def _stored_moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - a wall time; its zone is beside it
    except ValueError as error:
        raise ScheduleError(f"'{text}' is no end that a schedule is kept with. Write the schedule anew.") from error


def time_of_day(value: time | str) -> time:
    """A wall time to the minute. Raises ScheduleError."""
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0, tzinfo=None)
    try:
        return datetime.strptime(value.strip(), "%H:%M").time()  # noqa: DTZ007 - a wall time; its zone is beside it
    except ValueError as error:
        raise ScheduleError(f"'{value}' is no time of day. Write it as 09:00.") from error


def zone_of(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises ScheduleError."""
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ScheduleError(f"There is no time zone '{name}'. Use an IANA name, such as Europe/Berlin.") from error
    return zone


def _hours_by_minute(times: Sequence[time]) -> list[tuple[int, list[int]]]:
    minutes = sorted({at.minute for at in times})
    return [(minute, [at.hour for at in times if at.minute == minute]) for minute in minutes]


def _apart(times: Sequence[time]) -> list[tuple[int, list[int]]]:
    """Each time by itself: BYSETPOS would take one time of a day where several stand in one RRULE."""
    return [(at.minute, [at.hour]) for at in times]


@lru_cache(maxsize=256)
def _refuse_empty(rule: Recurrence) -> None:
    """Raise for a rule that has no day: the 30th of February, or an interval that never meets its months; and for one
    that ends before its first.
    """
    first = rule.anchor or date(2000, 1, 1)
    is_counted = any(each.needs_anchor for each in rule.days)
    years = _SEARCHED_YEARS_COUNTED if is_counted else _SEARCHED_YEARS
    day = next(_days_up_to(rule, first, date(min(first.year + years, _LAST_YEAR), 12, 31)), None)
    if day is None:
        raise ScheduleError("The schedule would never be due: no day is all that it asks for. Look at its days again.")
    if rule.until is not None and rule.anchor and datetime.combine(day, rule.times[0]) > rule.until:
        raise ScheduleError(f"The schedule would end on {rule.until:%Y-%m-%d %H:%M}, before it is ever due.")


def _days_up_to(rule: Recurrence, first: date, last: date) -> Iterator[date]:
    span = (last - first).days + 1
    return (day for day in (first + timedelta(days=number) for number in range(span)) if rule.is_on(day))
