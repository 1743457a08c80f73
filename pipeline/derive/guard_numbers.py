"""Numbers as values with units: '20 minutes', 'a third', 'twice a week', 'between 4 and 6 weeks', 'SPF 30'.

One pass over the words; at each, a frequency ('daily'), an amount, or a vague amount ('a few days') may open.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from pipeline.derive.guard_bounds import ARTICLES, SCALES, bounded, parts_of, scale_before, stands_at
from pipeline.derive.guard_clock import clock
from pipeline.derive.guard_number_rows import as_ranges, with_unit
from pipeline.derive.guard_ordinals import ordinal
from pipeline.derive.guard_quantity import Quantity
from pipeline.derive.guard_values import lower, table, value_at
from pipeline.derive.normalise import Word

_COUNTED_IN_A_ROW = {"day", "week", "month", "days", "weeks", "months"}
_OPENERS = frozenset({*_COUNTED_IN_A_ROW, "every", "each", "alternate", "once", "twice", "thrice"})
_HOUR, _DAY = 3600, 86400
_WEEKDAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
_PASSES = frozenset({"has", "have", "passes", "goes", "had"})  # 'once an hour has passed' is no rate


def quantities(found: Sequence[Word]) -> tuple[Quantity, ...]:
    """The numbers of a text, in order; none reaches over the end of a sentence."""
    result: list[Quantity] = []
    begin = 0
    for end in range(1, len(found) + 1):
        if end == len(found) or found[end].sentence != found[begin].sentence:
            result.extend(_moved(each, begin) for each in _of_sentence(found[begin:end]))
            begin = end
    return tuple(result)


def _moved(quantity: Quantity, by: int) -> Quantity:
    places = {name: getattr(quantity, name) + by for name in ("start", "end", "first", "last")}
    return replace(quantity, **places) if by else quantity


def _of_sentence(found: Sequence[Word]) -> list[Quantity]:
    result: list[Quantity] = []
    opening, opening_vaguely = _opening(), _opening_vaguely()
    position = 0
    while position < len(found):
        quantity, word = None, found[position].lower
        if word in opening or word[:1].isdigit():
            quantity = (
                ordinal(found, position)
                or clock(found, position)
                or _frequency_word(found, position)
                or _quantity(found, position)
                or _vague(found, position)
            )
        elif word in opening_vaguely:
            quantity = _vague(found, position)
        if quantity is not None:
            result.append(quantity)
        position = quantity.end if quantity is not None else position + 1
    return as_ranges(found, [with_unit(found, result, place) for place in range(len(result))])


@cache
def _opening() -> frozenset[str]:
    """The words that a number may open with, besides digits: every other word is passed over at one look."""
    phrases = {parts[0] for parts in parts_of("twice a day")}
    tables = (name for group in ("numbers", "fractions", "money", "rates", "ordinals") for name in table(group))
    return frozenset({*_OPENERS, *ARTICLES, *phrases, *tables})


@cache
def _opening_vaguely() -> frozenset[str]:
    """The words that a vague amount may open with, above all 'the' ('the first few days'), which opens no other."""
    return frozenset(parts[0] for parts in parts_of("vague"))


def _vague(found: Sequence[Word], position: int) -> Quantity | None:
    """'a few days', 'several weeks': no value, but a unit that must stay. `low` is the unit's own size."""
    for parts in parts_of("vague"):
        after = position + len(parts)
        if not stands_at(found, position, parts):
            continue
        after += 1 if lower(found, after) in {"more", "of"} else 0
        unit = table("units").get(lower(found, after), "").split()
        if unit[1:2] in (["time"], ["volume"], ["mass"], ["length"]):
            size = float(unit[0])
            return Quantity(
                size, size, f"vague {unit[1]}", unit[2], "", False, True, position, after + 1, position, after + 1
            )
    return None


# ── a number with its range, unit, frequency and bounds ───────────────────────────────────────────────────────


