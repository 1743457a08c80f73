"""A schedule in a person's words: "every Tuesday and Friday at 9:00", and back again. Pure.

A sentence is read from its edges: the zone at its end, the day from which to count, the times, the months; what is
left must be days. `describe` writes sentences that `read_words` reads as the same rule.
"""

import re
from collections.abc import Sequence
from datetime import date, time

from pipeline.editorial.recurrence_rules import EXAMPLES, DayRule, Freq, Recurrence, ScheduleError, recurrence

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SETS = {"weekdays": range(5), "weekday": range(5), "weekends": range(5, 7), "weekend": range(5, 7)}
_AND_ALSO = re.compile(r"\s*,?\s+and also,?\s+")
_ZONE = re.compile(r"\s*(?:\(\s*([A-Za-z][\w+/-]*)\s*\)|\b(?:in\s+)?([A-Za-z_]+(?:/[\w+-]+)+|UTC)(?:\s+time)?)\s*$")
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTH_NAMES).lower() + "|sept"
_DATE = rf"(\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})\.?,?\s+\d{{4}})"
_FROM = re.compile(rf"\s*,?\s*\b(?:from|starting|beginning)(?:\s+(?:on|from))?\s+(?:the\s+)?{_DATE}\b")
_CLOCK = r"(?:noon|midnight|\d{1,2}(?:[:.]\d{2})?(?:\s*(?:[ap]\.?m\b\.?|o'clock))?)"
_JOINED = r"(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*)"
_AT = re.compile(rf"\s*,?\s*\bat\s+({_CLOCK}(?:{_JOINED}(?:at\s+)?{_CLOCK}(?![\w:]))*)(?![\w:])")
_BARE_TIME = re.compile(r"\s*,?\s*\b(\d{1,2}:\d{2}|\d{1,2}\s*[ap]m)\b")
_IN_MONTHS = re.compile(rf"\s*,?\s+(?:in|of)\s+((?:{_MONTH})(?:{_JOINED}(?:{_MONTH}))*)\b")
_OF_MONTH = re.compile(r"\s+(?:of|in)\s+(?:the|each|every|a)\s+month\b|\s+(?:each|every)\s+month\b")
_COUNT = rf"(other|\d+(?:st|nd|rd|th)?|{'|'.join(_ORDINALS[1:])}|{'|'.join(_NUMBERS)})"
_EVERY_COUNT = re.compile(rf"every {_COUNT}\s+(.+)")
_UNIT_ON = re.compile(r"(day|week|month)s?\b(?:\s*,?\s*(?:on\s+)?(.+))?")
_MONTHLY = re.compile(r"(?:monthly|every month)\b\s*,?\s*(?:on\s+)?")
_WEEKLY = re.compile(r"^(?:(?:weekly|every week)\b\s*,?\s*(?:on\s+)?|every |on )")


def read_words(text: str, *, zone: str, today: date) -> Recurrence:
    """The rule that a sentence says. `zone` holds where it names none; an interval without "from" counts from `today`.

    Raises ScheduleError, which quotes what was not understood and gives examples.
    """
    rest = " ".join(text.replace("’", "'").split()).rstrip(".")
    if found := _ZONE.search(rest):
        rest, zone = rest[: found.start()], found[1] or found[2]
    rest = re.sub(r"\beach\b", "every", rest.lower())
    rest = re.sub(r"\bfortnightly\b|\bevery fortnight\b", "every 2 weeks", rest)
    rest, anchor = _taken_date(rest)
    rest, times = _taken_times(rest, whole=text)
    rules = [_rule(part, whole=text) for part in _AND_ALSO.split(rest.strip(" ,"))]
    if not times:
        raise ScheduleError(f"'{text}' says no time of day. Add it, such as 'at 9:00'.")
    if anchor is None and any(rule.interval > 1 for rule in rules):
        anchor = today
    return recurrence(days=rules, times=times, zone=zone, anchor=anchor)


def describe(rule: Recurrence) -> str:
    """The rule in words: "every Tuesday and Friday at 09:00 (Europe/Berlin)"."""
    days = ", and also ".join(_day_words(each) for each in rule.days)
    comma = "," if len(rule.days) > 1 else ""
    since = f" from {rule.anchor.isoformat()}" if rule.anchor else ""
    return f"{days}{comma} at {_listed([f'{at:%H:%M}' for at in rule.times])}{since} ({rule.zone})"


def _day_words(rule: DayRule) -> str:
    months = f" in {_listed([MONTH_NAMES[month - 1] for month in rule.months])}" if rule.months else ""
    return _without_months(rule) + months


