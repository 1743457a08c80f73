"""A strict reader for each format: what the feed says, in the same shape for all. A new format adds its own."""

import html
import json
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from tests.contracts.feed_rules import ATOM, CONTENT, DC

WORD_JOINER = "\u2060"


@dataclass(frozen=True)
class ReadEntry:
    entry_id: str
    url: str
    title: str
    html: str
    summary: str
    published_at: datetime
    updated_at: datetime | None  # None: the format says nothing but for corrections
    author: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class ReadFeed:
    title: str
    description: str
    language: str
    home_url: str
    feed_url: str
    hub_url: str
    entries: list[ReadEntry]


def read_rss(data: bytes) -> ReadFeed:
    channel = etree.fromstring(data)[0]
    links = {link.get("rel"): link.get("href") for link in channel.findall(f"{ATOM}link")}
    return ReadFeed(
        _plain(channel.findtext("title")),
        _plain(channel.findtext("description")),
        channel.findtext("language"),
        channel.findtext("link"),
        links["self"],
        links.get("hub", ""),
        [_rss_item(item) for item in channel.findall("item")],
    )


def _rss_item(item: etree._Element) -> ReadEntry:
    updated = item.findtext(f"{ATOM}updated")
    return ReadEntry(
        item.findtext("guid"),
        item.findtext("link"),
        _plain(item.findtext("title")),
        item.findtext(f"{CONTENT}encoded") or "",
        html.unescape(item.findtext("description")),
        parsedate_to_datetime(item.findtext("pubDate")),
        datetime.fromisoformat(updated) if updated else None,
        _plain(item.findtext(f"{DC}creator")),
        tuple(_plain(category.text) for category in item.findall("category")),
    )


def _plain(text: str) -> str:
    """RSS text as an eye sees it: the joiner that keeps a tag from being one takes no room."""
    return text.replace(f"<{WORD_JOINER}", "<")


def read_atom(data: bytes) -> ReadFeed:
    feed = etree.fromstring(data)
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    return ReadFeed(
        _text(feed, "title"),
        _text(feed, "subtitle"),
        feed.get("{http://www.w3.org/XML/1998/namespace}lang"),
        links["alternate"],
        links["self"],
        links.get("hub", ""),
        [_atom_entry(entry) for entry in feed.findall(f"{ATOM}entry")],
    )


def _atom_entry(entry: etree._Element) -> ReadEntry:
    author = entry.findtext(f"{ATOM}author/{ATOM}name") or entry.getparent().findtext(f"{ATOM}author/{ATOM}name")
    return ReadEntry(
        entry.findtext(f"{ATOM}id"),
        entry.find(f"{ATOM}link").get("href"),
        _text(entry, "title"),
        entry.findtext(f"{ATOM}content") or "",
        _text(entry, "summary"),
        datetime.fromisoformat(entry.findtext(f"{ATOM}published")),
        datetime.fromisoformat(entry.findtext(f"{ATOM}updated")),
        _plain(author),
        tuple(category.get("term") for category in entry.findall(f"{ATOM}category")),
    )


def _text(parent: etree._Element, name: str) -> str:
    element = parent.find(f"{ATOM}{name}")
    if element is None:
        return ""
    return html.unescape(element.text) if element.get("type") == "html" else element.text


def read_json(data: bytes) -> ReadFeed:
    feed = json.loads(data)
    items = [
        ReadEntry(
            item["id"],
            item["url"],
            item["title"],
            item["content_html"],
            item.get("summary", ""),
            datetime.fromisoformat(item["date_published"]),
            datetime.fromisoformat(item["date_modified"]),
            (item.get("authors") or feed["authors"])[0]["name"],
            tuple(item.get("tags", ())),
        )
        for item in feed["items"]
    ]
    hubs = feed.get("hubs") or [{"url": ""}]
    return ReadFeed(
        feed["title"],
        feed.get("description", ""),
        feed["language"],
        feed["home_page_url"],
        feed["feed_url"],
        hubs[0]["url"],
        items,
    )


READERS = {
    "application/rss+xml": read_rss,
    "application/atom+xml": read_atom,
    "application/feed+json": read_json,
}
