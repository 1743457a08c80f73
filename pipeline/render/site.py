"""A newsletter's folder under `output/`: which pages and feeds it is made of, as paths and bytes, in the order of
writing.

Pure: the same published content gives the same bytes. Pages come before the feeds that link to them, and the feed of
all tips comes last, so that nobody is ever told of a page that is not there yet. A `Selection` says which parts to
make: after one more issue, its page, its neighbours', its topics' and the few that list what is new. What those cost
does not grow with what was published before.
"""

from collections.abc import Container, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from pipeline.editorial.content import IssueContent, NewsletterContent
from pipeline.render import archive, archive_lists, links
from pipeline.render.archive_lists import ISSUES_PER_PART, TIPS_ON_TOPIC, TOPICS_PER_LIST
from pipeline.render.feeds import entries, formats
from pipeline.render.feeds.entries import ISSUES_PER_FEED, TIPS_PER_FEED
from pipeline.render.feeds.model import FeedEntry, FeedFormat, FeedHistory
from pipeline.render.published import Headed, Library
from pipeline.render.sitemap import ISSUES_PER_SITEMAP, issue_map, page_map, sitemap_index

_BATCH = 200  # issues whose pages are made from one look at the library


@dataclass(frozen=True, slots=True)
class SiteFile:
    """One file: `path` is POSIX and relative to the newsletter's folder; `data` is None for one that goes away."""

    path: str
    data: bytes | None


class _All:
    """Holds whatever it is asked for."""

    def __contains__(self, item: object) -> bool:
        return True


ALL = _All()


@dataclass(frozen=True, slots=True)
class Outline:
    """The parts that a site has at present: its topics' names by slug, how many parts of the archive are full, and how
    many pages of each feed's history are full, by topic's slug (`TIPS` and `ISSUES` for the two whole feeds).
    """

    topics: Mapping[str, str]
    archive_parts: int
    history: Mapping[str, int]


TIPS, ISSUES = "/tips", "/issues"  # no topic's slug holds a slash


@dataclass(frozen=True, slots=True)
class Selection:
    """Which parts to make; everything unless said otherwise (`issues` None: every one). `history` has (topic's slug,
    TIPS or ISSUES; page). `style` stands for what follows from the newsletter's settings alone, `topic_lists` for the
    lists of all topics.
    """

    issues: frozenset[int] | None = None
    archive_parts: Container[int] = ALL
    topics: Container[str] = ALL
    history: Container[tuple[str, int]] = ALL
    sitemaps: Container[int] = ALL
    topic_lists: bool = True
    style: bool = True


EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class SiteMaker:
    """Everything that pages and feeds are made from. Dates are told in `zone`; `templates` is the folder that holds
    `archive/`; with a `hub_url`, feeds name that WebSub hub; `search_url` is where the archive's form leads.
    """

    newsletter: NewsletterContent
    library: Library
    templates: Path
    zone: tzinfo
    hub_url: str = ""
    search_url: str = ""

    @property
    def pages(self) -> archive.Site:
        return archive.Site(self.newsletter, self.templates, self.zone, self.search_url)


