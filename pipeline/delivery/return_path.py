"""The envelope sender of each delivery (VERP): where a bounce goes, and which delivery it speaks of.

`bounces+{token}@news.example` becomes `bounces+4x-mfrggzdfmztwq2lk…@news.example`: the delivery's number, and a MAC of
128 bits over it under a key of its own. So a bounce names its delivery without any address in it, whatever the
receiving server quotes; and nobody can make one up for a mail that they did not get. Lower case alone, because servers
change the case of a mailbox.
"""

import hmac
from base64 import b32encode
from collections.abc import Callable

from django.conf import settings

PLACE = "{token}"
_MAC_BYTES = 16
_MAC_CHARS = 26
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def return_paths(bounce_address: str) -> Callable[[int], str]:
    """What makes each delivery's envelope sender; '' for each where no bounce address is set (config.py says what one
    looks like).
    """
    if not bounce_address:
        return lambda _: ""
    before, after = bounce_address.split(PLACE)
    key = _keys()[0]
    return lambda delivery_id: f"{before}{_token(delivery_id, key)}{after}"


def delivery_of(address: str, bounce_address: str) -> int | None:
    """The delivery that a return path names; None for one that is not ours, or was altered."""
    before, after = bounce_address.lower().split(PLACE)
    given = address.strip().strip("<>").lower()
    if not (given.startswith(before) and given.endswith(after) and len(given) > len(before) + len(after)):
        return None
    number = given[len(before) : len(given) - len(after)].partition("-")[0]
    if not number or len(number) > 12 or set(number) - set(_DIGITS):
        return None
    delivery_id = int(number, 36)
    token = given[len(before) : len(given) - len(after)]
    known = any(hmac.compare_digest(token, _token(delivery_id, key)) for key in _keys())
    return delivery_id if known else None


def _token(delivery_id: int, key: bytes) -> str:
    mac = hmac.digest(key, b"%d" % delivery_id, "sha256")[:_MAC_BYTES]
    return f"{_in_base_36(delivery_id)}-{b32encode(mac)[:_MAC_CHARS].decode('ascii').lower()}"


def _in_base_36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"


def _keys() -> list[bytes]:
    """The first signs, all of them verify."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [hmac.digest(secret.encode(), b"tipsheet return path", "sha256") for secret in secrets]
