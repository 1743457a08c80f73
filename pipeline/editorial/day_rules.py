"""Which days a rule has: one RRULE of RFC 5545, as far as it is about days. Pure.

Daily, weekly, monthly and yearly, with INTERVAL, WKST and every part that means days: BYMONTH, BYWEEKNO, BYYEARDAY,
BYMONTHDAY, BYDAY, BYSETPOS. A day must pass all the parts that are given (§3.3.10 calls it limiting or expanding; for
whole days both come to that); BYSETPOS then takes the first, the last, the n-th of those of each day, week, month or
year. How several rules, times and an end become a schedule is in `recurrence_rules`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from pipeline.errors import TipsheetError

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # RFC 5545 §3.3.10, Monday being 0 as in datetime
MONDAY = 0


class ScheduleError(TipsheetError):
    """A schedule names a day, a time or a zone that there is not, or says something that cannot be read."""


class Freq(StrEnum):
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


UNITS = {Freq.DAILY: "day", Freq.WEEKLY: "week", Freq.MONTHLY: "month", Freq.YEARLY: "year"}
_LONGEST_INTERVAL = {Freq.DAILY: 366, Freq.WEEKLY: 53, Freq.MONTHLY: 24, Freq.YEARLY: 10}
_LISTS = (
    ("BYMONTH", "months"), ("BYWEEKNO", "week_numbers"), ("BYYEARDAY", "year_days"), ("BYMONTHDAY", "month_days"),
    ("BYSETPOS", "positions"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class DayRule:
    """Which days: one RRULE. `weekdays` are (ordinal, weekday): the ordinal is 0 for every such weekday, else the n-th
    of the month, or of the year in a yearly rule without `months`. Negative numbers count from the end. Empty is all.
    `week_start` is WKST, which `canonical` makes Monday wherever it makes no difference.
    """

    freq: Freq
    interval: int = 1
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    week_numbers: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = MONDAY

    @property
    def needs_anchor(self) -> bool:
        """Whether days are counted from a first one."""
        return self.interval > 1

    @property
    def counts_weekdays_of_year(self) -> bool:
        return self.freq is Freq.YEARLY and not self.months

    def is_on(self, day: date, anchor: date | None) -> bool:
        """Whether the rule has `day`. `anchor` must be given where the interval is not 1."""
        if self.interval > 1 and self.period_of(day, anchor) % self.interval:
            return False
        if not self._passes(day):
            return False
        return not self.positions or day in _at_positions(self, *self.bounds(day))

    def days_between(self, first: date, last: date) -> Iterator[date]:
        """The days, both ends included, that pass everything but INTERVAL and BYSETPOS."""
        span = (last - first).days + 1
        return (day for day in (first + timedelta(days=number) for number in range(span)) if self._passes(day))

    def _passes(self, day: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        if self.month_days and not _counts(day.day, days_in_month(day.year, day.month), self.month_days):
            return False
        if self.year_days and not _counts(day.timetuple().tm_yday, days_in_year(day.year), self.year_days):
            return False
        if self.week_numbers and not _counts(*week_of_year(day, self.week_start), self.week_numbers):
            return False
        return not self.weekdays or self._has_weekday(day)

    def _has_weekday(self, day: date) -> bool:
        weekday = day.weekday()
        if (0, weekday) in self.weekdays:
            return True
        if self.counts_weekdays_of_year:
            place, length = day.timetuple().tm_yday, days_in_year(day.year)
        else:
            place, length = day.day, days_in_month(day.year, day.month)
        from_start, from_end = (place - 1) // 7 + 1, -((length - place) // 7 + 1)
        return (from_start, weekday) in self.weekdays or (from_end, weekday) in self.weekdays

    def period_of(self, day: date, anchor: date | None) -> int:
        """The number of the day, week, month or year that `day` is in, counted from the anchor's."""
        start = anchor or date(1970, 1, 1)
        if self.freq is Freq.DAILY:
            return (day - start).days
        if self.freq is Freq.WEEKLY:
            return (first_of_week(day, self.week_start) - first_of_week(start, self.week_start)).days // 7
        years = day.year - start.year
        return years if self.freq is Freq.YEARLY else years * 12 + day.month - start.month

    def bounds(self, day: date) -> tuple[date, date]:
        """The first and the last day of the day, week, month or year that `day` is in."""
        if self.freq is Freq.DAILY:
            return day, day
        if self.freq is Freq.WEEKLY:
            first = first_of_week(day, self.week_start)
            return first, first + timedelta(days=6)
        if self.freq is Freq.MONTHLY:
            return day.replace(day=1), day.replace(day=days_in_month(day.year, day.month))
        return date(day.year, 1, 1), date(day.year, 12, 31)

    def to_rrule(self) -> str:
        """`FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO;BYMONTH=3,9`."""
        parts = [f"FREQ={self.freq}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.weekdays:
            parts.append("BYDAY=" + ",".join(f"{number or ''}{WEEKDAYS[day]}" for number, day in self.weekdays))
        for name, field in (_LISTS[3], *_LISTS[:3], _LISTS[4]):
            if numbers := getattr(self, field):
                parts.append(f"{name}=" + ",".join(map(str, numbers)))
        if self.week_start != MONDAY:
            parts.append(f"WKST={WEEKDAYS[self.week_start]}")
        return ";".join(parts)


@lru_cache(maxsize=512)
def _at_positions(rule: DayRule, first: date, last: date) -> frozenset[date]:
    """What BYSETPOS takes of the days of one period."""
    days = list(rule.days_between(first, last))
    places = (place - 1 if place > 0 else place + len(days) for place in rule.positions)
    return frozenset(days[place] for place in places if 0 <= place < len(days))


def canonical(rule: DayRule) -> DayRule:
    """The same days, written in the one way. Raises ScheduleError for a rule that means nothing."""
    if not 1 <= rule.interval <= _LONGEST_INTERVAL[rule.freq]:
        limit = _LONGEST_INTERVAL[rule.freq]
        raise ScheduleError(f"'Every {rule.interval} {UNITS[rule.freq]}s' is out of range: 1 to {limit}.")
    months = tuple(sorted(set(rule.months)))
    rule = replace(
        rule,
        weekdays=tuple(sorted(set(rule.weekdays), key=_from_the_start)),
        months=() if len(months) == 12 else months,
        month_days=_in_order(rule.month_days),
        year_days=_in_order(rule.year_days),
        week_numbers=_in_order(rule.week_numbers),
        positions=_in_order(rule.positions),
    )
    _refuse_dayless(rule)
    if rule.freq is Freq.DAILY and set(rule.positions) & {1, -1}:
        rule = replace(rule, positions=())  # the first, and the last, day of each day
    if rule.interval == 1 and not rule.positions:
        rule = _by_its_shortest_period(rule)
        if rule.freq is Freq.WEEKLY and _is_every_weekday(rule):
            rule = replace(rule, freq=Freq.DAILY, weekdays=())
    elif rule.freq is Freq.DAILY and _is_every_weekday(rule):
        rule = replace(rule, weekdays=())
    return rule if _week_start_matters(rule) else replace(rule, week_start=MONDAY)


def _refuse_dayless(rule: DayRule) -> None:
    if rule.freq is not Freq.DAILY and not (rule.weekdays or rule.month_days or rule.year_days or rule.week_numbers):
        raise ScheduleError(f"The schedule says no day of the {UNITS[rule.freq]}. Name one, such as Tuesday.")


def _by_its_shortest_period(rule: DayRule) -> DayRule:
    """A rule that neither counts periods nor takes positions in them, by the shortest that says the same."""
    plain_weekdays = bool(rule.weekdays) and not any(number for number, _ in rule.weekdays)
    if rule.week_numbers or rule.year_days:
        return rule
    if plain_weekdays and not rule.month_days:
        return replace(rule, freq=Freq.WEEKLY)
    if rule.month_days and (rule.freq is Freq.DAILY or (rule.freq is Freq.YEARLY and not rule.months)):
        return replace(rule, freq=Freq.MONTHLY)
    return rule


def _is_every_weekday(rule: DayRule) -> bool:
    return {day for number, day in rule.weekdays if number == 0} == set(range(7))


def _week_start_matters(rule: DayRule) -> bool:
    return bool(rule.week_numbers) or (rule.freq is Freq.WEEKLY and (rule.interval > 1 or bool(rule.positions)))


def _in_order(numbers: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted(set(numbers), key=lambda number: (number < 0, number)))


def _from_the_start(place: tuple[int, int]) -> tuple[bool, int, int]:
    return place[0] < 0, place[0], place[1]


def weekly(weekdays: str) -> DayRule:
    """A weekly rule from weekday codes: "TU,FR". Raises ScheduleError."""
    codes = [code.strip().upper() for code in weekdays.split(",") if code.strip()]
    unknown = [code for code in codes if code not in WEEKDAYS]
    if unknown or not codes:
        named = f"'{unknown[0]}' is no weekday" if unknown else "The schedule has no weekday"
        raise ScheduleError(f"{named}. Use {', '.join(WEEKDAYS)}, separated by commas.")
    return canonical(DayRule(Freq.WEEKLY, weekdays=tuple((0, WEEKDAYS.index(code)) for code in codes)))


def day_rule(rrule: str) -> DayRule:
    """A DayRule from its RRULE text, as `to_rrule` writes it; other notations are read in `recurrence_notations`."""
    parts = dict(part.split("=", 1) for part in rrule.split(";") if "=" in part)
    try:
        return canonical(
            DayRule(
                Freq(parts["FREQ"]),
                int(parts.get("INTERVAL", "1")),
                tuple(_place(code) for code in _listed(parts, "BYDAY")),
                week_start=WEEKDAYS.index(parts.get("WKST", "MO")),
                **{field: tuple(int(number) for number in _listed(parts, name)) for name, field in _LISTS},
            )
        )
    except (KeyError, ValueError) as error:
        raise ScheduleError(f"'{rrule}' is no rule that a schedule is kept in. Write the schedule anew.") from error


def _listed(parts: dict[str, str], name: str) -> Sequence[str]:
    return [part for part in parts.get(name, "").split(",") if part]


def _place(code: str) -> tuple[int, int]:
    """(ordinal, weekday) of "TU", "1MO", "-1FR". Raises ValueError."""
    return int(code[:-2] or "0"), WEEKDAYS.index(code[-2:])


def first_of_week(day: date, week_start: int = MONDAY) -> date:
    """The day on which the week of `day` begins."""
    return day - timedelta(days=(day.weekday() - week_start) % 7)


def week_of_year(day: date, week_start: int = MONDAY) -> tuple[int, int]:
    """The number of the week that `day` is in, and how many weeks the year of that week has. Week 1 is the first with
    four days in its year (ISO 8601, RFC 5545's BYWEEKNO).
    """
    begins = first_of_week(day, week_start)
    year = (begins + timedelta(days=3)).year
    first = first_of_week(date(year, 1, 4), week_start)
    return (begins - first).days // 7 + 1, (first_of_week(date(year + 1, 1, 4), week_start) - first).days // 7


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - date(year, month, 1)).days


def days_in_year(year: int) -> int:
    """365 or 366."""
    return 337 + days_in_month(year, 2)


def _counts(place: int, length: int, numbers: Sequence[int]) -> bool:
    """Whether the place, of so many, is among numbers that count from the start, or from the end."""
    return place in numbers or place - length - 1 in numbers
