"""What the W3C feed validator complains of, message by message, as far as a feed can be judged without it.

Each rule yields a line that begins with the validator's own name for the message. Errors and warnings are not told
apart: a feed of this project has neither.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from html.entities import name2codepoint
from urllib.parse import urlsplit

import lxml.html
from babel import Locale
from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"
KNOWN_NAMESPACES = {
    ATOM,
    "http://purl.org/rss/1.0/modules/content/",
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/syndication/history/1.0",
    "http://www.w3.org/XML/1998/namespace",
}
LINK_RELATIONS = {"alternate", "self", "hub", "prev-archive", "next-archive", "current"}
LARGEST_BYTES = 2 * 1000 * 1024  # the validator reads no further
HTML_TAGS = {
    "a", "abbr", "address", "area", "article", "aside", "audio", "b", "base", "blockquote", "body", "br", "button",
    "canvas", "caption", "center", "cite", "code", "col", "dd", "del", "details", "div", "dl", "dt", "em", "embed",
    "fieldset", "figure", "font", "footer", "form", "frame", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr",
    "html", "i", "iframe", "img", "input", "ins", "kbd", "label", "legend", "li", "link", "map", "main", "mark", "menu",
    "meta", "nav", "noscript", "object", "ol", "option", "p", "param", "pre", "q", "s", "samp", "script", "section",
    "select", "small", "span", "strike", "strong", "style", "sub", "sup", "table", "tbody", "td", "textarea", "tfoot",
    "th", "thead", "title", "tr", "tt", "u", "ul", "var", "video",
}  # fmt: skip
RISKY_TAGS = {"script", "style", "object", "embed", "applet", "iframe", "form", "meta", "link", "base", "frame"}
NEVER_OPEN = ("p", "div", "ul", "ol", "li", "blockquote", "a", "em", "strong", "small", "h2")
_CLOSING_TAG = re.compile(r"</(\w+)>")
_ENTITY = re.compile(r"&(#?\w+)")
_TEXT_OF = {"rss": ("title", "category", "{http://purl.org/dc/elements/1.1/}creator"), "atom": (f"{{{ATOM}}}name",)}


def w3c_breaches(data: bytes, *, location: str = "") -> Iterator[str]:
    """Every message; with its `location`, also whether the feed says where it really is."""
    yield from _document_breaches(data)
    root = etree.fromstring(data)
    yield from _namespace_breaches(root)
    yield from _character_breaches(root)
    yield from _link_breaches(root, location)
    if root.tag == "rss":
        yield from _rss_breaches(root[0], data)
    else:
        yield from _atom_breaches(root, data)


def _document_breaches(data: bytes) -> Iterator[str]:
    if not re.match(rb"<\?xml version=['\"]1\.0['\"] encoding=['\"]UTF-8['\"]\?>", data):
        yield "ObscureEncoding: no UTF-8 declaration"
    if len(data) > LARGEST_BYTES:
        yield f"MaxDataLength: {len(data)} bytes"
    if b"<!DOCTYPE" in data or re.search(rb"&(?!amp;|lt;|gt;|quot;|apos;|#)", data):
        yield "UndefinedNamedEntity: a doctype, or an entity that XML does not know"


def _namespace_breaches(root: etree._Element) -> Iterator[str]:
    used = {space for element in root.iter(etree.Element) for space in element.nsmap.values()}
    for space in used - KNOWN_NAMESPACES:
        yield f"UnknownNamespace: {space}"


def _character_breaches(root: etree._Element) -> Iterator[str]:
    """Characters of no script: the second control set, and the sign for one that was lost."""
    for element in root.iter(etree.Element):
        for text in (element.text or "", *element.attrib.values()):
            if found := re.search(r"[\x80-\x9f\ufffd\ufdd0-\ufdef\ufffe\uffff]", text):
                yield f"BadCharacters: {found[0]!r} in {element.tag}"


def _link_breaches(root: etree._Element, location: str) -> Iterator[str]:
    top = root[0] if root.tag == "rss" else root
    links = top.findall(f"{{{ATOM}}}link")
    own = [link.get("href") for link in links if link.get("rel") == "self"]
    if len(own) != 1:
        yield f"MissingAtomSelfLink, DuplicateSelf: {own}"
    elif location and own[0] != location:
        yield f"SelfDoesntMatchLocation: {own[0]}"
    for link in root.iter(f"{{{ATOM}}}link"):
        if link.get("rel") not in LINK_RELATIONS:
            yield f"UnregisteredAtomLinkRel: {link.get('rel')}"
        yield from _address_breaches("link", link.get("href"))
    seen = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in links]
    if len(seen) != len(set(seen)):
        yield f"DuplicateAtomLink: {seen}"


def _address_breaches(name: str, address: str | None) -> Iterator[str]:
    parts = urlsplit(address or "")
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"[^!-~]", address or ""):
        yield f"InvalidFullLink: {name} {address!r}"
    elif parts.netloc.rpartition("@")[2].split(":")[0] != parts.hostname or "/../" in parts.path or not parts.path:
        yield f"NonCanonicalURI: {name} {address!r}"


def _rss_breaches(channel: etree._Element, data: bytes) -> Iterator[str]:
    for name in ("title", "link", "description"):
        if channel.find(name) is None:
            yield f"MissingElement: channel {name}"
    yield from _duplicates(channel, {"item", f"{{{ATOM}}}link", "category"})
    yield from _address_breaches("link", channel.findtext("link"))
    yield from _address_breaches("docs", channel.findtext("docs"))
    language = (channel.findtext("language") or "").split("-")[0].lower()
    if language not in Locale("en").languages:
        yield f"InvalidLanguage: {language}"
    if not re.fullmatch(r"[1-9]\d*", channel.findtext("ttl") or "1"):
        yield "InvalidInteger: ttl"
    yield from _image_breaches(channel)
    yield from _date_breaches(channel.findtext("lastBuildDate"))
    yield from _plain_text_breaches(channel.iter(*_TEXT_OF["rss"]), data)
    yield from _plain_text_breaches([channel.find("description")], data)
    guids = [item.findtext("guid") for item in channel.findall("item")]
    if len(guids) != len(set(guids)):
        yield "DuplicateValue: two items share a guid"
    for item in channel.findall("item"):
        yield from _item_breaches(item)


def _image_breaches(channel: etree._Element) -> Iterator[str]:
    image = channel.find("image")
    if image is None:
        return
    if image.findtext("title") != channel.findtext("title"):
        yield "ImageTitleDoesntMatch"
    if image.findtext("link") != channel.findtext("link"):
        yield "ImageLinkDoesntMatch"
    if not re.search(r"\.(gif|jpe?g|png)$", urlsplit(image.findtext("url") or "").path, re.IGNORECASE):
        yield f"UnsupportedImageFormat: {image.findtext('url')}"


def _item_breaches(item: etree._Element) -> Iterator[str]:
    names = [etree.QName(element).localname for element in item]
    yield from _duplicates(item, {"category"})
    if item.find("guid") is None:
        yield "MissingGuid"
    elif item.find("guid").get("isPermaLink") != "false" and not item.findtext("guid").startswith("http"):
        yield "InvalidHttpGUID"
    if "encoded" in names and names.index("description") > names.index("encoded"):
        yield "NeedDescriptionBeforeContent"
    if "author" in names:
        yield "InvalidContact: author must be an address"
    yield from _address_breaches("link", item.findtext("link"))
    yield from _date_breaches(item.findtext("pubDate"))
    for name in ("description", "{http://purl.org/rss/1.0/modules/content/}encoded"):
        yield from _html_breaches(name, item.findtext(name) or "")
    updated = item.findtext(f"{{{ATOM}}}updated")
    if updated is not None:
        yield from _instant_breaches(updated)


def _duplicates(parent: etree._Element, many: set[str]) -> Iterator[str]:
    tags = [element.tag for element in parent if element.tag not in many]
    for tag in sorted({tag for tag in tags if tags.count(tag) > 1}):
        yield f"DuplicateElement: {tag}"


def _date_breaches(stamp: str | None) -> Iterator[str]:
    """RFC 822 as RFC 2822 amends it: four digits for the year, the right day of the week, a numeric zone."""
    if stamp is None:
        return
    if not re.fullmatch(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", stamp):
        yield f"InvalidRFC2822Date, ProblematicalRFC822Date: {stamp}"
        return
    instant = parsedate_to_datetime(stamp)
    if f"{instant:%a}" != stamp[:3]:
        yield f"IncorrectDOW: {stamp}"
    yield from _implausible(instant)


def _instant_breaches(stamp: str) -> Iterator[str]:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", stamp):
        yield f"InvalidRFC3339Date: {stamp}"
        return
    yield from _implausible(datetime.fromisoformat(stamp))


def _implausible(instant: datetime) -> Iterator[str]:
    """Before there were feeds, or more than a few months ahead; samples here are laid in the years to come."""
    if not datetime(1990, 1, 1, tzinfo=UTC) <= instant <= datetime(2036, 1, 1, tzinfo=UTC) + timedelta(days=91):
        yield f"ImplausibleDate: {instant}"


def _plain_text_breaches(elements: Iterable[etree._Element], data: bytes) -> Iterator[str]:
    """ContainsHTML: what is plain text holds a closing tag, or an entity on a line without a hexadecimal reference."""
    lines = data.decode().split("\n")
    for element in elements:
        text = element.text or ""
        if not text.strip():
            yield f"NotBlank: {element.tag}"
        if any(tag.lower() in HTML_TAGS for tag in _CLOSING_TAG.findall(text)):
            yield f"ContainsHTML: {element.tag} {text[:80]!r}"
        named = [name for name in _ENTITY.findall(text) if _is_entity(name)]
        if named and "&#x" not in lines[(element.sourceline or 1) - 1]:
            yield f"ContainsHTML: {element.tag} &{named[0]};"


def _is_entity(name: str) -> bool:
    return name in name2codepoint or name == "apos" or not name.isalpha()


def _html_breaches(name: str, html: str) -> Iterator[str]:
    """Content as HTML: nothing that runs, nothing relative, no tag that HTML does not know, nothing left open."""
    if not html.strip():
        return
    for tag in re.findall(r"</?([a-zA-Z][\w:-]*)", html):
        if tag.lower() not in HTML_TAGS:
            yield f"NonHtmlTag: {tag} in {name}"
    if re.search(r"&(?!\w+;|#\d+;|#x[0-9a-fA-F]+;)", html):
        yield f"NotHtml: a bare ampersand in {name}"
    for tag in NEVER_OPEN:
        if len(re.findall(rf"<{tag}[ >]", html)) != html.count(f"</{tag}>"):
            yield f"NotHtml: {tag} is not closed in {name}"
    for element in lxml.html.fragment_fromstring(html, create_parent=True).iter(etree.Element):
        yield from _element_breaches(name, element)


def _element_breaches(name: str, element: lxml.html.HtmlElement) -> Iterator[str]:
    if element.tag in RISKY_TAGS:
        yield f"SecurityRisk: {element.tag} in {name}"
    for attribute, value in element.attrib.items():
        if attribute == "style" or attribute.startswith("on"):
            yield f"SecurityRiskAttr, DangerousStyleAttr: {attribute} in {name}"
        if attribute in {"href", "src", "cite"} and not re.match(r"(https?://|mailto:)", value):
            yield f"ContainsRelRef: {value!r} in {name}"


def _atom_breaches(feed: etree._Element, data: bytes) -> Iterator[str]:
    for name in ("id", "title", "updated"):
        if feed.find(f"{{{ATOM}}}{name}") is None:
            yield f"MissingElement: feed {name}"
    entries = feed.findall(f"{{{ATOM}}}entry")
    yield from _duplicates(feed, {f"{{{ATOM}}}{name}" for name in ("entry", "link", "author", "category")})
    for name, message in (("id", "DuplicateEntries"), ("updated", "DuplicateUpdated")):
        values = [entry.findtext(f"{{{ATOM}}}{name}") for entry in entries]
        if len(values) != len(set(values)):
            yield f"{message}: {name}"
    yield from _plain_text_breaches(feed.iter(*_TEXT_OF["atom"]), data)
    for element in feed.iter(f"{{{ATOM}}}id"):
        if not re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", element.text or ""):
            yield f"InvalidURN: {element.text}"
    for element in feed.iter(f"{{{ATOM}}}updated", f"{{{ATOM}}}published"):
        yield from _instant_breaches(element.text or "")
    for element in feed.iter(f"{{{ATOM}}}title", f"{{{ATOM}}}subtitle", f"{{{ATOM}}}summary"):
        yield from _construct_breaches(element)
    yield from (fault for entry in entries for fault in _entry_breaches(entry))


def _entry_breaches(entry: etree._Element) -> Iterator[str]:
    yield from _duplicates(entry, {f"{{{ATOM}}}{name}" for name in ("link", "author", "category")})
    yield from _html_breaches("content", entry.findtext(f"{{{ATOM}}}content") or "")
    if entry.find(f"{{{ATOM}}}link[@rel='alternate']") is None:
        yield "MissingAlternate"
    if not (entry.findtext(f"{{{ATOM}}}content") or entry.findtext(f"{{{ATOM}}}summary")):
        yield "MissingTextualContent"


def _construct_breaches(element: etree._Element) -> Iterator[str]:
    text = element.text or ""
    if not text.strip():
        yield f"NotBlank: {element.tag}"
    if element.get("type") == "html":
        yield from _html_breaches(etree.QName(element).localname, text)
    elif _CLOSING_TAG.search(text) or any(f"&{name}" != unescape(f"&{name};") for name in _ENTITY.findall(text)):
        yield f"ContainsUndeclaredHTML: {text[:80]!r}"
