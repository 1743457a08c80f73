"""A schedule in a person's words: "every Tuesday and Friday at 9:00". Pure.

A sentence is read from its edges: the zone at its end, its end, the day from which to count, the times; what is left
must be days, which `day_words` reads. `describe` (recurrence_telling) writes sentences that are read as the same rule.
"""

import re
from datetime import date, datetime, time

from pipeline.editorial.day_words import JOINED, MONTH, count_of, month_of, read_days
from pipeline.editorial.recurrence_rules import Recurrence, ScheduleError, first_counted, recurrence
from pipeline.editorial.recurrence_telling import describe as describe

_AND_ALSO = re.compile(r"\s*,?\s+and also,?\s+")
_ZONE = re.compile(r"\s*(?:\(\s*([A-Za-z][\w+/-]*)\s*\)|\b(?:in\s+)?([A-Za-z_]+(?:/[\w+-]+)+|UTC)(?:\s+time)?)\s*$")
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    rf"(\d{{4}}-\d{{1,2}}-\d{{1,2}}|{_NTH}\s+(?:of\s+)?(?:{MONTH})\b\.?(?:,?\s+\d{{4}})?"
    rf"|(?:{MONTH})\.?\s+{_NTH}(?:,?\s+\d{{4}})?)"
)
_FROM = re.compile(rf"\s*,?\s*\b(?:from|starting|beginning)(?:\s+(?:on|from))?\s+(?:the\s+)?{_DATE}(?![\w:])")
_UNTIL = re.compile(
    rf"\s*,?\s*\b(?:until|till|through|up to|ending)(?:\s+on)?\s+(?:(\d{{1,2}}:\d{{2}})\s+on\s+)?(?:the\s+)?"
    rf"{_DATE}(?![\w:])"
)
_TIMES = re.compile(r"\s*,?\s*\b(?:for\s+)?(\d+|[a-z]+)\s+(?:times|issues|occurrences)\b(?!\s+(?:a|an|every)\b)")
_CLOCK = r"(?:noon|midnight|\d{1,2}(?:[:.]\d{2})?(?:\s*(?:[ap]\.?m\b\.?|o'clock))?)"
_AT = re.compile(rf"\s*,?\s*\bat\s+({_CLOCK}(?:{JOINED}(?:at\s+)?{_CLOCK}(?![\w:]))*)(?![\w:])")
_BARE_TIME = re.compile(r"\s*,?\s*\b(\d{1,2}:\d{2}|\d{1,2}\s*[ap]m)\b")


def read_words(text: str, *, zone: str, today: date, since: date) -> Recurrence:
    """The rule that a sentence says; `zone`, `today` and `since` as for `recurrence_notations.read_schedule`.

    Raises ScheduleError, which quotes what was not understood and gives examples.
    """
    rest = " ".join(text.replace("’", "'").split()).rstrip(".")
    if found := _ZONE.search(rest):
        rest, zone = rest[: found.start()], found[1] or found[2]
    rest = re.sub(r"\beach\b", "every", rest.lower())
    rest = re.sub(r"\bfortnightly\b|\bevery fortnight\b", "every 2 weeks", rest)
    rest, anchor = _taken_first_day(rest, today)
    rest, until = _taken_end(rest, anchor or today)
    rest, count = _taken_count(rest)
    rest, times = _taken_times(rest, whole=text)
    rules = [rule for part in _AND_ALSO.split(rest.strip(" ,")) for rule in read_days(part, whole=text)]
    if not times:
        raise ScheduleError(f"'{text}' says no time of day. Add it, such as 'at 9:00'.")
    if anchor is None:
        anchor = first_counted(rules, count, since=since, today=today)
    return recurrence(days=rules, times=times, zone=zone, anchor=anchor, until=until, count=count)


def _taken_first_day(text: str, today: date) -> tuple[str, date | None]:
    found = _FROM.search(text)
    if not found:
        return text, None
    return text[: found.start()] + text[found.end() :], read_date(found[1], after=today)


def _taken_end(text: str, after: date) -> tuple[str, datetime | None]:
    """The last wall time: the whole of a day, unless the words name a time on it."""
    found = _UNTIL.search(text)
    if not found:
        return text, None
    at = _clock(found[1]) if found[1] else time(23, 59)
    until = datetime.combine(read_date(found[2], after=after), at)
    return text[: found.start()] + text[found.end() :], until


def _taken_count(text: str) -> tuple[str, int | None]:
    found = _TIMES.search(text)
    if not found:
        return text, None
    try:
        return text[: found.start()] + text[found.end() :], count_of(found[1])
    except ValueError as error:
        raise ScheduleError(f"'{found[0].strip(' ,')}' is no number of times. Write it as '10 times'.") from error


def read_date(text: str, *, after: date | None = None) -> date:
    """A day: "2026-12-01", "1 December 2026"; without a year the first on `after` or later, where that is given.

    Raises ScheduleError.
    """
    said = text.lower().replace(" of ", " ").strip()
    words = re.findall(r"[a-z]+|\d+", re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", said))
    try:
        if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", said):
            return date(*map(int, words))
        (name,) = (word for word in words if not word.isdigit())
        day, *years = (int(word) for word in words if word.isdigit())
        return _day(month_of(name), day, *years, after=after)
    except (ValueError, TypeError, StopIteration) as error:
        raise ScheduleError(f"'{text}' is no day of the calendar. Write it as 2026-12-01.") from error


def _day(month: int, day: int, year: int | None = None, *, after: date | None) -> date:
    """The day of that year, or the next of its name: 29 February may be eight years away. Raises ValueError."""
    if year is not None or after is None:
        return date(year if year is not None else 0, month, day)
    for candidate in range(after.year, after.year + 9):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if found >= after:
            return found
    raise ValueError(f"{day}.{month}")


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