def outline(library: Library) -> Outline:
    """The parts that the site should have now."""
    topics = dict(library.topics())
    full = {TIPS: library.last_serial(None) // TIPS_PER_FEED, ISSUES: library.last_number // ISSUES_PER_FEED}
    history = {**full, **{slug: library.last_serial(slug) // TIPS_PER_FEED for slug in topics}}
    return Outline(topics, library.last_number // ISSUES_PER_PART, history)


def site_files(maker: SiteMaker, parts: Outline, wanted: Selection = EVERYTHING) -> Iterator[SiteFile]:
    """The files that `wanted` selects of the site's `parts`, in the order in which they should be written."""
    pages, library = maker.pages, maker.library
    if wanted.style:
        yield SiteFile(links.STYLE, archive.style_sheet(pages))
        yield SiteFile(links.ICON, archive.icon(pages))
    yield from _issue_pages(maker, pages, wanted)
    yield from _index_pages(maker, pages, parts, wanted)
    for slug, topic in parts.topics.items():
        if slug in wanted.topics:
            tips = library.standing_tips(slug, TIPS_ON_TOPIC + 1)
            yield SiteFile(links.topic_path(slug), archive_lists.topic_page(pages, slug, topic, tips))
    if wanted.topic_lists:
        yield from _topic_lists(pages, parts)
    yield SiteFile(links.HOME, _home_page(library, pages, parts))
    yield from _sitemaps(maker, parts, wanted)
    yield from _feeds(maker, parts, wanted)


def feed_paths(parts: Outline, topics: Container[str] = ALL) -> Iterator[str]:
    """The feeds that readers subscribe to."""
    for item in formats():
        yield from (links.topic_path(slug, item.file_name) for slug in parts.topics if slug in topics)
        yield from (item.issues_file_name, item.file_name)


def topic_lists(topics: Sized) -> int:
    """How many pages the list of all topics takes; none while the landing page names them all."""
    return -(-len(topics) // TOPICS_PER_LIST) if len(topics) > archive.TOPICS_ON_HOME else 0


def _topic_lists(pages: archive.Site, parts: Outline) -> Iterator[SiteFile]:
    named, count = archive.in_order(parts.topics), topic_lists(parts.topics)
    for number in range(1, count + 1):
        some = named[(number - 1) * TOPICS_PER_LIST : number * TOPICS_PER_LIST]
        yield SiteFile(links.topics_path(number), archive_lists.topics_page(pages, number, some, lists=count))


def _issue_pages(maker: SiteMaker, pages: archive.Site, wanted: Selection) -> Iterator[SiteFile]:
    library = maker.library
    for batch in _with_neighbours(library, wanted):
        issues = {issue.number: issue for issue in library.issues(number for number, _, _ in batch)}
        tips = library.tips_in(issues.values())
        for number, before, after in batch:
            page = archive.issue_page(pages, issues[number], tips, previous=before, next=after)
            yield SiteFile(links.issue_path(number), page)


_Placed = tuple[int, Headed | None, Headed | None]  # an issue's number, the issue before and the one after


def _with_neighbours(library: Library, wanted: Selection) -> Iterator[Sequence[_Placed]]:
    """The issues whose pages are wanted, some at a time: looked up one by one, or all in the order of appearance,
    where each one's neighbours are at hand.
    """
    if wanted.issues is not None:
        chosen = sorted(wanted.issues)
        for start in range(0, len(chosen), _BATCH):
            issues = library.issues(chosen[start : start + _BATCH])
            yield [(issue.number, *library.neighbours(issue)) for issue in issues]
        return
    before: Headed | None = None
    run = library.heads_after(None, _BATCH)
    while run:
        following = library.heads_after(run[-1], _BATCH)
        earlier, later = [before, *run], [*run[1:], *following[:1], None]
        beside = zip(run, earlier, later, strict=False)
        yield [(issue.number, previous, next_one) for issue, previous, next_one in beside]
        before, run = run[-1], following


def _index_pages(maker: SiteMaker, pages: archive.Site, parts: Outline, wanted: Selection) -> Iterator[SiteFile]:
    """The full parts of the archive, then its front page, which has the newest issues and all that are on no part."""
    library, full = maker.library, parts.archive_parts
    for part in range(1, full + 1):
        if part in wanted.archive_parts:
            issues = library.heads_numbered((part - 1) * ISSUES_PER_PART + 1, part * ISSUES_PER_PART)
            yield SiteFile(links.part_path(part), archive_lists.part_page(pages, part, issues, parts=full))
    open_ones = library.heads_numbered(full * ISSUES_PER_PART + 1, library.last_number)
    shown = {issue.number: issue for issue in [*library.newest_heads(ISSUES_PER_PART), *open_ones]}
    newest = sorted(shown.values(), key=lambda issue: (issue.issued_at, issue.number), reverse=True)
    years = list(_years(library, maker.zone)) if full else []
    yield SiteFile(links.ARCHIVE, archive_lists.index_page(pages, newest, parts=full, years=years))


def _years(library: Library, zone: tzinfo) -> Iterator[tuple[int, Headed]]:
    """Each year with an issue, and its first one."""
    found = library.oldest_since(None)
    while found is not None:
        year = found.issued_at.astimezone(zone).year
        yield year, found
        found = library.oldest_since(datetime(year + 1, 1, 1, tzinfo=zone))


def _home_page(library: Library, pages: archive.Site, parts: Outline) -> bytes:
    newest = library.newest_issues(1)
    latest = newest[0] if newest else None
    tips = library.tips_in(newest)
    earlier = library.newest_heads(1 + archive.ISSUES_ON_HOME)[1:]
    shown = [tips[tip.entry_id] for tip in latest.tips] if latest else []
    return archive.home_page(pages, latest, shown, earlier, parts.topics)


def _sitemaps(maker: SiteMaker, parts: Outline, wanted: Selection) -> Iterator[SiteFile]:
    """The pages that list, and the issues' pages by number, a fixed count to each map."""
    library, site_url = maker.library, maker.newsletter.site_url
    parts_of_archive = map(links.part_path, range(1, parts.archive_parts + 1))
    lists = map(links.topics_path, range(1, topic_lists(parts.topics) + 1))
    listings = [links.ARCHIVE, *parts_of_archive, *lists, *map(links.topic_path, parts.topics)]
    newest = page_map(site_url, listings, library.newest_issued_at, zone=maker.zone)
    yield SiteFile(links.sitemap_path("pages"), newest)
    count = -(-library.last_number // ISSUES_PER_SITEMAP)
    for part in range(1, count + 1):
        if part in wanted.sitemaps:
            changed_at = library.changed_at((part - 1) * ISSUES_PER_SITEMAP + 1, part * ISSUES_PER_SITEMAP)
            yield SiteFile(links.sitemap_path(f"issues-{part}"), issue_map(site_url, changed_at, zone=maker.zone))
    names = ["pages", *(f"issues-{part}" for part in range(1, count + 1))]
    yield SiteFile(links.SITEMAP, sitemap_index(site_url, [links.sitemap_path(name) for name in names]))


def _feeds(maker: SiteMaker, parts: Outline, wanted: Selection) -> Iterator[SiteFile]:
    """Topics first, then the issues, and the feed of all tips last of all; each after the pages of its history."""
    name = maker.newsletter.name
    for slug, topic in parts.topics.items():
        title, home = f"{name}: {topic}", links.topic_path(slug)
        yield from _history(maker, _Feed(slug, title, home), parts, wanted)
        if slug in wanted.topics:
            yield from _live(maker, _Feed(slug, title, home), parts)
    for which in (ISSUES, TIPS):
        yield from _history(maker, _Feed(which, name, links.HOME), parts, wanted)
        yield from _live(maker, _Feed(which, name, links.HOME), parts)


@dataclass(frozen=True, slots=True)
class _Feed:
    """One feed in all its formats: `key` is a topic's slug, TIPS or ISSUES."""

    key: str
    title: str
    home_path: str

    @property
    def slug(self) -> str | None:
        return None if self.key in (TIPS, ISSUES) else self.key

    def path(self, item: FeedFormat) -> str:
        if self.key == ISSUES:
            return item.issues_file_name
        return item.file_name if self.slug is None else links.topic_path(self.slug, item.file_name)


def _live(maker: SiteMaker, feed: _Feed, parts: Outline) -> Iterator[SiteFile]:
    """The feed that readers subscribe to: what changed last, and everything that is on no full page of history yet."""
    full = parts.history[feed.key]
    made = _live_entries(maker, feed, full)
    for item in formats():
        path = feed.path(item)
        history = FeedHistory(previous_url=_page_url(maker, path, full, full))
        yield _feed_file(maker, feed, item, path, made, history, maker.hub_url)


def _history(maker: SiteMaker, feed: _Feed, parts: Outline, wanted: Selection) -> Iterator[SiteFile]:
    full = parts.history[feed.key]
    for page in range(1, full + 1):
        if (feed.key, page) not in wanted.history:
            continue
        made = _page_entries(maker, feed, page)
        for item in formats():
            live = feed.path(item)
            history = FeedHistory(
                previous_url=_page_url(maker, live, page - 1, full),
                next_url=_page_url(maker, live, page + 1, full),
                current_url=links.absolute(maker.newsletter.site_url, live),
            )
            yield _feed_file(maker, feed, item, links.history_path(live, page), made, history, "")


def _page_url(maker: SiteMaker, live: str, page: int, full: int) -> str:
    return links.absolute(maker.newsletter.site_url, links.history_path(live, page)) if 1 <= page <= full else ""


def _feed_file(
    maker: SiteMaker,
    feed: _Feed,
    item: FeedFormat,
    path: str,
    made: Sequence[FeedEntry],
    history: FeedHistory,
    hub_url: str,
) -> SiteFile:
    channel = entries.channel(
        maker.newsletter,
        path=path,
        title=feed.title,
        home_path=feed.home_path,
        hub_url=hub_url,
        history=history,
        history_of=feed.path(item),
    )
    return SiteFile(path, item.write(channel, made))


def _live_entries(maker: SiteMaker, feed: _Feed, full: int) -> list[FeedEntry]:
    library = maker.library
    if feed.key == ISSUES:
        newest = {issue.number: issue for issue in library.newest_issues(ISSUES_PER_FEED)}
        open_ones = library.issues(library.numbers(full * ISSUES_PER_FEED + 1, library.last_number))
        return _issue_entries(maker, list({**newest, **{issue.number: issue for issue in open_ones}}.values()))
    tips = library.feed_tips(feed.slug, count=TIPS_PER_FEED, after=full * TIPS_PER_FEED)
    return entries.tip_entries(maker.newsletter, tips, zone=maker.zone)


def _page_entries(maker: SiteMaker, feed: _Feed, page: int) -> list[FeedEntry]:
    library = maker.library
    size = ISSUES_PER_FEED if feed.key == ISSUES else TIPS_PER_FEED
    first, last = (page - 1) * size + 1, page * size
    if feed.key == ISSUES:
        return _issue_entries(maker, library.issues(library.numbers(first, last)))
    tips = library.tips_numbered(feed.slug, first, last)
    return entries.tip_entries(maker.newsletter, tips, zone=maker.zone)


def _issue_entries(maker: SiteMaker, issues: Sequence[IssueContent]) -> list[FeedEntry]:
    return entries.issue_entries(maker.newsletter, issues, maker.library.tips_in(issues), zone=maker.zone)
