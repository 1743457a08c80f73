"""An issue's content and a design, made into one email.

    content ──► slots ──► template ──► MJML compiled ──► rich slots filled ──► CSS inlined ──► slots filled ──► HTML
                      └─► template of the text part ──► slots filled ──► wrapped ──► text

Pure, and the same to the byte wherever it runs. The template and the compiler see only the design, the house's own
words and slots (see `slots.py`); what differs between recipients stays a `Place` marker.

A design's templates are given: `newsletter` (name, sender_name, tagline, logo_url, site_url, postal_address, reason,
advice_note, counts_clicks), `issue` (title, preheader, padding, deck, intro, permalink, label), `tips` (topic, title,
repeats_title, text, permalink, picture_url, picture_alt, topic_picture_url, topic_picture_alt, link_url, link_text,
sources with title and url), `words` (see `wording.py`), `places` (greeting, unsubscribe_url, preferences_url), `page`
(language, direction, start, end, slanted, words_language, words_direction, arrow), and for MJML `light` and `dark`
(see `colours.py`) and `fonts` (see `fonts.py`).
`repeats_title` says that the tip's title is the issue's, so that a design need not say it twice.
"""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

from pipeline.editorial.content import IssueContent, SourceContent, TipContent
from pipeline.errors import TipsheetError
from pipeline.render import catalogue, colours, markdown, mjml, plain, targets, template, topic_pictures, utm, wording
from pipeline.render.clicks import AddressOf, ClickCounter
from pipeline.render.designs import MJML_FILE, TEXT_FILE, find_design
from pipeline.render.fonts import fonts
from pipeline.render.model import Place, RenderedEmail
from pipeline.render.slots import Slots

PREHEADER_LENGTH = 150  # characters that inboxes show at most; what is left is padded, so that no other text follows

Values = dict[str, object]


class HeaderError(TipsheetError):
    """A newsletter's detail cannot stand in a mail's header."""


def render_email(
    content: IssueContent, *, templates: Path, counted_address: AddressOf | None = None, label: str = ""
) -> RenderedEmail:
    """The issue in the design that it names, for all recipients. `counted_address` gives the address of the link with
    that number, where clicks are counted; None counts none. `label` stands where the issue's number would.

    Raises DesignError, TemplateError, MjmlError or SlotError for a faulty design, HeaderError for a newsletter
    whose identifiers no header can carry.
    """
    folder = find_design(templates, content.design).folder
    counter = ClickCounter(counted_address)
    return RenderedEmail(
        subject=plain.one_line(content.subject),
        html=_html(content, folder, templates, counter, label),
        text=_text(content, folder, templates, counter, label),
        headers=_headers(content),
        links=counter.links,
    )


@dataclass(frozen=True, slots=True)
class _Fields:
    """How one part of the mail takes a value of the issue. `rich` and `link` are given the anchor of the tip that the
    value belongs to, '' for none; `plain_link` is a link that carries nothing more than it says. `counts_clicks` says
    that clicks are counted.
    """

    text: Callable[[str], str]
    lines: Callable[[str], str]
    rich: Callable[[str, str], str]
    link: Callable[[str, str], str]
    plain_link: Callable[[str], str]
    counts_clicks: bool


def _html(content: IssueContent, folder: Path, templates: Path, counter: ClickCounter, label: str) -> str:
    slots = Slots(content.to_json())
    palette = colours.palette(content.newsletter.accent_colour)
    values = _values(content, templates, _html_fields(content, slots, counter), label)
    values |= {"light": asdict(palette.light), "dark": asdict(palette.dark)}
    values["fonts"] = asdict(fonts(content.newsletter.fonts))
    source = template.render_template(folder, MJML_FILE, values, autoescape=True)
    compiled = mjml.compile_mjml(source, name=str(folder / MJML_FILE))
    slots.check_kept(source, compiled.html)
    return slots.fill(mjml.inline(slots.fill_rich(compiled.html), compiled.inline_css))


def _tagged(content: IssueContent, url: str, anchor: str) -> str:
    return utm.tagged(url, source=content.newsletter.utm_source, issue_number=content.number, anchor=anchor)


def _html_fields(content: IssueContent, slots: Slots, counter: ClickCounter) -> _Fields:
    def marked(url: str, anchor: str, words: str = "") -> str:
        return counter.link(_tagged(content, url, anchor), anchor, words)

    def rich(text: str, anchor: str) -> str:
        html = markdown.to_html(text)
        return slots.rich(markdown.with_links(html, lambda url, words: marked(url, anchor, words)))

    return _Fields(
        text=slots.text,
        lines=slots.lines,
        rich=rich,
        link=lambda url, anchor: slots.link(marked(url, anchor)),
        plain_link=slots.link,
        counts_clicks=counter.counts,
    )


