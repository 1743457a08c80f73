"""What a newsletter's folder holds already, kept in the folder itself, and what has to be made since.

The note is the last file of each run: a run that was killed is done again from the note before, to the byte. A folder
without a note, with one of other designs, words, settings or program, or with one from the future (the database was
restored) is made anew from the ground up.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from django.db.models import Max

from pipeline.editorial.models import Issue, Newsletter, PublicTip
from pipeline.publish.feeds_library import PUBLIC_STATES, FeedsLibrary
from pipeline.render import links
from pipeline.render.archive_lists import ISSUES_PER_PART
from pipeline.render.feeds.entries import ISSUES_PER_FEED, TIPS_PER_FEED
from pipeline.render.published import WITHDRAWAL_DAYS, IssueHead
from pipeline.render.site import ISSUES, TIPS, Outline, Selection, SiteMaker, topic_lists
from pipeline.render.sitemap import ISSUES_PER_SITEMAP

NOTE = ".tipsheet-site.json"

_MAKERS = Path(__file__).parent.parent / "render"
_LIBRARIES = ("babel", "django", "feedgen", "lxml", "markdown-it-py", "nh3")


@dataclass(frozen=True, slots=True)
class SiteState:
    """What a run left: `made_with` names everything but the content that the bytes follow from, `change` the last
    change of the content that is in them, `newest_issued_at` is ISO 8601 or ''.
    """

    made_with: str
    change: int
    newest_issued_at: str
    parts: Outline

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False).encode()

    @classmethod
    def of(cls, newsletter: Newsletter, maker: SiteMaker, parts: Outline, *, change: int) -> "SiteState":
        newest = FeedsLibrary(newsletter).newest_issued_at
        return cls(_made_with(maker), change, newest.isoformat() if newest else "", parts)


def read_state(folder: Path) -> SiteState | None:
    """The note in the folder; None if there is none that can be read."""
    try:
        data = json.loads((folder / NOTE).read_bytes())
        return SiteState(**{**data, "parts": Outline(**data["parts"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def latest_change(newsletter: Newsletter) -> int:
    """The number of the newest change of what readers see; 0 before the first issue."""
    found: int | None = PublicTip.objects.filter(newsletter=newsletter).aggregate(last=Max("change"))["last"]
    return found or 0


def selection(newsletter: Newsletter, before: SiteState, now: SiteState) -> Selection:
    """The parts that differ between the folder as the note `before` describes it and as it should be `now`."""
    changed = list(PublicTip.objects.filter(newsletter=newsletter, change__gt=before.change).order_by("pk"))
    issues = _issues_with(newsletter, changed)
    pages = {issue.number for issue in issues} | set(_neighbours(newsletter, issues))
    topics = {slug for row in changed for slug, _ in _topic_places(row)}
    topics |= set(_topics_of_the_leaving(newsletter, before, now))
    topics |= {slug for slug, name in now.parts.topics.items() if before.parts.topics.get(slug) != name}
    history = {(TIPS, _page(row.serial, TIPS_PER_FEED)) for row in changed}
    history |= {(slug, _page(serial, TIPS_PER_FEED)) for row in changed for slug, serial in _topic_places(row)}
    history |= {(ISSUES, _page(issue.number, ISSUES_PER_FEED)) for issue in issues}
    return Selection(
        issues=frozenset(pages),
        archive_parts=_parts_of_archive(issues, before.parts, now.parts),
        topics=topics,
        history=history | set(_turned_pages(before.parts, now.parts)),
        sitemaps={_page(issue.number, ISSUES_PER_SITEMAP) for issue in issues},
        topic_lists=before.parts.topics != now.parts.topics,
        style=False,
    )


def vanished(before: Outline, now: Outline) -> Iterator[str]:
    """The paths, or folders, of parts that were there and are no more."""
    yield from map(links.part_path, range(now.archive_parts + 1, before.archive_parts + 1))
    yield from map(links.topics_path, range(topic_lists(now.topics) + 1, topic_lists(before.topics) + 1))
    yield from (f"topics/{slug}" for slug in before.topics if slug not in now.topics)


def _made_with(maker: SiteMaker) -> str:
    """A name for everything that the bytes follow from, other than what was published."""
    settings = [asdict(maker.newsletter), str(maker.zone), maker.hub_url, maker.search_url]
    said = json.dumps([settings, _program(maker.templates)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


@lru_cache(maxsize=8)
def _program(templates: Path) -> str:
    """The templates and the program that are at work; looked at once, as a process loads both once."""
    digest = hashlib.sha256()
    sources = (path for path in _MAKERS.rglob("*") if path.suffix in {".py", ".po", ".json", ".toml"})
    for path in (*sorted((templates / "archive").iterdir()), *sorted(sources)):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    return digest.hexdigest()


def _issues_with(newsletter: Newsletter, changed: list[PublicTip]) -> list[IssueHead]:
    """Every issue on whose page one of the tips stands."""
    tips = [row.tip_id for row in changed]
    found = Issue.objects.filter(newsletter=newsletter, state__in=PUBLIC_STATES, issue_tips__tip__in=tips).distinct()
    return [IssueHead(*values) for values in found.values_list("number", "subject", "slot_at")]


def _neighbours(newsletter: Newsletter, issues: list[IssueHead]) -> Iterator[int]:
    library = FeedsLibrary(newsletter)
    for issue in issues:
        yield from (other.number for other in library.neighbours(issue) if other is not None)


def _topic_places(row: PublicTip) -> Iterator[tuple[str, int]]:
    """(topic's slug, serial there) of every place that the tip has or had."""
    yield row.topic_slug, row.topic_serial
    yield from ((slug, serial) for slug, serial in row.former_topics)


def _topics_of_the_leaving(newsletter: Newsletter, before: SiteState, now: SiteState) -> Iterator[str]:
    """Topics with a withdrawn tip whose time in the feeds ended as a newer issue appeared."""
    if not before.newest_issued_at or before.newest_issued_at == now.newest_issued_at:
        return
    until, since = (
        datetime.fromisoformat(text) - timedelta(days=WITHDRAWAL_DAYS)
        for text in (now.newest_issued_at, before.newest_issued_at)
    )
    left = PublicTip.objects.filter(newsletter=newsletter, withdrawn_at__gt=since, withdrawn_at__lte=until)
    yield from left.values_list("topic_slug", flat=True)


def _parts_of_archive(issues: list[IssueHead], before: Outline, now: Outline) -> set[int]:
    """Those that list one of the issues, those that are new, and the one before them, which leads to the first."""
    listing = {_page(issue.number, ISSUES_PER_PART) for issue in issues}
    was, full = before.archive_parts, now.archive_parts
    return listing if was == full else listing | set(range(min(was, full), full + 1))


def _turned_pages(before: Outline, now: Outline) -> Iterator[tuple[str, int]]:
    """Pages of history that became full, or whose neighbour did; all of a topic's that goes by another name."""
    for key, full in now.history.items():
        was = before.history.get(key, 0)
        if key in now.topics and before.topics.get(key) != now.topics[key]:
            was = 0
        if was != full:
            yield from ((key, page) for page in range(min(was, full), full + 1))


def _page(serial: int, size: int) -> int:
    return (serial - 1) // size + 1
