"""What the fake provider's parts say to each other: a call, what it holds, and the answer. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

import orjson


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request; `path` is without the provider's name, header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Mail:
    """One mail as its reader would get it. `refused` says why it was not taken, '' when it was."""

    delivery: str
    batch: str
    to: str
    name: str
    sender: str
    subject: str
    headers: dict[str, str]
    text: str
    html: str
    id: str = ""
    refused: str = ""

    def record(self, *, with_bodies: bool) -> dict[str, Any]:
        """For the truth log; without the bodies their SHA-256 alone."""
        data = asdict(self)
        data |= {f"{part}_sha256": hashlib.sha256(data[part].encode()).hexdigest() for part in ("text", "html")}
        return data if with_bodies else {name: value for name, value in data.items() if name not in {"text", "html"}}


@dataclass(slots=True)
class Taken:
    """What a call would send. `key` is its idempotency key; `left_on` what of the provider's own tracking, footers
    and unsubscribe handling the call did not switch off.
    """

    mails: list[Mail]
    key: str = ""
    tag: str = ""
    left_on: tuple[str, ...] = ()


class Known(Protocol):
    """What a protocol may ask the truth."""

    def mails(self, provider: str) -> Sequence[Mapping[str, Any]]: ...


class FakeProtocol(Protocol):
    """One provider's side of its API. `refuses_alone`: whether one bad recipient is refused by itself, and not the
    whole call. `replays`: whether a call under a known key gets its first answer again (else it is refused).
    """

    refuses_alone: bool
    replays: bool

    def sends(self, call: Call) -> bool: ...

    def read(self, call: Call) -> Taken | Reply: ...

    def answer(self, taken: Taken) -> Reply: ...

    def refusal(self, status: int, message: str) -> Reply: ...

    def look_up(self, call: Call, known: Known) -> Reply: ...
