"""The compiled message: everything that readers share, as bytes, with places between them for what differs.

```
"From: …⏎To: " ⟨to⟩ "⏎Subject: …⏎Message-ID: <" ⟨delivery_id⟩ ".5f0c…@news.example>⏎…=⏎" ⟨text.greeting⟩ "=⏎" …
```

A message is compiled once; a recipient costs the encoding of a few short values and one join. In the bodies each
place stands between two soft line breaks, so that a value never shares a line with its surroundings: whatever its
length, no line grows too long and nothing around it moves. The bytes are stored with the message and sealed by their
SHA-256; the sender refuses others. Pure.
"""

import hashlib
import html
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum
from itertools import accumulate
from typing import NamedTuple, Self

from pipeline.delivery.wire import (
    HEADER_LINE_MAX,
    SOFT_BREAK,
    MessageError,
    bare_address,
    https_url,
    mailbox,
    plain_lines,
    quoted_text,
    quoted_value,
    refuse_controls,
    unstructured,
)
from pipeline.render.model import Place, RenderedEmail

_MARKERS = re.compile("(" + "|".join(place.marker for place in Place) + ")")
_MARKER_START = "TIPSHEETPLACE"
_FIELD_NAME = re.compile(r"[A-Za-z0-9-]{1,70}")
_LIST_ID = re.compile(r"[A-Za-z0-9._-]{1,200}")
_OWN_FIELDS = frozenset(
    {
        "from",
        "to",
        "cc",
        "bcc",
        "sender",
        "subject",
        "date",
        "message-id",
        "reply-to",
        "list-id",
        "list-unsubscribe",
        "list-unsubscribe-post",
        "feedback-id",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "auto-submitted",
        "return-path",
        "received",
        "dkim-signature",
    }
)
_FORMAT = "tipsheet-message-1"


class Spot(StrEnum):
    """Where a recipient's value stands, and so how it is encoded."""

    TO = "to"
    DELIVERY_ID = "delivery_id"
    LIST_UNSUBSCRIBE = "list_unsubscribe"
    TEXT_GREETING = "text.greeting"
    TEXT_UNSUBSCRIBE_URL = "text.unsubscribe_url"
    TEXT_PREFERENCES_URL = "text.preferences_url"
    HTML_GREETING = "html.greeting"
    HTML_UNSUBSCRIBE_URL = "html.unsubscribe_url"
    HTML_PREFERENCES_URL = "html.preferences_url"


_SPOTS = tuple(Spot)


class RecipientValues(NamedTuple):
    """What differs for one recipient. `address` is bare, and its mailbox in ASCII unless the provider takes others;
    URLs are absolute; `delivery_id` makes the Message-ID.
    """

    delivery_id: int
    address: str
    name: str
    greeting: str
    unsubscribe_url: str
    preferences_url: str


class Spliced(NamedTuple):
    """One recipient's message: `parts` side by side are all of it, and most of them everybody's, so that nobody copies
    them. `own` is what of it is this recipient's alone: with the message's own hash it says which bytes left, for a
    hundredth of the work of hashing them.
    """

    parts: list[bytes]
    own: bytes
    size_bytes: int
    is_ascii: bool


