"""A schedule by RFC 5545: DTSTART and RRULEs, as a calendar program writes them. Pure.

Everything that means days, wall times or an end is read; what does not is named and refused, never left out:
FREQ=HOURLY and shorter, BYSECOND, and the properties that name single days (EXDATE, RDATE), for which a schedule has
its days off and one-offs. BYSETPOS picks moments: with several times a day it is read as the days and the times that
it picks, where those are the same times on each day.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from pipeline.editorial.day_rules import WEEKDAYS, DayRule, Freq, ScheduleError, canonical, weekly
from pipeline.editorial.recurrence_rules import Recurrence, first_counted, recurrence, zone_of

_KEPT = {
    "FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "BYHOUR", "BYMINUTE",
    "BYSECOND", "WKST", "COUNT", "UNTIL",
}  # fmt: skip
_DTSTART = re.compile(
    r"DTSTART(?:;(?:TZID=([^:;]+)|VALUE=[\w-]+))*:(\d{8})(?:T(\d{4})(\d{2})(Z?))?(?![\w])", re.IGNORECASE
)
_SINGLE_DAYS = re.compile(r"^\s*(EXDATE|RDATE|EXRULE)\b", re.IGNORECASE | re.MULTILINE)
_RULE = re.compile(r"[A-Z]+=[^\s:]+(?:;[A-Z]+=[^\s:]*)*", re.IGNORECASE)
_UNTIL = re.compile(r"(\d{8})(?:T(\d{4})\d{2}(Z?))?")
_LONGEST_COUNT = 10**6  # read as a number; what may be kept is less


def read_rfc5545(text: str, *, zone: str, today: date, since: date) -> Recurrence:
    """The rule that the properties say; `zone`, `today` and `since` as for `read_schedule`. Raises ScheduleError."""
    if single := _SINGLE_DAYS.search(text):
        raise ScheduleError(
            f"A schedule cannot keep {single[1].upper()}: set days off (run.py schedule off) and one-offs (once)."
        )
    start, begins = _DTSTART.search(text), None
    if start:
        zone = start[1] or ("UTC" if start[5] else zone)
        begins = _moment(start[2], start[3] or "0000")
    default = [begins.time()] if begins and start and start[3] else []
    rules = [_parts(line) for line in _RULE.findall(_DTSTART.sub("", text))]
    at: dict[DayRule, set[time]] = {}
    for parts in rules:
        rule, times = _placed(_rule(parts, begins.date() if begins else None), sorted(_times(parts, default)))
        at.setdefault(rule, set()).update(times)
    if len({frozenset(each) for each in at.values()}) > 1:
        raise ScheduleError("The rules have different times. A schedule's days share their times: keep to one rule.")
    until, count = _end(rules, zone_of(zone))
    made = recurrence(
        days=at, times=set().union(*at.values()), zone=zone, until=until, count=count,
        anchor=begins.date() if begins else first_counted(at, count, since=since, today=today),
    )  # fmt: skip
    if begins and made.is_on(begins.date()) and made.times[0] < begins.time() and default:
        raise ScheduleError(
            f"DTSTART, {begins:%H:%M}, comes after the rule's {made.times[0]:%H:%M} of that day. Begin it at that time."
        )
    return made


def _moment(day: str, clock: str) -> datetime:
    try:
        return datetime.strptime(day + clock, "%Y%m%d%H%M")  # noqa: DTZ007 - a wall time; its zone is beside it
    except ValueError as error:
        raise ScheduleError(f"'{day}T{clock}' is no moment of the calendar. Write it as 20261201T0900.") from error


def _parts(line: str) -> dict[str, str]:
    parts = dict(part.upper().split("=", 1) for part in line.rstrip(";").split(";") if "=" in part)
    unknown = sorted(set(parts) - _KEPT)
    if unknown:
        raise ScheduleError(f"A schedule cannot keep {unknown[0]} of an RRULE. It keeps {', '.join(sorted(_KEPT))}.")
    if parts.get("BYSECOND", "0") != "0":
        raise ScheduleError("A schedule's times are whole minutes: leave BYSECOND.")
    if "FREQ" not in parts:
        raise ScheduleError(f"'{line}' has no FREQ. Add it, such as FREQ=WEEKLY.")
    if parts["FREQ"] not in list(Freq):
        raise ScheduleError(f"A schedule cannot keep FREQ={parts['FREQ']}. Use DAILY, WEEKLY, MONTHLY or YEARLY.")
    return parts


def _rule(parts: Mapping[str, str], anchor: date | None) -> DayRule:
    """The days of one RRULE; what it does not say follows from the anchor, as RFC 5545 has it."""
    freq = Freq(parts["FREQ"])
    _refuse_misplaced(parts, freq)
    start = parts.get("WKST", "MO")
    if start not in WEEKDAYS:
        raise ScheduleError(f"'WKST={start}' is no weekday. Use {', '.join(WEEKDAYS)}.")
    rule = DayRule(
        freq,
        _numbers(parts, "INTERVAL", 1, 1000)[0] if parts.get("INTERVAL") else 1,
        tuple(_place(code) for code in parts.get("BYDAY", "").split(",") if code),
        tuple(_numbers(parts, "BYMONTHDAY", -31, 31)),
        tuple(_numbers(parts, "BYMONTH", 1, 12)),
        tuple(_numbers(parts, "BYYEARDAY", -366, 366)),
        tuple(_numbers(parts, "BYWEEKNO", -53, 53)),
        tuple(_numbers(parts, "BYSETPOS", -366 * 24, 366 * 24)),
        WEEKDAYS.index(start),
    )
    _refuse_numbered_weekdays(rule)
    if freq is Freq.DAILY or rule.weekdays or rule.month_days or rule.year_days:
        return rule
    return _from_anchor(rule, anchor)


def _from_anchor(rule: DayRule, anchor: date | None) -> DayRule:
    if rule.week_numbers:
        raise ScheduleError("BYWEEKNO says no day of those weeks. Add it, such as BYDAY=TU.")
    if anchor is None:
        example = "BYDAY=TU" if rule.freq is Freq.WEEKLY else "BYMONTHDAY=15 or BYDAY=1MO"
        unit = {Freq.WEEKLY: "week", Freq.MONTHLY: "month"}.get(rule.freq, "year")
        also = " with BYMONTH=3" if rule.freq is Freq.YEARLY and not rule.months else ""
        raise ScheduleError(f"The rule says no day of the {unit}. Add it, such as {example}{also}.")
    if rule.freq is Freq.WEEKLY:
        return _with(rule, weekdays=((0, anchor.weekday()),))
    months = (anchor.month,) if rule.freq is Freq.YEARLY and not rule.months else rule.months
    return _with(rule, month_days=(anchor.day,), months=months)


def _with(rule: DayRule, **changes: tuple[object, ...]) -> DayRule:
    return DayRule(**{**{name: getattr(rule, name) for name in DayRule.__slots__}, **changes})


def _refuse_misplaced(parts: Mapping[str, str], freq: Freq) -> None:
    """RFC 5545 §3.3.10's table: what is "N/A" with a FREQ."""
    for name, allowed in (
        ("BYWEEKNO", {Freq.YEARLY}),
        ("BYYEARDAY", {Freq.YEARLY}),
        ("BYMONTHDAY", {Freq.DAILY, Freq.MONTHLY, Freq.YEARLY}),
    ):
        if name in parts and freq not in allowed:
            where = ", ".join(f"FREQ={each}" for each in Freq if each in allowed)
            raise ScheduleError(f"{name} belongs to {where}, not to FREQ={freq}.")
    if "BYSETPOS" in parts and not any(name.startswith("BY") and name != "BYSETPOS" for name in parts):
        raise ScheduleError("BYSETPOS picks from other BY parts, and there is none. Add one, such as BYDAY=MO,TU.")