def _text_fields(content: IssueContent, slots: Slots, counter: ClickCounter) -> _Fields:
    """Addresses are seen here: as they were written, unless they are counted, which hides them anyway."""

    def marked(url: str, anchor: str, words: str = "") -> str:
        return counter.link(url, anchor, words, target=_tagged(content, url, anchor))

    def rich(text: str, anchor: str) -> str:
        if not counter.counts:
            return slots.put(markdown.to_text(text))
        return slots.put(markdown.to_text_with_links(text, lambda url, words: marked(url, anchor, words)))

    return _Fields(
        text=lambda text: slots.put(plain.one_line(text)),
        lines=lambda text: slots.put("\n".join(plain.lines(text))),
        rich=rich,
        link=lambda url, anchor: slots.put(targets.target_or_nothing(marked(url, anchor))),
        plain_link=lambda url: slots.put(targets.target_or_nothing(url)),
        counts_clicks=counter.counts,
    )


def _text(content: IssueContent, folder: Path, templates: Path, counter: ClickCounter, label: str) -> str:
    slots = Slots(content.to_json())
    fields = _text_fields(content, slots, counter)
    values = _values(content, templates, fields, label)
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


def _values(content: IssueContent, templates: Path, fields: _Fields, label: str) -> Values:
    newsletter = content.newsletter
    words = wording.wording(newsletter.language)
    return {
        "newsletter": {
            "name": fields.text(newsletter.name),
            "sender_name": fields.text(newsletter.sender_name),
            "tagline": fields.text(newsletter.tagline),
            "logo_url": fields.plain_link(newsletter.logo_url),
            "site_url": fields.link(newsletter.site_url, ""),
            "postal_address": fields.lines(newsletter.postal_address),
            "reason": fields.text(newsletter.reason),
            "advice_note": fields.rich(newsletter.advice_note, ""),
            "counts_clicks": "yes" if fields.counts_clicks else "",
        },
        "issue": _issue_values(content, fields, label or words.issue.format(number=content.number)),
        "tips": [_tip_values(tip, content, templates, fields) for tip in content.tips],
        "words": _words(words, len(content.tips)),
        "places": {place.value: place.marker for place in Place},
        "page": _page_values(newsletter.language, words.language),
    }


def _words(words: wording.Wording, tips: int) -> Values:
    before, after = words.source.split("{title}")
    follow = wording.tips_follow(tips, words.language)
    return asdict(words) | {"source_before": before, "source_after": after, "tips_follow": follow}


def _issue_values(content: IssueContent, fields: _Fields, label: str) -> Values:
    preheader = preheader_of(content)
    deck = plain.one_line(content.preheader)
    return {
        "title": fields.text(content.subject),
        "preheader": fields.text(preheader),
        "padding": "\u00a0\u034f" * max(PREHEADER_LENGTH - len(preheader), 0),
        "deck": fields.text("" if deck in _visible_text(content) else deck),
        "intro": fields.rich(content.intro, ""),
        "permalink": fields.link(content.permalink, ""),
        "label": fields.text(label),
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


def _tip_values(tip: TipContent, content: IssueContent, templates: Path, fields: _Fields) -> Values:
    words = wording.wording(content.newsletter.language)
    parts = targets.split(tip.link_url.strip())
    link_text = tip.link_text or words.more.format(site=parts.hostname if parts and parts.hostname else tip.link_url)
    return {
        "topic": fields.text(tip.topic),
        "title": fields.text(tip.title),
        "repeats_title": "yes" if plain.one_line(tip.title) == plain.one_line(content.subject) else "",
        "text": fields.rich(tip.text, tip.anchor),
        "permalink": fields.link(tip.permalink, tip.anchor),
        "picture_url": fields.plain_link(tip.picture_url),
        "picture_alt": fields.text(tip.picture_alt),
        **_topic_picture(tip, content, templates, fields),
        "link_url": fields.link(tip.link_url, tip.anchor),
        "link_text": fields.text(link_text),
        "sources": [
            {"title": fields.text(source.title), "url": fields.plain_link(source.url)}
            for source in _distinct(tip.sources)
        ],
    }


def _topic_picture(tip: TipContent, content: IssueContent, templates: Path, fields: _Fields) -> Values:
    picture = topic_pictures.picture_of(tip.topic_slug, templates=templates)
    if picture is None:
        return {"topic_picture_url": "", "topic_picture_alt": ""}
    language = content.newsletter.language
    alt = catalogue.phrase(picture.alt, f"{topic_pictures.CONTEXT}.{picture.slug}", language)
    if not wording.has_words(language):
        alt = tip.topic  # an alt tells no language of its own, and English would be read aloud as if it were not
    return {
        "topic_picture_url": fields.plain_link(f"{content.newsletter.site_url}{picture.path}"),
        "topic_picture_alt": fields.text(alt),
    }


def _distinct(sources: tuple[SourceContent, ...]) -> list[SourceContent]:
    """One for each document: a tip may quote several places of one."""
    return list({(source.title, source.url): source for source in sources if source.title.strip()}.values())


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
        if not re.fullmatch(r"[!-~]{1,902}", value):
            raise HeaderError(
                f"the newsletter {newsletter.name!r} would have the header {name}: {value!r}, which is not printable "
                "ASCII without spaces; correct the list's identifier, the slug or the public address"
            )
    return pairs


def _ascii_url(url: str) -> str:
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~")
