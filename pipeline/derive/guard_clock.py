"""Times of day: '10 am', '4 p.m.', '16:00', 'from ten to four', 'nine o'clock'; hours from midnight.

Where nobody says which half of the day is meant, the unit is `half`, and such a time meets either.
"""

from collections.abc import Sequence

from pipeline.derive.guard_quantity import Quantity
from pipeline.derive.guard_values import lower, value_at
from pipeline.derive.normalise import Word

_DAYTIMES = {"morning": "am", "afternoon": "pm", "evening": "pm", "night": "pm"}
_JOINTS = frozenset({"to", "-", "–", "until", "till", "and"})


def clock(found: Sequence[Word], position: int) -> Quantity | None:
    """A time of day, or from one to another."""
    first = _time(found, position)
    if first is None:
        return None
    hour, half, after = first
    second = _time(found, after + 1) if lower(found, after) in _JOINTS else None
    if second is None:
        return _made(hour, hour, half, position, after) if half else None
    upper, upper_half, end = second
    if not (half or upper_half or _turns(found, position, end, (hour, upper))):
        return None
    if upper_half and not half and hour <= upper % 12:
        hour += 12 * (upper >= 12)
    return _made(hour, upper, (half and upper_half) or upper_half or "half", position, end)


def _turns(found: Sequence[Word], start: int, end: int, hours: tuple[float, float]) -> bool:
    """'from ten to four': the second is the smaller, and nothing follows that is counted."""
    counts = end < len(found) and (found[end].is_content or found[end].text in "%/")
    return hours[1] < hours[0] <= 12 and lower(found, start - 1) in {"from", "open", "-", ","} and not counts


def _made(low: float, high: float, half: str, start: int, end: int) -> Quantity:
    unit = "half" if half in {"half", "o'clock"} else "hour"
    return Quantity(low, high, "clock", unit, "", False, False, start, end, start, end)


def _time(found: Sequence[Word], position: int) -> tuple[float, str, int] | None:
    """The hour, what tells the half of the day, and the position after it."""
    value = value_at(found, position)
    if value is None or not 0 <= value[0] <= 24:
        return None
    hour, after = value
    minutes = lower(found, after + 1)
    if lower(found, after) == ":" and len(minutes) == 2 and minutes.isdigit() and int(minutes) < 60:
        hour, after = hour + int(minutes) / 60, after + 2
        marked = _half(found, after)
        return (_in_day(hour, marked[0]), *marked) if marked else (hour, "hour" if hour >= 13 else "half", after)
    marked = _half(found, after)
    if marked is None:
        return (hour, "", after) if hour == int(hour) and 1 <= hour <= 12 else None
    return (_in_day(hour, marked[0]), *marked)


def _half(found: Sequence[Word], position: int) -> tuple[str, int] | None:
    """'am', 'p.m.', 'o'clock', 'in the evening', and the position after it."""
    word = lower(found, position)
    if word in {"am", "pm", "o'clock"}:
        return word, position + 1
    daytime = lower(found, position + 2) if lower(found, position + 1) == "the" else lower(found, position + 1)
    if word in {"in", "at"} and daytime in _DAYTIMES:
        return _DAYTIMES[daytime], position + (3 if lower(found, position + 1) == "the" else 2)
    dotted = [lower(found, place) for place in range(position, position + 3)]
    if dotted in (["a", ".", "m"], ["p", ".", "m"]):
        return dotted[0] + "m", position + (4 if lower(found, position + 3) == "." else 3)
    return None


def _in_day(hour: float, half: str) -> float:
    if half == "pm" and hour < 12:
        return hour + 12
    return 0.0 if half == "am" and hour == 12 else hour