def _refuse_numbered_weekdays(rule: DayRule) -> None:
    if not any(number for number, _ in rule.weekdays):
        return
    if rule.freq not in {Freq.MONTHLY, Freq.YEARLY} or rule.week_numbers:
        raise ScheduleError(
            "A numbered weekday, such as 1MO, belongs to FREQ=MONTHLY or FREQ=YEARLY, and not to BYWEEKNO."
        )
    if not rule.counts_weekdays_of_year and any(abs(number) > 5 for number, _ in rule.weekdays):
        raise ScheduleError("A month has no sixth weekday: number them from 1 to 5, or from -1 to -5.")


def _placed(rule: DayRule, times: list[time]) -> tuple[DayRule, Iterable[time]]:
    """The days and times that the rule has, where BYSETPOS picks moments of several times a day."""
    if not rule.positions:
        return canonical(rule), times
    at: dict[int, set[time]] = {}
    for place in rule.positions:
        number, which = divmod(abs(place) - 1, len(times))
        day = number + 1 if place > 0 else -number - 1
        at.setdefault(day, set()).add(times[which] if place > 0 else times[-which - 1])
    if rule.freq is Freq.DAILY:
        at = {1: set().union(*(picked for day, picked in at.items() if abs(day) == 1))}
    if len({frozenset(picked) for picked in at.values()}) > 1:
        raise ScheduleError("BYSETPOS picks different times on different days. Write one rule for each time.")
    picked = next(iter(at.values()))
    if not picked:
        raise ScheduleError("BYSETPOS picks none of the day's times: the schedule would never be due.")
    return canonical(_with(rule, positions=tuple(at))), picked


