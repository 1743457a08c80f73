"""A newsletter's folder under `output/`, brought up to date with what readers should see now.

Only what changed is made: the pages and feeds that a new issue, a correction or a withdrawal is on. A rebuild makes
everything, and the result is the same to the byte.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.config import Config
from pipeline.editorial.issue_content import newsletter_content
from pipeline.editorial.models import Newsletter
from pipeline.editorial.queries import zone_name
from pipeline.publish import websub
from pipeline.publish.feeds_library import FeedsLibrary
from pipeline.publish.feeds_state import NOTE, SiteState, latest_change, read_state, selection, vanished
from pipeline.publish.output import OutputReport, write_output
from pipeline.render import links
from pipeline.render.feeds import formats
from pipeline.render.site import EVERYTHING, Outline, SiteFile, SiteMaker, feed_paths, outline, site_files


def write_site(
    newsletter: Newsletter,
    *,
    config: Config,
    now: datetime,
    rebuild: bool = False,
    seen: Callable[[str], object] = str,
) -> OutputReport:
    """Bring `output/<slug>/` up to date with what readers may see; what was written. `rebuild` trusts nothing that is
    there, and makes every file again; `seen` is given each file's path when it is made. A WebSub hub is to hear of
    feeds that changed, as soon as they are in place.
    """
    folder, report = config.output / newsletter.slug, OutputReport()
    files = _files(newsletter, folder, report, config=config, rebuild=rebuild, at=now)
    return write_output(folder, _told(files, seen), report)


def _told(files: Iterator[SiteFile], seen: Callable[[str], object]) -> Iterator[SiteFile]:
    for item in files:
        seen(item.path)
        yield item


def _files(
    newsletter: Newsletter, folder: Path, report: OutputReport, *, config: Config, rebuild: bool, at: datetime
) -> Iterator[SiteFile]:
    """What to write and what to take away, worked out when the folder is locked; the note of it last. Pings are asked
    for before the note, so that a run that is killed between the two asks again.
    """
    change = latest_change(newsletter)  # before anything is read: what comes in between is made once more, not missed
    maker = site_maker(newsletter, config=config)
    parts = outline(maker.library)
    now = SiteState.of(newsletter, maker, parts, change=change)
    before = None if rebuild else read_state(folder)
    if before is not None and before.made_with == now.made_with and before.change <= change:
        if before == now:
            return
        wanted = selection(newsletter, before, now)
        yield from site_files(maker, parts, wanted)
        yield from _removals(folder, before.parts, parts)
        feeds = set(feed_paths(parts, wanted.topics))
    else:
        yield from _everything(maker, parts, folder)
        feeds = set(feed_paths(parts)).intersection(report.written)
    websub.ask(newsletter, _feed_urls(maker, feeds), config=config, now=at)
    yield SiteFile(NOTE, now.to_json())


def site_maker(newsletter: Newsletter, *, config: Config) -> SiteMaker:
    """What the newsletter's pages and feeds are made from."""
    return SiteMaker(
        newsletter_content(newsletter, public_url=config.public_url),
        FeedsLibrary(newsletter),
        config.templates,
        ZoneInfo(zone_name(newsletter)),
        hub_url=config.websub_hub,
        search_url=f"{config.public_url}/search/{newsletter.slug}/",
    )


def _feed_urls(maker: SiteMaker, paths: set[str]) -> list[str]:
    return [links.absolute(maker.newsletter.site_url, path) for path in sorted(paths)]


def _everything(maker: SiteMaker, parts: Outline, folder: Path) -> Iterator[SiteFile]:
    made = set()
    for item in site_files(maker, parts, EVERYTHING):
        made.add(item.path)
        yield item
    found = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if not path.is_dir())
    yield from (SiteFile(path, None) for path in found if links.is_ours(path) and path not in made)


def _removals(folder: Path, before: Outline, now: Outline) -> Iterator[SiteFile]:
    """What belonged to parts that are no more."""
    for part in vanished(before, now):
        place = folder / part
        inside = sorted(place.rglob("*")) if place.is_dir() else [place]
        paths = (path.relative_to(folder).as_posix() for path in inside)
        yield from (SiteFile(path, None) for path in paths if links.is_ours(path))
    for slug in now.topics:  # one that lost its last tips to another topic may have a full page less
        for page in range(now.history[slug] + 1, before.history.get(slug, 0) + 1):
            live = (links.topic_path(slug, item.file_name) for item in formats())
            yield from (SiteFile(links.history_path(path, page), None) for path in live)
