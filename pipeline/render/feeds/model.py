"""What every feed format is given: a channel and its entries, already fit for any of them.

Text is cleaned when a value is made (no character that XML forbids, titles on one line and never empty, every instant
in UTC), so that a format only has to say things in its own grammar. Nothing here knows of a URL layout or a language's
words: `render/feeds/entries.py` fills these values, the formats beside it write them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from html import escape
from typing import Any

from pipeline.render import plain

GENERATOR = "Tipsheet"
TTL_MINUTES = 60  # how long a fetched feed may be kept: RSS `ttl` and the server's max-age both follow it
NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # Atom requires a date even of a feed in which nothing has appeared yet

_MANY_LINES = {"html", "summary"}
# Where a character was lost, validators take the sign for it as damage done by the feed; readers see a box for both.
_LOST, _BOX = "\N{REPLACEMENT CHARACTER}", "\N{WHITE SQUARE}"


@dataclass(frozen=True, slots=True)
class FeedHistory:
    """Where a feed's earlier entries are (RFC 5005 §4, archived feeds). URLs are absolute, '' where there is none.

    `current_url` is set on a page of history alone, and names the feed that it belongs to.
    """

    previous_url: str = ""
    next_url: str = ""
    current_url: str = ""

    @property
    def is_page(self) -> bool:
        """Whether this is a page of history, and not the feed that readers subscribe to."""
        return bool(self.current_url)

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """(rel, href) of every link that there is."""
        named = (("prev-archive", self.previous_url), ("next-archive", self.next_url), ("current", self.current_url))
        return tuple((rel, url) for rel, url in named if url)


def _cleaned(value: object, name: str) -> object:
    if isinstance(value, str):
        return (plain.clean(value) if name in _MANY_LINES else plain.one_line(value)).replace(_LOST, _BOX)
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, tuple):
        return tuple(str(_cleaned(item, name)) for item in value if plain.one_line(item))
    return value


def _clean_fields(value: Any) -> None:
    for field in fields(value):
        object.__setattr__(value, field.name, _cleaned(getattr(value, field.name), field.name))


@dataclass(frozen=True, slots=True)
class FeedChannel:
    """The feed itself. `feed_id` is permanent (`urn:uuid:…`); `home_url` is the page for people, `feed_url` this very
    file (rel=self); `author` a name and never an address. `hub_url`, `logo_url` and `style_href` (a CSS stylesheet for
    who opens the feed in a browser; relative to the feed) may be ''.
    """

    feed_id: str
    title: str
    description: str
    language: str
    author: str
    home_url: str
    feed_url: str
    hub_url: str = ""
    logo_url: str = ""
    style_href: str = ""
    history: FeedHistory = FeedHistory()

    def __post_init__(self) -> None:
        _clean_fields(self)
        object.__setattr__(self, "title", self.title or self.home_url)
        object.__setattr__(self, "author", self.author or self.title)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One published tip, or one issue. `entry_id` is permanent (`urn:uuid:…`) and the same in every feed; `html` is
    sanitised, with absolute URLs; `summary` is plain text. `updated_at` is after `published_at` and differs between
    any two entries; `corrected` says that it moved because the words did.
    """

    entry_id: str
    url: str
    title: str
    html: str
    summary: str
    published_at: datetime
    updated_at: datetime
    author: str = ""
    topics: tuple[str, ...] = ()
    picture_url: str = ""
    corrected: bool = False

    def __post_init__(self) -> None:
        _clean_fields(self)
        if not self.title:  # feeds are lists of titles; Atom refuses an entry without one
            object.__setattr__(self, "title", plain.shorten(self.summary, 80) or self.url)
        if not self.html.strip():  # and one that holds nothing
            object.__setattr__(self, "html", f"<p>{escape(self.title)}</p>")


@dataclass(frozen=True, slots=True)
class FeedFormat:
    """One way to write a feed: a module of this folder with a `FORMAT` is found by itself.

    `place` orders the formats where they are listed. `file_name` is the name of a feed of tips, `issues_file_name` of
    the feed with one entry per issue; `title` is how a link to it reads. `write` is pure: the same channel and entries
    give the same bytes.
    """

    place: int

    name: str
    title: str
    file_name: str
    issues_file_name: str
    media_type: str
    write: Callable[[FeedChannel, Sequence[FeedEntry]], bytes]


def feed_updated_at(entries: Sequence[FeedEntry]) -> datetime:
    """When anything in the feed last changed."""
    return max((entry.updated_at for entry in entries), default=NEVER)
