"""Numbers as values with units: '20 minutes', 'a third', 'twice a week', 'between 4 and 6 weeks', 'SPF 30'.

A `Quantity` is a range of values in its dimension's base unit, so that 12 weeks meets three months and 1 tsp meets
5 ml. Words that bound a number ('at least', 'up to') are part of it; 'about' makes it approximate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.derive.lexicon_files import groups
from pipeline.derive.normalise import Word

ROUNDING = 0.09  # two units seldom meet exactly: 12 weeks are 84 days, three months 91


@dataclass(frozen=True, slots=True)
class Quantity:
    """`low` to `high` in the dimension's base unit, said by words `start` up to `end` (with limits: `first`, `last`).

    `bound` is 'least', 'most', 'over', 'under' or ''. A `weak` one ('an hour', 'one side') may answer for a number,
    though leaving it out is no fault.
    """

    low: float
    high: float
    dimension: str
    unit: str
    bound: str
    approximate: bool
    weak: bool
    start: int
    end: int
    first: int
    last: int

    @property
    def share(self) -> float:
        """A part of the whole, in percent: a quarter and 25% are one."""
        return self.high * 100 if self.dimension == "count" else self.high

    def meets(self, other: "Quantity") -> bool:
        """Whether both name the same amount, whatever their bounds."""
        if {self.dimension, other.dimension} == {"count", "percent"}:
            return min(self.high, other.high) < 1 and _near(self.share, other.share, 0.02)
        if {self.dimension, other.dimension} == {"rate", "time"}:  # 'after ten years', 'every ten years'
            rate, time = (self, other) if self.dimension == "rate" else (other, self)
            return _near(86400 / rate.high, time.low, 0.01) and rate.high < 1
        if self.dimension != other.dimension:
            return False
        slack = 0.0 if self.unit == other.unit else ROUNDING
        return _near(self.low, other.low, slack) and _near(self.high, other.high, slack)


def _near(a: float, b: float, slack: float) -> bool:
    return abs(a - b) <= max(slack * max(abs(a), abs(b)), 1e-6)


def quantities(found: Sequence[Word]) -> tuple[Quantity, ...]:
    """The numbers of a text, in order."""
    result: list[Quantity] = []
    position = 0
    while position < len(found):
        quantity = _frequency_word(found, position) or _quantity(found, position) or _vague(found, position)
        if quantity is not None:
            result.append(quantity)
        position = quantity.end if quantity is not None else position + 1
    return tuple(result)


def _vague(found: Sequence[Word], position: int) -> Quantity | None:
    """'a few days', 'several weeks': no value, but a unit that must stay. `low` is the unit's own size."""
    for entry in groups("guard/units")["vague"]:
        parts = tuple(entry.split())
        after = position + len(parts)
        if tuple(word.lower for word in found[position:after]) != parts:
            continue
        after += 1 if _lower(found, after) in {"more", "of"} else 0
        unit = _table("units").get(_lower(found, after), "").split()
        if unit[1:2] in (["time"], ["volume"], ["mass"], ["length"]):
            size = float(unit[0])
            return Quantity(
                size, size, f"vague {unit[1]}", unit[2], "", False, True, position, after + 1, position, after + 1
            )
    return None


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _table(group: str) -> dict[str, str]:
    """An entry of units.txt is 'word value' or 'word value dimension'; the value stays text."""
    return {entry.split()[0]: " ".join(entry.split()[1:]) for entry in groups("guard/units")[group]}


def _lower(found: Sequence[Word], position: int) -> str:
    return found[position].lower if 0 <= position < len(found) else ""


def _value(found: Sequence[Word], position: int) -> tuple[float, int] | None:
    """The number that opens at `position`, and the position after it."""
    word = _lower(found, position)
    if word[:1].isdigit():
        return _digits(found, position)
    if word in _table("fractions"):
        return float(_table("fractions")[word]), position + 1
    if word in {"once", "twice", "thrice"}:
        return None
    if word in {"a", "one"} and _lower(found, position + 1) in {
        "half",
        "third",
        "quarter",
        "dozen",
        "couple",
        "hundred",
    }:
        return _value_word(found, position + 1)
    return _value_word(found, position)


def _digits(found: Sequence[Word], position: int) -> tuple[float, int] | None:
    raw = found[position].lower
    try:
        value = float(raw.replace(",", "") if _groups_thousands(raw) else raw.replace(",", "."))
    except ValueError:
        return None
    position += 1
    if _lower(found, position) == "/" and _lower(found, position + 1).isdigit() and value < 10:
        below = float(found[position + 1].lower)
        return (value / below, position + 2) if 0 < below <= 16 else (value, position)
    if _lower(found, position) in _table("fractions"):
        return value + float(_table("fractions")[_lower(found, position)]), position + 1
    if _lower(found, position) in {"million", "billion", "thousand", "hundred"}:
        return value * float(_table("numbers")[_lower(found, position)]), position + 1
    return value, position


