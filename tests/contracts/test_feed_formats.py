"""The contract of every feed format: what goes in comes out, in the format's own strict grammar."""

import html
import re
import sys
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import feedparser
import nh3
import pytest
from hypothesis import example, given, settings

from pipeline.render import feeds, markdown, plain
from pipeline.render.feeds import formats
from pipeline.render.feeds.model import NEVER, TTL_MINUTES, FeedChannel, FeedEntry
from tests.contracts.feed_readers import READERS, ReadFeed
from tests.contracts.feed_rules import BREACHES
from tests.render.site_examples import HOSTILE, TEXT

PUBLISHED_AT = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
FORMATS = pytest.mark.parametrize("feed_format", formats(), ids=lambda item: item.name)
XML_FORMATS = pytest.mark.parametrize(
    "feed_format", [item for item in formats() if item.media_type.endswith("xml")], ids=lambda item: item.name
)  # feedparser 6 reads no JSON


def channel(**changes) -> FeedChannel:
    made = FeedChannel(
        feed_id=uuid.UUID(int=7, version=4).urn,
        title="The Skin Letter",
        description="Three calm tips each week.",
        language="en",
        author="The Skin Letter",
        home_url="https://newsletter.example/skin-letter/",
        feed_url="https://newsletter.example/skin-letter/feed",
    )
    return replace(made, **changes)


def entry(number: int = 1, **changes) -> FeedEntry:
    made = FeedEntry(
        entry_id=uuid.UUID(int=number, version=4).urn,
        url=f"https://newsletter.example/skin-letter/archive/1.html#tip-{number}",
        title=f"Tip {number}",
        html=f"<p>Text of tip {number}.</p>",
        summary=f"Text of tip {number}.",
        published_at=PUBLISHED_AT,
        updated_at=PUBLISHED_AT + timedelta(milliseconds=100 - number),
        author="Ada Berg",
        topics=("Sun",),
    )
    return replace(made, **changes)


def read(feed_format, data: bytes) -> ReadFeed:
    breaches = list(BREACHES[feed_format.media_type](data))
    assert breaches == []
    return READERS[feed_format.media_type](data)


def test_the_three_formats_are_found_by_themselves():
    assert [item.file_name for item in formats()] == ["feed.xml", "atom.xml", "feed.json"]


NEW_FORMAT = """
from pipeline.render.feeds.model import FeedFormat
FORMAT = FeedFormat(place=9, name="new", title="New", file_name="feed.new", issues_file_name="issues.new",
                    media_type="text/x-new", write=lambda channel, entries: b"new")
"""


def test_a_new_format_costs_one_file(tmp_path, monkeypatch):
    (tmp_path / "brand_new_format.py").write_text(NEW_FORMAT)
    monkeypatch.setattr(feeds, "__path__", [*feeds.__path__, str(tmp_path)])
    formats.cache_clear()
    try:
        assert [item.name for item in formats()] == ["rss", "atom", "json", "new"]
    finally:
        monkeypatch.undo()
        formats.cache_clear()
        sys.modules.pop("pipeline.render.feeds.brand_new_format", None)
    assert [item.name for item in formats()] == ["rss", "atom", "json"]


def test_no_two_formats_share_a_file_or_a_name():
    for attribute in ("name", "file_name", "issues_file_name", "media_type"):
        assert len({getattr(item, attribute) for item in formats()}) == len(formats())


@FORMATS
def test_everything_an_entry_says_is_in_the_feed(feed_format):
    wanted = entry(html='<p>Text with <a href="https://skin.example/">a link</a>.</p>', topics=("Sun", "Daily care"))
    found = read(feed_format, feed_format.write(channel(), [wanted])).entries[0]
    assert (found.entry_id, found.url, found.title) == (wanted.entry_id, wanted.url, wanted.title)
    assert (found.html, found.summary, found.author) == (wanted.html, wanted.summary, wanted.author)
    assert (found.published_at, found.topics) == (wanted.published_at, wanted.topics)
    assert found.updated_at in {wanted.updated_at, None}


@FORMATS
def test_everything_a_channel_says_is_in_the_feed(feed_format):
    wanted = channel(hub_url="https://hub.example/", logo_url="https://newsletter.example/logo.png")
    data = feed_format.write(wanted, [entry()])
    found = read(feed_format, data)
    assert (found.title, found.description, found.language) == (wanted.title, wanted.description, wanted.language)
    assert (found.home_url, found.feed_url) == (wanted.home_url, wanted.feed_url)
    assert found.hub_url == wanted.hub_url


@FORMATS
def test_a_hub_is_named_only_when_there_is_one(feed_format):
    assert b"hub" not in feed_format.write(channel(), [entry()])


@FORMATS
def test_entries_keep_the_order_that_they_are_given_in(feed_format):
    data = feed_format.write(channel(), [entry(number) for number in (3, 1, 2)])
    assert [item.title for item in read(feed_format, data).entries] == ["Tip 3", "Tip 1", "Tip 2"]


@FORMATS
def test_the_same_entries_give_the_same_bytes(feed_format):
    entries = [entry(number) for number in range(1, 6)]
    assert feed_format.write(channel(), entries) == feed_format.write(channel(), entries)