def _quantity(found: Sequence[Word], position: int) -> Quantity | None:
    """A number in digits or words, with what belongs to it."""
    every = lower(found, position) in {"every", "each"}
    money = lower(found, position) in table("money")
    opened = _article(found, position) if not (every or money) else None
    value = opened or value_at(found, position + (1 if every or money else 0))
    if value is None:
        return None
    ratio = _ratio(found, value[1], value[0])
    if ratio is not None:
        return bounded(found, position, ratio[1], (ratio[0], ratio[0], "percent", "percent"), weak=False)
    low, after = value[0], _skip_article(found, value[1], value[0])
    after += 1 if lower(found, after - 1) == "couple" and lower(found, after) == "of" else 0
    high, after = _range(found, after, low)
    low = 1.0 if low == high == 2 and _one_or_two(found, position) else low
    weak = opened is not None or (
        low == high and low in {1, 12} and lower(found, position) in {"one", "noon", "midday"}
    )
    bound, after = _bound_between(found, after)
    dimension, unit, factor, after = _unit(found, position, after, money)
    low, high, after, vague = _tail(found, after, low, high)
    weak = weak and not vague
    before = lower(found, position - 1)
    if low == high == 2 and dimension == "count" and before in {"between", "the", "these", "those"}:
        return None  # 'keep the two apart'
    if weak and (
        dimension == "count" or (opened is not None and dimension not in {"time", "volume", "mass", "length"})
    ):
        return None
    made = _made(found, position, after, (low, high, dimension, unit), factor, every=every, weak=weak)
    if made is None:
        return None
    said = bound or made.bound
    return replace(made, bound=said, weak=made.weak and not said)  # 'less than a day' says more than 'a day'


def _one_or_two(found: Sequence[Word], position: int) -> bool:
    """'a question or two'."""
    return lower(found, position - 1) == "or" and lower(found, position - 3) in {"a", "an", "one"}


def _bound_between(found: Sequence[Word], position: int) -> tuple[str, int]:
    """'3 or more days': the bound between a number and its unit, and the position after it."""
    limits = {"more": "least", "fewer": "most", "less": "most"}
    bound = limits.get(lower(found, position + 1), "") if lower(found, position) == "or" else ""
    return (bound, position + 2) if bound and lower(found, position + 2) in table("units") else ("", position)


def _tail(found: Sequence[Word], after: int, low: float, high: float) -> tuple[float, float, int, bool]:
    """'an hour and a half', 'a week or two': low, high, the position after it, and whether there was one."""
    if stands_at(found, after, ("and", "a", "half")):
        return low + 0.5, high + 0.5, after + 3, True
    if low == high == 1 and stands_at(found, after, ("or", "two")):
        return low, 2.0, after + 2, True
    return low, high, after, False


def _made(
    found: Sequence[Word],
    start: int,
    after: int,
    said: tuple[float, float, str, str],
    factor: float,
    *,
    every: bool,
    weak: bool,
) -> Quantity | None:
    """The quantity in its base unit; 'every' makes a rate of a time, and nothing of anything else."""
    low, high, dimension, unit = said
    made = (low * factor, high * factor, dimension, unit)
    if dimension == "celsius":
        made = (_celsius(low, unit), _celsius(high, unit), dimension, unit)
    if every and dimension == "time" and low * factor > 0:
        made = (86400 / (high * factor), 86400 / (low * factor), "rate", "per")
    elif dimension in {"count", "times"}:
        made, after = _per(found, after, made)
    elif unit == "d" and _seconds(found, _past_joint(found, after)) > factor:
        made, after = _per(found, after, (low, high, "times", "times"))  # 'two nights a week'
    if every and made[2] != "rate":
        return None
    return bounded(found, start, after, made, weak=weak)


def _ratio(found: Sequence[Word], position: int, part: float) -> tuple[float, int] | None:
    """'one in three', 'one cat in three', 'nine out of ten' → percent, and the position after it."""
    if part == 1 and lower(found, position + 1) == "in" and found[position].is_content:
        position += 1
    joint = 1 if lower(found, position) == "in" else 2 if stands_at(found, position, ("out", "of")) else 0
    whole = value_at(found, position + joint) if joint else None
    if whole is None or whole[0] <= part or part < 1 or lower(found, whole[1]) in table("units"):
        return None
    return 100 * part / whole[0], whole[1]


def _article(found: Sequence[Word], position: int) -> tuple[float, int] | None:
    """'an hour' is one hour, weakly."""
    rate = lower(found, position - 1) in {"times", "once", "twice", "time"}
    unit = lower(found, position + 1) in table("units") or _is_whole(found, position + 1)
    article = lower(found, position) in ARTICLES and lower(found, position + 1) != "foot"
    if lower(found, position) == "another":
        article = stands_at(found, position + 2, ("or", "two"))  # but 'leave it for another day'
    return (1.0, position + 1) if unit and not rate and article else None


