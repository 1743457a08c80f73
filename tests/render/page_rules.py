"""What every page of a site must be, as a function: a line for each breach."""

import json
import posixpath
from collections.abc import Iterator, Mapping
from itertools import pairwise
from urllib.parse import unquote, urlsplit

import lxml.html

from tests.contracts.feed_rules import is_absolute

LARGEST_BYTES = 100_000
RUNS_OR_EMBEDS = (
    "//script[not(@type='application/ld+json')] | //style | //iframe | //form | //object | //*[@style]"
    " | //@*[starts-with(name(), 'on')]"
)


def page_breaches(path: str, files: Mapping[str, bytes], site_url: str) -> Iterator[str]:
    """`files` are the whole site by path, against which the page's links are followed."""
    data = files[path]
    if len(data) > LARGEST_BYTES:
        yield f"{len(data)} bytes"
    if not data.startswith(b"<!DOCTYPE html>"):
        yield "no doctype"
    page = lxml.html.document_fromstring(data.decode())
    yield from _frame_breaches(page)
    yield from _identity_breaches(page)
    yield from _heading_breaches(page)
    yield from _link_breaches(page, path, files)
    yield from _head_breaches(page, path, site_url)


def _frame_breaches(page: lxml.html.HtmlElement) -> Iterator[str]:
    if not page.get("lang") or page.get("dir") not in {"ltr", "rtl"}:
        yield "html without lang or dir"
    if page.xpath(RUNS_OR_EMBEDS):
        yield "script, style or embedded things"
    if page.xpath("//img[not(@alt)]"):
        yield "a picture without alternative text"
    for name in ("main", "title"):
        if len(page.xpath(f"//{name}")) != 1:
            yield f"not one {name}"


def _identity_breaches(page: lxml.html.HtmlElement) -> Iterator[str]:
    identities = page.xpath("//@id")
    if len(identities) != len(set(identities)):
        yield f"ids repeat: {sorted(identities)}"
    for wanted in page.xpath("//@aria-labelledby"):
        if wanted not in identities:
            yield f"nothing is called {wanted}"
    for empty in page.xpath("//p | //a | //h1 | //h2 | //h3 | //li | //ul | //ol | //nav"):
        if not empty.text_content().strip() and not empty.xpath(".//img"):
            yield f"empty {empty.tag}"


def _heading_breaches(page: lxml.html.HtmlElement) -> Iterator[str]:
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
    if levels.count(1) != 1 or levels[:1] != [1]:
        yield f"headings {levels}: one h1, and first"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"headings {levels} skip a level"


def _link_breaches(page: lxml.html.HtmlElement, path: str, files: Mapping[str, bytes]) -> Iterator[str]:
    for address in page.xpath("//a/@href | //link[@rel!='canonical' and not(@itemprop)]/@href"):
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            if parts.scheme not in {"https", "http", "mailto"}:
                yield f"link to {address}"
            continue
        target = (
            posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path))) if parts.path else path
        )
        if address.startswith("/") or target not in files:
            yield f"link to {address} leads nowhere"
        elif parts.fragment:
            there = lxml.html.document_fromstring(files[target].decode())
            if not there.xpath("//*[@id=$name]", name=unquote(parts.fragment)):
                yield f"no place {address}"


def _head_breaches(page: lxml.html.HtmlElement, path: str, site_url: str) -> Iterator[str]:
    canonical = page.xpath("//link[@rel='canonical']/@href")
    if canonical != [site_url if path == "index.html" else site_url + path]:
        yield f"canonical {canonical}"
    types = page.xpath("//link[@rel='alternate']/@type")
    if not {"application/rss+xml", "application/atom+xml", "application/feed+json"} <= set(types):
        yield f"autodiscovery of {types}"
    for name in ("og:title", "og:description", "og:url", "og:type", "og:site_name"):
        content = page.xpath("//meta[@property=$name]/@content", name=name)
        if len(content) != 1 or not content[0].strip():
            yield f"{name}: {content}"
    description = page.xpath("//meta[@name='description']/@content")
    if len(description) != 1 or not 0 < len(description[0]) <= 160:
        yield f"description: {description}"
    for rel in ("stylesheet", "icon"):
        if len(page.xpath("//link[@rel=$rel]", rel=rel)) != 1:
            yield f"not one {rel}"
    yield from _metadata_breaches(page)


def _metadata_breaches(page: lxml.html.HtmlElement) -> Iterator[str]:
    """schema.org in JSON-LD: one graph, things with a type, and every address absolute."""
    blocks = page.xpath("//head/script[@type='application/ld+json']")
    if len(blocks) != 1:
        yield f"{len(blocks)} blocks of metadata"
        return
    told = json.loads(blocks[0].text)
    if told["@context"] != "https://schema.org" or not told["@graph"]:
        yield "metadata without context or things"
    yield from (fault for thing in told["@graph"] for fault in _thing_breaches(thing))


def _thing_breaches(thing: Mapping[str, object]) -> Iterator[str]:
    if not str(thing.get("@type", "")).isalpha():
        yield f"a thing without a type: {thing}"
    for key, value in thing.items():
        if key in {"url", "item", "image", "logo", "urlTemplate", "@id"} and not is_absolute(str(value).split("{")[0]):
            yield f"{key} {value!r} is not absolute"
        if value in ("", [], {}):
            yield f"{key} says nothing"
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, Mapping):
                yield from _thing_breaches(part)
