"""A schedule in any notation that a person or a program hands in: words, a cron line, RFC 5545. Pure.

A cron line has five fields (minute, hour, day of month, month, day of week), as crontab(5) says: names and steps
count, 7 is Sunday as 0 is, and where both the day of month and the day of week are restricted, a day that fits either
of them counts. RFC 5545 is read in `recurrence_rfc5545`, words in `recurrence_words`.
"""

import re
from datetime import date, time

from pipeline.editorial.recurrence_rfc5545 import read_rfc5545
from pipeline.editorial.recurrence_rules import DayRule, Freq, Recurrence, ScheduleError, recurrence
from pipeline.editorial.recurrence_telling import DAY_NAMES, MONTH_NAMES
from pipeline.editorial.recurrence_words import read_words

_CRON = re.compile(r"[\d*,/-]+\s+[\d*,/-]+(\s+[\w*,/-]+){3}")
_CRON_RANGES = (("minute", 0, 59), ("hour", 0, 23), ("day of month", 1, 31), ("month", 1, 12), ("day of week", 0, 7))
_CRON_NAMES = (
    {name[:3].lower(): number for number, name in enumerate(MONTH_NAMES, 1)}
    | {name[:3].lower(): (number + 1) % 7 for number, name in enumerate(DAY_NAMES)}
)  # fmt: skip


def read_schedule(text: str, *, zone: str, today: date, since: date | None = None) -> Recurrence:
    """The rule that `text` says, in words, as a cron line or by RFC 5545. `zone` holds where the text names none.

    `since` is where an interval is counted from, if the text does not say: without it `today`, which a number of times
    is counted from. Raises ScheduleError.
    """
    plain, since = text.strip(), since or today
    if "FREQ=" in plain.upper():
        return read_rfc5545(plain, zone=zone, today=today, since=since)
    if _CRON.fullmatch(plain):
        return _from_cron(plain, zone=zone)
    return read_words(plain, zone=zone, today=today, since=since)


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
