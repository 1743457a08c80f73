"""What an approval holds to: one hash over everything that a reader of a tip can see.

Each part is length-prefixed, so that no words can wander from one field to the next without a change of the hash.
"""

import hashlib
from collections.abc import Iterable

from pipeline.editorial.content import SourceContent
from pipeline.editorial.wording_rules import LIMITS, Wording


def revision_hash(wording: Wording, sources: Iterable[SourceContent] = ()) -> str:
    """SHA-256 (hex) over the words of a revision and the sources that are shown with it.

    The dates between which a tip may go out are not seen by readers, and not covered.
    """
    parts = ["tip revision 1", *(getattr(wording, field) for field in LIMITS)]
    for source in sources:
        parts += [source.title, source.quote, source.url]
    return _digest(parts)


def handed_in_hash(wording: Wording) -> str:
    """SHA-256 (hex) over a wording as it was handed in, dates included: has the file changed since?"""
    dates = [day.isoformat() if day else "" for day in (wording.not_before, wording.not_after)]
    return _digest(["tip file 1", revision_hash(wording), *dates])


def text_hash(*parts: str) -> str:
    """SHA-256 (hex) over texts, each length-prefixed: for keys that must tell ("a", "bc") from ("ab", "c")."""
    return _digest(parts)


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def frozen_hash(content: str, html: str, text: str) -> str:
    """SHA-256 (hex) over an issue as it is frozen: its content (canonical JSON) and its rendered email, with places."""
    return text_hash("tipsheet issue 1", content, html, text)
