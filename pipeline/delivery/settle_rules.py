"""What is done with a batch in doubt, by what its provider offers and how old it is. Pure.

```
key        ├─ make the call again under its key ─┤ key's life: a person
search     ├─ ask: what is found was accepted ─┤ settle window ─ ask: what is absent was not ─┤ log's end: a person
presence   ├─ ask, certain both ways
none       ├─ a person
```

Where it comes to a person, the configuration can say that it is sent again instead: at least once, and a reader may
get it twice. That too has an end, or a server that loses every connection would mail them for ever.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from pipeline.delivery.providers.base import ProviderTraits, Settling

MOST_ATTEMPTS_IN_DOUBT = 3


class Step(StrEnum):
    """BELIEVE: ask, and take absence for proof too."""

    ASK = "ask"
    BELIEVE = "believe"
    REPEAT = "repeat"
    SEND_AGAIN = "send_again"
    HOLD = "hold"


def next_step(
    traits: ProviderTraits, *, submitted_at: datetime, now: datetime, attempts: int, at_least_once: bool
) -> Step:
    """`attempts` is the most that a delivery of the batch has had."""
    age = now - submitted_at
    margin = timedelta(seconds=traits.longest_wait_seconds)
    if traits.settling is Settling.PRESENCE or traits.can_settle:
        return Step.BELIEVE
    if traits.settling is Settling.KEY and age + margin < timedelta(seconds=traits.key_life_seconds):
        return Step.REPEAT
    if traits.settling is Settling.SEARCH and age + margin < timedelta(seconds=traits.retention_seconds):
        return Step.ASK if age < timedelta(seconds=traits.settle_window_seconds) else Step.BELIEVE
    if at_least_once and attempts < MOST_ATTEMPTS_IN_DOUBT:
        return Step.SEND_AGAIN
    return Step.HOLD


def waits_for(
    traits: ProviderTraits, *, submitted_at: datetime, now: datetime, attempts: int, at_least_once: bool
) -> str:
    """What the batch waits for, for people."""
    step = next_step(traits, submitted_at=submitted_at, now=now, attempts=attempts, at_least_once=at_least_once)
    title = traits.title or traits.name
    if step is Step.HOLD:
        return "it waits for a person's word"
    if step is Step.SEND_AGAIN:
        return "it is sent once more with the next tick"
    if step is Step.REPEAT:
        until = submitted_at + timedelta(seconds=traits.key_life_seconds)
        return f"the call is made again under its key, until {until:%Y-%m-%d %H:%M} UTC"
    if step is Step.ASK:
        until = submitted_at + timedelta(seconds=traits.settle_window_seconds)
        return f"{title} is asked; what it does not know at {until:%Y-%m-%d %H:%M} UTC is sent again"
    return f"{title} is asked with the next tick"
