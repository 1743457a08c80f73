"""The sitemap (sitemaps.org 0.9): an index of maps, so that one more issue changes one map of a fixed size."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo

from lxml import etree

from pipeline.render import dates, links

ISSUES_PER_SITEMAP = 500  # the protocol allows 50,000 addresses to a map

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def page_map(site_url: str, listings: Sequence[str], newest_at: datetime | None, *, zone: tzinfo) -> bytes:
    """The landing page and the pages that list; the first two change with each issue."""
    newest = dates.machine_date(newest_at, zone=zone) if newest_at else ""
    pages = [(links.HOME, newest), *((path, newest if path == links.ARCHIVE else "") for path in listings)]
    return _written("urlset", "url", ((links.absolute(site_url, path), day) for path, day in pages))


def issue_map(site_url: str, changed_at: Mapping[int, datetime], *, zone: tzinfo) -> bytes:
    """The pages of issues by number, newest first, with the day of each one's last change."""
    newest_first = sorted(changed_at.items(), reverse=True)
    rows = ((links.issue_url(site_url, number), dates.machine_date(at, zone=zone)) for number, at in newest_first)
    return _written("urlset", "url", rows)


def sitemap_index(site_url: str, paths: Iterable[str]) -> bytes:
    """The map of the maps."""
    return _written("sitemapindex", "sitemap", ((links.absolute(site_url, path), "") for path in paths))


def _written(root_name: str, name: str, rows: Iterable[tuple[str, str]]) -> bytes:
    root = etree.Element(root_name, xmlns=_NAMESPACE)
    for address, day in rows:
        element = etree.SubElement(root, name)
        etree.SubElement(element, "loc").text = address
        if day:
            etree.SubElement(element, "lastmod").text = day
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