def _end(rules: list[dict[str, str]], zone: ZoneInfo) -> tuple[datetime | None, int | None]:
    """UNTIL and COUNT, which are one for the whole schedule."""
    if len({(parts.get("UNTIL"), parts.get("COUNT")) for parts in rules}) > 1 or (
        len(rules) > 1 and any("COUNT" in parts for parts in rules)
    ):
        raise ScheduleError("A schedule ends as a whole: give each rule the same UNTIL, or one rule alone a COUNT.")
    parts = rules[0] if rules else {}
    count = _numbers(parts, "COUNT", 1, _LONGEST_COUNT)[0] if parts.get("COUNT") else None
    return (_until(parts["UNTIL"], zone) if parts.get("UNTIL") else None), count


def _until(text: str, zone: ZoneInfo) -> datetime:
    """The last wall time that may be: the whole day for a date, and what the clocks of `zone` show for an instant."""
    found = _UNTIL.fullmatch(text)
    if not found:
        raise ScheduleError(f"'UNTIL={text}' is no day or moment. Write it as 20270630 or 20270630T235900Z.")
    if not found[2]:
        return _moment(found[1], "2359")
    moment = _moment(found[1], found[2])
    return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None, fold=0) if found[3] else moment


def _times(parts: Mapping[str, str], default: list[time]) -> Iterable[time]:
    if "BYHOUR" not in parts and not default:
        raise ScheduleError("The rule says no time of day. Add it, such as BYHOUR=9;BYMINUTE=0.")
    hours = _numbers(parts, "BYHOUR", 0, 23) or [at.hour for at in default]
    minutes = _numbers(parts, "BYMINUTE", 0, 59) or ([at.minute for at in default] if default else [0])
    return {time(hour, minute) for hour in hours for minute in minutes}


def _numbers(parts: Mapping[str, str], name: str, low: int, high: int) -> list[int]:
    words = [word for word in parts.get(name, "").split(",") if word]
    try:
        numbers = [int(word) for word in words]
    except ValueError:
        numbers = [high + 1]
    if any(not low <= number <= high or (number == 0 and low != 0) for number in numbers):
        raise ScheduleError(f"'{name}={parts[name]}' is out of range: {low} to {high}.")
    return numbers


def _place(code: str) -> tuple[int, int]:
    found = re.fullmatch(r"([+-]?(?:[1-9]|[1-4]\d|5[0-3]))?([A-Z]{2})", code)
    if not found or found[2] not in WEEKDAYS:
        return (0, weekly(code).weekdays[0][1])  # raises, with the names of the weekdays
    return int(found[1] or "0"), WEEKDAYS.index(found[2])
