"""What is done with a batch in doubt, at any age and with any provider."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.delivery import providers
from pipeline.delivery.providers.base import Settling
from pipeline.delivery.settle_rules import MOST_ATTEMPTS_IN_DOUBT, InDoubt, Step, next_step, waits_for

SENT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
EVERY = [providers.traits(name) for name in providers.available()]


def step(traits, age: float, *, taken: float = 0, attempts: int = 1, at_least_once: bool = False) -> Step:
    now = SENT + timedelta(seconds=age)
    batch = InDoubt(SENT, SENT + timedelta(seconds=taken), attempts)
    return next_step(traits, batch, now=now, at_least_once=at_least_once)


@given(
    traits=st.sampled_from(EVERY),
    age=st.integers(0, 10**6),
    taken_after=st.integers(0, 10**5),
    attempts=st.integers(1, 20),
)
def test_nothing_is_ever_sent_again_on_a_guess_unless_that_was_chosen(traits, age, taken_after, attempts):
    """`taken_after` is how long the batch was in its worker's hands: its calls may have begun until then."""
    age += taken_after
    taken = step(traits, age, taken=taken_after, attempts=attempts)
    assert taken is not Step.SEND_AGAIN
    if taken is Step.REPEAT:  # a call is made again only while its key surely holds until the answer
        assert traits.settling is Settling.KEY
        assert age + traits.longest_wait_seconds < traits.key_life_seconds
    if taken is Step.BELIEVE and traits.settling is Settling.SEARCH:
        assert age - taken_after >= traits.settle_window_seconds + 4 * 60  # two clocks may be so far apart
        assert age < traits.retention_seconds


@given(traits=st.sampled_from(EVERY), age=st.integers(0, 10**8), attempts=st.integers(MOST_ATTEMPTS_IN_DOUBT, 50))
def test_sending_again_by_choice_always_comes_to_an_end(traits, age, attempts):
    assert step(traits, age, attempts=attempts, at_least_once=True) is not Step.SEND_AGAIN


@pytest.mark.parametrize(
    ("name", "age", "expected"),
    [
        ("resend", 60, Step.REPEAT),
        ("resend", 23 * 3600, Step.REPEAT),
        ("resend", 24 * 3600, Step.HOLD),
        ("brevo", 60, Step.REPEAT),
        ("brevo", 14 * 60, Step.HOLD),  # the answer might come after the key's life
        ("mailgun", 60, Step.ASK),
        ("mailgun", 16 * 60, Step.ASK),
        ("mailgun", 20 * 60, Step.BELIEVE),
        ("mailgun", 25 * 3600, Step.HOLD),
        ("outbox", 1e7, Step.BELIEVE),
        ("ses", 60, Step.HOLD),
        ("smtp", 60, Step.HOLD),
        ("sparkpost", 60, Step.HOLD),
    ],
)
def test_each_class_of_provider_has_its_way(name, age, expected):
    assert step(providers.traits(name), age) is expected


@pytest.mark.parametrize("traits", EVERY, ids=lambda traits: traits.name)
@pytest.mark.parametrize("age", [1, 1e4, 1e8])
def test_what_is_waited_for_can_be_said(traits, age):
    now = SENT + timedelta(seconds=age)
    said = waits_for(traits, InDoubt(SENT, SENT, 1), now=now, at_least_once=False)
    assert said
    assert not said.endswith(".")