@dataclass(frozen=True, slots=True)
class CompiledMessage:
    """`segments` has one more member than `spots`; between each two stands the value for the spot of that index."""

    segments: tuple[bytes, ...]
    spots: tuple[Spot, ...]
    _places: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _shared_bytes: int = field(init=False, repr=False, compare=False)
    _is_ascii: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", tuple(_SPOTS.index(spot) for spot in self.spots))
        object.__setattr__(self, "_shared_bytes", sum(map(len, self.segments)))
        object.__setattr__(self, "_is_ascii", all(segment.isascii() for segment in self.segments))

    def assemble(self, values: RecipientValues) -> bytes:
        """The recipient's complete message (RFC 5322, CRLF, no line beginning with a dot; ASCII, but for a mailbox
        that is not).

        Raises MessageError when a value cannot stand where it must: then this one recipient is refused.
        """
        return b"".join(self.spliced(values).parts)

    def spliced(self, values: RecipientValues) -> Spliced:
        """The same in its parts."""
        filled = _filled(values)
        given = [filled[place] for place in self._places]
        parts: list[bytes] = [b""] * (2 * len(given) + 1)
        parts[::2] = self.segments
        parts[1::2] = given
        own = b"\n".join(given)
        size_bytes = self._shared_bytes + len(own) - max(len(given) - 1, 0)
        return Spliced(parts, own, size_bytes, self._is_ascii and own.isascii())

    def to_bytes(self) -> bytes:
        """One line of JSON that tells how to cut the rest, then the segments."""
        head = {"format": _FORMAT, "spots": self.spots, "lengths": [len(segment) for segment in self.segments]}
        return json.dumps(head, separators=(",", ":")).encode("ascii") + b"\n" + b"".join(self.segments)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises MessageError for bytes that `to_bytes` did not make."""
        head, _, rest = data.partition(b"\n")
        try:
            plan = json.loads(head)
            is_known = plan["format"] == _FORMAT
            spots, lengths = tuple(Spot(spot) for spot in plan["spots"]), [int(size) for size in plan["lengths"]]
        except (ValueError, KeyError, TypeError) as error:
            raise MessageError("The stored message cannot be read: compile it again") from error
        if not is_known or min(lengths, default=-1) < 0 or sum(lengths) != len(rest) or len(lengths) != len(spots) + 1:
            raise MessageError("The stored message is cut short, or of another version: compile it again")
        ends = list(accumulate(lengths))
        return cls(tuple(rest[end - size : end] for end, size in zip(ends, lengths, strict=True)), spots)

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of `to_bytes()`."""
        return hashlib.sha256(self.to_bytes()).hexdigest()


def _filled(values: RecipientValues) -> tuple[bytes, ...]:
    """What stands in each place, in the order of Spot."""
    delivery_id, address, name, greeting, unsubscribe, preferences = values
    if unsubscribe:
        https_url("The unsubscribe link", unsubscribe)
    if preferences:
        https_url("The preferences link", preferences)
    text_greeting, html_greeting = _quoted(refuse_controls("The greeting", greeting))
    text_unsubscribe, html_unsubscribe = _quoted(unsubscribe)
    text_preferences, html_preferences = _quoted(preferences)
    return (
        mailbox("To", refuse_controls("The name", name), address, unicode_mailboxes=True),
        b"%d" % delivery_id,
        unsubscribe.encode("ascii"),
        text_greeting,
        text_unsubscribe,
        text_preferences,
        html_greeting,
        html_unsubscribe,
        html_preferences,
    )


def _quoted(value: str) -> tuple[bytes, bytes]:
    """A value in quoted-printable, as text and escaped for HTML: mostly the same bytes."""
    if lines := plain_lines(value):
        return lines, lines
    return quoted_value(value), quoted_value(html.escape(value))


def compile_message(
    rendered: RenderedEmail,
    *,
    from_name: str,
    from_address: str,
    reply_to: str = "",
    list_id: str = "",
    list_name: str = "",
    message_key: str,
    sent_date: datetime,
    auto_submitted: bool = False,
) -> CompiledMessage:
    """Compile a rendered email for all of its recipients.

    With `list_id` (RFC 2919, without brackets) it carries the list's headers: List-Id, List-Unsubscribe with its
    one-click companion (RFC 8058) and Feedback-ID; a confirmation, a test or a staff mail has none. `sent_date` is
    aware. `auto_submitted` marks a mail that answers to something its reader did (RFC 3834). Raises MessageError.
    """
    token = _token(rendered, message_key, sent_date)
    fields = [
        ("From", mailbox("From", from_name, from_address)),
        ("To", Spot.TO),
        ("Subject", unstructured("Subject", _without_marker("The subject", rendered.subject))),
        ("Date", format_datetime(sent_date.astimezone(UTC)).encode("ascii")),
        ("Message-ID", (b"<", Spot.DELIVERY_ID, f".{token}@{_domain(from_address)}>".encode("ascii"))),
        *([("Reply-To", mailbox("Reply-To", "", reply_to))] if reply_to else []),
        *(_list_fields(list_id, list_name, token) if list_id else []),
        *([("Auto-Submitted", b"auto-generated")] if auto_submitted else []),
        *((name, _shared_field(name, value)) for name, value in rendered.headers),
    ]
    layout = _Layout()
    for name, value in fields:
        layout.field(name, *(value if isinstance(value, tuple) else (value,)))
    _bodies(layout, rendered, boundary=f"=_{token}")
    return layout.finished()


