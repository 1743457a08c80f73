"""Where each page and feed lies under a newsletter's folder, and the URLs that follow from it: the one place.

Paths are POSIX, relative to `output/<newsletter>/`. Pages link to each other relatively, so that the folder works on
any static host, under any prefix and from a disk; what leaves the site (feeds, canonical links, mail) is absolute.
"""

import posixpath
import re
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

import idna

from pipeline.render import plain

HOME = "index.html"
STYLE = "style.css"
ICON = "icon.svg"
SITEMAP = "sitemap.xml"
ARCHIVE = "archive/index.html"
_OURS = re.compile(
    r"archive/(\d+|part-\d+|index)\.html|topics/index(-\d+)?\.html|topics/[^/]+/(index\.html|(history/)?[^/]+\.(xml|json))"
    r"|history/[^/]+\.(xml|json)|sitemaps/[^/]+\.xml"
)


def issue_path(number: int) -> str:
    return f"archive/{number}.html"


def part_path(part: int) -> str:
    """A part of the list of all issues, numbered from the oldest."""
    return f"archive/part-{part}.html"


def topics_path(number: int) -> str:
    """A page of the list of all topics, from 1."""
    return "topics/index.html" if number == 1 else f"topics/index-{number}.html"


def sitemap_path(part: str) -> str:
    """One part of the sitemap: `pages`, or `issues-3`."""
    return f"sitemaps/{part}.xml"


def history_path(feed: str, page: int) -> str:
    """A page of the feed's history, numbered from the oldest: `feed.xml` → `history/feed-1.xml`."""
    folder, name = posixpath.split(feed)
    stem, suffix = posixpath.splitext(name)
    return posixpath.join(folder, "history", f"{stem}-{page}{suffix}")


def topic_path(slug: str, file_name: str = "index.html") -> str:
    return f"topics/{slug}/{file_name}"


def is_ours(path: str) -> bool:
    """Whether a file at `path` is one that the site makes, now or for a topic or a page that was there once.

    Whatever else lies in the folder (pictures, a robots.txt) is somebody else's.
    """
    return bool(_OURS.fullmatch(path))


def absolute(site_url: str, path: str) -> str:
    """`site_url` ends with a slash; the home page is the folder itself."""
    return web_url(site_url) if path == HOME else web_url(site_url) + quote(path)


def issue_url(site_url: str, number: int) -> str:
    return absolute(site_url, issue_path(number))


def tip_url(site_url: str, number: int, anchor: str) -> str:
    return f"{issue_url(site_url, number)}#{quote(anchor)}"


def relative(path: str, *, page: str) -> str:
    """How the page at `page` links to `path`."""
    return _from_folder(path, posixpath.dirname(page) or ".")


@lru_cache(maxsize=1024)  # every page of a folder links to the same few
def _from_folder(path: str, folder: str) -> str:
    return quote(posixpath.relpath(path, folder))


def web_url(url: str) -> str:
    """The address as any reader takes it: absolute, http or https, in ASCII (RFC 3986; host names by IDNA 2008).

    '' for anything else, such as a relative address or one that would run something.
    """
    try:
        parts = urlsplit(plain.one_line(url))
        host = parts.hostname or ""
        if parts.scheme not in {"http", "https"} or not host:
            return ""
        who, at, where = parts.netloc.rpartition("@")
        where = where.lower()  # hosts know no case, and validators want one spelling
        if not host.isascii():
            where = where.replace(host, idna.encode(host, uts46=True).decode())
    except (ValueError, idna.IDNAError):
        return ""
    rest = (quote(part, safe="%/:@!$&'()*+,;=~?[]") for part in (parts.path, parts.query, parts.fragment))
    place = f"{who}{at}{where}"
    return urlunsplit((parts.scheme, place, *rest)) if place.isascii() else ""
