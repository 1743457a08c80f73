"""Which days, in a person's words: "every Tuesday", "the last weekday of the month", "every year on 1 March". Pure.

Part of `recurrence_words`, which has taken the times, the zone, the first day and the end out of the sentence.
"""

import re
from dataclasses import replace

from pipeline.editorial.day_rules import DayRule, Freq
from pipeline.editorial.recurrence_rules import EXAMPLES, ScheduleError
from pipeline.editorial.recurrence_telling import DAY_NAMES, MONTH_NAMES, ORDINALS, WORKING_DAYS

_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SETS = {"weekdays": range(5), "weekday": range(5), "weekends": range(5, 7), "weekend": range(5, 7)}
MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTH_NAMES).lower() + "|sept"
JOINED = r"(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*)"
_IN_MONTHS = re.compile(rf"\s*,?\s+(?:in|of)\s+((?:{MONTH})(?:{JOINED}(?:{MONTH}))*)\b")
_OF_MONTH = re.compile(r"\s+(?:of|in)\s+(?:the|each|every|a)\s+month\b|\s+(?:each|every)\s+month\b")
_OF_YEAR = re.compile(r"\s+(?:of|in)\s+(?:the|every|a)\s+year\b")
_COUNT = rf"(other|\d+(?:st|nd|rd|th)?|{'|'.join(ORDINALS[1:])}|{'|'.join(_NUMBERS)})"
_EVERY_COUNT = re.compile(rf"every {_COUNT}\s+(.+)")
_UNIT_ON = re.compile(r"(day|week|month)s?\b(?:\s*,?\s*(?:on\s+)?(.+))?")
_MONTHLY = re.compile(r"(?:monthly|every month)\b\s*,?\s*(?:on\s+)?")
_WEEKLY = re.compile(r"^(?:(?:weekly|every week)\b\s*,?\s*(?:on\s+)?|every |on )")
_YEARLY = re.compile(rf"(?:(?:yearly|annually|once a year|every (?:{_COUNT}\s+)?years?)\b\s*,?\s*(?:on\s+)?)(.+)")
_EVERY_YEAR = re.compile(r"\s*,?\s*(?:every year|yearly|annually|once a year)$")
_DAY_OF_MONTH = re.compile(
    rf"(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({MONTH})\b\.?|({MONTH})\b\.?\s+(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?"
)
_WEEKS_BEGIN = re.compile(r"\s*,?\s*\bweeks (?:beginning|starting) on (\w+)")
_THAT_IS = re.compile(r"every (?:(\d+) )?(day|week|month|year)s? on (?:any|the (.+?)) day that is (.+)")
_FREQS = {"day": Freq.DAILY, "week": Freq.WEEKLY, "month": Freq.MONTHLY, "year": Freq.YEARLY}
_Places = list[tuple[int, int]]


def read_days(text: str, *, whole: str) -> list[DayRule]:
    """The rules that the words say; mostly one. Raises ScheduleError, which quotes them as they stand in `whole`."""
    text = text.strip(" ,")
    try:
        if begins := _WEEKS_BEGIN.search(text):
            rest = text[: begins.start()] + text[begins.end() :]
            return [replace(rule, week_start=_weekday(begins[1])) for rule in _read(rest)]
        return _read(text)
    except (ValueError, StopIteration) as error:
        missed = f"'{text}' in '{whole}'" if text and text != whole.lower() else f"'{whole}'"
        raise ScheduleError(f"The schedule {missed} was not understood. Write it as {EXAMPLES}.") from error


def _read(text: str) -> list[DayRule]:
    if dated := _dated(text):
        return dated
    text, months = _taken_months(text)
    if found := _THAT_IS.fullmatch(text):
        return [_that_is(found, months)]
    shorter, of_year = _OF_YEAR.subn("", text)
    if of_year or _YEARLY.fullmatch(text):
        return [_yearly(shorter, months, is_counted_in_year=bool(of_year))]
    shorter, of_month = _OF_MONTH.subn("", text)
    if of_month:
        return [_monthly(shorter, 1, months) or _impossible(text)]
    if months and not text.startswith("every ") and any(_number(word) is not None for word in text.split()):
        return [_monthly(text, 1, months) or _impossible(text)]
    return [_counted(text, months)]


