"""The two seams that a provider can fill, and their vocabulary of outcomes.

A provider is one file in this folder with a class `Provider` (found by itself, named by its module). One that takes
mails one by one has `send` (DeliveryProvider); one with a native batch takes the message once and the recipients'
values beside it (BatchProvider). Expected outcomes are values; an exception out of `send` or `submit` means that
nobody knows, and the batch becomes in doubt. Pure.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol, Self, runtime_checkable

from pipeline.delivery.compiled import RecipientValues
from pipeline.delivery.parts import Parts

MayBegin = Callable[[], bool]
"""Asked on the open connection, right before bytes leave: whether they may."""


def always() -> bool:
    """For calls that mail nobody."""
    return True


class SendState(StrEnum):
    """HELD: the provider refuses the sender, not the recipient (a login, a certificate, the sender's address): the
    message waits for a person. SPLIT: it refused the call as a whole and mailed nobody of it; the deliveries are sent
    again in smaller calls, until the one that is to blame stands alone.
    """

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    RETRY = "retry"
    IN_DOUBT = "in_doubt"
    HELD = "held"
    SPLIT = "split"


class Settling(StrEnum):
    """How a delivery in doubt is settled without a person: PRESENCE, the provider knows of every delivery at once;
    KEY, the identical call is made again under its idempotency key; SEARCH, the provider's log is asked.
    """

    PRESENCE = "presence"
    KEY = "key"
    SEARCH = "search"
    NONE = "none"


class Envelope(NamedTuple):
    """One recipient's message, ready for the wire: `parts` side by side are the complete RFC 5322 message with CRLF
    line ends, not dot-stuffed. `delivery_id` is unique for ever; `recipient` is the bare address. `has_no_dots` says
    that no line of it begins with a dot and its last one is ended, so that nobody need look.
    """

    delivery_id: int
    sender: str
    recipient: str
    parts: Sequence[bytes]
    size_bytes: int
    is_ascii: bool
    has_no_dots: bool = False

    @classmethod
    def whole(cls, delivery_id: int, sender: str, recipient: str, data: bytes) -> Self:
        """Of a message that is in one piece."""
        return cls(delivery_id, sender, recipient, (data,), len(data), data.isascii())

    @property
    def data(self) -> bytes:
        """The message in one piece."""
        return b"".join(self.parts)


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
    """A provider's limits and guarantees, as data: the sender keeps to them, and docs/providers.md is made of them.

    `can_settle`: whether `settle` can tell what became of an in-doubt delivery; `window` is how many deliveries go
    between two commits of results (in one call, where there is a native batch); `longest_wait_seconds` how long one
    delivery, or one call, can take at most (a lease must be longer). `guarantee` is for people.

    `call_bytes_max` is the largest body of one call, 0 where none is known; with `renders_here` each recipient's
    bodies are in it. `calls_per_second` is what a new account is allowed, 0 for no limit that is known.
    `key_life_seconds` is how long an idempotency key holds, `settle_window_seconds` how long the log may lag behind
    before absence in it proves anything, `retention_seconds` how long the log is kept. `account_notes` is what only
    the account can switch off; `source` the page that all this follows.
    """

    name: str
    window: int
    longest_wait_seconds: int
    can_settle: bool
    takes_unicode_mailboxes: bool
    guarantee: str
    title: str = ""
    settling: Settling = Settling.NONE
    call_bytes_max: int = 0
    renders_here: bool = False
    calls_per_second: float = 0
    key_life_seconds: int = 0
    settle_window_seconds: int = 0
    retention_seconds: int = 0
    keeps_list: bool = False
    account_notes: tuple[str, ...] = ()
    source: str = ""

    def limit(self, size_bytes: int) -> int:
        """How many deliveries of a message of this size go into one window."""
        if not (self.renders_here and self.call_bytes_max):
            return self.window
        return max(1, min(self.window, self.call_bytes_max // max(size_bytes, 1)))


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


@dataclass(frozen=True, slots=True)
class Submission:
    """One call to a provider with a native batch: the message, once, and what differs for each recipient.

    `key` is the batch's, for ever unique; `tag` names the issue (or the kind of mail) in the provider's log.
    """

    parts: Parts
    recipients: Sequence[RecipientValues]
    key: uuid.UUID
    tag: str


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What a call came to: `state` for every delivery that is not among `outcomes`. `provider_message_id` is the
    batch's where the provider gives one for all; `reply` holds its words and never an address.
    """

    state: SendState
    reply: str = ""
    provider_message_id: str = ""
    retry_after_seconds: int = 0
    outcomes: tuple[SendOutcome, ...] = ()


@runtime_checkable
class BatchProvider(Protocol):
    """A provider with a native batch. `compose` is pure: the same submission makes the same bytes, so that a call can
    be made again to the byte.
    """

    @property
    def traits(self) -> ProviderTraits: ...

    def compose(self, submission: Submission) -> bytes: ...

    def submit(
        self, submission: Submission, body: bytes, *, now: datetime, may_begin: MayBegin = always
    ) -> BatchAnswer:
        """`may_begin` is asked before the bytes of a call that mails anybody leave; where it says no, RETRY."""
        ...

    def find(self, submission: Submission, *, since: datetime, until: datetime) -> frozenset[int] | None:
        """The deliveries of this call that the provider's log knows (Settling.SEARCH); None where it could not be
        asked. Others return None.
        """
        ...

    def close(self) -> None: ...
