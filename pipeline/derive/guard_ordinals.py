"""Which one of a row: 'the third day', 'the second or third week', 'day two'; no amount, and never one of its own."""

from collections.abc import Sequence

from pipeline.derive.guard_quantity import YEAR_SECONDS, Quantity
from pipeline.derive.guard_values import lower, table, value_at
from pipeline.derive.normalise import Word

_BEFORE_IT = frozenset({"before", "until", "till", "under", "below"})


def ordinal(found: Sequence[Word], position: int) -> Quantity | None:
    """'the third day', 'the second or third week', 'the 2nd month': which one of a row."""
    low = _place_in_row(found, position)
    if low is None:
        return _numbered(found, position)
    if lower(found, low[1]) in {"birthday", "birthdays"}:
        return _birthday(found, position, low)
    high, after = low[0], low[1]
    if lower(found, after) in {"or", "to", "and", "-", "–"}:
        upper = _place_in_row(found, after + 1)
        high, after = upper if upper is not None and upper[0] > high else (high, after)
    if _noun_left_out(found, position, after):
        return _of_the_same(found, position, after, (low[0], high))
    unit = table("units").get(lower(found, after), "").split()
    if unit[1:2] != ["time"] or (low[0] == 2 and high == 2 and lower(found, position - 1) in {"every", "each"}):
        return None
    weak = high == 1  # 'the first night' is told in many other ways
    return Quantity(
        low[0], high, f"ordinal {unit[2]}", unit[2], "", False, weak, position, after + 1, position, after + 1
    )


def _birthday(found: Sequence[Word], position: int, row: tuple[float, int]) -> Quantity:
    """'past their first birthday' is over one year old, 'until the second birthday' under two."""
    seconds, end = row[0] * YEAR_SECONDS, row[1] + 1
    before = {word.lower for word in found[max(0, position - 2) : position]}
    bound = "over" if before & {"past", "after", "from", "beyond"} else "under" if before & _BEFORE_IT else ""
    start = position - 1 if bound else position
    return Quantity(seconds, seconds, "time", "year", bound, False, False, position, end, start, end)


def _noun_left_out(found: Sequence[Word], position: int, after: int) -> bool:
    """'worst on the second day and gone by the fifth': no noun follows."""
    ends = after >= len(found) or not found[after].is_content
    return lower(found, position - 1) == "the" and lower(found, position - 2) in {"by", "on", "until", "after"} and ends


def _of_the_same(found: Sequence[Word], position: int, after: int, row: tuple[float, float]) -> Quantity | None:
    """The ordinal in the unit of time that was named last before it: the fifth day."""
    units = (table("units").get(lower(found, place), "").split() for place in range(position - 1, -1, -1))
    name = next((unit[2] for unit in units if unit[1:2] == ["time"]), None)
    if name is None:
        return None
    return Quantity(*row, f"ordinal {name}", name, "", False, row[1] == 1, position, after, position, after)


def _numbered(found: Sequence[Word], position: int) -> Quantity | None:
    """'day two', 'week 3': the second day, the third week."""
    unit, before = lower(found, position).removesuffix("s"), lower(found, position - 1)
    value = value_at(found, position + 1) if unit in {"day", "week", "month"} else None
    if value is None or before in {"a", "per", "each", "every", "one", "the"} or value[0] != int(value[0]):
        return None
    high, after = value
    if lower(found, after) in {"or", "to", "and", "-", "–"}:
        upper = value_at(found, after + 1)
        high, after = upper if upper is not None and upper[0] > high else (high, after)
    if lower(found, after) in table("units") or not lower(found, position + 1)[:1].isalnum():
        return None
    name = table("units")[unit].split()[2]
    return Quantity(value[0], high, f"ordinal {name}", name, "", False, False, position, after, position, after)


def _place_in_row(found: Sequence[Word], position: int) -> tuple[float, int] | None:
    word = lower(found, position)
    if word in table("ordinals"):
        return float(table("ordinals")[word]), position + 1
    if word.isdigit() and len(word) < 4 and lower(found, position + 1) in {"st", "nd", "rd", "th"}:
        return float(word), position + 2
    return None
