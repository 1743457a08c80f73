"""A schedule told in a person's words: "every Tuesday and Friday at 09:00 (Europe/Berlin)". Pure.

Each sentence is read by `recurrence_words` as the very rule. What people say has its own short form; any other rule is
told as the days of each week, month or year that pass what the rule asks for: "every month on any day that is a Friday
and the 13th day of the month".
"""

from collections.abc import Sequence

from pipeline.editorial.day_rules import MONDAY, UNITS, DayRule, Freq
from pipeline.editorial.recurrence_rules import Recurrence

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ORDINALS = ("first", "second", "third", "fourth", "fifth")
WORKING_DAYS = tuple((0, day) for day in range(5))


def describe(rule: Recurrence) -> str:
    """The rule in words: "every Tuesday and Friday at 09:00 until 2027-06-30 (Europe/Berlin)"."""
    days = ", and also ".join(_day_words(each) for each in rule.days)
    comma = "," if len(rule.days) > 1 else ""
    since = f" from {rule.anchor.isoformat()}" if rule.anchor else ""
    return f"{days}{comma} at {_listed([f'{at:%H:%M}' for at in rule.times])}{since}{_end(rule)} ({rule.zone})"


def _end(rule: Recurrence) -> str:
    if rule.count is not None:
        return f", {rule.count} times"
    if rule.until is None:
        return ""
    clock = f"{rule.until:%H:%M}"
    return f" until {rule.until:%Y-%m-%d}" if clock == "23:59" else f" until {clock} on {rule.until:%Y-%m-%d}"


def _day_words(rule: DayRule) -> str:
    weeks = f", weeks beginning on {DAY_NAMES[rule.week_start]}" if rule.week_start != MONDAY else ""
    return (_short(rule) or _general(rule)) + weeks


def _short(rule: DayRule) -> str:
    """The form of what people say; '' for a rule that has none."""
    if rule.week_numbers or (rule.year_days and (rule.month_days or rule.weekdays)):
        return ""
    if rule.month_days and rule.weekdays:
        return ""
    if rule.freq is Freq.DAILY or rule.freq is Freq.WEEKLY:
        return _by_day_or_week(rule)
    places = _places(rule)
    if not places:
        return ""
    return _by_month(rule, _listed(places)) if rule.freq is Freq.MONTHLY else _by_year(rule, places)


def _by_day_or_week(rule: DayRule) -> str:
    many = rule.interval > 1
    if rule.positions or rule.month_days or (rule.freq is Freq.DAILY and rule.weekdays):
        return ""
    if rule.freq is Freq.DAILY:
        return (f"every {rule.interval} days" if many else "every day") + _in_months(rule)
    days = [day for _, day in rule.weekdays]
    names = "weekday" if rule.weekdays == WORKING_DAYS else _listed([DAY_NAMES[day] for day in days])
    return (f"every {rule.interval} weeks on {names}" if many else f"every {names}") + _in_months(rule)


def _places(rule: DayRule) -> list[str]:
    """The numbered days of a monthly or yearly rule: "the first Monday", "the 15th", "the last weekday"."""
    if rule.positions:
        is_short = rule.weekdays == WORKING_DAYS and all(abs(place) <= len(ORDINALS) for place in rule.positions)
        return [f"the {_ordinal(place)} weekday" for place in rule.positions] if is_short else []
    if any(number == 0 for number, _ in rule.weekdays):
        return []
    places = [f"the {_ordinal(number)} {DAY_NAMES[day]}" for number, day in rule.weekdays]
    places += [f"the {_day_of_month(day)}" for day in rule.month_days]
    return places + ([f"{', '.join(f'the {_place(day)}' for day in rule.year_days)} day"] if rule.year_days else [])


def _by_month(rule: DayRule, listed: str) -> str:
    if rule.interval > 1:
        return f"every {rule.interval} months on {listed}{_in_months(rule)}"
    return f"on {listed} of each month{_in_months(rule)}"


def _by_year(rule: DayRule, places: Sequence[str]) -> str:
    every = f"every {rule.interval} years" if rule.interval > 1 else "every year"
    if not rule.months:
        return "" if rule.month_days else f"{every} on {_listed(places)} of the year"
    if rule.year_days:
        return ""
    if len(rule.months) == 1 and len(rule.month_days) == 1 and rule.month_days[0] > 0:
        return f"{every} on {rule.month_days[0]} {MONTH_NAMES[rule.months[0] - 1]}"
    return f"{every} on {_listed(places)} of {_listed([MONTH_NAMES[month - 1] for month in rule.months])}"


def _general(rule: DayRule) -> str:
    unit = UNITS[rule.freq]
    every = f"every {rule.interval} {unit}s" if rule.interval > 1 else f"every {unit}"
    picked = f"{_listed([f'the {_place(place)}' for place in rule.positions])} day" if rule.positions else "any day"
    return f"{every} on {picked} that is {' and '.join(_conditions(rule))}{_in_months(rule)}"


def _conditions(rule: DayRule) -> list[str]:
    """What a day must be, alternatives being joined by "or"."""
    said: list[str] = []
    if rule.weekdays:
        names = [f"the {_place(number)} {DAY_NAMES[day]}" if number else f"a {DAY_NAMES[day]}"
                 for number, day in rule.weekdays]  # fmt: skip
        stretch = "year" if rule.counts_weekdays_of_year else "month"
        said.append(_either(names) + (f" of the {stretch}" if any(number for number, _ in rule.weekdays) else ""))
    for numbers, what in (
        (rule.month_days, "{} day of the month"),
        (rule.year_days, "{} day of the year"),
        (rule.week_numbers, "in {} week of the year"),
    ):
        if numbers:
            said.append(what.format(_either([f"the {_place(number)}" for number in numbers])))
    return said


def _in_months(rule: DayRule) -> str:
    return f" in {_listed([MONTH_NAMES[month - 1] for month in rule.months])}" if rule.months else ""


def _ordinal(number: int) -> str:
    if abs(number) > len(ORDINALS):
        return _place(number)
    if number < -1:
        return f"{ORDINALS[-number - 1]} to last"
    return "last" if number == -1 else ORDINALS[number - 1]


def _place(number: int) -> str:
    if number < -1:
        return f"{_numbered(-number)} to last"
    return "last" if number == -1 else _numbered(number)


def _day_of_month(day: int) -> str:
    return f"{_place(day)} day" if day < 0 else _numbered(day)


def _numbered(number: int) -> str:
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
