"""The pages that readers see on the web: a landing page and one page for each issue; `archive_lists.py` has the pages
that list. What all of them share is here.

Pure: content in, HTML out. A page depends on its own content, on the names of its neighbours and on nothing else, so
that one more issue changes its own page, the one before it and the indexes. No page needs a script; links within the
site are relative, so that the folder works on any static host.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.template import Context, Engine

from pipeline.editorial.content import IssueContent, NewsletterContent, SourceContent
from pipeline.render import colours, dates, links, markdown, metadata, plain, wording
from pipeline.render.feeds import formats
from pipeline.render.feeds.entries import ISSUES_PER_FEED, TIPS_PER_FEED, published_summary
from pipeline.render.published import Headed, PublishedTip
from pipeline.render.site_wording import SiteWording, site_wording

ISSUES_ON_HOME = 5
TOPICS_ON_HOME = 20  # whose feeds the landing page names; when there are more, they have a list of their own

DESCRIPTION_SIZE = 155
_TITLE_SIZE = 70  # what search engines show of one
_SUBJECT_SIZE = 120  # of an issue in a list: no list may outgrow what a phone loads at once


@dataclass(frozen=True, slots=True)
class Site:
    """One newsletter's site: whose it is, where its templates are, the zone that its dates are told in, and where its
    form to search leads ('': it has none).
    """

    newsletter: NewsletterContent
    templates: Path
    zone: tzinfo
    search_url: str = ""
    words: SiteWording = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", site_wording(self.newsletter.language))

    def day(self, instant: datetime) -> str:
        return dates.long_date(instant, language=self.newsletter.language, zone=self.zone)

    def render(self, template: str, context: Mapping[str, Any]) -> bytes:
        site = _site_context(self.newsletter, self.words)
        page = {"site": site, "words": self.words, "search_url": links.web_url(self.search_url), **context}
        made = _engine(self.templates / "archive").get_template(template).render(Context(page))
        return plain.clean(made).encode()


def style_sheet(site: Site) -> bytes:
    """The one stylesheet, in the newsletter's colours."""
    palette = colours.palette(site.newsletter.accent_colour)
    return site.render("style.css", {"light": palette.light, "dark": palette.dark})


def icon(site: Site) -> bytes:
    """The newsletter's icon: its first letter, on its colour."""
    name = plain.one_line(site.newsletter.name)
    letter = next((character for character in name if character.isalnum()), "")
    return site.render("icon.svg", {"light": colours.palette(site.newsletter.accent_colour).light, "letter": letter})


def issue_page(
    site: Site,
    issue: IssueContent,
    tips: Mapping[str, PublishedTip],
    *,
    previous: Headed | None = None,
    next: Headed | None = None,  # noqa: A002 - the pair reads as the page shows it
) -> bytes:
    """One issue: each tip as it stands now (`tips` by entry id), an anchor for each, and its two neighbours."""
    path = links.issue_path(issue.number)
    published = [tips[tip.entry_id] for tip in issue.tips]
    picture = first_picture(published)
    summary = published_summary(issue, published)
    page = {
        **page_context(site, path, heading=issue.subject, description=summary or issue.intro, kind="article"),
        "metadata": _issue_metadata(site, issue, published),
        "picture_url": picture[0] or links.web_url(site.newsletter.logo_url),
        "picture_alt": picture[1],
        "published_at": issue.issued_at.astimezone(UTC).isoformat(),
        "previous": _neighbour(previous, path),
        "next": _neighbour(next, path),
    }
    shown = [_tip_context(site, tip, issue, path) for tip in published]
    context = {
        **issue_row(site, issue, path),
        "intro": markdown.to_html(issue.intro),
        "tips": shown,
        "has_contents": len(shown) > 1,
    }
    return site.render("issue.html", {"page": page, "issue": context})


