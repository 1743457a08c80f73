"""Atom 1.0 (RFC 4287), by feedgen."""

from collections.abc import Sequence

from pipeline.render.feeds import feedgen_adapter
from pipeline.render.feeds.model import FeedChannel, FeedEntry, FeedFormat

MEDIA_TYPE = feedgen_adapter.ATOM_TYPE


def write(channel: FeedChannel, entries: Sequence[FeedEntry]) -> bytes:
    alternate = {"href": channel.home_url, "rel": "alternate", "type": "text/html"}
    feed, made = feedgen_adapter.generator(channel, entries, media_type=MEDIA_TYPE, alternate=alternate)
    feed.author(name=feedgen_adapter.plain_in_rss(channel.author))
    for atom_entry, entry in zip(made, entries, strict=True):
        if entry.author:
            atom_entry.author(name=feedgen_adapter.plain_in_rss(entry.author))
        if entry.summary:
            atom_entry.summary(feedgen_adapter.as_html(entry.summary), type="html")
        atom_entry.content(entry.html, type="html")
    data = feedgen_adapter.with_hexadecimal_references(feed.atom_str(pretty=True))
    return feedgen_adapter.with_stylesheet(data, channel.style_href)


FORMAT = FeedFormat(
    place=2,
    name="atom",
    title="Atom",
    file_name="atom.xml",
    issues_file_name="issues-atom.xml",
    media_type=MEDIA_TYPE,
    write=write,
)
