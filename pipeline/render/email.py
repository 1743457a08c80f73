"""An issue's content and a design, made into one email.

    content ──► slots ──► template ──► MJML compiled ──► rich slots filled ──► CSS inlined ──► slots filled ──► HTML
                      └─► template of the text part ──► slots filled ──► wrapped ──► text

Pure, and the same to the byte wherever it runs. The template and the compiler see only the design, the house's own
words and slots (see `slots.py`); what differs between recipients stays a `Place` marker.

A design's templates are given: `newsletter` (name, tagline, logo_url, site_url, postal_address, reason,
advice_note), `issue` (title, preheader, padding, deck, intro, permalink, label), `tips` (topic, title, text,
permalink, picture_url, picture_alt, link_url, link_text, sources with title and url), `words` (see `wording.py`),
`places` (greeting, unsubscribe_url, preferences_url), `page` (language, direction, start, end, slanted,
words_language, words_direction, arrow), and for MJML `light` and `dark` (see `colours.py`).
"""

import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from urllib.parse import quote

from pipeline.editorial.content import IssueContent, SourceContent, TipContent
from pipeline.errors import TipsheetError
from pipeline.render import colours, markdown, mjml, plain, targets, template, wording
from pipeline.render.designs import MJML_FILE, TEXT_FILE, find_design
from pipeline.render.model import Place, RenderedEmail
from pipeline.render.slots import Slots

PREHEADER_LENGTH = 150  # characters that inboxes show at most; what is left is padded, so that no other text follows

Values = dict[str, object]
Field = Callable[[str], str]


class HeaderError(TipsheetError):
    """A newsletter's detail cannot stand in a mail's header."""


def render_email(content: IssueContent, *, templates: Path) -> RenderedEmail:
    """The issue in the design that it names, for all recipients.

    Raises DesignError, TemplateError, MjmlError or SlotError for a faulty design, HeaderError for a newsletter
    whose identifiers no header can carry.
    """
    folder = find_design(templates, content.design).folder
    return RenderedEmail(
        subject=plain.one_line(content.subject),
        html=_html(content, folder),
        text=_text(content, folder),
        headers=_headers(content),
    )


def _html(content: IssueContent, folder: Path) -> str:
    slots = Slots(content.to_json())
    palette = colours.palette(content.newsletter.accent_colour)
    values = _values(
        content,
        text=slots.text,
        lines=slots.lines,
        rich=lambda text: slots.rich(markdown.to_html(text)),
        link=slots.link,
    )
    values |= {"light": asdict(palette.light), "dark": asdict(palette.dark)}
    source = template.render_template(folder, MJML_FILE, values, autoescape=True)
    compiled = mjml.compile_mjml(source, name=str(folder / MJML_FILE))
    slots.check_kept(source, compiled.html)
    return slots.fill(mjml.inline(slots.fill_rich(compiled.html), compiled.inline_css))


def _text(content: IssueContent, folder: Path) -> str:
    slots = Slots(content.to_json())

    def ready(make: Field) -> Field:
        return lambda text: slots.put(make(text))

    values = _values(
        content,
        text=ready(plain.one_line),
        lines=ready(lambda text: "\n".join(plain.lines(text))),
        rich=ready(markdown.to_text),
        link=ready(targets.target_or_nothing),
    )
    source = template.render_template(folder, TEXT_FILE, values, autoescape=False)
    slots.check_kept(source, source)
    text = "\n".join(map(_wrapped, slots.fill(source).split("\n")))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def _wrapped(line: str) -> str:
    """The line within the width, what starts it (an indent, a quote's mark) before each part."""
    if plain.columns(line) <= plain.LINE_WIDTH:
        return line.rstrip()
    mark = re.match(r"(> | )*", line)
    return plain.wrap(line, first="" if mark is None else mark[0])


def _values(content: IssueContent, *, text: Field, lines: Field, rich: Field, link: Field) -> Values:
    newsletter = content.newsletter
    words = wording.wording(newsletter.language)
    return {
        "newsletter": {
            "name": text(newsletter.name),
            "tagline": text(newsletter.tagline),
            "logo_url": link(newsletter.logo_url),
            "site_url": link(newsletter.site_url),
            "postal_address": lines(newsletter.postal_address),
            "reason": text(newsletter.reason),
            "advice_note": rich(newsletter.advice_note),
        },
        "issue": _issue_values(content, text=text, rich=rich, link=link),
        "tips": [_tip_values(tip, words, text=text, rich=rich, link=link) for tip in content.tips],
        "words": _words(words, len(content.tips)),
        "places": {place.value: place.marker for place in Place},
        "page": _page_values(newsletter.language, words.language),
    }


