"""RSS 2.0 with content:encoded, dc:creator and atom:link, by feedgen."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.render.feeds import feedgen_adapter
from pipeline.render.feeds.feedgen_adapter import plain_in_rss
from pipeline.render.feeds.model import FeedChannel, FeedEntry, FeedFormat

MEDIA_TYPE = "application/rss+xml"


def write(channel: FeedChannel, entries: Sequence[FeedEntry]) -> bytes:
    channel = replace(
        channel, title=plain_in_rss(channel.title), description=plain_in_rss(channel.description or channel.title)
    )
    entries = [_plain(entry) for entry in entries]
    feed, made = feedgen_adapter.generator(
        channel, entries, media_type=MEDIA_TYPE, alternate={"href": channel.home_url}
    )
    feed.load_extension("dc", atom=False)
    for item, entry in zip(made, entries, strict=True):
        item.link(href=entry.url)
        # `description` is HTML by custom: the summary is escaped once for that, and once more by the serialiser.
        item.description(feedgen_adapter.as_html(entry.summary or entry.title), isSummary=True)
        item.content(entry.html)
        item.dc.dc_creator(entry.author or plain_in_rss(channel.author))  # `author` would need an email address
    data = feedgen_adapter.with_hexadecimal_references(feed.rss_str(pretty=True))
    return feedgen_adapter.with_stylesheet(data, channel.style_href)


def _plain(entry: FeedEntry) -> FeedEntry:
    return replace(
        entry,
        title=plain_in_rss(entry.title),
        author=plain_in_rss(entry.author),
        topics=tuple(plain_in_rss(topic) for topic in entry.topics),
    )


FORMAT = FeedFormat(
    place=1,
    name="rss",
    title="RSS",
    file_name="feed.xml",
    issues_file_name="issues.xml",
    media_type=MEDIA_TYPE,
    write=write,
)
