"""How long a newsletter's site takes: `python -m tests.benchmarks.feeds [TIPS ...]` (20, 1,000 and 10,000 without).

For each size, from a database of its own, in processor time: everything made and written for the first time; a rebuild
that finds it all right; and what one more issue costs (the median of nine, with its files and queries), and a
correction. Last, so many tips as RSS by the product (feedgen), beside the same entries by lxml alone. With `--one-more`
the folder is taken to be up to date without being made, which saves minutes for 100,000 tips and changes nothing of
what is measured then.
"""

import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

from lxml import etree

SIZES = (20, 1_000, 10_000)
MORE = 9


def seconds(work: Callable[[], object]) -> float:
    """Of the processor: what others do on the machine, and how fast its disk is, is another question."""
    began = time.process_time()
    work()
    return time.process_time() - began


def measure(tips: int, *, only_one_more: bool) -> None:
    from django.db import connection, connections
    from django.test.utils import CaptureQueriesContext

    from pipeline.config import load_config
    from pipeline.publish.search import search
    from pipeline.publish.site import write_site
    from tests.benchmarks import published
    from tests.publish.story import Story

    config = load_config().model_copy(update={"public_url": published.PUBLIC_URL})
    newsletter = published.found()
    published.fill(newsletter, tips)
    now = published.FIRST_AT + timedelta(days=tips)
    story = Story(newsletter, began=now)

    def write(*, rebuild: bool = False) -> object:
        return write_site(newsletter, config=config, now=now, rebuild=rebuild)

    if only_one_more:
        take_as_made(newsletter, config)
        made = ""
    else:
        made = f"first made {seconds(write):7.2f} s   rebuilt {seconds(lambda: write(rebuild=True)):7.2f} s   "
        made += f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB   "
    spent = []
    for _ in range(MORE):
        story.issue("Sun", "Sleep", "Routine")
        with CaptureQueriesContext(connection) as queries:
            began = time.process_time()
            report = write()
            spent.append(time.process_time() - began)
    story.correct(story.newsletter.tips.select_related("revision").order_by("pk").last())
    corrected = seconds(write)
    looked = min(seconds(lambda: search(newsletter, "lukewarm nowhere", page=1, config=config)) for _ in range(3))
    count = sum(1 for path in (config.output / newsletter.slug).rglob("*") if path.is_file())
    print(
        f"{tips:>7,} tips: {count:>6,} files   {made}"
        f"one more issue {statistics.median(spent) * 1e3:6.0f} ms, {len(report.written)} files, "
        f"{len(queries)} queries   "
        f"a correction {corrected * 1e3:5.0f} ms   "
        f"a search that finds nothing {looked * 1e3:4.0f} ms",
        flush=True,
    )
    connections.close_all()


def take_as_made(newsletter, config) -> None:
    """Leave the note that a run leaves which made everything."""
    from pipeline.publish.feeds_state import NOTE, SiteState, latest_change
    from pipeline.publish.site import site_maker
    from pipeline.render.site import outline

    maker = site_maker(newsletter, config=config)
    parts = outline(maker.library)
    folder = config.output / newsletter.slug
    folder.mkdir(parents=True)
    state = SiteState.of(newsletter, maker, parts, change=latest_change(newsletter))
    (folder / NOTE).write_bytes(state.to_json())


def written_twice(tips: int) -> tuple[float, float]:
    """Processor seconds for all of so many tips as RSS in feeds of 50: by the product, and the same entries by hand;
    the best of three. Entries are made beforehand for both.
    """
    from pipeline.render.feeds import entries, rss
    from tests.render import site_examples as examples
    from tests.render.library import published_tips

    newsletter = examples.newsletter()
    made = entries.tip_entries(newsletter, published_tips(examples.issues(-(-tips // 3)))[:tips], zone=examples.ZONE)
    pages = [made[start : start + entries.TIPS_PER_FEED] for start in range(0, len(made), entries.TIPS_PER_FEED)]
    channel = entries.channel(newsletter, path="feed.xml", title=newsletter.name)

    def best(write: Callable[..., bytes]) -> float:
        spent = []
        for _ in range(3):
            began = time.process_time()
            for page in pages:
                write(channel, page)
            spent.append(time.process_time() - began)
        return min(spent)

    return best(rss.write), best(rss_by_hand)


def rss_by_hand(channel, items) -> bytes:
    """The same elements without feedgen: the floor."""
    namespaces = {
        "atom": "http://www.w3.org/2005/Atom",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
    }
    root = etree.Element("rss", version="2.0", nsmap=namespaces)
    parent = etree.SubElement(root, "channel")
    for name, value in (("title", channel.title), ("link", channel.home_url), ("description", channel.description)):
        etree.SubElement(parent, name).text = value
    for entry in items:
        item = etree.SubElement(parent, "item")
        for name, value in (
            ("title", entry.title),
            ("link", entry.url),
            ("description", entry.summary),
            ("{http://purl.org/rss/1.0/modules/content/}encoded", entry.html),
            ("category", entry.topics[0]),
            ("pubDate", format_datetime(entry.published_at)),
            ("{http://purl.org/dc/elements/1.1/}creator", entry.author),
        ):
            etree.SubElement(item, name).text = value
        etree.SubElement(item, "guid", isPermaLink="false").text = entry.entry_id
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def measured_alone(tips: int, *, only_one_more: bool) -> None:
    """One size in a process of its own, with a workspace of its own."""
    from tests.delivery.matrix.world import make_workspace

    with tempfile.TemporaryDirectory() as folder:
        make_workspace(Path(folder), "")
        measure(tips, only_one_more=only_one_more)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pipeline.settings")
    one_more = "--one-more" in sys.argv
    for size in [int(argument) for argument in sys.argv[1:] if argument.isdigit()] or SIZES:
        if (child := os.fork()) == 0:  # settings are read once in a process
            measured_alone(size, only_one_more=one_more)
            os._exit(0)
        os.waitpid(child, 0)
    for size in SIZES:
        by_feedgen, by_hand = written_twice(size)
        print(f"{size:>7,} tips as RSS, 50 to a feed: {by_feedgen * 1e3:6.0f} ms, by hand {by_hand * 1e3:6.0f} ms")
