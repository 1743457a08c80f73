"""A schedule in any notation that a person or a program hands in: words, a cron line, an RRULE. Pure.

A cron line has five fields (minute, hour, day of month, month, day of week), as crontab(5) says: names and steps
count, 7 is Sunday as 0 is, and where both the day of month and the day of week are restricted, a day that fits either
of them counts. Of RFC 5545, what `recurrence_rules` keeps is read; a part that it cannot keep is named and refused,
never left out.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time

from pipeline.editorial.recurrence_rules import WEEKDAYS, DayRule, Freq, Recurrence, ScheduleError, recurrence, weekly
from pipeline.editorial.recurrence_words import DAY_NAMES, MONTH_NAMES, read_words

_CRON = re.compile(r"[\d*,/-]+\s+[\d*,/-]+(\s+[\w*,/-]+){3}")
_CRON_RANGES = (("minute", 0, 59), ("hour", 0, 23), ("day of month", 1, 31), ("month", 1, 12), ("day of week", 0, 7))
_CRON_NAMES = (
    {name[:3].lower(): number for number, name in enumerate(MONTH_NAMES, 1)}
    | {name[:3].lower(): (number + 1) % 7 for number, name in enumerate(DAY_NAMES)}
)  # fmt: skip
_KEPT = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYHOUR", "BYMINUTE", "BYSECOND", "WKST"}
_DTSTART = re.compile(r"DTSTART(?:;(?:TZID=([^:;]+)|VALUE=[\w-]+))*:(\d{8})(?:T(\d{4})(\d{2})(Z?))?", re.IGNORECASE)


def read_schedule(text: str, *, zone: str, today: date) -> Recurrence:
    """The rule that `text` says, in words, as a cron line or by RFC 5545. `zone` holds where the text names none.

    `today` is where an interval is counted from, if the text does not say. Raises ScheduleError.
    """
    plain = text.strip()
    if "FREQ=" in plain.upper():
        return _from_rfc5545(plain, zone=zone, today=today)
    if _CRON.fullmatch(plain):
        return _from_cron(plain, zone=zone)
    return read_words(plain, zone=zone, today=today)


def _from_cron(line: str, *, zone: str) -> Recurrence:
    minutes, hours, month_days, months, weekdays = (
        _cron_field(field, name, low, high)
        for field, (name, low, high) in zip(line.lower().split(), _CRON_RANGES, strict=True)
    )
    day_field, weekday_field = line.split()[2], line.split()[4]
    weekdays = sorted({day % 7 for day in weekdays})
    in_months = tuple(months) if len(months) < 12 else ()
    by_month = DayRule(Freq.MONTHLY, 1, (), tuple(month_days), in_months)
    by_week = DayRule(Freq.WEEKLY, 1, tuple((0, (day - 1) % 7) for day in weekdays), (), in_months)
    days = [by_month, by_week]
    if len(month_days) == 31:
        days = [DayRule(Freq.DAILY, months=in_months)] if len(weekdays) == 7 else [by_week]
    elif len(weekdays) == 7:
        days = [by_month]
    elif day_field.startswith("*") or weekday_field.startswith("*"):
        raise ScheduleError(f"The cron line '{line}' wants days of the month that are certain weekdays. Name one kind.")
    times = [time(hour, minute) for hour in hours for minute in minutes]
    return recurrence(days=days, times=times, zone=zone)


def _cron_field(field: str, name: str, low: int, high: int) -> list[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        try:
            start = low if first == "*" else _cron_number(first)
            end = _cron_number(last) if last else (high if first == "*" or step else start)
            numbers = range(start, end + 1, int(step or "1"))
        except ValueError:
            numbers = range(0)
        if not numbers or not low <= numbers[0] <= numbers[-1] <= high:
            raise ScheduleError(f"'{part}' is no {name} of a cron line: {low} to {high}, as in '0 9 * * 2'.")
        found.update(numbers)
    return sorted(found)


def _cron_number(word: str) -> int:
    return _CRON_NAMES[word] if word in _CRON_NAMES else int(word)


def _from_rfc5545(text: str, *, zone: str, today: date) -> Recurrence:
    start = _DTSTART.search(text)
    anchor: date | None = None
    times: list[time] = []
    if start:
        zone = start[1] or ("UTC" if start[5] else zone)
        begins = _moment(start[2], start[3] or "0000")
        anchor, times = begins.date(), [begins.time()] if start[3] else []
    at: dict[DayRule, set[time]] = {}
    for line in re.findall(r"[A-Z]+=[^\s:]+(?:;[A-Z]+=[^\s:]*)*", _DTSTART.sub("", text), re.IGNORECASE):
        parts = _parts(line)
        at.setdefault(_rfc_rule(parts, anchor), set()).update(_rfc_times(parts, times, line))
    if len({frozenset(each) for each in at.values()}) > 1:
        raise ScheduleError("The rules have different times. A schedule's days share their times: keep to one rule.")
    if anchor is None and any(rule.interval > 1 for rule in at):
        anchor = today
    return recurrence(days=at, times=set().union(*at.values()), zone=zone, anchor=anchor)


def _moment(day: str, clock: str) -> datetime:
    try:
        return datetime.strptime(day + clock, "%Y%m%d%H%M")  # noqa: DTZ007 - a wall time; its zone is beside it
    except ValueError as error:
        raise ScheduleError(f"'{day}T{clock}' is no moment of the calendar. Write it as 20261201T0900.") from error


def _parts(line: str) -> dict[str, str]:
    parts = dict(part.upper().split("=", 1) for part in line.rstrip(";").split(";") if "=" in part)
    unknown = sorted(set(parts) - _KEPT)
    if unknown:
        raise ScheduleError(
            f"A schedule cannot keep {unknown[0]} of an RRULE. It keeps FREQ (DAILY, WEEKLY, MONTHLY), INTERVAL, BYDAY,"
            " BYMONTHDAY, BYMONTH, BYHOUR and BYMINUTE; to end it, pause it."
        )
    if parts.get("WKST", "MO") != "MO" or parts.get("BYSECOND", "0") != "0":
        raise ScheduleError("A schedule's weeks begin on Monday and its times are whole minutes: leave WKST, BYSECOND.")
    return parts


def _rfc_rule(parts: dict[str, str], anchor: date | None) -> DayRule:
    if parts["FREQ"] not in list(Freq):
        raise ScheduleError(f"A schedule cannot keep FREQ={parts['FREQ']}. Use DAILY, WEEKLY or MONTHLY, with BYMONTH.")
    freq = Freq(parts["FREQ"])
    interval = _numbers(parts, "INTERVAL", 1, 1000)[0] if "INTERVAL" in parts else 1
    places = [_place(code) for code in parts.get("BYDAY", "").split(",") if code]
    month_days = _numbers(parts, "BYMONTHDAY", -31, 31)
    months = tuple(_numbers(parts, "BYMONTH", 1, 12))
    if any(number for number, _ in places) and freq is not Freq.MONTHLY:
        raise ScheduleError("A numbered weekday, such as 1MO, belongs to FREQ=MONTHLY.")
    if (places and month_days) or (month_days and freq is Freq.WEEKLY):
        raise ScheduleError("A schedule cannot keep BYDAY and BYMONTHDAY in one rule, nor BYMONTHDAY by the week.")
    if freq is Freq.MONTHLY:
        return _rfc_monthly(interval, places, month_days, months, anchor)
    if freq is Freq.DAILY and not places and not month_days:
        return DayRule(freq, interval, months=months)
    if freq is Freq.DAILY and interval > 1:
        raise ScheduleError("A schedule cannot keep FREQ=DAILY with INTERVAL and BYDAY or BYMONTHDAY in one rule.")
    if month_days:
        return DayRule(Freq.MONTHLY, 1, (), tuple(month_days), months)
    if not places and anchor is None:
        raise ScheduleError("The rule says no day of the week. Add it, such as BYDAY=TU.")
    days = tuple((0, day) for _, day in places) or ((0, anchor.weekday() if anchor else 0),)
    return DayRule(Freq.WEEKLY, interval, days, (), months)


def _rfc_monthly(
    interval: int, places: list[tuple[int, int]], month_days: list[int], months: tuple[int, ...], anchor: date | None
) -> DayRule:
    if not places and not month_days:
        if anchor is None:
            raise ScheduleError("The rule says no day of the month. Add it, such as BYMONTHDAY=15 or BYDAY=1MO.")
        month_days = [anchor.day]
    if places and all(number == 0 for number, _ in places) and interval == 1:
        return DayRule(Freq.WEEKLY, 1, tuple(places), (), months)
    every = [(number or each, day) for number, day in places for each in (range(1, 6) if not number else (number,))]
    return DayRule(Freq.MONTHLY, interval, tuple(every), tuple(month_days), months)


def _rfc_times(parts: dict[str, str], default: list[time], line: str) -> Iterable[time]:
    if "BYHOUR" not in parts and not default:
        raise ScheduleError(f"'{line}' says no time of day. Add it, such as BYHOUR=9;BYMINUTE=0.")
    hours = _numbers(parts, "BYHOUR", 0, 23) or [at.hour for at in default]
    minutes = _numbers(parts, "BYMINUTE", 0, 59) or ([at.minute for at in default] if default else [0])
    return [time(hour, minute) for hour in hours for minute in minutes]


def _numbers(parts: dict[str, str], name: str, low: int, high: int) -> list[int]:
    words = [word for word in parts.get(name, "").split(",") if word]
    try:
        numbers = [int(word) for word in words]
    except ValueError:
        numbers = [high + 1]
    if any(not low <= number <= high or (number == 0 and low != 0) for number in numbers):
        raise ScheduleError(f"'{name}={parts[name]}' is out of range: {low} to {high}.")
    return numbers


def _place(code: str) -> tuple[int, int]:
    found = re.fullmatch(r"([+-]?[1-5])?([A-Z]{2})", code)
    if not found or found[2] not in WEEKDAYS:
        return (0, weekly(code).weekdays[0][1])  # raises, with the names of the weekdays
    return int(found[1] or "0"), WEEKDAYS.index(found[2])