def _without_months(rule: DayRule) -> str:
    many = rule.interval > 1
    if rule.freq is Freq.DAILY:
        return f"every {rule.interval} days" if many else "every day"
    if rule.freq is Freq.WEEKLY:
        days = [day for _, day in rule.weekdays]
        names = "weekday" if days == list(range(5)) else _listed([DAY_NAMES[day] for day in days])
        return f"every {rule.interval} weeks on {names}" if many else f"every {names}"
    places = [f"the {_ordinal(number)} {DAY_NAMES[day]}" for number, day in rule.weekdays]
    places += [f"the {_day_of_month(day)}" for day in rule.month_days]
    listed = _listed(places)
    return f"every {rule.interval} months on {listed}" if many else f"on {listed} of each month"


def _ordinal(number: int) -> str:
    if number < -1:
        return f"{_ORDINALS[-number - 1]} to last"
    return "last" if number == -1 else _ORDINALS[number - 1]


def _day_of_month(day: int) -> str:
    if day < -1:
        return f"{_numbered(-day)} to last day"
    return "last day" if day == -1 else _numbered(day)


def _numbered(number: int) -> str:
    ending = "th" if number in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _taken_date(text: str) -> tuple[str, date | None]:
    found = _FROM.search(text)
    if not found:
        return text, None
    return text[: found.start()] + text[found.end() :], read_date(found[1])


def read_date(text: str) -> date:
    """A day: "2026-12-01" or "1 December 2026". Raises ScheduleError."""
    parts = re.findall(r"[a-z]+|\d+", re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text.lower()))
    try:
        if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text.strip()):
            return date(*map(int, parts))
        day, month, year = parts
        return date(int(year), _month(month), int(day))
    except (ValueError, TypeError, StopIteration) as error:
        raise ScheduleError(f"'{text}' is no day of the calendar. Write it as 2026-12-01.") from error


def _taken_times(text: str, *, whole: str) -> tuple[str, list[time]]:
    found = _AT.search(text) or _BARE_TIME.search(text)
    if not found:
        return text, []
    rest = text[: found.start()] + text[found.end() :]
    if _AT.search(rest) or _BARE_TIME.search(rest):
        raise ScheduleError(
            f"'{whole}' gives times in two places. All its days share their times: write 'every Tuesday and Friday at "
            "9:00 and 17:00', or keep to one of them."
        )
    return rest, [_clock(each) for each in re.findall(_CLOCK, found[1])]


def _clock(text: str) -> time:
    if text in {"noon", "midnight"}:
        return time(12 if text == "noon" else 0)
    hour, minute = (int(number) for number in (*re.findall(r"\d+", text), 0)[:2])
    half = re.search(r"([ap])\.?m", text)
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half[1] == "p" else 0)
    elif half:
        hour = 99
    try:
        return time(hour, minute)
    except ValueError as error:
        raise ScheduleError(f"'{text}' is no time of day. Write it as 09:00.") from error


def _rule(text: str, *, whole: str) -> DayRule:
    text, months = _taken_months(text.strip(" ,"))
    shorter, of_month = _OF_MONTH.subn("", text)
    try:
        if of_month:
            return _monthly(shorter, 1, months) or _impossible(text)
        if months and not text.startswith("every ") and any(_number(word) is not None for word in text.split()):
            return _monthly(text, 1, months) or _impossible(text)
        return _counted(text, months)
    except (ValueError, StopIteration) as error:
        missed = f"'{text}' in '{whole}'" if text and text != whole.lower() else f"'{whole}'"
        raise ScheduleError(f"The schedule {missed} was not understood. Write it as {EXAMPLES}.") from error


def _counted(text: str, months: tuple[int, ...]) -> DayRule:
    """A rule that begins by how often: every 10 days, every other Tuesday, monthly on …, Mondays."""
    if text in {"every day", "daily"}:
        return DayRule(Freq.DAILY, months=months)
    if found := _EVERY_COUNT.fullmatch(text):
        return _every_count(_count(found[1]), found[2], months)
    if found := _MONTHLY.match(text):
        return _monthly(text[found.end() :], 1, months) or _impossible(text)
    return DayRule(Freq.WEEKLY, 1, _weekdays(_WEEKLY.sub("", text, count=1)), (), months)


