"""How long a worker may still begin, by the clock that sleeps least."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.delivery import leases
from pipeline.delivery.leases import Hold

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class Clocks:
    """The two clocks of a machine, told apart."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.wall, self.awake = START, 0.0
        patch.setattr(leases.time, "clock_gettime", lambda _: self.awake)

    def now(self) -> datetime:
        return self.wall


passed = st.floats(-5000, 5000)


@given(seconds=st.integers(1, 900), steps=st.lists(st.tuples(passed, st.floats(0, 5000)), max_size=5))
def test_nothing_begins_once_either_clock_says_that_the_time_is_over(seconds, steps):
    with pytest.MonkeyPatch.context() as patch:
        clocks = Clocks(patch)
        hold = Hold(seconds, now=clocks.now)
        assert hold.may_begin()
        for wall, awake in steps:
            clocks.wall += timedelta(seconds=wall)
            clocks.awake += awake
            is_over = clocks.awake >= seconds or clocks.wall - START >= timedelta(seconds=seconds)
            assert hold.may_begin() is not is_over


def test_a_clock_that_was_set_back_does_not_prolong_it(monkeypatch):
    clocks = Clocks(monkeypatch)
    hold = Hold(700, now=clocks.now)
    clocks.wall -= timedelta(hours=1)
    clocks.awake += 701
    assert not hold.may_begin()


def test_a_renewed_lease_counts_from_before_it_was_renewed(monkeypatch):
    clocks = Clocks(monkeypatch)
    hold = Hold(700, now=clocks.now)
    clocks.awake += 600
    since = Hold.moment(clocks.now)
    clocks.awake += 300  # the renewal's commit took so long
    hold.prolong(since)
    assert hold.may_begin()
    clocks.awake += 400
    assert not hold.may_begin()


def test_a_time_of_nothing_lets_nothing_begin():
    assert not Hold(0, now=lambda: START).may_begin()
