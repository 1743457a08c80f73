"""What validators say of a feed, as functions: each takes a feed's bytes and yields a line for each breach.

RSS and Atom: the W3C feed validator's messages (`w3c_rules.py`), and what this project promises beyond them. Atom: a
RELAX NG grammar and the rules of RFC 4287 that no grammar can state. JSON Feed: a schema of version 1.1. HTML in any of
them: only what is safe.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import lxml.html
from jsonschema import Draft202012Validator
from lxml import etree

from tests.contracts.w3c_rules import w3c_breaches

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
JSON_FEED = Draft202012Validator(
    json.loads((Path(__file__).parent / "json-feed-1.1.schema.json").read_text(encoding="utf-8"))
)
GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).parent / "atom.rng"))
SAFE_TAGS = {"div", "p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "img", "h2", "small"}
SAFE_ATTRIBUTES = {"href", "src", "alt", "start", "lang", "dir"}
CHANNEL_ORDER = ["title", "link", "description", f"{ATOM}link", "docs", "generator", "image", "language",
                 "lastBuildDate", "ttl", f"{ATOM}link", f"{HISTORY}archive", "item"]  # fmt: skip
ITEM_ELEMENTS = {"title", "link", "description", f"{CONTENT}encoded", "guid", "category", "pubDate", f"{DC}creator",
                 f"{ATOM}updated"}  # fmt: skip


def is_absolute(url: str | None) -> bool:
    parts = urlsplit(url or "")
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and (url or "").isascii() and " " not in (url or "")


def html_breaches(html: str) -> Iterator[str]:
    if not html.strip():
        return
    for element in lxml.html.fragment_fromstring(html, create_parent=True).iter():
        if element.tag not in SAFE_TAGS:
            yield f"unsafe element {element.tag}"
        for name, value in element.attrib.items():
            if name not in SAFE_ATTRIBUTES:
                yield f"unsafe attribute {name}"
            if name in {"href", "src"} and not (is_absolute(value) or value.startswith("mailto:")):
                yield f"relative or unsafe address {value!r}"


def rss_breaches(data: bytes) -> Iterator[str]:
    yield from w3c_breaches(data)
    yield from _spelling_breaches(data)
    root = etree.fromstring(data)
    channel = root[0]
    if (root.tag, root.get("version"), channel.tag, len(root)) != ("rss", "2.0", "channel", 1):
        yield "not rss 2.0 with one channel"
    tags = [element.tag for element in channel]
    for name in ("title", "link", "description", "language", "lastBuildDate", "ttl"):
        if tags.count(name) != 1:
            yield f"channel has {tags.count(name)} {name}"
    if "item" in tags and set(tags[tags.index("item") :]) != {"item"}:
        yield "something follows the first item"
    if set(tags) - set(CHANNEL_ORDER):
        yield f"unknown channel elements {set(tags) - set(CHANNEL_ORDER)}"
    rels = [link.get("rel") for link in channel.findall(f"{ATOM}link")]
    if rels.count("self") != 1 or len(rels) != len(set(rels)):
        yield f"channel links are {rels}"
    yield from history_breaches(rels, channel.find(f"{HISTORY}archive") is not None)
    items = channel.findall("item")
    for item in items:
        yield from _item_breaches(item)


def history_breaches(rels: list[str], is_page: bool) -> Iterator[str]:
    """RFC 5005 §4: what an archive document must say of itself, and the feed that readers subscribe to must not."""
    if set(rels) - {"self", "hub", "alternate", "prev-archive", "next-archive", "current"}:
        yield f"unknown links {rels}"
    if is_page is not ("current" in rels) or ("next-archive" in rels and not is_page):
        yield f"a page of history with links {rels}" if is_page else f"a feed with the links of a page {rels}"


def _spelling_breaches(data: bytes) -> Iterator[str]:
    """Plain text says by hexadecimal references that it is no markup (RSS Best Practices Profile)."""
    for spelling in re.findall(rb"<(?:title|category|dc:creator)>([^<]*)<", data):
        if b"&lt;" in spelling or b"&amp;" in spelling:
            yield f"plain text spelled as markup: {spelling!r}"


def _item_breaches(item: etree._Element) -> Iterator[str]:
    tags = [element.tag for element in item]
    if set(tags) - ITEM_ELEMENTS:
        yield f"unknown item elements {set(tags) - ITEM_ELEMENTS}"
    for name in ITEM_ELEMENTS - {"category", f"{ATOM}updated"}:
        if tags.count(name) != 1:
            yield f"item has {tags.count(name)} {name}"
    if tags.index("description") > tags.index(f"{CONTENT}encoded"):
        yield "content:encoded before description"
    if item.find("guid").get("isPermaLink") != "false" or not item.findtext("guid").startswith("urn:uuid:"):
        yield "the guid must be a urn:uuid and no permalink"
    if re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", item.findtext(f"{DC}creator")):
        yield "an address as creator"
    yield from html_breaches(item.findtext(f"{CONTENT}encoded"))
    yield from html_breaches(item.findtext("description"))


def atom_breaches(data: bytes) -> Iterator[str]:
    yield from w3c_breaches(data)
    feed = etree.fromstring(data)
    if not GRAMMAR.validate(feed):
        yield from (str(error) for error in GRAMMAR.error_log)
    links = [(link.get("rel"), link.get("type")) for link in feed.findall(f"{ATOM}link")]
    if len(links) != len(set(links)) or [rel for rel, _ in links].count("self") != 1:
        yield f"feed links are {links}"
    yield from history_breaches([rel for rel, _ in links], feed.find(f"{HISTORY}archive") is not None)
    entries = feed.findall(f"{ATOM}entry")
    for name in ("id", "updated"):
        values = [entry.findtext(f"{ATOM}{name}") for entry in entries]
        if len(values) != len(set(values)):
            yield f"two entries share their {name}"
    newest = max((_instant(entry.findtext(f"{ATOM}updated")) for entry in entries), default=None)
    if newest and _instant(feed.findtext(f"{ATOM}updated")) != newest:
        yield "the feed's updated is not its newest entry's"
    for element in feed.iter(f"{ATOM}title", f"{ATOM}subtitle"):
        if element.get("type") != "html" and re.search(r"</\w+>|&#?\w+;", element.text):
            yield f"markup-like text is not declared: {element.text!r}"
    for entry in entries:
        if _instant(entry.findtext(f"{ATOM}updated")) < _instant(entry.findtext(f"{ATOM}published")):
            yield "updated before published"
        yield from html_breaches(entry.findtext(f"{ATOM}content"))


def json_breaches(data: bytes) -> Iterator[str]:
    feed = json.loads(data.decode("utf-8"))
    yield from (f"{error.json_path}: {error.message[:200]}" for error in JSON_FEED.iter_errors(feed))
    identities = [item["id"] for item in feed["items"]]
    if len(set(identities)) != len(identities):
        yield "two items share an id"
    for item in feed["items"]:
        yield from _json_item_breaches(item)


def _json_item_breaches(item: dict[str, object]) -> Iterator[str]:
    if missing := {"id", "url", "title", "content_html", "date_published"} - set(item):
        yield f"an item without {sorted(missing)}"
    yield from html_breaches(str(item["content_html"]))


def _instant(text: str) -> datetime:
    made = datetime.fromisoformat(text)
    assert made.tzinfo is not None
    return made


BREACHES = {
    "application/rss+xml": rss_breaches,
    "application/atom+xml": atom_breaches,
    "application/feed+json": json_breaches,
}