def _words(words: wording.Wording, tips: int) -> Values:
    before, after = words.source.split("{title}")
    follow = wording.tips_follow(tips, words.language)
    return asdict(words) | {"source_before": before, "source_after": after, "tips_follow": follow}


def _issue_values(content: IssueContent, *, text: Field, rich: Field, link: Field) -> Values:
    preheader = preheader_of(content)
    deck = plain.one_line(content.preheader)
    return {
        "title": text(content.subject),
        "preheader": text(preheader),
        "padding": "\u00a0\u034f" * max(PREHEADER_LENGTH - len(preheader), 0),
        "deck": text("" if deck in _visible_text(content) else deck),
        "intro": rich(content.intro),
        "permalink": link(content.permalink),
        "label": text(wording.wording(content.newsletter.language).issue.format(number=content.number)),
    }


def preheader_of(content: IssueContent) -> str:
    """What the inbox shows behind the subject: the preheader, or else the first words of the mail."""
    first_words = content.intro or " · ".join(tip.title for tip in content.tips)
    return plain.one_line(content.preheader) or markdown.excerpt(first_words, PREHEADER_LENGTH)


def _visible_text(content: IssueContent) -> str:
    """What the mail shows anyway: a preheader that repeats a part of it needs no line of its own."""
    tips = (text for tip in content.tips for text in (tip.title, markdown.to_text(tip.text)))
    paragraphs = [content.subject, content.newsletter.tagline, markdown.to_text(content.intro), *tips]
    return "\n".join(plain.one_line(paragraph) for paragraph in paragraphs)


def _tip_values(tip: TipContent, words: wording.Wording, *, text: Field, rich: Field, link: Field) -> Values:
    parts = targets.split(tip.link_url.strip())
    link_text = tip.link_text or words.more.format(site=parts.hostname if parts and parts.hostname else tip.link_url)
    return {
        "topic": text(tip.topic),
        "title": text(tip.title),
        "text": rich(tip.text),
        "permalink": link(tip.permalink),
        "picture_url": link(tip.picture_url),
        "picture_alt": text(tip.picture_alt),
        "link_url": link(tip.link_url),
        "link_text": text(link_text),
        "sources": [_source_values(source, text=text, link=link) for source in _distinct(tip.sources)],
    }


def _distinct(sources: tuple[SourceContent, ...]) -> list[SourceContent]:
    """One for each document: a tip may quote several places of one."""
    return list({(source.title, source.url): source for source in sources if source.title.strip()}.values())


def _source_values(source: SourceContent, *, text: Field, link: Field) -> Values:
    return {"title": text(source.title), "url": link(source.url)}


def _page_values(language: str, words_language: str) -> Values:
    direction = wording.direction(language)
    rtl = direction == "rtl"
    return {
        "language": wording.language_tag(language),
        "direction": direction,
        "start": "right" if rtl else "left",
        "end": "left" if rtl else "right",
        "slanted": "yes" if wording.has_italics(language) else "",
        "arrow": "\u2190" if rtl else "\u2192",
        "words_language": words_language,
        "words_direction": wording.direction(words_language),
    }


def _headers(content: IssueContent) -> tuple[tuple[str, str], ...]:
    """RFC 2369 List-Archive, RFC 5064 Archived-At, and the language. None of them names a reader; what identifies the
    list and its sender is added where the message is compiled.
    """
    newsletter = content.newsletter
    pairs = (
        ("List-Archive", f"<{_ascii_url(newsletter.site_url)}>"),
        ("Archived-At", f"<{_ascii_url(content.permalink)}>"),
        ("Content-Language", wording.language_tag(newsletter.language)),
    )
    for name, value in pairs:
        if not re.fullmatch(r"[!-~]{1,900}", value):
            raise HeaderError(
                f"the newsletter {newsletter.name!r} would have the header {name}: {value!r}, which is not printable "
                "ASCII without spaces; correct the list's identifier, the slug or the public address"
            )
    return pairs


def _ascii_url(url: str) -> str:
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~")
