"""The tokens in the links of a mail: opaque, bound to one purpose, and made without reading anything.

A token is 36 bytes, 48 characters in URLs:

    key id (4) | tag (16) | body (16), masked

The body is the list (4 bytes), the subscriber (6) and the instant of expiry (6, Unix seconds; 0 means never). The tag
is the first 128 bits of HMAC-SHA-256 over the body, under a key derived for the purpose; the body is masked with a
keystream derived from the tag (as RFC 5297 makes its synthetic IV), so that a link shows nobody how many readers a
list has. There is no address inside, and no database row behind: delivery makes one for each recipient.

A link whose clicks are counted has a token of the same make, with the issue and the link's number in it and nobody's
name: every reader's is the same.

A key is known by its id, so that links signed with a key that was rotated away keep working. Pure: the keys and the
present instant are parameters; `keys.py` reads them for the shells.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from pipeline.errors import TipsheetError

_KEY_ID_BYTES, _TAG_BYTES, _BODY_BYTES = 4, 16, 16
_SUBSCRIBER_BITS = _EXPIRY_BITS = 48
_LIST_BITS = 32
_HASH_BLOCK_BYTES = 64
_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
TOKEN_CHARS = 48


class TokenError(TipsheetError):
    """The link is not one of ours: cut short, altered, or made for something else."""


class Purpose(StrEnum):
    CONFIRM = "confirm"
    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"
    FEED = "feed"
    CLICK = "click"


@dataclass(frozen=True, slots=True)
class Token:
    """What a valid token says."""

    list_id: int
    subscriber_id: int


@dataclass(frozen=True, slots=True)
class ClickToken:
    """What a counted link says: the `link`-th of an issue, for all readers alike."""

    issue_id: int
    link: int


@dataclass(frozen=True, slots=True)
class FeedToken:
    """What a valid token of a private feed says; `number` counts the feed's links."""

    list_id: int
    subscriber_id: int
    number: int


class TokenExpiredError(TokenError):
    """The link was ours, and its time has passed; `token` is what it said."""

    def __init__(self, token: Token) -> None:
        super().__init__("This link is too old to be used. Please ask for a new one.")
        self.token = token


@dataclass(frozen=True, slots=True)
class _Key:
    """One secret's parts: its id, for each purpose the keys of the tag and of the mask, and each key's HMAC begun."""

    key_id: bytes
    tag_keys: dict[Purpose, bytes]
    mask_keys: dict[Purpose, bytes]
    macs: "dict[bytes, tuple[hashlib._Hash, hashlib._Hash]]"


class Keyring:
    """The secrets that tokens are signed with: the first one signs, all of them verify."""

    def __init__(self, secrets: Sequence[str]) -> None:
        made = [_derive(secret) for secret in secrets]
        self.current = made[0]
        self.by_id = {key.key_id: key for key in reversed(made)}


def make(
    purpose: Purpose, *, list_id: int, subscriber_id: int, keys: Keyring, expires_at: datetime | None = None
) -> str:
    """A URL-safe token of TOKEN_CHARS characters. The same arguments make the same token."""
    expiry = int(expires_at.timestamp()) if expires_at else 0
    return _seal(purpose, ((list_id << _SUBSCRIBER_BITS | subscriber_id) << _EXPIRY_BITS) | expiry, keys)


def make_many(purpose: Purpose, *, list_id: int, subscriber_ids: Iterable[int], keys: Keyring) -> list[str]:
    """What `make` makes for each, without expiry; for a thousand at a time, in half of the time."""
    key, base = keys.current, list_id << _SUBSCRIBER_BITS
    tag_inner, tag_outer = key.macs[key.tag_keys[purpose]]
    mask_inner, mask_outer = key.macs[key.mask_keys[purpose]]
    raw = []
    for subscriber_id in subscriber_ids:
        number = (base | subscriber_id) << _EXPIRY_BITS
        inner, outer = tag_inner.copy(), tag_outer.copy()
        inner.update(number.to_bytes(_BODY_BYTES, "big"))
        outer.update(inner.digest())
        tag = outer.digest()[:_TAG_BYTES]
        inner, outer = mask_inner.copy(), mask_outer.copy()
        inner.update(tag)
        outer.update(inner.digest())
        masked = number ^ int.from_bytes(outer.digest()[:_BODY_BYTES], "big")
        raw += [key.key_id, tag, masked.to_bytes(_BODY_BYTES, "big")]
    # A token's bytes are a multiple of three, so that those of many side by side are spelled side by side.
    spelled = binascii.b2a_base64(b"".join(raw), newline=False).translate(_URL_SAFE).decode("ascii")
    return [spelled[at : at + TOKEN_CHARS] for at in range(0, len(spelled), TOKEN_CHARS)]


