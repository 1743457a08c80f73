"""Preflight: what would go wrong with an issue at its readers, found before it can be approved.

Each check looks at the content, the rendered email, or both, and yields findings; `CHECKS` is the whole list. A
blocking finding is what law, standards or a reader's mail program punish; a warning is for a person to weigh. The
sources: CAN-SPAM (postal address), RFC 5322 (headers), Gmail (which shows about 100,000 bytes and cuts the rest, the
unsubscribe link with it), WCAG 2.2 (pictures, names of links, headings); claims are the guard's (`derive/guard.py`).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime

from pipeline.editorial.content import IssueContent, TipContent
from pipeline.render import colours, markdown, plain, preflight_claims, preflight_html, wording
from pipeline.render.email import PREHEADER_LENGTH
from pipeline.render.findings import blocking, is_visible, name_of, warning
from pipeline.render.model import Place, PreflightFinding, RenderedEmail, Severity

MOST_HTML_BYTES = 100_000
PLACE_BYTES = 400  # what a link with its token may take where a marker stood
SUBJECT_LENGTH = 60  # characters; telephones show fewer still

Check = Callable[[IssueContent, RenderedEmail], Iterator[PreflightFinding]]

_FOREIGN_PLACE = re.compile(
    r"\{\{[^{}]{0,80}\}\}|\{%[^{}]{0,80}%\}|\*\|[^|]{0,80}\|\*|%%[A-Za-z_]{1,80}%%|%recipient[.\w]{0,80}%"
)
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")
_HEADER_FIELDS = ("name", "sender_name", "sender_address", "reply_to", "list_id", "slug")


def check(content: IssueContent, rendered: RenderedEmail, *, now: datetime | None = None) -> list[PreflightFinding]:
    """Every finding, blocking ones first, else in the order in which a reader meets the parts."""
    findings = list(dict.fromkeys(finding for examine in CHECKS for finding in examine(content, rendered)))
    if now is not None and content.issued_at <= now:
        findings.append(
            warning(
                "slot",
                f"the issue's time, {content.issued_at:%Y-%m-%d %H:%M} UTC, is past",
                "approve it only if it should go out at once, or move it to a later slot",
            )
        )
    return sorted(findings, key=lambda finding: finding.severity is not Severity.BLOCKING)


def _subject(content: IssueContent, _: RenderedEmail) -> Iterator[PreflightFinding]:
    subject = content.subject
    if not is_visible(subject):
        yield blocking("subject", "the subject is empty", "write what is in the issue, in a few words")
    if _has_control(subject):
        yield blocking("subject", "the subject holds a line end or another control character", "write it on one line")
    if len(plain.one_line(subject)) > SUBJECT_LENGTH:
        yield warning(
            "subject",
            f"the subject has {len(plain.one_line(subject))} characters; most inboxes show at most {SUBJECT_LENGTH}",
            "put what matters first, and leave out the rest",
        )


def _preheader(content: IssueContent, _: RenderedEmail) -> Iterator[PreflightFinding]:
    preheader = plain.one_line(content.preheader)
    if not preheader:
        yield warning(
            "preheader",
            "there is no preheader; inboxes will show the first words of the mail behind the subject",
            "write one sentence that goes on from the subject",
        )
    elif preheader == plain.one_line(content.subject):
        yield warning("preheader", "the preheader repeats the subject", "say what the subject leaves open")
    if len(preheader) > PREHEADER_LENGTH:
        yield warning(
            "preheader",
            f"the preheader has {len(preheader)} characters; inboxes show at most {PREHEADER_LENGTH}",
            "shorten it to one sentence",
        )


def _newsletter(content: IssueContent, _: RenderedEmail) -> Iterator[PreflightFinding]:
    newsletter = content.newsletter
    needed = {
        "name": (newsletter.name, "the newsletter's name"),
        "postal address": (newsletter.postal_address, "a postal address, which the law asks of every such mail"),
        "reason": (newsletter.reason, "a sentence on why the reader gets this mail"),
    }
    for field, (value, what) in needed.items():
        if not is_visible(value):
            yield blocking(f"newsletter: {field}", f"the footer lacks {what}", "enter it in the newsletter's details")
    if not _ADDRESS.fullmatch(newsletter.sender_address):
        yield blocking(
            "newsletter: sender",
            f"{newsletter.sender_address!r} is no address that mail can come from",
            "enter the sender's address in the newsletter's details",
        )
    for field in _HEADER_FIELDS:
        if _has_control(getattr(newsletter, field)):
            place = f"newsletter: {field.replace('_', ' ')}"
            yield blocking(place, "it holds a line end or another control character", "write it on one line")
    if wording.language_tag(newsletter.language) != newsletter.language:
        yield warning(
            "newsletter: language",
            f"{newsletter.language!r} is no language tag, so the mail is marked as English",
            "enter a tag such as en, de or pt-BR",
        )


def _accent(content: IssueContent, _: RenderedEmail) -> Iterator[PreflightFinding]:
    correction = colours.palette(content.newsletter.accent_colour).correction
    if correction:
        yield warning("newsletter: accent colour", correction, "keep the correction, or choose a darker colour")


def _tips(content: IssueContent, _: RenderedEmail) -> Iterator[PreflightFinding]:
    if not content.tips:
        yield blocking("tips", "the issue has no tips", "approve and queue at least one tip")
    repeated = Counter(tip.entry_id for tip in content.tips)
    for number, tip in enumerate(content.tips, 1):
        place = name_of(number, tip)
        if not is_visible(tip.title):
            yield blocking(place, "the tip has no title", "give it a title")
        if not is_visible(markdown.to_text(tip.text)):
            yield blocking(place, "the tip has no text", "write it, or take the tip out of the issue")
        if repeated[tip.entry_id] > 1:
            repeated[tip.entry_id] = 0  # said once
            yield blocking(place, "the tip is in the issue more than once", "keep it once")


def _staff_text(content: IssueContent, _: RenderedEmail) -> Iterator[PreflightFinding]:
    for place, text in _written(content):
        held = [marker.value for marker in Place if marker.marker in text]
        if held:
            yield blocking(place, f"the text holds the mark that stands for {', '.join(held)}", "take it out")
        foreign = _FOREIGN_PLACE.search(text)
        if foreign:
            yield blocking(
                place,
                f"{plain.shorten(foreign[0], 40)!r} looks like a place for a reader's detail, but nothing fills it",
                "write plain words; the greeting is the only personal line, and it comes by itself",
            )


def _written(content: IssueContent) -> Iterator[tuple[str, str]]:
    """Every text that people wrote, with where it stands."""
    for field in ("subject", "preheader", "intro"):
        yield field, getattr(content, field)
    for field, value in asdict(content.newsletter).items():
        yield f"newsletter: {field.replace('_', ' ')}", str(value)
    for number, tip in enumerate(content.tips, 1):
        sources = (part for source in tip.sources for part in (source.title, source.url))
        for text in (
            tip.title,
            tip.text,
            tip.topic,
            tip.link_text,
            tip.link_url,
            tip.picture_alt,
            tip.picture_url,
            *sources,
        ):
            yield name_of(number, tip), text


def _size(content: IssueContent, rendered: RenderedEmail) -> Iterator[PreflightFinding]:
    size_bytes = rendered.html_bytes + PLACE_BYTES * sum(rendered.html.count(place.marker) for place in Place)
    if size_bytes <= MOST_HTML_BYTES:
        return
    by_size = sorted(content.tips, key=_tip_bytes, reverse=True)
    surplus, moved = size_bytes - MOST_HTML_BYTES, []
    for tip in by_size[:-1]:
        if surplus > 0:
            moved.append(tip)
            surplus -= _tip_bytes(tip)
    remedy = "; ".join(f"move “{tip.title}” ({_tip_bytes(tip):,} bytes) to another issue" for tip in moved)
    if surplus > 0:
        remedy = f"{remedy}; shorten the rest" if moved else "shorten the texts"
    yield blocking(
        "email",
        f"the mail has {size_bytes:,} bytes of HTML; beyond {MOST_HTML_BYTES:,} Gmail cuts it off, the unsubscribe "
        "link included",
        remedy,
    )


def _tip_bytes(tip: TipContent) -> int:
    return len((markdown.to_html(tip.text) + tip.title + tip.permalink + tip.link_url).encode())


def _has_control(text: str) -> bool:
    return any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text)


CHECKS: tuple[Check, ...] = (
    _subject,
    _preheader,
    _staff_text,
    _tips,
    preflight_html.links_in_content,
    preflight_html.pictures,
    preflight_html.links_in_html,
    preflight_html.what_every_mail_holds,
    preflight_claims.claims_of_the_issue,
    preflight_claims.claims_of_tips,
    preflight_claims.advice,
    _newsletter,
    _accent,
    _size,
)
