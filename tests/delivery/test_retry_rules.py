"""How long a delivery that was put off waits."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.delivery.retry_rules import MAX_ATTEMPTS, wait_seconds

attempts = st.integers(0, MAX_ATTEMPTS - 1)


def test_the_waits_double_from_a_minute_to_eight_hours_and_end():
    waits = [wait_seconds(number) for number in range(1, MAX_ATTEMPTS + 1)]
    assert waits[:4] == [60, 120, 240, 480]
    assert waits[-3:] == [28800, 28800, None]
    assert 20 < sum(wait or 0 for wait in waits) / 3600 < 30  # "about a day"


@given(attempts, st.integers(0, 10**6))
def test_a_wait_is_never_shorter_than_the_provider_asked(number, asked):
    assert wait_seconds(number, asked) >= max(asked, 60)


@given(st.integers(1, MAX_ATTEMPTS - 2))
def test_no_wait_is_shorter_than_the_one_before(number):
    assert wait_seconds(number) <= wait_seconds(number + 1)
