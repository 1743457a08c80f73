"""A subscriber's own feed: the tips of the topics that they chose, for a reader in place of the mailbox.

It is made when it is asked for, from the same entries as the public feeds and with the same ids. Whether anything
changed is known before anything is made.
"""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.config import Config
from pipeline.editorial.models import Newsletter
from pipeline.publish.feeds_state import SiteState, latest_change
from pipeline.publish.site import site_maker
from pipeline.render.feeds import entries
from pipeline.render.feeds.entries import TIPS_PER_FEED
from pipeline.render.feeds.model import FeedFormat
from pipeline.render.published import PublishedTip
from pipeline.render.site import Outline, SiteMaker

_IDS = uuid.UUID("0a2f6c0e-5c0f-4f0a-9a2f-9f1c6a7d1f7b")  # never changes: every private feed's id rests on it


@dataclass(frozen=True, slots=True)
class PrivateFeed:
    """One reader's feed. `topics` are slugs; without any it holds every topic."""

    newsletter: Newsletter
    maker: SiteMaker
    subscriber_id: int
    feed_url: str
    topics: tuple[str, ...]

    def etag(self) -> str:
        """A strong validator (RFC 9110 §8.8.3): another one as soon as a byte may differ."""
        state = SiteState.of(self.newsletter, self.maker, Outline({}, 0, {}), change=latest_change(self.newsletter))
        said = f"{state.to_json()!r} {self.feed_url} {self.topics}"
        return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'

    def written(self, feed_format: FeedFormat) -> bytes:
        """The feed's bytes."""
        channel = entries.channel(self.maker.newsletter, path=feed_format.file_name, title=self.maker.newsletter.name)
        identity = uuid.uuid5(_IDS, f"{self.newsletter.list_id} {self.subscriber_id}").urn
        own = replace(channel, feed_id=identity, feed_url=self.feed_url, style_href="")
        return feed_format.write(own, entries.tip_entries(self.maker.newsletter, self._tips(), zone=self.maker.zone))

    def _tips(self) -> Sequence[PublishedTip]:
        library, wanted = self.maker.library, self.topics or (None,)
        found = [tip for slug in wanted for tip in library.feed_tips(slug, count=TIPS_PER_FEED, after=2**31 - 1)]
        return sorted(found, key=lambda tip: tip.updated_at, reverse=True)[:TIPS_PER_FEED]


def private_feed(
    newsletter: Newsletter, *, subscriber_id: int, feed_url: str, topics: Sequence[str], config: Config
) -> PrivateFeed:
    """The subscriber's feed. A topic that there is no more is obeyed as well: nothing else comes in its place."""
    chosen = tuple(sorted(set(topics)))
    return PrivateFeed(newsletter, site_maker(newsletter, config=config), subscriber_id, feed_url, chosen)