def _every_count(interval: int, rest: str, months: tuple[int, ...]) -> DayRule:
    unit = _UNIT_ON.fullmatch(rest)
    if unit is None:
        return DayRule(Freq.WEEKLY, interval, _weekdays(rest), (), months)
    if unit[1] == "day" and not unit[2]:
        return DayRule(Freq.DAILY, interval, months=months)
    if unit[1] == "week" and unit[2]:
        return DayRule(Freq.WEEKLY, interval, _weekdays(unit[2]), (), months)
    if unit[1] == "month" and unit[2]:
        return _monthly(unit[2], interval, months) or _impossible(rest)
    return _impossible(rest)


def _monthly(text: str, interval: int, months: tuple[int, ...]) -> DayRule | None:
    """Numbered weekdays, or days of the month; None where there is no number at all."""
    text = re.sub(r"\b(?:monthly|every|month|on|the)\b,?", " ", text)
    text = re.sub(r"\bpenultimate\b", "second to last", text)
    text = re.sub(r"\b(\w+)(?:\s+|-)(?:to\s+|to-)last\b|\b(second)[- ]last\b", r"last-\1\2", text)
    words = [word for word in re.split(r"[\s,&]+", text) if word and word != "and"]
    numbers: list[int] = []
    weekdays: list[tuple[int, int]] = []
    days: list[int] = []
    for place, word in enumerate(words):
        follows_number = place > 0 and _number(words[place - 1]) is not None
        number = _number(word)
        if number is not None:
            numbers = [*numbers, number] if follows_number or not weekdays else [number]
        elif word == "day":
            days += numbers if follows_number else []
            numbers = [] if follows_number else numbers
        else:
            weekday = _weekday(word)
            weekdays += [(number, weekday) for number in numbers]
    if not weekdays:
        days += numbers
    return _checked_monthly(interval, weekdays, days, months)


def _checked_monthly(
    interval: int, weekdays: list[tuple[int, int]], days: list[int], months: tuple[int, ...]
) -> DayRule | None:
    if not weekdays and not days:
        return None
    out_of_range = any(not 1 <= abs(day) <= 31 for day in days) or any(not 1 <= abs(n) <= 5 for n, _ in weekdays)
    if out_of_range or (weekdays and days):
        raise ValueError("no such day of a month")
    return DayRule(Freq.MONTHLY, interval, tuple(weekdays), tuple(days), months)


def _impossible(text: str) -> DayRule:
    raise ValueError(text)


def _number(word: str) -> int | None:
    """What an ordinal counts: "first", "3rd", "15", "last" (-1), "last-second" (-2); None for another word."""
    if word == "last":
        return -1
    if word.startswith("last-"):
        counted = _number(word.removeprefix("last-"))
        return -counted if counted else None
    if word in _ORDINALS:
        return _ORDINALS.index(word) + 1
    found = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", word)
    return int(found[1]) if found else None


def _count(word: str) -> int:
    if word == "other":
        return 2
    if word in _NUMBERS:
        return _NUMBERS.index(word) + 1
    if word in _ORDINALS[1:]:
        return _ORDINALS.index(word) + 1
    return int(re.sub(r"\D", "", word))


def _weekdays(text: str) -> tuple[tuple[int, int], ...]:
    text = re.sub(r"\bworking days?\b", "weekdays", text)
    text = re.sub(r"(\w+)(?:\s*[-–]\s*|\s+to\s+|\s+through\s+)(\w+)", _spelled_out, text)
    words = [word for word in re.split(r"[\s,&]+", text) if word not in {"", "and", "on"}]
    if not words:
        raise ValueError("no weekday")
    days: list[int] = []
    for word in words:
        days += _SETS[word] if word in _SETS else [_weekday(word)]
    return tuple((0, day) for day in days)


def _spelled_out(found: re.Match[str]) -> str:
    first, last = _weekday(found[1]), _weekday(found[2])
    return " ".join(DAY_NAMES[day % 7].lower() for day in range(first, last + (7 if last < first else 0) + 1))


def _weekday(word: str) -> int:
    """The weekday's number by its name, its plural, or its first letters, two or more. Raises StopIteration."""
    bare = word.rstrip(".")
    if bare.endswith("days"):
        bare = bare.removesuffix("s")
    return next(day for day, name in enumerate(DAY_NAMES) if len(bare) > 1 and name.lower().startswith(bare))


def _taken_months(text: str) -> tuple[str, tuple[int, ...]]:
    found = _IN_MONTHS.search(text)
    if not found:
        return text, ()
    months = tuple(_month(word) for word in re.findall(_MONTH, found[1]))
    return text[: found.start()] + text[found.end() :], months


def _month(word: str) -> int:
    return next(number for number, name in enumerate(MONTH_NAMES, 1) if name.lower().startswith(word[:3]))
