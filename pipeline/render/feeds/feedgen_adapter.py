"""The one place that knows the feedgen library, and what it gets wrong.

feedgen 1.0 puts RSS and Atom elements in a right order, and is left to. Around it:

- dates default to now: all of them are set here, so that the same entries give the same bytes;
- entries are put before those added earlier unless `order="append"`;
- the link that was added last becomes the RSS channel's link: the page for people is added last;
- it knows nothing of a feed's history (RFC 5005): an extension of our own writes its links and its mark;
- an Atom entry's links lose their rel and type, and RSS drops rel=hub: an extension of our own writes both;
- Atom text constructs are written without a type, and RSS has none to write. Text that could be taken for markup is
  declared as HTML in Atom; `plain_in_rss` and `with_hexadecimal_references` do what RSS leaves possible.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from feedgen.feed import FeedGenerator
from lxml import etree

from pipeline.render.feeds.model import GENERATOR, TTL_MINUTES, FeedChannel, FeedEntry, feed_updated_at

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
ATOM_TYPE = "application/atom+xml"
_RSS_PICTURE = re.compile(r"\.(gif|jpe?g|png)([?#]|$)", re.IGNORECASE)  # RSS knows these three, and Atom any
_DOCS = "https://www.rssboard.org/rss-specification"
_LOOKS_LIKE_MARKUP = re.compile(r"</?[a-zA-Z!]|&#?\w")
_CLOSING_TAG = re.compile(r"<(?=/\w+>)")
_WORD_JOINER = "\u2060"
_PLAIN_ELEMENT = re.compile(rb"<(title|category|dc:creator|name)>([^<]*)</\1>|<channel>.*?</description>", re.DOTALL)


class _ChannelExtension:
    """What feedgen leaves out of a channel. It is given to feedgen, which calls the three methods by their names."""

    def __init__(self) -> None:
        self.channel: FeedChannel | None = None

    def extend_ns(self) -> dict[str, str]:
        return {"fh": HISTORY} if self.channel and self.channel.history.is_page else {}

    def extend_rss(self, rss: Any) -> None:
        if self.channel and self.channel.hub_url:
            etree.SubElement(rss[0], f"{{{ATOM}}}link", href=self.channel.hub_url, rel="hub")
        self._add_history(rss[0], f"{{{ATOM}}}link")

    def _add_history(self, parent: Any, link: str) -> None:
        if self.channel is None:
            return
        for rel, url in self.channel.history.links:
            etree.SubElement(parent, link, href=url, rel=rel)
        if self.channel.history.is_page:
            etree.SubElement(parent, f"{{{HISTORY}}}archive")

    def extend_atom(self, feed: Any) -> None:
        self._add_history(feed, "link")
        for name in ("title", "subtitle"):
            _declare_type(feed.find(name))


class _EntryExtension:
    """What feedgen leaves out of an entry."""

    def __init__(self) -> None:
        self.entry: FeedEntry | None = None

    def extend_rss(self, item: Any) -> None:
        if self.entry and self.entry.corrected:  # RSS has no date of its own for a correction
            etree.SubElement(item, f"{{{ATOM}}}updated").text = self.entry.updated_at.isoformat()

    def extend_atom(self, element: Any) -> None:
        if self.entry:
            etree.SubElement(element, "link", href=self.entry.url, rel="alternate", type="text/html")
            _declare_type(element.find("title"))


def _declare_type(element: Any) -> None:
    """Atom: a title that could be taken for markup says that it is none, by being escaped HTML (RFC 4287 3.1.1)."""
    if element is not None and _LOOKS_LIKE_MARKUP.search(element.text or ""):
        element.set("type", "html")
        element.text = escape(element.text, quote=False)


def plain_in_rss(text: str) -> str:
    """The text, safe from being read as HTML. RSS cannot say that a title is plain text, and validators and readers
    take one that holds a closing tag for HTML; a word joiner, which nobody sees, parts such a tag's first two
    characters. Nothing else is changed.
    """
    return _CLOSING_TAG.sub(f"<{_WORD_JOINER}", text)


def as_html(text: str) -> str:
    """Plain text as an HTML fragment."""
    return escape(text, quote=False)


def with_hexadecimal_references(xml: bytes) -> bytes:
    """`<` and `&` in elements that are plain text by custom (an Atom author's name among them) as hexadecimal
    references: by the RSS Best Practices Profile, that is how a publisher says that they are characters and not markup.
    To an XML parser the two spellings are the same.
    """

    def respell(match: re.Match[bytes]) -> bytes:
        return match[0].replace(b"&lt;", b"&#x3C;").replace(b"&amp;", b"&#x26;")

    return _PLAIN_ELEMENT.sub(respell, xml)


def with_stylesheet(xml: bytes, href: str) -> bytes:
    """The document with a CSS stylesheet, so that a browser shows a page where a reader shows a feed (feedgen has no
    place for it). Browsers are dropping XSLT, and need none for this.
    """
    if not href:
        return xml
    declaration, rest = xml.split(b"\n", 1)
    return b'%s\n<?xml-stylesheet type="text/css" href="%s"?>\n%s' % (declaration, escape(href).encode(), rest)


def generator(
    channel: FeedChannel, entries: Sequence[FeedEntry], *, media_type: str, alternate: dict[str, str]
) -> tuple[Any, list[Any]]:
    """feedgen's feed with everything set that both formats share, and its entries in the order given.

    `alternate` is the link element for the page for people, in the format's manner.
    """
    feed = FeedGenerator()
    feed.register_extension("tipsheet", _ChannelExtension, _EntryExtension)
    feed.tipsheet.channel = channel
    feed.id(channel.feed_id)
    feed.title(channel.title)
    feed.subtitle(channel.description or channel.title)
    feed.language(channel.language)
    feed.generator(GENERATOR)
    feed.docs(_DOCS)
    feed.ttl(TTL_MINUTES)
    feed.updated(feed_updated_at(entries))
    if channel.logo_url and (media_type == ATOM_TYPE or _RSS_PICTURE.search(channel.logo_url)):
        feed.logo(channel.logo_url)
    feed.link(href=channel.feed_url, rel="self", type=media_type)
    if channel.hub_url:
        feed.link(href=channel.hub_url, rel="hub")
    feed.link(**alternate)
    return feed, [_add(feed, entry) for entry in entries]


def _add(feed: Any, entry: FeedEntry) -> Any:
    made = feed.add_entry(order="append")
    made.tipsheet.entry = entry
    made.id(entry.entry_id)
    made.title(entry.title)
    made.published(entry.published_at)
    made.updated(entry.updated_at)
    for topic in entry.topics:
        made.category(term=topic)
    return made
