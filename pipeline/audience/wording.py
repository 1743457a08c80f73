"""The version that a consent is kept with: it names the words that were agreed to. Pure."""

import hashlib


def wording_version(wording: str) -> str:
    """The first 12 hex digits of the SHA-256: another text is another version, without anybody having to count."""
    return hashlib.sha256(wording.encode()).hexdigest()[:12]