def _dated(text: str) -> list[DayRule]:
    """Days by their date, "every year on 1 March and 15 September"; none where the words say something else."""
    interval, rest = 1, re.sub(r"^on ", "", text)
    if found := _YEARLY.fullmatch(text):
        interval, rest = _count(found[1]) if found[1] else 1, found[2]
    elif ends := _EVERY_YEAR.search(rest):
        rest = rest[: ends.start()]
    else:
        rest = rest.removeprefix("every ")
    dates = [(month_of(found[2] or found[3]), int(found[1] or found[4])) for found in _DAY_OF_MONTH.finditer(rest)]
    if not dates or re.sub(r"[\s,&]|\band\b", "", _DAY_OF_MONTH.sub("", rest)):
        return []
    days_of: dict[int, list[int]] = {}
    for month, day in dates:
        days_of.setdefault(month, []).append(day)
    months_of: dict[tuple[int, ...], list[int]] = {}
    for month, days in days_of.items():
        months_of.setdefault(tuple(sorted(days)), []).append(month)
    if any(not 1 <= day <= 31 for _, day in dates):
        raise ValueError("no such day of a month")
    return [DayRule(Freq.YEARLY, interval, (), days, tuple(months)) for days, months in months_of.items()]


def _that_is(found: re.Match[str], months: tuple[int, ...]) -> DayRule:
    """The form in which `recurrence_telling` tells a rule that people have no short words for."""
    rule = DayRule(_FREQS[found[2]], int(found[1] or 1), months=months)
    if found[3]:
        rule = replace(rule, positions=tuple(_numbers_in(found[3])))
    for condition in found[4].split(" and "):
        said = re.sub(r"\s+of the (?:month|year)$", "", condition)
        if said.startswith("in "):
            rule = replace(rule, week_numbers=tuple(_numbers_in(said.removeprefix("in ").removesuffix(" week"))))
            continue
        weekdays, days = _numbered_days(said.replace(" or ", ", "))
        if weekdays:
            rule = replace(rule, weekdays=tuple(weekdays))
        elif condition.endswith("of the year"):
            rule = replace(rule, year_days=tuple(days))
        else:
            rule = replace(rule, month_days=tuple(days))
    return rule


def _numbers_in(text: str) -> list[int]:
    """Ordinals, "the first, the 3rd and the 2nd to last". Raises ValueError."""
    _, days = _numbered_days(re.sub(r"\b(?:or|and)\b", ",", text) + " day")
    return days


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


def _yearly(text: str, months: tuple[int, ...], *, is_counted_in_year: bool) -> DayRule:
    """Numbered days of a year, "the last day of the year", or of its months, "yearly on the first Monday of May"."""
    interval = 1
    if found := _YEARLY.fullmatch(text):
        interval, text = _count(found[1]) if found[1] else 1, found[2]
    elif ends := _EVERY_YEAR.search(text):
        text = text[: ends.start()]
    if months and not is_counted_in_year:
        return replace(_monthly(text, interval, months) or _impossible(text), freq=Freq.YEARLY)
    weekdays, days = _numbered_days(re.sub(r"\bon\b", " ", text))
    if not is_counted_in_year or bool(weekdays) == bool(days):
        raise ValueError("no such day of a year")
    if all(number is None for number, _ in _sets(weekdays)):
        _refuse_beyond(weekdays, 53, days, 366)
        return DayRule(Freq.YEARLY, interval, tuple(weekdays), (), months, tuple(days))
    return _working_days(Freq.YEARLY, interval, weekdays, months)


def _monthly(text: str, interval: int, months: tuple[int, ...]) -> DayRule | None:
    """Numbered weekdays, or days of the month; None where there is no number at all."""
    weekdays, days = _numbered_days(re.sub(r"\b(?:monthly|every|month|on)\b,?", " ", text))
    if not weekdays and not days:
        return None
    if weekdays and days:
        raise ValueError("days of two kinds")
    if any(number is not None for number, _ in _sets(weekdays)):
        return _working_days(Freq.MONTHLY, interval, weekdays, months)
    _refuse_beyond(weekdays, 5, days, 31)
    return DayRule(Freq.MONTHLY, interval, tuple(weekdays), tuple(days), months)