def _skip_article(found: Sequence[Word], position: int, low: float) -> int:
    """half an hour · half a teaspoon · a quarter of an hour."""
    if low >= 1 or not (lower(found, position - 1).isalpha() or lower(found, position - 2) == "/"):
        return position
    after = position + 1 if lower(found, position) == "of" else position
    if lower(found, after) in {"a", "an"} and lower(found, after + 1) in table("units"):
        return after + 1
    return position


def _range(found: Sequence[Word], position: int, low: float) -> tuple[float, int]:
    """The upper end: 4 to 6, 4-6, between 4 and 6, one or two."""
    joint = lower(found, position)
    if joint in {"-", "–", "—", "to", "or"} or (joint == "and" and _between(found, position)):
        upper = value_at(found, position + 1)
        if upper is not None and upper[0] > low:
            return upper
    follows = lower(found, position + 1)
    if joint in table("units") and (follows in {"to", "-", "–"} or (follows == "and" and _between(found, position))):
        upper = value_at(found, position + 2)
        if upper is not None and upper[0] > low and lower(found, upper[1]) == joint:
            return upper
    return low, position


def _between(found: Sequence[Word], position: int) -> bool:
    return any(lower(found, index) == "between" for index in range(max(0, position - 5), position))


def _unit(found: Sequence[Word], start: int, position: int, money: bool) -> tuple[str, str, float, int]:
    """Dimension, unit's name, factor to the base unit, and the position after the unit."""
    if money:
        return "money", table("money")[lower(found, start)], 1.0, position
    before = lower(found, scale_before(found, start))
    if before in SCALES:
        scale = "spf" if before == "factor" else before
        return scale, scale, 1.0, position
    if lower(found, position) == "-":
        position += 1
    if lower(found, position) in {"°", "degrees", "degree"}:
        scale = lower(found, position + 1)
        name = "f" if scale in {"f", "fahrenheit"} else "c"
        return "celsius", name, 1.0, position + (2 if scale in {"c", "f", "celsius", "fahrenheit"} else 1)
    if position < len(found) and found[position].text in {"C", "F"}:
        return "celsius", found[position].lower, 1.0, position + 1
    if (lower(found, position), lower(found, position + 1)) == ("per", "cent"):
        return "percent", "percent", 1.0, position + 2
    position += 1 if _describes_time(found, position) else 0
    word = lower(found, position)
    if word in table("units"):
        factor, dimension, unit = table("units")[word].split()
        return dimension, unit, float(factor), position + 1
    return "count", "count", 1.0, position


def _describes_time(found: Sequence[Word], position: int) -> bool:
    """'two hotel nights' are two nights; 'two working days' are not two days."""
    if _is_whole(found, position):
        return True
    counted = _seconds(found, position + 1) and lower(found, position + 1).endswith("s")
    plain = position < len(found) and found[position].is_content
    return bool(counted) and plain and lower(found, position) not in {"working", "business", "school", *table("units")}


def _is_whole(found: Sequence[Word], position: int) -> bool:
    """'a full day', 'one whole week': as long as a day, a week."""
    return lower(found, position) in {"full", "whole", "entire", "solid"} and _seconds(found, position + 1) > 0


def _celsius(value: float, unit: str) -> float:
    return round((value - 32) / 1.8) if unit == "f" else value


def _per(
    found: Sequence[Word], position: int, made: tuple[float, float, str, str]
) -> tuple[tuple[float, float, str, str], int]:
    """'3 times a week', 'twice daily', '2 nights per week' → times a day."""
    low, high, dimension, unit = made
    if lower(found, position) in {"times", "time"}:
        position, dimension = position + 1, "times"
    if (
        dimension == "count"
        and _seconds(found, position + 2)
        and lower(found, position + 1) in {"a", "an", "per", "each"}
    ):
        position, dimension = position + 1, "times"  # 'two walks a day'
    if dimension == "count" and lower(found, position + 1) == "of":
        often = _after_its_thing(found, position)
        if often:
            return (
                low * 86400 / _seconds(found, often),
                high * 86400 / _seconds(found, often),
                "rate",
                "per",
            ), position
    span = _span_of_time(found, position) if dimension in {"count", "times"} else None
    if span is not None:
        days, after = span
        return (low / days, high / days, "rate", "per"), after
    word = lower(found, position)
    if dimension == "count" and word == "per" and _seconds(found, position + 1):
        dimension = "times"  # 'twenty per minute'
    if dimension != "times":
        return made, position
    if word in table("rates"):
        days = float(table("rates")[word])
        return (low * days, high * days, "rate", "per"), position + 1
    end = _past_joint(found, position)
    if end > position and _seconds(found, end):
        days = 86400 / _seconds(found, end)
        return (low * days, high * days, "rate", "per"), end + 1
    return (low, high, dimension, unit), position


