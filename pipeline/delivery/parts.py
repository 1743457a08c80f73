"""A compiled message taken apart again, for providers that take its parts instead of its bytes.

The parts are read out of the very bytes that were frozen and sealed, so that what an HTTP API is given, once the
places are filled, is what the compiled message would have said. Pure.
"""

import email
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from html import escape

from pipeline.delivery.compiled import CompiledMessage, RecipientValues, Spot
from pipeline.delivery.wire import MessageError

Pieces = tuple[str | Spot, ...]
"""Text with its places, in order."""

_SPOTS = tuple(Spot)
_STAND_IN = re.compile(r"(TIPSHEETSPOT\d+ENDSPOT)")
_NOT_PASSED_ON = frozenset(
    {"from", "to", "subject", "reply-to", "date", "mime-version", "content-type", "content-transfer-encoding"}
)


@dataclass(frozen=True, slots=True)
class Parts:
    """`headers` are the further ones, Message-ID and the list's among them; `size_bytes` is the compiled message's.

    `token` is of letters and digits, and nobody who writes into the message can know it: places are named with it.
    """

    from_name: str
    from_address: str
    reply_to: str
    subject: str
    headers: tuple[tuple[str, Pieces], ...]
    text: Pieces
    html: Pieces
    size_bytes: int
    token: str

    def headers_but(self, *names: str) -> list[tuple[str, Pieces]]:
        """The headers without those that a provider sets itself (lower case)."""
        return [(name, pieces) for name, pieces in self.headers if name.lower() not in names]


def parts_of(compiled: CompiledMessage) -> Parts:
    """Raises MessageError for a message that is not as `compile_message` makes them."""
    data = _with_stand_ins(compiled)
    message = email.message_from_bytes(data, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise MessageError("The stored message cannot be read: compile it again")
    sender = message["From"].addresses[0]
    return Parts(
        from_name=sender.display_name,
        from_address=sender.addr_spec,
        reply_to=str(message["Reply-To"] or ""),
        subject=str(message["Subject"]),
        headers=tuple(
            (name, _pieces(str(value))) for name, value in message.items() if name.lower() not in _NOT_PASSED_ON
        ),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        size_bytes=len(data),
        token=compiled.content_hash[:12],
    )


def _with_stand_ins(compiled: CompiledMessage) -> bytes:
    """The message with a word in each place that no decoding alters."""
    parts = [compiled.segments[0]]
    for spot, segment in zip(compiled.spots, compiled.segments[1:], strict=True):
        parts += [_stand_in(spot).encode("ascii"), segment]
    return b"".join(parts)


def _stand_in(spot: Spot) -> str:
    return f"TIPSHEETSPOT{_SPOTS.index(spot)}ENDSPOT"


def _body(message: EmailMessage, kind: str) -> Pieces:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        raise MessageError(f"The stored message has no {kind} part: compile it again")
    return _pieces(str(part.get_content()).replace("\r\n", "\n"))


def _pieces(text: str) -> Pieces:
    spots = {_stand_in(spot): spot for spot in _SPOTS}
    return tuple(spots.get(piece, piece) for piece in _STAND_IN.split(text) if piece)


def spoken(values: RecipientValues) -> dict[Spot, str]:
    """What stands in each place for one recipient, before any encoding for the wire."""
    return {
        Spot.TO: values.address,
        Spot.DELIVERY_ID: str(values.delivery_id),
        Spot.LIST_UNSUBSCRIBE: values.unsubscribe_url,
        Spot.TEXT_GREETING: values.greeting,
        Spot.TEXT_UNSUBSCRIBE_URL: values.unsubscribe_url,
        Spot.TEXT_PREFERENCES_URL: values.preferences_url,
        Spot.HTML_GREETING: escape(values.greeting),
        Spot.HTML_UNSUBSCRIBE_URL: escape(values.unsubscribe_url),
        Spot.HTML_PREFERENCES_URL: escape(values.preferences_url),
    }


def filled(pieces: Pieces, words: Mapping[Spot, str]) -> str:
    """The pieces with a word in each place."""
    return "".join([words[piece] if isinstance(piece, Spot) else piece for piece in pieces])