def make_click(*, issue_id: int, link: int, keys: Keyring) -> str:
    """A token for a counted link; it never expires, as mail is read again years later."""
    return _seal(Purpose.CLICK, (issue_id << _SUBSCRIBER_BITS | link) << _EXPIRY_BITS, keys)


def read_click(token: str, *, keys: Keyring) -> ClickToken:
    """Raises TokenError."""
    said = _open(token, Purpose.CLICK, keys) >> _EXPIRY_BITS
    return ClickToken(issue_id=said >> _SUBSCRIBER_BITS, link=said & (1 << _SUBSCRIBER_BITS) - 1)


def make_feed(*, list_id: int, subscriber_id: int, number: int, keys: Keyring) -> str:
    """A token for a reader's own feed; `number` counts its links, so that a new one can take an old one's place."""
    return _seal(Purpose.FEED, ((list_id << _SUBSCRIBER_BITS | subscriber_id) << _EXPIRY_BITS) | number, keys)


def read_feed(token: str, *, keys: Keyring) -> FeedToken:
    """Raises TokenError."""
    said = _open(token, Purpose.FEED, keys)
    people, number = said >> _EXPIRY_BITS, said & (1 << _EXPIRY_BITS) - 1
    return FeedToken(people >> _SUBSCRIBER_BITS, people & (1 << _SUBSCRIBER_BITS) - 1, number)


def _seal(purpose: Purpose, number: int, keys: Keyring) -> str:
    body = number.to_bytes(_BODY_BYTES, "big")
    key = keys.current
    tag = hmac.digest(key.tag_keys[purpose], body, "sha256")[:_TAG_BYTES]
    raw = key.key_id + tag + _masked(number, tag, key.mask_keys[purpose])
    return base64.urlsafe_b64encode(raw).decode("ascii")


def read(token: str, purpose: Purpose, *, keys: Keyring, now: datetime) -> Token:
    """What `token` says, if it was made for `purpose` with one of `keys` and has not expired.

    Raises TokenExpiredError, or TokenError for anything else.
    """
    number = _open(token, purpose, keys)
    expiry = number & (1 << _EXPIRY_BITS) - 1
    people = number >> _EXPIRY_BITS
    found = Token(list_id=people >> _SUBSCRIBER_BITS, subscriber_id=people & (1 << _SUBSCRIBER_BITS) - 1)
    if expiry and now >= datetime.fromtimestamp(expiry, UTC):
        raise TokenExpiredError(found)
    return found


def _open(token: str, purpose: Purpose, keys: Keyring) -> int:
    key_id, tag, masked = _split(token)
    key = keys.by_id.get(key_id)
    if key is None:
        raise _not_ours()
    body = _masked(int.from_bytes(masked, "big"), tag, key.mask_keys[purpose])
    expected = hmac.digest(key.tag_keys[purpose], body, "sha256")[:_TAG_BYTES]
    if not hmac.compare_digest(tag, expected):
        raise _not_ours()
    return int.from_bytes(body, "big")


def _split(token: str) -> tuple[bytes, bytes, bytes]:
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise _not_ours() from error
    # One token has one spelling: the decoder also takes the standard alphabet's + and /.
    if len(token) != TOKEN_CHARS or base64.urlsafe_b64encode(raw).decode("ascii") != token:
        raise _not_ours()
    return raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES : _KEY_ID_BYTES + _TAG_BYTES], raw[_KEY_ID_BYTES + _TAG_BYTES :]


def _masked(number: int, tag: bytes, key: bytes) -> bytes:
    stream = int.from_bytes(hmac.digest(key, tag, "sha256")[:_BODY_BYTES], "big")
    return (number ^ stream).to_bytes(_BODY_BYTES, "big")


def _derive(secret: str) -> _Key:
    def derived(label: str) -> bytes:
        return hmac.digest(secret.encode(), f"tipsheet link {label}".encode(), "sha256")

    tag_keys = {purpose: derived(f"tag {purpose}") for purpose in Purpose}
    mask_keys = {purpose: derived(f"mask {purpose}") for purpose in Purpose}
    return _Key(
        key_id=hashlib.sha256(derived("key id")).digest()[:_KEY_ID_BYTES],
        tag_keys=tag_keys,
        mask_keys=mask_keys,
        macs={key: _begun(key) for key in (*tag_keys.values(), *mask_keys.values())},
    )


def _begun(key: bytes) -> "tuple[hashlib._Hash, hashlib._Hash]":
    """HMAC's inner and outer hash, begun with the key (RFC 2104 §2): each token goes on from copies of them."""
    block = key.ljust(_HASH_BLOCK_BYTES, b"\0")
    return hashlib.sha256(block.translate(_INNER)), hashlib.sha256(block.translate(_OUTER))


def _not_ours() -> TokenError:
    return TokenError("This link is not complete. Please open it from the mail again, or copy the whole of it.")
