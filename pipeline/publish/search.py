"""Looking for words in what was published: every word must occur, whatever its case and accents."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.config import Config
from pipeline.editorial.issue_content import newsletter_content
from pipeline.editorial.models import Newsletter
from pipeline.editorial.search_rules import folded
from pipeline.publish.feeds_library import FeedsLibrary
from pipeline.render import links, markdown

RESULTS_PER_PAGE = 20
MAX_PAGE = 50
MAX_WORDS = 8
MAX_QUERY_CHARS = 200

_EXCERPT_CHARS = 200


@dataclass(frozen=True, slots=True)
class Result:
    """A tip that was found: its words, and its place in the archive."""

    url: str
    title: str
    topic: str
    excerpt: str
    issue_number: int


def search(newsletter: Newsletter, query: str, *, page: int, config: Config) -> tuple[Sequence[Result], bool]:
    """The tips with all the words of `query`, newest first, RESULTS_PER_PAGE to a page from 1; and whether there are
    more. Withdrawn tips are not found. Nothing for a query without words.
    """
    words = folded(query[:MAX_QUERY_CHARS]).split()[:MAX_WORDS]
    if not words:
        return [], False
    first = (min(max(page, 1), MAX_PAGE) - 1) * RESULTS_PER_PAGE
    found = FeedsLibrary(newsletter).tips_with(words, first=first, count=RESULTS_PER_PAGE + 1)
    site_url = newsletter_content(newsletter, public_url=config.public_url).site_url
    results = [
        Result(
            links.tip_url(site_url, item.issue_number, item.tip.anchor),
            item.tip.title,
            item.tip.topic,
            markdown.excerpt(item.tip.text, _EXCERPT_CHARS),
            item.issue_number,
        )
        for item in found[:RESULTS_PER_PAGE]
    ]
    return results, len(found) > RESULTS_PER_PAGE and page < MAX_PAGE