def _groups_thousands(raw: str) -> bool:
    head, *rest = raw.split(",")
    return bool(rest) and all(len(part.split(".")[0]) == 3 for part in rest) and head != "0"


def _value_word(found: Sequence[Word], position: int) -> tuple[float, int] | None:
    """twenty five · two and a half · one hundred and twenty · a dozen."""
    table = _table("numbers")
    if _lower(found, position) not in table:
        return None
    total, position = float(table[_lower(found, position)]), position + 1
    while position < len(found):
        skip = 1 if _lower(found, position) in {"-", "and"} else 0
        word = _lower(found, position + skip)
        if word in {"hundred", "thousand", "million"} and skip == 0:
            total *= float(table[word])
        elif word in table and _adds(total, float(table[word])) and (skip or total >= 20):
            total += float(table[word])
        elif skip and word == "a" and _lower(found, position + 2) in {"half", "quarter"}:
            total += float(table[_lower(found, position + 2)])
            skip += 1
        else:
            break
        position += skip + 1
    return total, position


def _adds(total: float, more: float) -> bool:
    """Whether 'total more' is one number: twenty five, a hundred and twenty; not 'two three'."""
    return (total % 100 >= 20 and total % 10 == 0 and 0 < more < 10) or (
        total >= 100 and total % 100 == 0 and more < 100
    )


# ── a number with its range, unit, frequency and bounds ───────────────────────────────────────────────────────


def _quantity(found: Sequence[Word], position: int) -> Quantity | None:
    start = position
    every = _lower(found, position) in {"every", "each"}
    money = _lower(found, position) in _table("money")
    opened = _article(found, position) if not (every or money) else None
    value = opened or _value(found, position + (1 if every or money else 0))
    if value is None:
        return None
    low, after = value
    after = _skip_article(found, after, low)
    high, after = _range(found, after, low)
    weak = opened is not None or (low == high == 1 and _lower(found, start) == "one")
    dimension, unit, factor, after = _unit(found, start, after, money)
    if tuple(_lower(found, after + i) for i in range(3)) == ("and", "a", "half"):
        low, high, after, weak = low + 0.5, high + 0.5, after + 3, False
    if weak and opened is not None and dimension != "time":
        return None
    if weak and dimension == "count":
        return None
    made = (low * factor, high * factor, dimension, unit)
    if dimension == "celsius":
        made = (_celsius(low, unit), _celsius(high, unit), dimension, unit)
    if every and dimension == "time":
        made = (86400 / (high * factor), 86400 / (low * factor), "rate", "per")
    elif dimension in {"count", "times"}:
        made, after = _per(found, after, made)
    if every and made[2] != "rate":
        return None
    return _bounded(found, start, after, made, weak=weak)


def _article(found: Sequence[Word], position: int) -> tuple[float, int] | None:
    """'an hour' is one hour, weakly."""
    rate = _lower(found, position - 1) in {"times", "once", "twice", "time"}
    unit = _lower(found, position + 1) in _table("units")
    return (1.0, position + 1) if unit and not rate and _lower(found, position) in {"a", "an"} else None


def _skip_article(found: Sequence[Word], position: int, low: float) -> int:
    """half an hour · half a teaspoon · a quarter of an hour."""
    if low >= 1 or not _lower(found, position - 1).isalpha():
        return position
    after = position + 1 if _lower(found, position) == "of" else position
    if _lower(found, after) in {"a", "an"} and _lower(found, after + 1) in _table("units"):
        return after + 1
    return position


def _range(found: Sequence[Word], position: int, low: float) -> tuple[float, int]:
    """The upper end: 4 to 6, 4-6, between 4 and 6, one or two."""
    joint = _lower(found, position)
    if joint in {"-", "–", "—", "to", "or"} or (joint == "and" and _between(found, position)):
        upper = _value(found, position + 1)
        if upper is not None and upper[0] > low:
            return upper
    if joint in _table("units") and _lower(found, position + 1) in {"to", "-", "–"}:
        upper = _value(found, position + 2)
        if upper is not None and upper[0] > low and _lower(found, upper[1]) == joint:
            return upper
    return low, position


def _between(found: Sequence[Word], position: int) -> bool:
    return any(_lower(found, index) == "between" for index in range(max(0, position - 5), position))


def _unit(found: Sequence[Word], start: int, position: int, money: bool) -> tuple[str, str, float, int]:
    """Dimension, unit's name, factor to the base unit, and the position after the unit."""
    if money:
        return "money", _table("money")[_lower(found, start)], 1.0, position
    before = _lower(found, _scale(found, start))
    if before in _SCALES:
        return before, before, 1.0, position
    if _lower(found, position) == "-":
        position += 1
    if _lower(found, position) in {"°", "degrees", "degree"}:
        scale = _lower(found, position + 1)
        name = "f" if scale in {"f", "fahrenheit"} else "c"
        return "celsius", name, 1.0, position + (2 if scale in {"c", "f", "celsius", "fahrenheit"} else 1)
    if position < len(found) and found[position].text in {"C", "F"}:
        return "celsius", found[position].lower, 1.0, position + 1
    if (_lower(found, position), _lower(found, position + 1)) == ("per", "cent"):
        return "percent", "percent", 1.0, position + 2
    word = _lower(found, position)
    if word in _table("units"):
        factor, dimension, unit = _table("units")[word].split()
        return dimension, unit, float(factor), position + 1
    return "count", "count", 1.0, position