_A_WORKING_DAY = 7  # stands where a weekday's number would: "the last weekday of the month"


def _sets(weekdays: _Places) -> list[tuple[int | None, int]]:
    return [(number if day == _A_WORKING_DAY else None, day) for number, day in weekdays]


def _working_days(freq: Freq, interval: int, weekdays: _Places, months: tuple[int, ...]) -> DayRule:
    """The n-th of all Mondays to Fridays: BYSETPOS."""
    if any(day != _A_WORKING_DAY or not 1 <= abs(number) <= 366 for number, day in weekdays):
        raise ValueError("working days and others in one")
    places = tuple(number for number, _ in weekdays)
    return DayRule(freq, interval, WORKING_DAYS, months=months, positions=places)


def _refuse_beyond(weekdays: _Places, most_weekdays: int, days: list[int], most_days: int) -> None:
    if any(not 1 <= abs(number) <= most_weekdays for number, _ in weekdays):
        raise ValueError("no such weekday")
    if any(not 1 <= abs(day) <= most_days for day in days):
        raise ValueError("no such day")


def _numbered_days(text: str) -> tuple[_Places, list[int]]:
    """The (ordinal, weekday) and the numbers of days that a text lists; "a Monday" has the ordinal 0."""
    text = re.sub(r"\bthe\b", " ", text)
    text = re.sub(r"\bworking day\b", "weekday", text)
    text = re.sub(r"\bpenultimate\b", "second to last", text)
    text = re.sub(r"\b(\w+)(?:\s+|-)(?:to\s+|to-)last\b|\b(second)[- ]last\b", r"last-\1\2", text)
    words = [word for word in re.split(r"[\s,&]+", text) if word and word != "and"]
    numbers: list[int] = []
    weekdays: _Places = []
    days: list[int] = []
    for place, word in enumerate(words):
        follows_number = place > 0 and _number(words[place - 1]) is not None
        number = _number(word)
        if number is not None:
            numbers = [*numbers, number] if follows_number or not weekdays else [number]
        elif word in {"day", "days"}:
            days += numbers if follows_number else []
            numbers = [] if follows_number else numbers
        else:
            weekday = _A_WORKING_DAY if word in {"weekday", "weekdays"} else _weekday(word)
            weekdays += [(number, weekday) for number in numbers]
    if not weekdays:
        days += numbers
    return weekdays, days


def _impossible(text: str) -> DayRule:
    raise ValueError(text)


def _number(word: str) -> int | None:
    """What an ordinal counts: "first", "3rd", "15", "last" (-1), "last-second" (-2), "a" (0); None for another word."""
    if word in {"last", "a"}:
        return -1 if word == "last" else 0
    if word.startswith("last-"):
        counted = _number(word.removeprefix("last-"))
        return -counted if counted else None
    if word in ORDINALS:
        return ORDINALS.index(word) + 1
    found = re.fullmatch(r"(\d{1,3})(?:st|nd|rd|th)?", word)
    return int(found[1]) if found else None


def count_of(word: str) -> int:
    """ "ten", "10". Raises ValueError."""
    return _NUMBERS.index(word) + 1 if word in _NUMBERS else int(word)


def _count(word: str) -> int:
    if word == "other":
        return 2
    if word in _NUMBERS:
        return _NUMBERS.index(word) + 1
    if word in ORDINALS[1:]:
        return ORDINALS.index(word) + 1
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
    months = tuple(month_of(word) for word in re.findall(MONTH, found[1]))
    return text[: found.start()] + text[found.end() :], months


def month_of(word: str) -> int:
    """1 to 12, by the month's name or its first letters, three or more. Raises StopIteration."""
    return next(number for number, name in enumerate(MONTH_NAMES, 1) if name.lower().startswith(word[:3]))
