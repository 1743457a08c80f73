"""How long a newsletter's site takes: `python -m tests.benchmarks.feeds [TIPS ...]` (20, 1,000 and 10,000 without).

For each size: the whole site made in memory; written for the first time; brought up to date when nothing changed, and
when one issue was added; and the feed of 50 tips in RSS by feedgen, beside the same items by lxml alone.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from email.utils import format_datetime
from pathlib import Path

from lxml import etree

from pipeline.editorial.content import IssueContent
from pipeline.publish.output import write_output
from pipeline.render.feeds import entries, rss
from pipeline.render.feeds.model import FeedChannel, FeedEntry
from pipeline.render.published import published_tips
from pipeline.render.site import SiteFile, site_files
from tests.render import site_examples as examples

SIZES = (20, 1_000, 10_000)
TIPS_PER_ISSUE = 3


def seconds(work: Callable[[], object], *, runs: int = 1) -> float:
    """The best of the runs."""
    best = float("inf")
    for _ in range(runs):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def made(issues: list[IssueContent]) -> list[SiteFile]:
    return list(site_files(examples.newsletter(), issues, templates=examples.TEMPLATES, zone=examples.ZONE))


def rss_by_hand(channel: FeedChannel, items: list[FeedEntry]) -> bytes:
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


def feed_of_fifty() -> tuple[float, float]:
    """Seconds for one RSS feed of 50 entries, by feedgen and by hand."""
    newsletter, issues = examples.newsletter(), examples.issues(20)
    tips = published_tips(issues)
    items = entries.tip_entries(newsletter, tips, newest_issued_at=issues[-1].issued_at, zone=examples.ZONE)
    channel = entries.channel(newsletter, path="feed.xml", title=newsletter.name)
    return seconds(lambda: rss.write(channel, items), runs=20), seconds(lambda: rss_by_hand(channel, items), runs=20)


def measure(tips: int) -> None:
    count = max(tips // TIPS_PER_ISSUE, 1)
    issues, more = examples.issues(count), examples.issues(count + 1)
    files, next_files = made(issues), made(more)
    rendering = seconds(lambda: made(issues))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "letter"
        first = seconds(lambda: write_output(root, files))
        same = seconds(lambda: write_output(root, files))
        one_more = seconds(lambda: write_output(root, next_files))
    size = sum(len(item.data) for item in files)
    print(
        f"{tips:>7,} tips: {len(files):>6,} files, {size / 1e6:6.2f} MB   made {rendering:7.3f} s   "
        f"first written {first:7.3f} s   unchanged {same:7.3f} s   one more issue {one_more:7.3f} s"
    )


if __name__ == "__main__":
    for wanted in [int(argument) for argument in sys.argv[1:]] or SIZES:
        measure(wanted)
    by_feedgen, by_hand = feed_of_fifty()
    print(f"RSS of 50 entries: feedgen {by_feedgen * 1e3:.1f} ms, lxml by hand {by_hand * 1e3:.1f} ms")
