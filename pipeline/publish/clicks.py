"""Counted links of an issue: the addresses that stand in its mail, where each leads, and how often it was followed."""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.audience import tokens
from pipeline.audience.keys import keyring
from pipeline.config import Config
from pipeline.delivery.models import CountedLink
from pipeline.editorial.content import IssueContent
from pipeline.editorial.models import Issue
from pipeline.render import model


@dataclass(frozen=True, slots=True)
class LinkClicks:
    """`place` is the title of the tip that the link stands in, '' for the issue's own."""

    place: str
    url: str
    clicks: int


def counted_address(issue: Issue, content: IssueContent, *, config: Config) -> Callable[[int], str] | None:
    """The address of the issue's link with a number, signed; None for a newsletter that counts nothing."""
    if not content.newsletter.counts_clicks:
        return None
    keys = keyring()
    return lambda link: f"{config.public_url}/click/{tokens.make_click(issue_id=issue.pk, link=link, keys=keys)}/"


def kept_links(issue: Issue) -> tuple[model.CountedLink, ...]:
    """The counted links that the issue was frozen with."""
    rows = CountedLink.objects.filter(issue=issue)
    return tuple(model.CountedLink(row.number, row.anchor, row.url, row.counted_url) for row in rows)


def clicks_of(issue: Issue) -> tuple[LinkClicks, ...]:
    """How often each link was followed, in the order of the mail; empty where nothing is counted."""
    rows = list(CountedLink.objects.filter(issue=issue))
    if not rows:
        return ()
    titles = {tip.anchor: tip.title for tip in IssueContent.from_json(issue.content).tips}
    return tuple(LinkClicks(titles.get(row.anchor, ""), row.url, row.clicks) for row in rows)
