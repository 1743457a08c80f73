"""The seam that every provider fills, and its vocabulary of outcomes.

A provider is one file in this folder with a class `Provider` (found by itself, named by its module). Expected
outcomes are values; an exception out of `send` means that nobody knows, and the batch becomes in doubt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class SendState(StrEnum):
    """HELD: the provider refuses the sender, not the recipient (a login, a certificate, the sender's address): the
    message waits for a person.
    """

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    RETRY = "retry"
    IN_DOUBT = "in_doubt"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Envelope:
    """One recipient's message, ready for the wire: `data` is the complete RFC 5322 message with CRLF line ends,
    not dot-stuffed. `delivery_id` is unique for ever; `recipient` is the bare address. `has_no_dots` says that no line
    of it begins with a dot and its last one is ended, so that nobody need look.
    """

    delivery_id: int
    sender: str
    recipient: str
    data: bytes
    has_no_dots: bool = False


@dataclass(frozen=True, slots=True)
class SendOutcome:
    """What the provider said of one delivery; `reply` holds its words and never an address.

    `attempted` is False for a RETRY that is not the recipient's doing (the provider was not reached, or was lost
    before this one's turn): it does not count towards giving up, and ends the lane's run. `address_is_gone`: the
    reply says that there is no such mailbox, so that nobody need try it again.
    """

    delivery_id: int
    state: SendState
    reply: str = ""
    provider_message_id: str = ""
    retry_after_seconds: int = 0
    attempted: bool = True
    address_is_gone: bool = False


@dataclass(frozen=True, slots=True)
class ProviderTraits:
    """A provider's limits and guarantees, as data. `can_settle`: whether `settle` can tell what became of an
    in-doubt delivery; `window` is how many deliveries go between two commits of results; `longest_wait_seconds` how
    long one delivery can take at most (a lease must be longer).
    """

    name: str
    window: int
    longest_wait_seconds: int
    can_settle: bool
    takes_unicode_mailboxes: bool
    guarantee: str


class Lane(Protocol):
    """One connection's worth of sending, used by one thread at a time."""

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[SendOutcome]:
        """Exactly one outcome per envelope, in order, as each is known."""
        ...


class DeliveryProvider(Lane, Protocol):
    """What the sender calls. A provider that can do several things at once has an attribute `lanes`, a sequence of
    Lane, and may have `pick(idle)`, which says which of the idle lanes takes the next window, or None for none of them
    now; the sender then runs a thread for each lane (lanes.py). Another is its own lane.
    """

    @property
    def traits(self) -> ProviderTraits: ...

    def settle(self, delivery_ids: Sequence[int]) -> dict[int, SendState]:
        """For in-doubt deliveries: ACCEPTED where the provider has it, RETRY where its absence is proved;
        a delivery that it cannot tell of is left out."""
        ...

    def close(self) -> None: ...
