"""The archive's pages that list: issues by month, topics by name, and a topic's tips.

However much is published, each of them stays small. The index has the newest issues; older ones are on parts, numbered
from the oldest and closed when they are full, so that one more issue changes none of them.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from pipeline.render import dates, links, markdown, metadata
from pipeline.render.archive import DESCRIPTION_SIZE, Site, feed_link, issue_row, page_context
from pipeline.render.feeds import formats
from pipeline.render.published import Headed, PublishedTip

ISSUES_PER_PART = 100  # two years of a weekly newsletter, and a quarter of a daily one
TOPICS_PER_LIST = 60
TIPS_ON_TOPIC = 50  # as many as its feed; a topic's page says where the earlier ones are


def index_page(
    site: Site, issues: Sequence[Headed], *, parts: int = 0, years: Sequence[tuple[int, Headed]] = ()
) -> bytes:
    """The archive's front page: `issues` newest first, and the way to the newest of its `parts` and to the first issue
    of each of the `years`.
    """
    words = site.words
    page = _listing(site, links.ARCHIVE, heading=words.all_issues, description=_every_issue(site))
    if parts:
        page["previous"] = _onward(links.part_path(parts), words.earlier_issues, links.ARCHIVE)
    shown = [{"title": str(year), "href": _place(site, first, parts)} for year, first in years] if parts else []
    months = _months(site, issues, links.ARCHIVE)
    return site.render("index.html", {"page": {**page, "is_archive": True}, "months": months, "years": shown})


def part_page(site: Site, part: int, issues: Sequence[Headed], *, parts: int) -> bytes:
    """One full part of the archive: `issues` newest first."""
    path, words = links.part_path(part), site.words
    months = _months(site, issues, path)
    named = [month["name"] for month in months]
    heading = f"{named[-1]} – {named[0]}" if len(named) > 1 else "".join(named) or words.all_issues
    page = _listing(site, path, heading=heading, description=_every_issue(site))
    page["next"] = _onward(links.part_path(part + 1) if part < parts else links.ARCHIVE, words.later_issues, path)
    if part > 1:
        page["previous"] = _onward(links.part_path(part - 1), words.earlier_issues, path)
    return site.render("index.html", {"page": page, "months": months, "part": str(part)})


def topics_page(site: Site, number: int, topics: Sequence[tuple[str, str]], *, lists: int) -> bytes:
    """The `number`th of the `lists` of all topics: (slug, name) by name."""
    path, words = links.topics_path(number), site.words
    page = _listing(site, path, heading=words.all_topics, description=f"{words.all_topics}: {site.newsletter.name}")
    if number > 1:
        page["previous"] = _onward(links.topics_path(number - 1), words.previous_topics, path)
    if number < lists:
        page["next"] = _onward(links.topics_path(number + 1), words.more_topics, path)
    shown = [{"name": name, "href": links.relative(links.topic_path(slug), page=path)} for slug, name in topics]
    return site.render("topics.html", {"page": page, "topics": shown})


def topic_page(site: Site, slug: str, name: str, tips: Sequence[PublishedTip]) -> bytes:
    """A topic's newest TIPS_ON_TOPIC tips, each with its first words and a link to its place; `tips` are in order,
    and one more than that says that there are earlier ones.
    """
    path = links.topic_path(slug)
    page = _listing(site, path, heading=name, description=site.words.tips_on.format(topic=name))
    page["own_feeds"] = [
        feed_link(
            f"{site.newsletter.name}: {name}", item.title, links.topic_path(slug, item.file_name), item.media_type, path
        )
        for item in formats()
    ]
    rows = [_tip_row(site, tip, path) for tip in tips[:TIPS_ON_TOPIC]]
    return site.render("topic.html", {"page": page, "tips": rows, "has_earlier": len(tips) > len(rows)})


def _listing(site: Site, path: str, *, heading: str, description: str) -> dict[str, Any]:
    page = page_context(site, path, heading=heading, description=description, kind="website")
    newsletter = site.newsletter
    told = metadata.collection(newsletter, url=page["url"], name=page["heading"], description=page["description"])
    way = [(newsletter.name, links.absolute(newsletter.site_url, links.HOME)), (page["heading"], page["url"])]
    return {**page, "metadata": metadata.embedded(told, metadata.breadcrumbs(way))}


def _every_issue(site: Site) -> str:
    return site.words.all_issues_of.format(name=site.newsletter.name)


def _onward(path: str, title: str, page: str) -> dict[str, str]:
    return {"href": links.relative(path, page=page), "title": title}


def _place(site: Site, issue: Headed, parts: int) -> str:
    """Where the index leads for an issue: to its month on the part that lists it, or on the index itself."""
    part = (issue.number - 1) // ISSUES_PER_PART + 1
    page = links.relative(links.part_path(part), page=links.ARCHIVE) if part <= parts else ""
    return f"{page}#month-{_month_id(site, issue)}"


def _month_id(site: Site, issue: Headed) -> str:
    return f"{issue.issued_at.astimezone(site.zone):%Y-%m}"


def _months(site: Site, issues: Sequence[Headed], page: str) -> list[dict[str, Any]]:
    def month(issue: Headed) -> tuple[str, str]:
        name = dates.month(issue.issued_at, language=site.newsletter.language, zone=site.zone)
        return _month_id(site, issue), name

    return [
        {"id": identity, "name": name, "issues": [issue_row(site, issue, page) for issue in found]}
        for (identity, name), found in groupby(issues, key=month)
    ]


def _tip_row(site: Site, published: PublishedTip, page: str) -> dict[str, Any]:
    """A tip in a topic's list."""
    place = links.relative(links.issue_path(published.issue_number), page=page)
    return {
        "href": f"{place}#{published.tip.anchor}",
        "title": published.tip.title,
        "excerpt": markdown.excerpt(published.tip.text, DESCRIPTION_SIZE),
        "label": site.words.issue.format(number=published.issue_number),
        "date": site.day(published.published_at),
        "day": dates.machine_date(published.published_at, zone=site.zone),
    }