def home_page(
    site: Site,
    latest: IssueContent | None,
    tips: Sequence[PublishedTip],
    earlier: Sequence[Headed],
    topics: Mapping[str, str],
) -> bytes:
    """The landing page: what the newsletter is, how to subscribe, its latest issue with its `tips` as they stand now,
    and every feed. `earlier` are newest first; `topics` are names by slug.
    """
    newsletter = site.newsletter
    page = page_context(site, links.HOME, heading=newsletter.name, description=newsletter.tagline, kind="website")
    page["picture_url"] = links.web_url(newsletter.logo_url)
    page["metadata"] = metadata.embedded(metadata.website(newsletter, search_url=links.web_url(site.search_url)))
    has_more = len(topics) > TOPICS_ON_HOME
    context = {
        "page": page,
        "latest": latest and _latest_context(site, latest, tips),
        "earlier": [issue_row(site, issue, links.HOME) for issue in earlier],
        "feeds_why": site.words.feeds_why.format(tips=TIPS_PER_FEED, issues=ISSUES_PER_FEED),
        "feed_groups": _feed_groups(site, in_order(topics)[:TOPICS_ON_HOME]),
        "all_topics": links.relative(links.topics_path(1), page=links.HOME) if has_more else "",
    }
    return site.render("home.html", context)


def in_order(topics: Mapping[str, str]) -> list[tuple[str, str]]:
    """(slug, name) of each topic, by name."""
    return sorted(topics.items(), key=lambda item: (item[1].casefold(), item[0]))


def page_context(site: Site, path: str, *, heading: str, description: str, kind: str) -> dict[str, Any]:
    """What every page's head and frame need. `description` is Markdown or text, and is shortened."""
    name = site.newsletter.name
    return {
        "heading": plain.one_line(heading) or name,
        "title": _title(plain.one_line(heading), plain.one_line(name)),
        "description": markdown.excerpt(description or site.newsletter.tagline or name, DESCRIPTION_SIZE),
        "kind": kind,
        "url": links.absolute(site.newsletter.site_url, path),
        "style": links.relative(links.STYLE, page=path),
        "icon": links.relative(links.ICON, page=path),
        "home": links.relative(links.HOME, page=path),
        "archive": links.relative(links.ARCHIVE, page=path),
        "feeds": [feed_link(name, item.title, item.file_name, item.media_type, path) for item in formats()],
    }


def _title(heading: str, name: str) -> str:
    """What a tab and a search engine show: the page's heading, and the newsletter's name where it has room."""
    whole = name if heading in ("", name) else f"{heading} · {name}"
    return whole if len(whole) <= _TITLE_SIZE else plain.shorten(heading or name, _TITLE_SIZE)


def _issue_metadata(site: Site, issue: IssueContent, tips: Sequence[PublishedTip]) -> str:
    newsletter, url = site.newsletter, links.issue_url(site.newsletter.site_url, issue.number)
    way = [
        (newsletter.name, links.absolute(newsletter.site_url, links.HOME)),
        (site.words.archive, links.absolute(newsletter.site_url, links.ARCHIVE)),
        (issue.subject, url),
    ]
    return metadata.embedded(metadata.issue(newsletter, issue, tips, url=url), metadata.breadcrumbs(way))


def feed_link(name: str, label: str, feed: str, media_type: str, page: str) -> dict[str, str]:
    href = links.relative(feed, page=page)
    return {"title": f"{name} ({label})", "label": label, "href": href, "media_type": media_type}


