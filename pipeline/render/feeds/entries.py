"""From published tips and issues to feed entries, and from a newsletter to its channels.

An entry carries the whole tip: its picture, its words, its link, where they come from and the note on advice, as
sanitised HTML that needs nothing from the site around it.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from html import escape

import nh3

from pipeline.editorial.content import IssueContent, NewsletterContent, TipContent
from pipeline.render import dates, links, markdown, plain, wording
from pipeline.render.feeds.model import FeedChannel, FeedEntry, FeedHistory
from pipeline.render.published import PublishedTip
from pipeline.render.site_wording import SiteWording, site_wording

TIPS_PER_FEED = 50
ISSUES_PER_FEED = 20

_SUMMARY_SIZE = 280
_FEED_IDS = uuid.UUID("f5d3f0a4-6a53-4f0e-8a1c-2b7a5f4b9d10")  # never changes: every feed's permanent id rests on it
_TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "img", "h2", "small", "div"}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "div": {"lang", "dir"}}


@dataclass(frozen=True, slots=True)
class _Voice:
    """In what words, language and zone a newsletter speaks."""

    newsletter: NewsletterContent
    words: SiteWording
    zone: tzinfo

    def day(self, instant: datetime) -> str:
        return dates.long_date(instant, language=self.newsletter.language, zone=self.zone)


def channel(
    newsletter: NewsletterContent,
    *,
    path: str,
    title: str,
    home_path: str = links.HOME,
    hub_url: str = "",
    history: FeedHistory | None = None,
    history_of: str = "",
) -> FeedChannel:
    """The channel of the feed at `path`. Its id follows from the newsletter's List-Id (RFC 2919: it outlives moves
    of domain and name) and from which feed it is, never from a URL; a format's variants of one feed share it, and so
    do the pages of its history, which say by `history_of` which feed's they are.
    """
    live = history_of or path
    feed = live.rsplit("/", 1)[0] if "/" in live else "issues" if live.startswith("issues") else "tips"
    return FeedChannel(
        feed_id=uuid.uuid5(_FEED_IDS, f"{newsletter.list_id} {feed}").urn,
        title=title,
        description=newsletter.tagline,
        language=wording.language_tag(newsletter.language),
        author=newsletter.sender_name or newsletter.name,
        home_url=links.absolute(newsletter.site_url, home_path),
        feed_url=links.absolute(newsletter.site_url, path),
        hub_url=links.web_url(hub_url),
        logo_url=links.web_url(newsletter.logo_url),
        style_href=links.relative(links.STYLE, page=path),
        history=history or FeedHistory(),
    )


def tip_entries(newsletter: NewsletterContent, tips: Sequence[PublishedTip], *, zone: tzinfo) -> list[FeedEntry]:
    """An entry for each tip, in their order."""
    voice = _Voice(newsletter, site_wording(newsletter.language), zone)
    return [_tip_entry(tip, voice) for tip in tips]


def issue_entries(
    newsletter: NewsletterContent,
    issues: Sequence[IssueContent],
    tips: Mapping[str, PublishedTip],
    *,
    zone: tzinfo,
) -> list[FeedEntry]:
    """An entry for each issue, the newest first; `tips` by entry id, as they stand now."""
    voice = _Voice(newsletter, site_wording(newsletter.language), zone)
    newest_first = sorted(issues, key=lambda issue: (issue.issued_at, issue.number), reverse=True)
    return [_issue_entry(issue, tips, voice) for issue in newest_first]


def _tip_entry(published: PublishedTip, voice: _Voice) -> FeedEntry:
    tip = published.tip
    gone = published.withdrawal
    title = voice.words.withdrawn_title.format(title=tip.title) if gone else tip.title
    return FeedEntry(
        entry_id=tip.entry_id,
        url=links.tip_url(voice.newsletter.site_url, published.issue_number, tip.anchor),
        title=title,
        html=_sealed(_tip_html(published, voice) + _advice(voice.newsletter), voice.newsletter.language),
        summary=gone.note if gone else markdown.excerpt(tip.text, _SUMMARY_SIZE),
        published_at=published.published_at,
        updated_at=published.updated_at,
        author=tip.author,
        topics=(tip.topic,),
        picture_url="" if gone else links.web_url(tip.picture_url),
        corrected=published.is_changed,
    )


def _issue_entry(issue: IssueContent, tips: Mapping[str, PublishedTip], voice: _Voice) -> FeedEntry:
    newsletter = voice.newsletter
    published = [tips[tip.entry_id] for tip in issue.tips]
    sections = (f"<h2>{escape(item.tip.title)}</h2>{_tip_html(item, voice)}" for item in published)
    changed_at = [item.updated_at for item in published if item.is_changed]
    return FeedEntry(
        entry_id=issue.entry_id,
        url=links.issue_url(newsletter.site_url, issue.number),
        title=issue.subject,
        html=_sealed(markdown.to_html(issue.intro) + "".join(sections) + _advice(newsletter), newsletter.language),
        summary=published_summary(issue, published) or markdown.excerpt(issue.intro, _SUMMARY_SIZE),
        published_at=issue.issued_at,
        # One correction can touch two issues: their numbers part them, since no two entries share an instant.
        updated_at=max(changed_at) + timedelta(microseconds=issue.number) if changed_at else issue.issued_at,
        topics=tuple(dict.fromkeys(item.tip.topic for item in published)),
        corrected=bool(changed_at),
    )


def published_summary(issue: IssueContent, tips: Sequence[PublishedTip]) -> str:
    """The issue's preheader, which may quote its tips: '' once what it quotes was corrected or withdrawn."""
    return "" if any(item.is_changed for item in tips) else issue.preheader


def _tip_html(published: PublishedTip, voice: _Voice) -> str:
    tip = published.tip
    if published.withdrawal:
        day = voice.words.withdrawn.format(date=voice.day(published.withdrawal.withdrawn_at))
        return _paragraph(day) + _paragraph(published.withdrawal.note)
    return "".join(
        (
            _picture(tip),
            markdown.to_html(tip.text),
            _link(tip.link_url, tip.link_text or voice.words.more, before=""),
            *(
                _link(source.url, source.title, before=f"{voice.words.source}: ")
                for source in tip.sources
                if source.title
            ),
            _correction_note(published, voice),
        )
    )


def _correction_note(published: PublishedTip, voice: _Voice) -> str:
    if not published.correction:
        return ""
    said = voice.words.corrected.format(date=voice.day(published.correction.corrected_at))
    return f"<p><em>{escape(f'{said} {published.correction.note}'.strip())}</em></p>"


def _picture(tip: TipContent) -> str:
    url = links.web_url(tip.picture_url)
    return f'<p><img src="{escape(url)}" alt="{escape(tip.picture_alt)}"></p>' if url else ""


def _link(url: str, text: str, *, before: str) -> str:
    """A paragraph with a link, or with the words alone where there is no address; '' for neither."""
    if address := links.web_url(url):
        return f'<p>{escape(before)}<a href="{escape(address)}">{escape(text)}</a></p>'
    return _paragraph(before + text) if before else ""


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def _advice(newsletter: NewsletterContent) -> str:
    return f"<p><small>{escape(newsletter.advice_note)}</small></p>" if newsletter.advice_note else ""


def _sealed(html: str, language: str) -> str:
    """The HTML, sanitised as a whole, and marked where its direction is not a reader's default."""
    if wording.direction(language) == "rtl":
        html = f'<div lang="{wording.language_tag(language)}" dir="rtl">{html}</div>'
    return nh3.clean(
        plain.clean(html),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel=None,
    )
