"""What the numbers of a sentence take from one another: a unit that is left out, the two ends of one range."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.derive.guard_quantity import MEASURED, Quantity
from pipeline.derive.guard_values import lower, unit_size
from pipeline.derive.normalise import Word

_BETWEEN = 4  # words between an amount and the time that it is for
_IN_THE_PLACE_OF = {("instead", "of"), ("rather", "than"), ("not",), ("instead", "of", "at"), ("rather", "than", "at")}


def with_unit(found: Sequence[Word], told: Sequence[Quantity], place: int) -> Quantity:
    """'the frame for ten years and the motor for two': in the unit of the one that stands alike before it."""
    one, after = told[place], told[place].end
    counted = after < len(found) and (found[after].is_content or found[after].text == "-")
    if one.dimension != "count" or one.weak or not place:
        return one
    measured = [each for each in reversed(told[:place]) if each.dimension in MEASURED and not each.weak]
    other = next((each for each in measured if not counted and _stands_alike(found, each, one)), None)
    if other is None and measured and _sets_against(found, measured[0], one):
        other = measured[0]
    if other is None:
        return one
    size = unit_size(other.unit) if other.dimension not in {"celsius", "percent"} else 1.0
    return replace(one, low=one.low * size, high=one.high * size, dimension=other.dimension, unit=other.unit)


def _stands_alike(found: Sequence[Word], first: Quantity, second: Quantity) -> bool:
    """'for ten years and … for two', 'ten years for wood and two for paint': between the same small words."""
    before, after = lower(found, second.first - 1), lower(found, second.end)
    if before in {"and", ","}:
        return after.isalpha() and lower(found, first.end) == after
    return before.isalpha() and lower(found, first.first - 1) == before


def _sets_against(found: Sequence[Word], first: Quantity, second: Quantity) -> bool:
    """'to 80 percent instead of 100', 'at 110 km/h, not 130': one amount is put in the other's place."""
    between = tuple(word.lower for word in found[first.last : second.first] if word.text != ",")
    return between in _IN_THE_PLACE_OF


def as_ranges(found: Sequence[Word], told: Sequence[Quantity]) -> list[Quantity]:
    """'a week to ten days', 'an hour or ninety minutes': two amounts in different units that are one range."""
    result: list[Quantity] = []
    for each in told:
        before = result[-1] if result else None
        if before is not None and _bounds_the_one_before(found, before, each):
            result[-1] = replace(before, bound=each.bound)
            each = replace(each, bound="", weak=True, last=each.end)
        joined = before is not None and each.start == before.end + 1 and lower(found, before.end) in {"to", "or", "–"}
        if before is not None and joined and _makes_a_range(before, each):
            low, first = before.low, before.first
            result[-1] = replace(each, low=low, start=before.start, first=first, weak=False, bound=before.bound)
        else:
            result.append(each)
    return result


def _bounds_the_one_before(found: Sequence[Word], first: Quantity, second: Quantity) -> bool:
    """'25 g of fibre a day or more': the limit is that of the grams, and not of the day."""
    is_day = second.dimension == "time" and lower(found, second.start) in {"a", "an"} and second.last > second.end
    between = found[first.end : second.start]
    joined = len(between) <= _BETWEEN and all(word.is_content or word.lower == "of" for word in between)
    return is_day and joined and bool(second.bound) and first.bound in ("", second.bound) and not first.weak


def _makes_a_range(first: Quantity, second: Quantity) -> bool:
    alike = first.dimension == second.dimension and first.dimension in MEASURED and first.unit != second.unit
    return alike and first.low == first.high < second.low == second.high
