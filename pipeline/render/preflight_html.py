"""Preflight of links and pictures, in what was written and in the HTML that came out."""

import re
from collections.abc import Iterator

import lxml.html
from lxml.html import HtmlElement

from pipeline.editorial.content import IssueContent, TipContent
from pipeline.render import markdown, plain, utm
from pipeline.render.clicks import uncounted
from pipeline.render.findings import blocking, is_visible, name_of, warning
from pipeline.render.model import Place, PreflightFinding, RenderedEmail
from pipeline.render.targets import is_open_http, target_or_nothing

_HREF = re.compile(r'<a href="([^"]*)"')
_LINK_THAT_IS_NONE = re.compile(r"\[[^\[\]]{0,200}\]\([^()]{0,400}\)")
_SAYS_NOTHING = frozenset({
    "here", "click", "click here", "this", "link", "this link", "more", "read more", "hier", "hier klicken", "klick",
    "mehr", "weiterlesen", "dieser link",
})  # fmt: skip


def links_in_content(content: IssueContent, _: RenderedEmail) -> Iterator[PreflightFinding]:
    newsletter = content.newsletter
    addresses = (
        ("newsletter: site", newsletter.site_url),
        ("newsletter: logo", newsletter.logo_url),
        ("issue", content.permalink),
    )
    for place, url in addresses:
        yield from _address(place, url)
    for place, text in (("intro", content.intro), ("newsletter: advice note", newsletter.advice_note)):
        yield from _markdown_links(place, text)
    for number, tip in enumerate(content.tips, 1):
        place = name_of(number, tip)
        for url in (tip.permalink, tip.link_url, tip.picture_url, *(source.url for source in tip.sources)):
            yield from _address(place, url)
        yield from _markdown_links(place, tip.text)
        yield from _link_text(place, tip)


def _address(place: str, url: str) -> Iterator[PreflightFinding]:
    if not url:
        return
    if not target_or_nothing(url):
        yield blocking(
            place, f"{plain.shorten(url, 80)!r} is no address that a reader can open", "enter a whole https:// address"
        )
    elif is_open_http(url):
        yield blocking(
            place,
            f"{plain.shorten(url, 80)} is not https: others can read and change it on the way",
            "link to https://",
            may_override=True,
        )


def _markdown_links(place: str, text: str) -> Iterator[PreflightFinding]:
    for url in _HREF.findall(markdown.to_html(text)):
        yield from _address(place, url.replace("&amp;", "&"))
    shown = _LINK_THAT_IS_NONE.search(markdown.to_text(text).replace("\n", " "))
    if shown:
        yield warning(
            place,
            f"{plain.shorten(shown[0], 80)!r} is shown as typed: its address is not a whole one",
            "write the address with https:// in front",
        )


def _link_text(place: str, tip: TipContent) -> Iterator[PreflightFinding]:
    if tip.link_url and not is_visible(tip.link_text):
        yield warning(place, "the link has no words; its site's name is shown", "say what the reader finds there")
    if tip.link_text and not tip.link_url:
        yield blocking(place, f"{plain.shorten(tip.link_text, 60)!r} leads nowhere", "enter the link's address")


def pictures(content: IssueContent, _: RenderedEmail) -> Iterator[PreflightFinding]:
    for number, tip in enumerate(content.tips, 1):
        if tip.picture_url and not is_visible(tip.picture_alt):
            yield blocking(
                name_of(number, tip),
                "the picture has no description, so a reader who cannot see it learns nothing",
                "say in a few words what the picture shows",
            )


def links_in_html(_: IssueContent, rendered: RenderedEmail) -> Iterator[PreflightFinding]:
    rendered = uncounted(rendered)
    document = lxml.html.document_fromstring(rendered.html.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    for link in document.iter("a"):
        words = plain.one_line(_name_of_link(link))
        target = plain.shorten(str(link.get("href", "")), 80)
        if not is_visible(words):
            yield blocking("email", f"the link to {target} has no words", "give it words that say where it leads")
        elif words.casefold().rstrip(" .:→←") in _SAYS_NOTHING:
            yield warning(
                "email", f"the words {words!r} do not say where the link to {target} leads", "name what is found there"
            )
    for picture in document.iter("img"):
        if picture.get("alt") is None:
            source = plain.shorten(str(picture.get("src", "")), 80)
            yield blocking("email", f"the picture {source} has no alt text", "correct the design: it must pass alt on")


def _name_of_link(link: HtmlElement) -> str:
    """What a screen reader says of it (WAI-ARIA accessible name, in short)."""
    pictures = " ".join(str(picture.get("alt", "")) for picture in link.iter("img"))
    return str(link.get("aria-label") or f"{link.text_content()} {pictures}")


def what_every_mail_holds(content: IssueContent, rendered: RenderedEmail) -> Iterator[PreflightFinding]:
    """The design's duties, whoever made it: both parts let the reader leave, and link to each tip's page."""
    rendered = uncounted(rendered)
    for part, text in (("HTML", rendered.html), ("text", rendered.text)):
        for place in (Place.UNSUBSCRIBE_URL, Place.PREFERENCES_URL):
            if place.marker not in text:
                yield blocking(
                    "email",
                    f"the {part} part has no {place.value.replace('_', ' ')}",
                    "correct the design, or take another",
                )
        links = text.replace("&amp;", "&")
        for number, tip in enumerate(content.tips, 1):
            marked = utm.tagged(
                tip.permalink,
                source=content.newsletter.utm_source,
                issue_number=content.number,
                anchor=tip.anchor,
            )
            if tip.permalink not in links and marked not in links:
                yield blocking(
                    name_of(number, tip),
                    f"the {part} part does not link to the tip's page on the web",
                    "correct the design, or take another",
                )