def _token(rendered: RenderedEmail, message_key: str, sent_date: datetime) -> str:
    """What tells this message from every other, the same on every machine: for Message-ID and the boundary."""
    seed = f"{rendered.content_hash}\n{message_key}\n{sent_date.astimezone(UTC).isoformat()}"
    return hashlib.sha256(seed.encode()).hexdigest()[:32]


def _domain(address: str) -> str:
    return bare_address(address).rpartition("@")[2]


def _list_fields(list_id: str, list_name: str, token: str) -> list[tuple[str, bytes | tuple[bytes | Spot, ...]]]:
    if not _LIST_ID.fullmatch(list_id):
        raise MessageError(f"The list id {list_id!r} is none (RFC 2919): use letters, digits, dots and hyphens")
    # No encoded words in a List-* field: a name outside ASCII is left out, the id alone is the identity.
    plain = list_name.isascii() and list_name.isprintable() and "=?" not in list_name and len(list_name) <= 60
    phrase = '"' + list_name.replace("\\", "\\\\").replace('"', '\\"') + '" ' if list_name and plain else ""
    return [
        ("List-Id", f"{phrase}<{list_id}>".encode("ascii")),
        ("List-Unsubscribe", (b"<", Spot.LIST_UNSUBSCRIBE, b">")),
        ("List-Unsubscribe-Post", b"List-Unsubscribe=One-Click"),
        ("Feedback-ID", f"{token}::newsletter:{list_id}".encode("ascii")),
    ]


def _shared_field(name: str, value: str) -> bytes:
    if not _FIELD_NAME.fullmatch(name) or name.lower() in _OWN_FIELDS:
        raise MessageError(f"The header {name!r} is not a design's to set: take it out")
    field = unstructured(name, _without_marker(f"The header {name}", value))
    if name.lower().startswith("list-") and b"=?" in field:
        raise MessageError(f"The header {name} must be plain ASCII of at most {HEADER_LINE_MAX} characters: shorten it")
    return field


def _without_marker(what: str, text: str) -> str:
    if _MARKER_START in text:
        raise MessageError(f"{what} holds the marker of a place ({_MARKER_START}…), which nothing fills there")
    return text


def _bodies(layout: "_Layout", rendered: RenderedEmail, *, boundary: str) -> None:
    """multipart/alternative, text first. A boundary that starts with "=_" cannot occur in quoted-printable."""
    layout.field("MIME-Version", b"1.0")
    layout.field("Content-Type", f'multipart/alternative; boundary="{boundary}"'.encode("ascii"))
    for subtype, prefix, body in (("plain", "text", rendered.text), ("html", "html", rendered.html)):
        layout.add(f"\r\n--{boundary}\r\n".encode("ascii"))
        layout.field("Content-Type", f"text/{subtype}; charset=utf-8".encode("ascii"))
        layout.field("Content-Transfer-Encoding", b"quoted-printable")
        layout.add(b"\r\n")
        layout.body(prefix, body if body.endswith(("\n", "\r")) else f"{body}\n")
    layout.add(f"\r\n--{boundary}--\r\n".encode("ascii"))


class _Layout:
    """Collects bytes and spots in their order."""

    def __init__(self) -> None:
        self._segments: list[list[bytes]] = [[]]
        self._spots: list[Spot] = []

    def add(self, *parts: bytes | Spot) -> None:
        for part in parts:
            if isinstance(part, Spot):
                self._spots.append(part)
                self._segments.append([])
            else:
                self._segments[-1].append(part)

    def field(self, name: str, *parts: bytes | Spot) -> None:
        line = f"{name}: ".encode("ascii")
        if any(
            len(piece) > HEADER_LINE_MAX for part in parts if isinstance(part, bytes) for piece in part.split(b"\r\n")
        ):
            raise MessageError(f"The header {name} is longer than {HEADER_LINE_MAX} characters: shorten it")
        self.add(line, *parts, b"\r\n")

    def body(self, prefix: str, text: str) -> None:
        """Text with markers: quoted-printable, each place between two soft line breaks."""
        for piece in _MARKERS.split(text):
            place = next((place for place in Place if place.marker == piece), None)
            if place is None:
                self.add(quoted_text(_without_marker(f"The {prefix} part", piece)))
            else:
                self.add(SOFT_BREAK, Spot(f"{prefix}.{place.value}"), SOFT_BREAK)

    def finished(self) -> CompiledMessage:
        return CompiledMessage(tuple(b"".join(parts) for parts in self._segments), tuple(self._spots))
