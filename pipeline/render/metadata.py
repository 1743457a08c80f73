"""What a page tells search engines and other programs of itself: schema.org, as one block of JSON-LD.

It says what the page shows and nothing more; a withdrawn tip is not in it. The block is data: no browser runs it.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from pipeline.editorial.content import IssueContent, NewsletterContent
from pipeline.render import links, plain, wording
from pipeline.render.published import PublishedTip

_Thing = dict[str, Any]
# Characters that could end the block, or that JavaScript takes for a line end, by their JSON escapes.
_UNSAFE = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def embedded(*things: Mapping[str, Any]) -> str:
    """The things as the text of a `script type="application/ld+json"`."""
    graph = {"@context": "https://schema.org", "@graph": [_told(thing) for thing in things]}
    return json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)


def website(newsletter: NewsletterContent, *, search_url: str) -> _Thing:
    """The landing page: whose site it is, and where it can be searched."""
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{search_url}?q={{q}}"},
        "query-input": "required name=q",
    }
    url = links.absolute(newsletter.site_url, links.HOME)
    return {
        "@type": "WebSite",
        "@id": url,
        "url": url,
        "name": newsletter.name,
        "description": newsletter.tagline,
        "inLanguage": wording.language_tag(newsletter.language),
        "publisher": {
            "@type": "Organization",
            "name": newsletter.sender_name or newsletter.name,
            "logo": links.web_url(newsletter.logo_url),
        },
        "potentialAction": search if search_url else {},
    }


def collection(newsletter: NewsletterContent, *, url: str, name: str, description: str) -> _Thing:
    """A page that lists."""
    return {
        "@type": "CollectionPage",
        "url": url,
        "name": name,
        "description": description,
        "inLanguage": wording.language_tag(newsletter.language),
        "isPartOf": {
            "@type": "WebSite",
            "@id": links.absolute(newsletter.site_url, links.HOME),
            "name": newsletter.name,
        },
    }


def issue(newsletter: NewsletterContent, content: IssueContent, tips: Sequence[PublishedTip], *, url: str) -> _Thing:
    """An issue with the tips that stand in it."""
    return {
        "@type": "PublicationIssue",
        "url": url,
        "name": plain.one_line(content.subject),
        "issueNumber": content.number,
        "datePublished": content.issued_at.astimezone(UTC).isoformat(),
        "inLanguage": wording.language_tag(newsletter.language),
        "isPartOf": {
            "@type": "Periodical",
            "name": newsletter.name,
            "url": links.absolute(newsletter.site_url, links.HOME),
        },
        "hasPart": [_article(newsletter, tip) for tip in tips if tip.withdrawal is None],
    }


def breadcrumbs(places: Sequence[tuple[str, str]]) -> _Thing:
    """(name, URL) of each page on the way from the landing page to this one."""
    steps = [
        {"@type": "ListItem", "position": position, "name": plain.one_line(name), "item": url}
        for position, (name, url) in enumerate(places, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def _article(newsletter: NewsletterContent, published: PublishedTip) -> _Thing:
    tip = published.tip
    changed_at = published.updated_at if published.is_changed else published.published_at
    return {
        "@type": "Article",
        "url": links.tip_url(newsletter.site_url, published.issue_number, tip.anchor),
        "headline": plain.one_line(tip.title),
        "articleSection": plain.one_line(tip.topic),
        "datePublished": published.published_at.astimezone(UTC).isoformat(),
        "dateModified": changed_at.astimezone(UTC).isoformat(),
        "author": {"@type": "Person", "name": plain.one_line(tip.author)} if tip.author else {},
        "image": links.web_url(tip.picture_url),
    }


def _told(thing: Mapping[str, Any]) -> _Thing:
    """The thing without what it has nothing to say on, at any depth."""
    told = {key: _told(value) if isinstance(value, Mapping) else value for key, value in thing.items()}
    told = {key: [_told(item) for item in value] if isinstance(value, list) else value for key, value in told.items()}
    return {key: value for key, value in told.items() if value not in ("", {}, [])}