_SCALES = frozenset({"spf", "ph", "factor", "step", "age", "aged", "number"})


def _scale(found: Sequence[Word], start: int) -> int:
    """The place of the word before a number, past 'of', 'at least' and their like: SPF of at least 30."""
    place = start - 1
    while place >= 0 and start - place < 5 and _lower(found, place) in {"of", "at", "least", "about", "a", "around"}:
        place -= 1
    return place


def _celsius(value: float, unit: str) -> float:
    return round((value - 32) / 1.8) if unit == "f" else value


def _per(
    found: Sequence[Word], position: int, made: tuple[float, float, str, str]
) -> tuple[tuple[float, float, str, str], int]:
    """'3 times a week', 'twice daily', '2 nights per week' → times a day."""
    low, high, dimension, unit = made
    if _lower(found, position) in {"times", "time"}:
        position, dimension = position + 1, "times"
    if dimension == "count" and _seconds(found, position + 2) and _lower(found, position + 1) in {"a", "per", "each"}:
        position, dimension = position + 1, "times"  # 'two walks a day'
    word = _lower(found, position)
    if dimension != "times":
        return made, position
    if word in _table("rates"):
        days = float(_table("rates")[word])
        return (low * days, high * days, "rate", "per"), position + 1
    if word in {"a", "per", "each", "every"} and _seconds(found, position + 1):
        days = 86400 / _seconds(found, position + 1)
        return (low * days, high * days, "rate", "per"), position + 2
    return (low, high, dimension, unit), position


def _seconds(found: Sequence[Word], position: int) -> float:
    """The length of the unit of time at `position`; 0 where none stands there."""
    parts = _table("units").get(_lower(found, position), "").split()
    return float(parts[0]) if parts[1:2] == ["time"] else 0.0


def _frequency_word(found: Sequence[Word], position: int) -> Quantity | None:
    """daily · weekly · every day · each night · every other week · once a week · twice."""
    word = _lower(found, position)
    if word in {"once", "twice", "thrice"}:
        times = float(_table("numbers")[word])
        made, after = _per(found, position + 1, (times, times, "times", "times"))
        if word == "once" and made[2] != "rate":
            return None
        return _bounded(found, position, after, made, weak=False)
    if word in _table("rates"):
        rate = float(_table("rates")[word])
        return _bounded(found, position, position + 1, (rate, rate, "rate", "per"), weak=word != "weekly")
    if word in {"every", "each"}:
        after = position + (2 if _lower(found, position + 1) in {"other", "second"} else 1)
        seconds = _seconds(found, after) * (after - position)
        if seconds:
            rate = 86400 / seconds
            return _bounded(found, position, after + 1, (rate, rate, "rate", "per"), weak=rate == 1.0)
    return None


def _bounded(
    found: Sequence[Word], start: int, end: int, made: tuple[float, float, str, str], *, weak: bool
) -> Quantity:
    """The quantity with the bound and the 'about' that stand before or after it."""
    opens = start - 1 if _lower(found, start - 1) in _SCALES else start  # 'at least SPF 30'
    bound, approximate, first, last = "", False, start, end
    for group in ("least", "most", "over", "under", "approximate"):
        for entry in groups("guard/units")[group]:
            parts = tuple(entry.split())
            begins = _ends_at(found, opens, parts)
            follows = group not in {"over", "under"} and _stands_at(found, end, parts)
            if begins is None and not follows:
                continue
            first = min(first, begins if begins is not None else first)
            last = max(last, end + len(parts) if follows else last)
            approximate = approximate or group == "approximate"
            bound = bound or (group if group != "approximate" else "")
    low, high, dimension, unit = made
    return Quantity(low, high, dimension, unit, bound, approximate, weak, start, end, first, last)


def _stands_at(found: Sequence[Word], position: int, parts: tuple[str, ...]) -> bool:
    return tuple(word.lower for word in found[position : position + len(parts)]) == parts


def _ends_at(found: Sequence[Word], position: int, parts: tuple[str, ...]) -> int | None:
    """Where the words begin that stand before `position`, articles and 'the next' passed over; None if they do not."""
    place = position
    for part in reversed(parts):
        place -= 1
        while place > 0 and _lower(found, place) in {"the", "next", "last", "first", "past", "a"} and part != "a":
            place -= 1
        if _lower(found, place) != part:
            return None
    return place
