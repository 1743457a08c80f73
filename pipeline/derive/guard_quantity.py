"""An amount with its unit: what '20 minutes', 'a third' and 'twice a week' come to.

A `Quantity` is a range of values in its dimension's base unit, so that 12 weeks meets three months and 1 tsp meets
5 ml. Words that bound a number ('at least', 'up to') are part of it; 'about' makes it approximate.
"""

from dataclasses import dataclass

YEAR_SECONDS = 31_557_600
ROW_SECONDS = {"d": 86_400, "wk": 604_800, "month": 2_629_800}
MEASURED = frozenset({"time", "percent", "celsius", "length", "mass", "volume"})  # what a bare number may stand for
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
        if self.dimension == other.dimension == "clock":
            return _same_hour(self, other)
        if self.dimension == other.dimension == "money" and self.unit != other.unit:
            return False  # five pounds are not five euros
        if self.dimension == other.dimension:
            slack = 0.0 if self.unit == other.unit else ROUNDING
            return near(self.low, other.low, slack) and near(self.high, other.high, slack)
        first, second = sorted((self, other), key=lambda quantity: quantity.dimension)
        if "ordinal" in first.unit_kind + second.unit_kind:
            return second.dimension == "time" and _reaches(first, second)
        across = _ACROSS.get((first.dimension, second.dimension))
        return across is not None and across(first, second)

    @property
    def unit_kind(self) -> str:
        """'ordinal' of 'ordinal d', and the dimension itself of the others."""
        return self.dimension.split()[0]


def near(a: float, b: float, slack: float) -> bool:
    """Whether two values agree within a share of the larger."""
    return abs(a - b) <= max(slack * max(abs(a), abs(b)), 1e-6)


def _same(one: Quantity, other: Quantity) -> bool:
    return (one.low, one.high) == (other.low, other.high)


def _same_share(count: Quantity, percent: Quantity) -> bool:
    return min(count.high, percent.high) < 1 and near(count.share, percent.share, 0.02)


def _same_interval(rate: Quantity, time: Quantity) -> bool:
    return 0 < rate.high < 1 and near(86400 / rate.high, time.low, 0.01)


def _same_figure(weight: Quantity, money: Quantity) -> bool:
    pounds = {money.unit, weight.unit} == {"gbp", "lb"}
    return pounds and near(money.low, weight.low / 453.6, 1e-6) and near(money.high, weight.high / 453.6, 1e-6)


def _same_age(age: Quantity, time: Quantity) -> bool:
    return near(age.low * YEAR_SECONDS, time.low, 1e-6) and near(age.high * YEAR_SECONDS, time.high, 1e-6)


def _same_hour(one: Quantity, other: Quantity) -> bool:
    """Whether both name one time of day; 'four' may be either half's."""
    day = 24 if one.unit == other.unit == "hour" else 12
    return all(abs(a - b) % day < 1e-6 for a, b in ((one.low, other.low), (one.high, other.high)))


def _reaches(ordinal: Quantity, time: Quantity) -> bool:
    """'by day 14' and 'by two weeks'."""
    seconds = ROW_SECONDS.get(ordinal.unit, 0) if not ordinal.weak else 0
    return near(ordinal.low * seconds, time.low, ROUNDING) and near(ordinal.high * seconds, time.high, ROUNDING)


# Two dimensions, in the order of the alphabet, that may name one amount.
_ACROSS = {
    ("count", "percent"): _same_share,
    ("rate", "time"): _same_interval,  # 'after ten years', 'every ten years'
    ("mass", "money"): _same_figure,  # '30 pounds' may be money
    ("count", "times"): _same,  # 'three rinses', 'rinse three times'
    ("clock", "count"): _same_hour,  # 'nine', '9 am'
    ("celsius", "count"): _same,  # 'below zero', 'below 0 °C'
    ("age", "count"): _same,  # 'by eight', 'by the age of eight'
    ("aged", "count"): _same,
    ("age", "aged"): _same,
    ("age", "time"): _same_age,  # 'the age of 12', '12 years old'
    ("aged", "time"): _same_age,
}
