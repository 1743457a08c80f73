"""When a newsletter is due, as one stored form: days by RFC 5545, wall times, an IANA zone, and where counting begins.

```
days     RRULE:FREQ=WEEKLY;BYDAY=TU,FR          one DayRule a line; a day counts when any of them has it
times    09:00,17:30                            wall times, to the minute
zone     Europe/Berlin                          whose clocks show those times
anchor   2026-12-01                             no day before it; what "every N days" is counted from
```

The subset of RFC 5545 §3.3.10 is what a newsletter needs: daily, weekly and monthly, with INTERVAL, BYDAY (numbered in
a monthly rule), BYMONTHDAY and BYMONTH. Weeks begin on Monday. How a person writes a rule is in `recurrence_words`, a
cron line in `recurrence_cron_rules`; which instants follow is in `slots`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.errors import TipsheetError

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # RFC 5545 §3.3.10, Monday being 0 as in datetime
EXAMPLES = (
    "'every Tuesday and Friday at 9:00', 'first Monday of the month at 8:00', "
    "'every 10 days at 6:15 from 2026-12-01', 'on the 15th of each month at noon', a cron line such as '0 9 * * 2', "
    "or an RRULE such as 'FREQ=WEEKLY;BYDAY=TU;BYHOUR=9;BYMINUTE=0'"
)
MOST_TIMES_A_DAY = 24
_SEARCH_DAYS = 366 * 9  # 29 February is absent for eight years where a century is no leap year


class ScheduleError(TipsheetError):
    """A schedule names a day, a time or a zone that there is not, or says something that cannot be read."""


class Freq(StrEnum):
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


_LONGEST_INTERVAL = {Freq.DAILY: 366, Freq.WEEKLY: 53, Freq.MONTHLY: 24}


@dataclass(frozen=True, slots=True, order=True)
class DayRule:
    """Which days: one RRULE. `weekdays` are (ordinal, weekday), the ordinal 0 in a weekly rule, 1 to 5 or -1 to -5 in a
    monthly one; `month_days` 1 to 31 or -1 to -31; `months` 1 to 12, none for all.
    """

    freq: Freq
    interval: int = 1
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()

    def is_on(self, day: date, anchor: date | None) -> bool:
        """Whether the rule has `day`. `anchor` must be given where the interval is not 1."""
        if self.months and day.month not in self.months:
            return False
        if self.interval > 1 and self.period_of(day, anchor) % self.interval:
            return False
        if self.freq is Freq.WEEKLY:
            return (0, day.weekday()) in self.weekdays
        return self.freq is Freq.DAILY or self._is_in_month(day)

    def _is_in_month(self, day: date) -> bool:
        length = days_in_month(day.year, day.month)
        if day.day in self.month_days or day.day - length - 1 in self.month_days:
            return True
        weekday = day.weekday()
        from_start, from_end = (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)
        return (from_start, weekday) in self.weekdays or (from_end, weekday) in self.weekdays

    def period_of(self, day: date, anchor: date | None) -> int:
        """The number of the day, week or month that `day` is in, counted from the anchor's."""
        start = anchor or date(1970, 1, 1)
        if self.freq is Freq.DAILY:
            return (day - start).days
        if self.freq is Freq.WEEKLY:
            return (_monday(day) - _monday(start)).days // 7
        return (day.year - start.year) * 12 + day.month - start.month

    def to_rrule(self) -> str:
        """`FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO;BYMONTH=3,9`."""
        parts = [f"FREQ={self.freq}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.weekdays:
            parts.append("BYDAY=" + ",".join(f"{number or ''}{WEEKDAYS[day]}" for number, day in self.weekdays))
        if self.month_days:
            parts.append("BYMONTHDAY=" + ",".join(map(str, self.month_days)))
        if self.months:
            parts.append("BYMONTH=" + ",".join(map(str, self.months)))
        return ";".join(parts)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A newsletter's rule. Made by `recurrence`, which checks it; `starts_at` (aware) bounds it, where there is one."""

    days: tuple[DayRule, ...]
    times: tuple[time, ...]
    zone: str
    anchor: date | None = None
    starts_at: datetime | None = None

    def is_on(self, day: date) -> bool:
        """Whether an occurrence has `day` as its nominal day."""
        return (self.anchor is None or day >= self.anchor) and any(rule.is_on(day, self.anchor) for rule in self.days)

    def days_from(self, first: date) -> Iterator[date]:
        """The rule's nominal days from `first` on, to the end of the calendar's year 9998."""
        day = max(first, self.anchor) if self.anchor else first
        while day.year < 9999:
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
        """The rule as RFC 5545 properties: DTSTART where there is an anchor, and an RRULE for each rule and minute."""
        start = f"DTSTART;TZID={self.zone}:{self.anchor:%Y%m%d}T{self.times[0]:%H%M}00\n" if self.anchor else ""
        lines = [
            f"RRULE:{rule.to_rrule()};BYHOUR={','.join(str(hour) for hour in hours)};BYMINUTE={minute}"
            for rule in self.days
            for minute, hours in _hours_by_minute(self.times)
        ]
        return start + "\n".join(lines)


def recurrence(
    *,
    days: Iterable[DayRule],
    times: Iterable[time],
    zone: str,
    anchor: date | None = None,
    starts_at: datetime | None = None,
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
    if anchor is None and any(rule.interval > 1 for rule in rules):
        raise ScheduleError("An interval is counted from a day. Add it, such as 'from 2026-12-01'.")
    made = Recurrence(tuple(rules), tuple(wall), zone_of(zone).key, anchor, starts_at)
    _refuse_empty(made)
    return made


def stored_recurrence(
    *, days: str, times: str, zone: str, anchor: date | None, starts_at: datetime | None
) -> Recurrence:
    """From the stored texts. Raises ScheduleError if somebody altered them to what cannot be."""
    return recurrence(
        days=[day_rule(line) for line in days.splitlines()],
        times=[time_of_day(part) for part in times.split(",")],
        zone=zone,
        anchor=anchor,
        starts_at=starts_at,
    )


def weekly(weekdays: str) -> DayRule:
    """A weekly rule from weekday codes: "TU,FR". Raises ScheduleError."""
    codes = [code.strip().upper() for code in weekdays.split(",") if code.strip()]
    unknown = [code for code in codes if code not in WEEKDAYS]
    if unknown or not codes:
        named = f"'{unknown[0]}' is no weekday" if unknown else "The schedule has no weekday"
        raise ScheduleError(f"{named}. Use {', '.join(WEEKDAYS)}, separated by commas.")
    return canonical(DayRule(Freq.WEEKLY, weekdays=tuple((0, WEEKDAYS.index(code)) for code in codes)))


def canonical(rule: DayRule) -> DayRule:
    """The same days, written in the one way. Raises ScheduleError for a rule that means nothing."""
    if not 1 <= rule.interval <= _LONGEST_INTERVAL[rule.freq]:
        unit = {Freq.DAILY: "days", Freq.WEEKLY: "weeks", Freq.MONTHLY: "months"}[rule.freq]
        raise ScheduleError(f"'Every {rule.interval} {unit}' is out of range: 1 to {_LONGEST_INTERVAL[rule.freq]}.")
    weekdays = tuple(sorted(set(rule.weekdays), key=_from_the_start))
    month_days = tuple(sorted(set(rule.month_days), key=lambda day: (day < 0, day)))
    months = tuple(sorted(set(rule.months)))
    if len(months) == 12:
        months = ()
    if rule.freq is Freq.WEEKLY and len(weekdays) == 7 and rule.interval == 1:
        return DayRule(Freq.DAILY, months=months)
    return DayRule(rule.freq, rule.interval, weekdays, month_days, months)


def _from_the_start(place: tuple[int, int]) -> tuple[bool, int, int]:
    return place[0] < 0, place[0], place[1]


def day_rule(rrule: str) -> DayRule:
    """A DayRule from its RRULE text, as `to_rrule` writes it; further notations are read in `recurrence_words`."""
    parts = dict(part.split("=", 1) for part in rrule.split(";") if "=" in part)
    try:
        return canonical(
            DayRule(
                Freq(parts["FREQ"]),
                int(parts.get("INTERVAL", "1")),
                tuple(_place(code) for code in _listed(parts, "BYDAY")),
                tuple(int(day) for day in _listed(parts, "BYMONTHDAY")),
                tuple(int(month) for month in _listed(parts, "BYMONTH")),
            )
        )
    except (KeyError, ValueError) as error:
        raise ScheduleError(f"'{rrule}' is no rule that a schedule is kept in. Write the schedule anew.") from error


def _listed(parts: dict[str, str], name: str) -> Sequence[str]:
    return [part for part in parts.get(name, "").split(",") if part]


def _place(code: str) -> tuple[int, int]:
    """(ordinal, weekday) of "TU", "1MO", "-1FR". Raises ValueError."""
    return int(code[:-2] or "0"), WEEKDAYS.index(code[-2:])


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


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - date(year, month, 1)).days


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _hours_by_minute(times: Sequence[time]) -> list[tuple[int, list[int]]]:
    minutes = sorted({at.minute for at in times})
    return [(minute, [at.hour for at in times if at.minute == minute]) for minute in minutes]


def _refuse_empty(rule: Recurrence) -> None:
    """Raise for a rule that has no day: the 30th of February, or an interval that never meets its months."""
    first = rule.anchor or date(2000, 1, 1)
    if not any(rule.is_on(first + timedelta(days=number)) for number in range(_SEARCH_DAYS)):
        raise ScheduleError("The schedule would never be due: no day is all that it asks for. Look at its days again.")
