"""Whether an issue's links lead anywhere, asked of the web itself; only when a person wants it, for it takes time.

Through the one careful door to the network (`documents/fetch.py`). Pages of the newsletter itself are passed over: they
come with the issue.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import lxml.html

from pipeline.documents.errors import DocumentError
from pipeline.documents.fetch import FetchLimits, fetch
from pipeline.editorial.content import IssueContent
from pipeline.render.clicks import uncounted
from pipeline.render.model import RenderedEmail

LIMITS = FetchLimits(size_bytes=16 * 1024 * 1024, total_seconds=15.0)


@dataclass(frozen=True, slots=True)
class LinkState:
    """`problem` is '' for a link that answered."""

    url: str
    words: str
    problem: str


def links_of(content: IssueContent, rendered: RenderedEmail) -> dict[str, str]:
    """The addresses on other sites that the mail links to, each with its words."""
    links = lxml.html.document_fromstring(uncounted(rendered).html).iter("a")
    targets = ((str(link.get("href", "")), " ".join(str(link.xpath("string()")).split())) for link in links)
    site = content.newsletter.site_url
    return {
        url: words for url, words in targets if url.startswith(("http://", "https://")) and not url.startswith(site)
    }


def check_links(
    content: IssueContent, rendered: RenderedEmail, *, ask: Callable[[str], object] | None = None
) -> Iterator[LinkState]:
    """Each link as it answers; `ask` raises DocumentError for one that does not."""
    ask = ask or (lambda url: fetch(url, limits=LIMITS))
    for url, words in links_of(content, rendered).items():
        try:
            ask(url)
        except DocumentError as error:
            yield LinkState(url, words, str(error))
        else:
            yield LinkState(url, words, "")
