"""The tokens in the links of a mail: opaque, bound to one purpose, and made without reading anything.

A token is 36 bytes, 48 characters in URLs:

    key id (4) | tag (16) | body (16), masked

The body is the list (4 bytes), the subscriber (6) and the instant of expiry (6, Unix seconds; 0 means never). The tag
is a MAC of 128 bits over the body, under a key derived for the purpose; the body is masked with a keystream derived
from the tag (as RFC 5297 makes its synthetic IV), so that a link shows nobody how many readers a list has. There is no
address inside, and no database row behind: delivery makes one for each recipient.

Both are AES-256 of one block, each under a key of its own: a body is exactly a block long, so that the cipher by itself
is its MAC (CBC-MAC of a single block), and a thousand tokens are two calls. Earlier ones were made with HMAC-SHA-256;
their key ids are other ones, and they keep working.

A link whose clicks are counted has a token of the same make, with the issue and the link's number in it and nobody's
name: every reader's is the same.

A key is known by its id, so that links signed with a key that was rotated away keep working. Pure: the keys and the
present instant are parameters; `keys.py` reads them for the shells.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from pipeline.errors import TipsheetError

_KEY_ID_BYTES, _BLOCK_BYTES = 4, 16
_SUBSCRIBER_BITS = _EXPIRY_BITS = 48
_LIST_BITS = 32
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


_Keyed = Callable[[bytes, bytes], bytes]
"""A keyed function of blocks: the key, and whole blocks of 16 bytes; as many come back."""


@dataclass(frozen=True, slots=True)
class _Key:
    """One secret's parts: its id, and for each purpose the keys of the tag and of the mask for `keyed`."""

    key_id: bytes
    tag_keys: dict[Purpose, bytes]
    mask_keys: dict[Purpose, bytes]
    keyed: _Keyed


class Keyring:
    """The secrets that tokens are signed with: the first one signs, all of them verify."""

    def __init__(self, secrets: Sequence[str]) -> None:
        made = [_derive(secret) for secret in secrets]
        self.current = made[0]
        self.by_id = {key.key_id: key for key in reversed([*made, *map(_derive_earlier, secrets)])}


def make(
    purpose: Purpose, *, list_id: int, subscriber_id: int, keys: Keyring, expires_at: datetime | None = None
) -> str:
    """A URL-safe token of TOKEN_CHARS characters. The same arguments make the same token."""
    expiry = int(expires_at.timestamp()) if expires_at else 0
    return _seal(purpose, ((list_id << _SUBSCRIBER_BITS | subscriber_id) << _EXPIRY_BITS) | expiry, keys)


def make_many(purpose: Purpose, *, list_id: int, subscriber_ids: Iterable[int], keys: Keyring) -> list[str]:
    """What `make` makes for each, without expiry; many at a time cost a twentieth of one by one."""
    base = list_id << _SUBSCRIBER_BITS
    return _seal_all(purpose, [(base | subscriber_id) << _EXPIRY_BITS for subscriber_id in subscriber_ids], keys)


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
    return _seal_all(purpose, [number], keys)[0]


def _seal_all(purpose: Purpose, numbers: Sequence[int], keys: Keyring) -> list[str]:
    key = keys.current
    bodies = b"".join([number.to_bytes(_BLOCK_BYTES, "big") for number in numbers])
    tags = key.keyed(key.tag_keys[purpose], bodies)
    masked = _masked(bodies, key.keyed(key.mask_keys[purpose], tags))
    raw = [
        key.key_id + tags[at : at + _BLOCK_BYTES] + masked[at : at + _BLOCK_BYTES]
        for at in range(0, len(bodies), _BLOCK_BYTES)
    ]
    # A token's bytes are a multiple of three, so that those of many side by side are spelled side by side.
    spelled = binascii.b2a_base64(b"".join(raw), newline=False).translate(_URL_SAFE).decode("ascii")
    return [spelled[at : at + TOKEN_CHARS] for at in range(0, len(spelled), TOKEN_CHARS)]


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
    body = _masked(masked, key.keyed(key.mask_keys[purpose], tag))
    if not hmac.compare_digest(tag, key.keyed(key.tag_keys[purpose], body)):
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
    return raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES:-_BLOCK_BYTES], raw[-_BLOCK_BYTES:]


def _masked(data: bytes, stream: bytes) -> bytes:
    """Once more with the same stream, and it is the data again."""
    return (int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(data), "big")


def _derive(secret: str) -> _Key:
    return _derived(secret, "block ", _enciphered)


def _derive_earlier(secret: str) -> _Key:
    """What the first tokens were made with: it reads them, and makes none."""
    return _derived(secret, "", _hashed)


def _derived(secret: str, kind: str, keyed: _Keyed) -> _Key:
    def derived(label: str) -> bytes:
        return hmac.digest(secret.encode(), f"tipsheet link {kind}{label}".encode(), "sha256")

    return _Key(
        key_id=hashlib.sha256(derived("key id")).digest()[:_KEY_ID_BYTES],
        tag_keys={purpose: derived(f"tag {purpose}") for purpose in Purpose},
        mask_keys={purpose: derived(f"mask {purpose}") for purpose in Purpose},
        keyed=keyed,
    )


def _enciphered(key: bytes, blocks: bytes) -> bytes:
    """Each block by itself: what is no mode to keep a text secret in, and all that is wanted of a keyed function."""
    cipher = Cipher(algorithms.AES256(key), modes.ECB()).encryptor()  # noqa: S305
    return cipher.update(blocks) + cipher.finalize()


def _hashed(key: bytes, block: bytes) -> bytes:
    return hmac.digest(key, block, "sha256")[:_BLOCK_BYTES]


def _not_ours() -> TokenError:
    return TokenError("This link is not complete. Please open it from the mail again, or copy the whole of it.")
