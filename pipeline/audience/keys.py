"""The thin helper that reads the secrets from the settings, so that `tokens` and `addresses` stay pure.

The secret key's file holds one key a line: the first signs, the others are older and keep verifying. To rotate, put a
new first line in and restart. The last line also keys the hashes that suppression is matched by, and those cannot be
made anew once an address is erased: it stays for as long as the installation does.
"""

import hmac
from functools import lru_cache

from django.conf import settings

from pipeline.audience.addresses import hash_key
from pipeline.audience.tokens import Keyring


def keyring() -> Keyring:
    """The keys that links are signed and verified with."""
    return _keyring((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def address_hash(key: str) -> str:
    """The keyed hash (64 hex digits) that the address key is suppressed by."""
    return hash_key(key, hash_secret())


def hash_secret() -> bytes:
    return _hash_secret((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)[-1])


@lru_cache(maxsize=4)
def _keyring(secrets: tuple[str, ...]) -> Keyring:
    return Keyring(secrets)


@lru_cache(maxsize=4)
def _hash_secret(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"tipsheet address hash", "sha256")