def _after_its_thing(found: Sequence[Word], position: int) -> int:
    """Of 'two portions of oily fish a week' the place of 'week'; 0 where no such time follows the thing."""
    for place in range(position + 2, min(position + 6, len(found) - 1)):
        if lower(found, place) in {"a", "per", "each", "every"} and _seconds(found, place + 1):
            return place + 1
        if not found[place].is_content:
            return 0
    return 0


def _past_joint(found: Sequence[Word], position: int) -> int:
    """The position after 'a', 'per', 'of the', 'in a'; the same one where none stands there."""
    joint, after = lower(found, position), lower(found, position + 1)
    if (joint == "of" and after in {"the", "each", "every"}) or (
        joint == "in" and after in {"a", "any", "one", "each"}
    ):
        return position + 2
    return position + 1 if lower(found, position) in {"a", "an", "per", "each", "every"} else position


def _span_of_time(found: Sequence[Word], position: int) -> tuple[float, int] | None:
    """'(two capsules) in any 24-hour period', 'in 24 hours': the days, and the position after them."""
    start = next((i for i in range(position, min(position + 2, len(found))) if lower(found, i) == "in"), None)
    if start is None:
        return None
    start += 2 if lower(found, start + 1) in {"any", "a", "each", "every", "one"} else 1
    value = value_at(found, start)
    after = value[1] + (1 if lower(found, value[1]) == "-" else 0) if value else 0
    if value is None or value[0] <= 0 or _seconds(found, after) != _HOUR:
        return None
    end = after + (2 if lower(found, after + 1) == "period" else 1)
    return value[0] * _HOUR / _DAY, end


def _seconds(found: Sequence[Word], position: int) -> float:
    """The length of the unit of time at `position`; 0 where none stands there."""
    parts = table("units").get(lower(found, position), "").split()
    return float(parts[0]) if parts[1:2] == ["time"] else 0.0


def _frequency_word(found: Sequence[Word], position: int) -> Quantity | None:
    """daily · weekly · every day · each night · every other week · once a week · twice."""
    word = lower(found, position)
    for parts in parts_of("twice a day"):
        if stands_at(found, position, parts):
            return bounded(found, position, position + len(parts), (2.0, 2.0, "rate", "per"), weak=False)
    if word == "once" and stands_at(found, position + 1, ("or", "twice")):
        made, after = _per(found, position + 3, (1.0, 2.0, "times", "times"))
        return bounded(found, position, after, made, weak=False)
    if word in {"once", "twice", "thrice"}:
        times = float(table("numbers")[word])
        made, after = _per(found, position + 1, (times, times, "times", "times"))
        if word == "once" and (made[2] != "rate" or lower(found, after) in _PASSES):
            return None
        return bounded(found, position, after, made, weak=False)
    if word in table("rates"):
        rate = float(table("rates")[word])
        return bounded(found, position, position + 1, (rate, rate, "rate", "per"), weak=word != "weekly")
    if word == "alternate" and _seconds(found, position + 1):
        rate = 43200 / _seconds(found, position + 1)
        return bounded(found, position, position + 2, (rate, rate, "rate", "per"), weak=False)
    if word in {"every", "each"}:
        after = position + (2 if lower(found, position + 1) in {"other", "second"} else 1)
        seconds = (_seconds(found, after) or 7 * _DAY * (lower(found, after) in _WEEKDAYS)) * (after - position)
        if seconds:
            rate = 86400 / seconds
            low, end = (rate / 2, after + 3) if stands_at(found, after + 1, ("or", "two")) else (rate, after + 1)
            return bounded(found, position, end, (low, rate, "rate", "per"), weak=low == rate == 1.0)
    return None
