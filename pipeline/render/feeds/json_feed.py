"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from collections.abc import Sequence
from typing import Any

from pipeline.render.feeds.model import FeedChannel, FeedEntry, FeedFormat


def write(channel: FeedChannel, entries: Sequence[FeedEntry]) -> bytes:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.home_url,
        "feed_url": channel.feed_url,
        "next_url": channel.history.previous_url,
        "description": channel.description,
        "language": channel.language,
        "authors": [{"name": channel.author}],
        "hubs": [{"type": "WebSub", "url": channel.hub_url}] if channel.hub_url else [],
    }
    items = [_without_empty(_item(entry)) for entry in entries]
    text = json.dumps({**_without_empty(feed), "items": items}, ensure_ascii=False, indent=1)
    return f"{text}\n".encode()


def _item(entry: FeedEntry) -> dict[str, Any]:
    return {
        "id": entry.entry_id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "summary": entry.summary,
        "image": entry.picture_url,
        "date_published": entry.published_at.isoformat(),
        "date_modified": entry.updated_at.isoformat(),
        "authors": [{"name": entry.author}] if entry.author else [],
        "tags": list(entry.topics),
    }


def _without_empty(item: dict[str, Any]) -> dict[str, Any]:
    """An empty optional key says nothing; `content_html` is required, and stays."""
    return {key: value for key, value in item.items() if value or key == "content_html"}


FORMAT = FeedFormat(
    place=3,
    name="json",
    title="JSON Feed",
    file_name="feed.json",
    issues_file_name="issues.json",
    media_type="application/feed+json",
    write=write,
)