@FORMATS
def test_one_instant_told_in_two_zones_gives_the_same_bytes(feed_format):
    there = timezone(timedelta(hours=5, minutes=30))
    same = replace(
        entry(), published_at=PUBLISHED_AT.astimezone(there), updated_at=entry().updated_at.astimezone(there)
    )
    assert feed_format.write(channel(), [entry()]) == feed_format.write(channel(), [same])


@FORMATS
def test_a_feed_without_entries_is_valid_and_as_stable(feed_format):
    data = feed_format.write(channel(), [])
    assert read(feed_format, data).entries == []
    assert data == feed_format.write(channel(), [])


def test_a_feed_without_entries_has_no_date_of_today():
    assert NEVER.isoformat().encode() in next(item for item in formats() if item.name == "atom").write(channel(), [])


@FORMATS
def test_a_correction_says_when(feed_format):
    corrected_at = PUBLISHED_AT + timedelta(days=3)
    data = feed_format.write(channel(), [entry(updated_at=corrected_at, corrected=True)])
    found = read(feed_format, data).entries[0]
    assert (found.published_at, found.updated_at) == (PUBLISHED_AT, corrected_at)


@FORMATS
def test_an_entry_without_author_topic_or_summary_is_valid(feed_format):
    data = feed_format.write(channel(), [entry(author="", topics=(), summary="")])
    found = read(feed_format, data).entries[0]
    assert (found.author, found.topics) == ("The Skin Letter", ())


@FORMATS
def test_an_entry_whose_title_is_nothing_gets_one_from_its_words(feed_format):
    data = feed_format.write(channel(), [entry(title=" \x00 ")])
    assert read(feed_format, data).entries[0].title == "Text of tip 1."


@FORMATS
def test_a_channel_without_a_tagline_is_valid(feed_format):
    read(feed_format, feed_format.write(channel(description=""), [entry()]))


@XML_FORMATS
def test_feedparser_reads_it_without_complaint(feed_format):
    parsed = feedparser.parse(feed_format.write(channel(), [entry(number) for number in range(1, 4)]))
    assert not parsed.bozo
    assert [item.title for item in parsed.entries] == ["Tip 1", "Tip 2", "Tip 3"]
    assert parsed.entries[0].id == entry(1).entry_id
    assert parsed.entries[0].link == entry(1).url
    assert parsed.entries[0].author == "Ada Berg"
    assert parsed.entries[0].content[0].value == entry(1).html


@FORMATS
@settings(deadline=None)  # every rule of every validator is looked at
@given(title=TEXT, text=TEXT, topic=TEXT, author=TEXT, name=TEXT)
@example(title="</b>", text="x", topic="</b>", author="</b> &amp;", name="</b> &amp; ]]>")
@example(title=HOSTILE[-1], text=HOSTILE[-1], topic="x", author="x", name="x")
def test_no_text_breaks_the_format_or_gets_lost(feed_format, title, text, topic, author, name):
    body = nh3.clean(markdown.to_html(text))
    wanted = entry(
        title=title, html=body, summary=markdown.excerpt(text, 280), topics=(topic,), author=author, corrected=True
    )
    data = feed_format.write(channel(title=name or "x", author="The Skin Letter"), [wanted])
    found = (
        read(feed_format, data).entries[0] if plain.one_line(name) else READERS[feed_format.media_type](data).entries[0]
    )
    assert visible(found.title) == visible(plain.one_line(title) or wanted.title)
    if body:
        assert found.html == plain.clean(body)
    assert visible(found.author) == visible(plain.one_line(author) or "The Skin Letter")
    assert [visible(item) for item in found.topics] == [visible(item) for item in [plain.one_line(topic)] if item]
    if not feed_format.media_type.endswith("json"):
        assert not feedparser.parse(data).bozo


def visible(text: str) -> str:
    """What an eye sees: word joiners take no room."""
    return text.replace("\u2060", "")


@XML_FORMATS
def test_a_title_that_looks_like_markup_reaches_readers_as_text(feed_format):
    """feedparser decides as most readers do: by the declared type, else by closing tags."""
    title = "Never write <script>alert(1)</script> & <b>bold</b>"
    found = feedparser.parse(feed_format.write(channel(), [entry(title=title)])).entries[0]
    value = found.title if found.title_detail.type == "text/plain" else html.unescape(found.title)
    assert visible(value) == title
    assert found.title_detail.type == "text/plain" or not re.search("<[a-z/]", found.title)


@XML_FORMATS
def test_a_stylesheet_is_named_in_the_document_and_breaks_nothing(feed_format):
    data = feed_format.write(channel(style_href='style.css?a="b"&c'), [entry()])
    assert read(feed_format, data).entries[0].title == "Tip 1"
    assert b'<?xml-stylesheet type="text/css" href="style.css?a=&quot;b&quot;&amp;c"?>' in data


def test_rss_says_how_long_a_copy_may_be_kept():
    rss = next(item for item in formats() if item.name == "rss")
    assert f"<ttl>{TTL_MINUTES}</ttl>".encode() in rss.write(channel(), [entry()])


def test_an_entry_with_a_picture_names_it_in_json():
    json_format = next(item for item in formats() if item.name == "json")
    assert b'"image": "https://newsletter.example/p.jpg"' in json_format.write(
        channel(), [entry(picture_url="https://newsletter.example/p.jpg")]
    )
