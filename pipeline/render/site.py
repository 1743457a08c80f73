"""A newsletter's whole folder under `output/`: every page and feed, as paths and bytes, in the order of writing.

Pure: the same newsletter and issues give the same bytes. Pages come before the feeds that link to them, and the feed
of all tips comes last, so that nobody is ever told of a page that is not there yet.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from lxml import etree

from pipeline.editorial.content import IssueContent, NewsletterContent
from pipeline.render import archive, dates, links
from pipeline.render.feeds import entries, formats
from pipeline.render.feeds.model import NEVER, FeedEntry, FeedFormat
from pipeline.render.published import Correction, PublishedTip, Withdrawal, published_tips

_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


@dataclass(frozen=True, slots=True)
class SiteFile:
    """One file: `path` is POSIX and relative to the newsletter's folder."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Published:
    """What is laid out: issues newest first, and their tips as they stand now, by entry id, latest change first."""

    issues: Sequence[IssueContent]
    tips: Mapping[str, PublishedTip]

    @property
    def newest_issued_at(self) -> datetime:
        return self.issues[0].issued_at if self.issues else NEVER

    @property
    def topics(self) -> dict[str, str]:
        """Each topic's name by slug, as its newest tip spells it."""
        named = {tip.tip.topic_slug: tip.tip.topic for tip in reversed(list(self.tips.values())) if tip.tip.topic_slug}
        return dict(sorted(named.items()))

    def tips_on(self, slug: str) -> list[PublishedTip]:
        return [tip for tip in self.tips.values() if tip.tip.topic_slug == slug]


def site_files(
    newsletter: NewsletterContent,
    issues: Sequence[IssueContent],
    *,
    templates: Path,
    zone: tzinfo,
    corrections: Sequence[Correction] = (),
    withdrawals: Sequence[Withdrawal] = (),
    hub_url: str = "",
) -> Iterator[SiteFile]:
    """Every file of the newsletter's folder, in the order in which they should be written.

    `issues` are those that readers may see, in any order; dates are told in `zone`; `templates` is the folder that
    holds `archive/`; with a `hub_url`, feeds name that WebSub hub.
    """
    newest_first = sorted(issues, key=lambda issue: (issue.issued_at, issue.number), reverse=True)
    tips = published_tips(newest_first, corrections, withdrawals)
    published = _Published(newest_first, {tip.tip.entry_id: tip for tip in tips})
    site = archive.Site(newsletter, templates, zone)
    yield SiteFile(links.STYLE, archive.style_sheet(site))
    yield from _issue_pages(site, published)
    index = archive.archive_pages(site, published.issues)
    yield from (SiteFile(path, data) for path, data in index.items())
    for slug, topic in published.topics.items():
        yield SiteFile(links.topic_path(slug), archive.topic_page(site, slug, topic, published.tips_on(slug)))
    yield SiteFile(links.HOME, archive.home_page(site, published.issues, published.topics))
    listings = [*index, *(links.topic_path(slug) for slug in published.topics)]
    yield SiteFile(links.SITEMAP, _sitemap(newsletter, published, listings, zone))
    yield from _feeds(newsletter, published, zone=zone, hub_url=hub_url)


def _issue_pages(site: archive.Site, published: _Published) -> Iterator[SiteFile]:
    issues = published.issues
    for place, issue in enumerate(issues):
        page = archive.issue_page(
            site,
            issue,
            published.tips,
            previous=issues[place + 1] if place + 1 < len(issues) else None,
            next=issues[place - 1] if place else None,
        )
        yield SiteFile(links.issue_path(issue.number), page)


def _feeds(newsletter: NewsletterContent, published: _Published, *, zone: tzinfo, hub_url: str) -> Iterator[SiteFile]:
    """Topics first, then the issues, and the feed of all tips last of all."""
    name = newsletter.name

    def feed(
        item: FeedFormat, path: str, title: str, made: Sequence[FeedEntry], home_path: str = links.HOME
    ) -> SiteFile:
        channel = entries.channel(newsletter, path=path, title=title, home_path=home_path, hub_url=hub_url)
        return SiteFile(path, item.write(channel, made))

    def entries_of(tips: Sequence[PublishedTip]) -> list[FeedEntry]:
        return entries.tip_entries(newsletter, tips, newest_issued_at=published.newest_issued_at, zone=zone)

    for slug, topic in published.topics.items():
        made = entries_of(published.tips_on(slug))
        for item in formats():
            path = links.topic_path(slug, item.file_name)
            yield feed(item, path, f"{name}: {topic}", made, links.topic_path(slug))
    issues = entries.issue_entries(newsletter, published.issues, published.tips, zone=zone)
    yield from (feed(item, item.issues_file_name, name, issues) for item in formats())
    everything = entries_of(list(published.tips.values()))
    yield from (feed(item, item.file_name, name, everything) for item in formats())


def _sitemap(newsletter: NewsletterContent, published: _Published, listings: Sequence[str], zone: tzinfo) -> bytes:
    """sitemaps.org 0.9: every page, with the day of its last change."""
    root = etree.Element("urlset", xmlns=_SITEMAPS)
    newest = dates.machine_date(published.newest_issued_at, zone=zone) if published.issues else ""
    pages = [(links.HOME, newest), (links.ARCHIVE, newest), *((path, "") for path in listings if path != links.ARCHIVE)]
    for issue in published.issues:
        changed_at = max([issue.issued_at, *(published.tips[tip.entry_id].updated_at for tip in issue.tips)])
        day = dates.machine_date(changed_at, zone=zone)
        pages.append((links.issue_path(issue.number), day))
    for path, day in pages:
        url = etree.SubElement(root, "url")
        etree.SubElement(url, "loc").text = links.absolute(newsletter.site_url, path)
        if day:
            etree.SubElement(url, "lastmod").text = day
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
