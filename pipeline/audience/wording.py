"""The words of consent, and the version that a consent is kept with. Pure."""

import hashlib


def form_wording(newsletter_name: str) -> str:
    """What a reader agrees to by the subscribe form, as it is shown there and kept with their consent."""
    return f"Send me {newsletter_name} by email. I can leave at any time, with one click."


def wording_version(wording: str) -> str:
    """The first 12 hex digits of the SHA-256: another text is another version, without anybody having to count."""
    return hashlib.sha256(wording.encode()).hexdigest()[:12]
