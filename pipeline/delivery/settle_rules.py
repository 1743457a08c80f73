"""What is done with a batch in doubt, by what its provider offers and how old it is. Pure.

```
key        ├─ make the call again under its key ─┤ key's life: a person
search     ├─ ask: what is found was accepted ─┤ settle window ─ ask: what is absent was not ─┤ log's end: a person
presence   ├─ ask, certain both ways
none       ├─ a person
```

A key's life and a log's end are reckoned from the commit before the call: neither can have begun before. The settle
window is reckoned from when the batch was recorded, or taken from its worker, who begins no call after that
(leases.py), and ends later by as much as two clocks may differ.

Where it comes to a person, the configuration can say that it is sent again instead: at least once, and a reader may
get it twice. That too has an end, or a server that loses every connection would mail them for ever.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from pipeline.delivery.providers.base import ProviderTraits, Settling

MOST_ATTEMPTS_IN_DOUBT = 3
CLOCK_TOLERANCE = timedelta(minutes=2)
"""How far a clock may be from the database's (clock_check.py); two of them may be twice as far from each other."""


class Step(StrEnum):
    """BELIEVE: ask, and take absence for proof too."""

    ASK = "ask"
    BELIEVE = "believe"
    REPEAT = "repeat"
    SEND_AGAIN = "send_again"
    HOLD = "hold"


class InDoubt(NamedTuple):
    """A batch's own: `finished_at` is when it was recorded or taken from its worker, `attempts` the most that one of
    its deliveries has had.
    """

    submitted_at: datetime
    finished_at: datetime
    attempts: int


def repeat_seconds(traits: ProviderTraits, batch: InDoubt, *, now: datetime) -> float:
    """How long the call may still be made again under its key, so that the key holds until the answer; 0 for not."""
    left = batch.submitted_at - now + timedelta(seconds=traits.key_life_seconds - traits.longest_wait_seconds)
    return max(0.0, left.total_seconds())


def proof_at(traits: ProviderTraits, batch: InDoubt) -> datetime:
    """From when on absence in the provider's log proves that nobody was mailed."""
    return batch.finished_at + timedelta(seconds=traits.settle_window_seconds) + 2 * CLOCK_TOLERANCE


def next_step(traits: ProviderTraits, batch: InDoubt, *, now: datetime, at_least_once: bool) -> Step:
    age = now - batch.submitted_at
    margin = timedelta(seconds=traits.longest_wait_seconds)
    if traits.settling is Settling.PRESENCE or traits.can_settle:
        return Step.BELIEVE
    if traits.settling is Settling.KEY and repeat_seconds(traits, batch, now=now):
        return Step.REPEAT
    if traits.settling is Settling.SEARCH and age + margin < timedelta(seconds=traits.retention_seconds):
        return Step.ASK if now < proof_at(traits, batch) else Step.BELIEVE
    if at_least_once and batch.attempts < MOST_ATTEMPTS_IN_DOUBT:
        return Step.SEND_AGAIN
    return Step.HOLD


def waits_for(traits: ProviderTraits, batch: InDoubt, *, now: datetime, at_least_once: bool) -> str:
    """What the batch waits for, for people."""
    step = next_step(traits, batch, now=now, at_least_once=at_least_once)
    title = traits.title or traits.name
    if step is Step.HOLD:
        return "it waits for a person's word"
    if step is Step.SEND_AGAIN:
        return "it is sent once more with the next tick"
    if step is Step.REPEAT:
        until = batch.submitted_at + timedelta(seconds=traits.key_life_seconds)
        return f"the call is made again under its key, until {until:%Y-%m-%d %H:%M} UTC"
    if step is Step.ASK:
        until = proof_at(traits, batch)
        return f"{title} is asked; what it does not know at {until:%Y-%m-%d %H:%M} UTC is sent again"
    return f"{title} is asked with the next tick"
