"""Numbers with their units, limits and frequencies, as the guard reads them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.derive.guard import check
from pipeline.derive.guard_numbers import quantities
from pipeline.derive.guard_quantity import Quantity
from pipeline.derive.model import FindingKind
from pipeline.derive.normalise import read

DAY, WEEK = 86400, 604800


def only(text: str) -> Quantity:
    (quantity,) = quantities(read(text))
    return quantity


@pytest.mark.parametrize(
    ("text", "low", "high", "dimension"),
    [
        ("20 minutes", 1200, 1200, "time"),
        ("twenty-five minutes", 1500, 1500, "time"),
        ("half an hour", 1800, 1800, "time"),
        ("an hour and a half", 5400, 5400, "time"),
        ("one and a half hours", 5400, 5400, "time"),
        ("1½ hours", 5400, 5400, "time"),
        ("a week or two", WEEK, 2 * WEEK, "time"),
        ("4-6 weeks", 4 * WEEK, 6 * WEEK, "time"),
        ("four to six weeks", 4 * WEEK, 6 * WEEK, "time"),
        ("between four and six weeks", 4 * WEEK, 6 * WEEK, "time"),
        ("20 min. in", 1200, 1200, "time"),
        ("1,200 g", 1200, 1200, "mass"),
        ("two tablespoons", 30, 30, "volume"),
        ("0.5 %", 0.5, 0.5, "percent"),
        ("one in four", 25, 25, "percent"),
        ("nine out of ten", 90, 90, "percent"),
        ("356 °F", 180, 180, "celsius"),
        ("180 degrees", 180, 180, "celsius"),
        ("$5", 5, 5, "money"),
        ("five dollars", 5, 5, "money"),
        ("SPF of at least 30", 30, 30, "spf"),
        ("one hundred and twenty drops", 120, 120, "drop"),
        ("twice a day", 2, 2, "rate"),
        ("three times per day", 3, 3, "rate"),
        ("every other day", 0.5, 0.5, "rate"),
        ("every 12 hours", 2, 2, "rate"),
        ("two walks a day", 2, 2, "rate"),
        ("daily", 1, 1, "rate"),
        ("a few days", DAY, DAY, "vague time"),
    ],
)
def test_a_number_is_read_with_its_unit(text: str, low: float, high: float, dimension: str) -> None:
    quantity = only(text)
    assert (quantity.low, quantity.high, quantity.dimension) == (pytest.approx(low), pytest.approx(high), dimension)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("at least 8 hours", "least"),
        ("8 hours or more", "least"),
        ("up to 8 hours", "most"),
        ("no more than 8 hours", "most"),
        ("as long as 8 hours", "most"),
        ("more than 8 hours", "over"),
        ("under 8 hours", "under"),
        ("within the next 8 hours", "most"),
        ("8 hours", ""),
    ],
)
def test_a_limit_belongs_to_its_number(text: str, bound: str) -> None:
    assert only(text).bound == bound


@pytest.mark.parametrize("text", ["about 8 hours", "roughly 8 hours", "8 hours or so", "around 8 hours"])
def test_about_makes_a_number_approximate(text: str) -> None:
    assert only(text).approximate


@pytest.mark.parametrize("text", ["no one", "one another", "one of them", "once it is dry", "in the second bed", ""])
def test_words_that_only_look_like_numbers_are_let_go(text: str) -> None:
    assert not [quantity for quantity in quantities(read(text)) if not quantity.weak]


@pytest.mark.parametrize(
    ("a", "b"),
    [("12 weeks", "three months"), ("a quarter", "25 percent"), ("one inch", "2.5 cm"), ("weekly", "once a week")],
)
def test_two_forms_of_an_amount_meet(a: str, b: str) -> None:
    assert only(a).meets(only(b))
    assert only(b).meets(only(a))


@pytest.mark.parametrize(
    ("a", "b"),
    [("11 minutes", "12 minutes"), ("12 weeks", "two months"), ("5 mg", "5 g")],
)
def test_two_amounts_do_not(a: str, b: str) -> None:
    assert not only(a).meets(only(b))


@given(st.integers(min_value=2, max_value=999), st.sampled_from(["minutes", "grams", "cm", "drops", "%"]))
@settings(deadline=None)
def test_any_number_keeps_its_value_and_meets_itself_alone(number: int, unit: str) -> None:
    assert only(f"{number} {unit}").meets(only(f"{number} {unit}"))
    assert not only(f"{number} {unit}").meets(only(f"{number + 1} {unit}"))


@pytest.mark.parametrize(
    "text",
    ["every 0 hours", "0 times a day", "9" * 400 + " °F", "1/0 cup", "½½ ½/0", "٣ days", "² cups", "1,,2 g", "5-"],
)
def test_odd_numbers_do_no_harm(text: str) -> None:
    for quantity in quantities(read(text)):
        assert quantity.meets(quantity) or quantity.low == 0


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Take 10 micrograms a day.", "Take 10 µg a day."),
        ("Leave the plaster on for the first 24 hours.", "Leave the plaster on for the first day."),
        ("Keep up the feed for one to two weeks.", "Keep up the feed for another week or two."),
        (
            "See the nurse if it bleeds more than three times a week.",
            "See the nurse if it bleeds more than three times in a week.",
        ),
        ("Stay in for 15 minutes at most.", "A quarter of an hour inside is the limit."),
        ("It leaves about a third of cats cold.", "It leaves about one cat in three cold."),
        ("Keep a reserve of six months.", "Of the months of reserve, six may do."),
        ("No room should fall below about 16 degrees.", "No room should fall below 16 degrees or so."),
        ("Let the dough rise until it has doubled.", "Let the dough rise until it is twice its size."),
    ],
)
def test_the_same_number_told_another_way_is_not_named(source: str, text: str) -> None:
    kinds = {finding.kind for finding in check(source, text).findings}
    assert kinds.isdisjoint({FindingKind.CHANGED_NUMBER, FindingKind.ADDED_NUMBER}), text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Take 10 micrograms a day.", "Take 20 µg a day."),
        ("Keep up the feed for one to two weeks.", "Keep up the feed for another month or two."),
        ("Stay in for at least 15 minutes.", "A quarter of an hour inside is the limit."),
        ("It leaves about a third of cats cold.", "It leaves about one cat in four cold."),
        ("Keep a reserve of six months.", "Of the months of reserve, four may do."),
        ("Let the dough rise until it has doubled.", "Let the dough rise until it is three times its size."),
    ],
)
def test_another_number_told_in_such_a_way_is_named(source: str, text: str) -> None:
    kinds = {finding.kind for finding in check(source, text).findings}
    assert not kinds.isdisjoint({FindingKind.CHANGED_NUMBER, FindingKind.ADDED_NUMBER}), text
