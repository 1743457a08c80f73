"""What is learnt of a delivery after it was accepted, and what follows from it. Pure.

An event only ever moves a delivery's outcome forward, in the order of `RANK`, so that the same events end in the same
state whatever order they come in, and however often. Complaints and bounces also decide who is mailed again:

| event | what follows |
|---|---|
| hard bounce | the address is suppressed on every list, at once |
| soft bounce | suppressed like a hard one after so many deliveries bounced in so many days (`BouncePolicy`) |
| complaint | suppressed on every list, at once |
| unsubscribed (by the provider's own button) | the subscription ends |

A list whose readers complain is looked at: at ALERT_RATE staff are told, at STOP_RATE its issues are held until a
person lifts the stop. One complaint of a small list is not taken for a rate: a stop wants STOP_COMPLAINTS of them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

ALERT_RATE, STOP_RATE = 0.001, 0.003
STOP_COMPLAINTS = 3
COMPLAINT_DAYS = 30  # a rate is of the deliveries that were planned so recently


class EventKind(StrEnum):
    """`deferred`: the receiving server put it off, and the provider goes on trying; it changes nothing."""

    DEFERRED = "deferred"
    DELIVERED = "delivered"
    SOFT_BOUNCE = "soft_bounce"
    HARD_BOUNCE = "hard_bounce"
    COMPLAINT = "complaint"
    UNSUBSCRIBED = "unsubscribed"


RANK: Mapping[EventKind, int] = MappingProxyType(
    {
        EventKind.DELIVERED: 1,
        EventKind.SOFT_BOUNCE: 2,
        EventKind.HARD_BOUNCE: 3,
        EventKind.COMPLAINT: 4,
    }
)
"""The events that a delivery's outcome can be. Each of them proves that the provider had the mail."""


@dataclass(frozen=True, slots=True)
class EventReport:
    """One event as it was told, by a webhook or a mail. `key` tells it from its repetition: the provider's own id of
    the event, or a hash of what was told. It names a delivery, or where it cannot, an address (which is kept as its
    keyed hash alone). `said` is the server's words, without addresses. Times are aware.
    """

    provider: str
    key: str
    kind: EventKind
    occurred_at: datetime
    delivery_id: int | None = None
    address: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class BouncePolicy:
    """So many deliveries of one reader that bounced softly within so many days count as a hard bounce."""

    soft_limit: int
    soft_days: int

    def is_reached(self, bounced_at: Iterable[datetime]) -> bool:
        """Whether so many bounces lie so close together; one instant for each delivery, in any order."""
        times = sorted(bounced_at)
        spans = zip(times, times[self.soft_limit - 1 :], strict=False)
        return any(last - first <= timedelta(days=self.soft_days) for first, last in spans)


class Standing(StrEnum):
    """What a list's complaints ask for."""

    GOOD = "good"
    ALERT = "alert"
    STOP = "stop"


def standing(*, complaints: int, accepted: int) -> Standing:
    """Of so many accepted deliveries, so many complaints."""
    if not complaints:
        return Standing.GOOD
    rate = complaints / max(accepted, complaints)
    if rate >= STOP_RATE and complaints >= STOP_COMPLAINTS:
        return Standing.STOP
    return Standing.ALERT if rate >= ALERT_RATE else Standing.GOOD


# Enhanced status codes (RFC 3463, and the registry that RFC 5248 made) that say: this mailbox is not there.
_GONE = frozenset({"1.0", "1.1", "1.2", "1.3", "1.6", "1.10", "2.1"})
_STATUS = re.compile(r"\b([245])\.(\d{1,3}\.\d{1,3})\b")
_NOBODY = re.compile(
    r"(?:user|recipient|mailbox|address|account)\W+(?:\S+\W+){0,3}?(?:unknown|not found|does(?: not|n't) exist|"
    r"disabled|invalid|no longer|unavailable)|(?:unknown|no such|invalid|nonexistent|non-existent) (?:local )?"
    r"(?:user|recipient|mailbox|address|account|person)",
    re.IGNORECASE,
)


def status_in(text: str) -> str:
    """The first enhanced status code in a server's words (`5.1.1`), or ''."""
    found = _STATUS.search(text)
    return found[0] if found else ""


def bounce_kind(status: str, words: str = "") -> EventKind:
    """Whether a permanent failure says that the mailbox is not there (hard), or something else that may pass (soft):
    a full mailbox, a policy, a size. `status` is an enhanced status code or ''; without one the words decide.
    """
    if status.startswith("5.") and status[2:] != "0.0":
        is_gone = status[2:] in _GONE
    else:
        is_gone = not status.startswith("4.") and bool(_NOBODY.search(words))
    return EventKind.HARD_BOUNCE if is_gone else EventKind.SOFT_BOUNCE