def _feed_groups(site: Site, topics: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """The feeds of the site: all tips, one entry per issue, and the topics'."""

    def group(title: str, paths: Sequence[str], href: str = "") -> dict[str, Any]:
        feeds = [
            feed_link(title, item.title, path, item.media_type, links.HOME)
            for item, path in zip(formats(), paths, strict=True)
        ]
        return {"title": title, "feeds": feeds, "href": href}

    return [
        group(site.words.all_tips, [item.file_name for item in formats()]),
        group(site.words.one_per_issue, [item.issues_file_name for item in formats()]),
        *(
            group(
                name,
                [links.topic_path(slug, item.file_name) for item in formats()],
                links.relative(links.topic_path(slug), page=links.HOME),
            )
            for slug, name in topics
        ),
    ]


def issue_row(site: Site, issue: Headed, page: str) -> dict[str, Any]:
    """An issue in a list. Numbers are text, so that no template writes them in some other language's manner."""
    return {
        "href": links.relative(links.issue_path(issue.number), page=page),
        "title": plain.shorten(issue.subject, _SUBJECT_SIZE),
        "label": site.words.issue.format(number=issue.number),
        "date": site.day(issue.issued_at),
        "day": dates.machine_date(issue.issued_at, zone=site.zone),
    }


def _latest_context(site: Site, issue: IssueContent, tips: Sequence[PublishedTip]) -> dict[str, Any]:
    standing = [item.tip for item in tips if item.withdrawal is None]
    return {**issue_row(site, issue, links.HOME), "intro": markdown.excerpt(issue.intro, 240), "tips": standing}


def _neighbour(issue: Headed | None, page: str) -> dict[str, str] | None:
    if issue is None:
        return None
    title = plain.shorten(issue.subject, _SUBJECT_SIZE)
    return {"href": links.relative(links.issue_path(issue.number), page=page), "title": title}


def first_picture(tips: Sequence[PublishedTip]) -> tuple[str, str]:
    """The first tip's picture that there is, with its alternative text: what a shared link shows."""
    standing = (item.tip for item in tips if item.withdrawal is None)
    pictures = ((links.web_url(tip.picture_url), tip.picture_alt) for tip in standing)
    return next((picture for picture in pictures if picture[0]), ("", ""))


def _tip_context(site: Site, published: PublishedTip, issue: IssueContent, page: str) -> dict[str, Any]:
    """A tip on its page. One that appeared before keeps its first permalink, and the page says where that is."""
    tip, words = published.tip, site.words
    reused = published.issue_number != issue.number
    first = {
        "href": f"{links.relative(links.issue_path(published.issue_number), page=page)}#{tip.anchor}",
        "title": words.first_in.format(number=published.issue_number),
    }
    return {
        "anchor": tip.anchor,
        "title": tip.title,
        "topic": tip.topic,
        "topic_href": _topic_href(published, page),
        "html": markdown.to_html(tip.text),
        "picture_url": links.web_url(tip.picture_url),
        "picture_alt": tip.picture_alt,
        "link_url": links.web_url(tip.link_url),
        "link_text": tip.link_text or words.more,
        "sources": [_source(source, tip.text) for source in tip.sources if source.title],
        "author": tip.author,
        "byline": words.by.format(author=tip.author),
        "first_issue": first if reused else None,
        **_changes(site, published),
    }


def _topic_href(published: PublishedTip, page: str) -> str:
    """Where the tip's topic is; '' for a withdrawn one, whose topic may be gone with it."""
    slug = published.tip.topic_slug
    return links.relative(links.topic_path(slug), page=page) if slug and published.withdrawal is None else ""


def _source(source: SourceContent, text: str) -> SourceContent:
    """The source as it is shown: its quote only where it says more than the tip, which often is the quote."""
    said = " ".join(markdown.to_text(text, width=10_000).split()).casefold()
    repeats = " ".join(source.quote.split()).casefold() in said
    return replace(source, url=links.web_url(source.url), quote="" if repeats else source.quote)


def _changes(site: Site, published: PublishedTip) -> dict[str, str]:
    """What became of the tip after its issue, in words."""
    if withdrawal := published.withdrawal:
        day = site.day(withdrawal.withdrawn_at)
        return {"withdrawn": site.words.withdrawn.format(date=day), "note": withdrawal.note}
    if correction := published.correction:
        day = site.day(correction.corrected_at)
        return {"corrected": site.words.corrected.format(date=day), "note": correction.note}
    return {}


@lru_cache(maxsize=64)
def _site_context(newsletter: NewsletterContent, words: SiteWording) -> dict[str, Any]:
    same = newsletter.language.split("-")[0].lower() == words.language
    return {
        "name": newsletter.name,
        "tagline": newsletter.tagline,
        "language": wording.language_tag(newsletter.language),
        "direction": wording.direction(newsletter.language),
        "words_are": "" if same else f' lang="{words.language}" dir="{wording.direction(words.language)}"',
        "palette": colours.palette(newsletter.accent_colour),
        "logo_url": links.web_url(newsletter.logo_url),
        "subscribe_url": links.web_url(newsletter.subscribe_url),
        "postal_address": newsletter.postal_address,
        "advice_note": newsletter.advice_note,
    }


@cache
def _engine(folder: Path) -> Engine:
    return Engine(dirs=[str(folder)], builtins=["pipeline.render.template_tags"], autoescape=True)
