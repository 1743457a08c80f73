"""What rendering hands over, and the places that are filled for each recipient."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """The fixed list of per-recipient values in a rendered email. Nothing else ever differs between readers.

    GREETING is the whole phrase ("Hello Ada,"), so that a missing name needs no grammar.
    """

    GREETING = "greeting"
    UNSUBSCRIBE_URL = "unsubscribe_url"
    PREFERENCES_URL = "preferences_url"

    @property
    def marker(self) -> str:
        """The token that stands for the place in rendered HTML and text: letters only, so that no step between
        the template and the compiled message alters it. Staff text that holds one is refused by preflight.
        """
        return f"TIPSHEETPLACE{self.name.replace('_', '')}ENDPLACE"


@dataclass(frozen=True, slots=True)
class CountedLink:
    """A link that is counted (see `clicks.py`): `counted_url` stands in the mail, and leads to `url`. `anchor` is the
    tip's that it stands in, '' for the issue's own; `number` counts from 1.
    """

    number: int
    anchor: str
    url: str
    counted_url: str


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    """An issue as one email, before any recipient: HTML and text with place markers, and the headers that all
    recipients share (never To, Message-ID, Date or List-Unsubscribe: those are the delivery's). `links` are those
    that are counted, none unless the newsletter asked for it.
    """

    subject: str
    html: str
    text: str
    headers: tuple[tuple[str, str], ...] = ()
    links: tuple[CountedLink, ...] = ()

    @property
    def html_bytes(self) -> int:
        return len(self.html.encode())

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) over subject, headers, HTML and text, each length-prefixed."""
        digest = hashlib.sha256()
        for part in (self.subject, *(f"{name}: {value}" for name, value in self.headers), self.html, self.text):
            data = part.encode()
            digest.update(len(data).to_bytes(8, "big") + data)
        return digest.hexdigest()


class Severity(StrEnum):
    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class PreflightFinding:
    """What preflight found: `place` names the tip, field or part; `remedy` is what to do.

    `may_override` says of a blocking finding that a person may answer for it by name and with a reason: it is about
    what is said, which somebody can know better. What law, the way out or a reader's mail program ask has no such door.
    """

    severity: Severity
    place: str
    message: str
    remedy: str
    may_override: bool = False

    @property
    def blocks(self) -> bool:
        return self.severity is Severity.BLOCKING
