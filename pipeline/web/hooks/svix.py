"""Svix signatures, which Resend's calls bear (the Standard Webhooks scheme).

https://docs.svix.com/receiving/verifying-payloads/how-manual
"""

import binascii
import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping

_PREFIX = "whsec_"


class SvixKeyError(ValueError):
    """The signing secret is none."""


def is_signed(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    """Whether one of the signatures is right: HMAC-SHA256 over `id.timestamp.body`. Raises SvixKeyError."""
    try:
        key = b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise SvixKeyError("Resend's signing secret is whsec_ and base64 after it") from error
    signed = f"{headers.get('svix-id', '')}.{headers.get('svix-timestamp', '')}.".encode() + body
    wanted = b64encode(hmac.digest(key, signed, hashlib.sha256))
    given = [word.partition(",") for word in headers.get("svix-signature", "").split()]
    return any(
        version == "v1" and hmac.compare_digest(signature.encode("utf-8", "replace"), wanted)
        for version, _, signature in given
    )
