"""An issue's content as it is frozen at approval: the one thing that renderers see.

Pure values. `IssueContent.to_json` is canonical (sorted keys, no spaces), so that the same content has the same
bytes and the same `content_hash` on every machine; `from_json(to_json(c)) == c`.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

# Fonts that a newsletter's mails may have: headings with serifs and text without, all without, all with.
FONTS = ("house", "sans", "serif")


@dataclass(frozen=True, slots=True)
class NewsletterContent:
    """What an issue says of its newsletter.

    `list_id` is the RFC 2919 identifier without brackets; `site_url` is the absolute URL of the newsletter's folder
    under `output/`, with a closing slash; `subscribe_url` is absolute. `reason` tells why the reader gets this mail.
    `accent_colour` is `#rrggbb`. `utm_source` names the newsletter to web statistics; '' asks for no UTM parameters.
    `fonts` is one of FONTS. `counts_clicks` asks for clicks to be counted, without person.
    `claims_region` says whose rules on claims hold (us, uk, eu).
    """

    slug: str
    name: str
    tagline: str
    sender_name: str
    sender_address: str
    reply_to: str
    list_id: str
    language: str
    postal_address: str
    reason: str
    advice_note: str
    accent_colour: str
    logo_url: str
    site_url: str
    subscribe_url: str
    utm_source: str = ""
    claims_region: str = "eu"
    counts_clicks: bool = False
    fonts: str = "house"


@dataclass(frozen=True, slots=True)
class SourceContent:
    """Where a tip's words come from, as a reader may see it; `url` is '' for a file."""

    title: str
    quote: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class TipContent:
    """One approved revision in an issue. `text` is Markdown; `entry_id` is permanent (`urn:uuid:…`), `anchor` is its
    place on the archive page; `permalink` is absolute: the first issue's page for a tip that is reused.
    """

    entry_id: str
    anchor: str
    permalink: str
    title: str
    text: str
    topic: str
    topic_slug: str
    author: str
    revision_hash: str
    link_url: str = ""
    link_text: str = ""
    picture_url: str = ""
    picture_alt: str = ""
    sources: tuple[SourceContent, ...] = ()


@dataclass(frozen=True, slots=True)
class IssueContent:
    """One issue, numbered, composed for a slot. `issued_at` is the slot's instant, aware UTC; `entry_id` is the
    issue's own permanent feed id; `permalink` the absolute URL of its archive page; `design` a folder's name.
    """

    newsletter: NewsletterContent
    number: int
    entry_id: str
    permalink: str
    subject: str
    preheader: str
    intro: str
    design: str
    issued_at: datetime
    tips: tuple[TipContent, ...]

    def to_json(self) -> str:
        """Canonical JSON: equal content, equal text."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_encode)

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of the canonical JSON in UTF-8."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @classmethod
    def from_json(cls, text: str) -> "IssueContent":
        data: dict[str, Any] = json.loads(text)
        tips = tuple(
            TipContent(**{**tip, "sources": tuple(SourceContent(**source) for source in tip["sources"])})
            for tip in data.pop("tips")
        )
        issued_at = datetime.fromisoformat(data.pop("issued_at"))
        return cls(newsletter=NewsletterContent(**data.pop("newsletter")), issued_at=issued_at, tips=tips, **data)


def _encode(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"an issue's content holds no {type(value).__name__}")
