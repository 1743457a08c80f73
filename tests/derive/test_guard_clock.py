"""Times of day, in figures, in words and by the part of the day."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.derive.guard_reading import reading
from pipeline.derive.model import FindingKind
from tests.derive.guard_findings import clean, shown


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("The museum is open from ten to four.", "The museum is open from 10 am to 4 pm."),
        ("Swim between nine in the morning and seven in the evening.", "Swim between 9 am and 7 pm."),
        ("The gate shuts at 16:00.", "The gate shuts at 4 p.m."),
        ("Come between ten and noon.", "Come from 10 to 12."),
        ("The last bus leaves at 9:30.", "The last bus leaves at 9:30 pm."),
        ("Never ride below zero.", "Never ride below 0 °C."),
    ],
)
def test_one_time_is_told_in_many_ways(source: str, text: str) -> None:
    assert clean(source, text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("The museum is open from ten to four.", "The museum is open from 10 am to 5 pm."),
        ("The gate shuts at 16:00.", "The gate shuts at 4 am."),
        ("Feed it at 7 am.", "Feed it at 7 pm."),
        ("Swim between nine in the morning and seven in the evening.", "Swim between 9 am and 8 pm."),
    ],
)
def test_another_time_is_named(source: str, text: str) -> None:
    assert shown(source, text, FindingKind.CHANGED_NUMBER)


def test_a_row_of_numbers_is_no_time() -> None:
    for text in ("Cut it from ten to four cups.", "Mix them 2 to 1.", "It takes one to two hours."):
        assert all(quantity.dimension != "clock" for quantity in reading(text).quantities), text


@settings(max_examples=30)
@given(st.integers(0, 23))
def test_an_hour_of_the_day_meets_itself_in_figures_of_twelve(hour: int) -> None:
    (full,) = reading(f"It shuts at {hour}:00.").quantities
    (half,) = reading(f"It shuts at {hour % 12 or 12} {'am' if hour < 12 else 'pm'}.").quantities
    assert full.meets(half)
    assert half.meets(full)
