"""The feeds and pages as the real server sends them: raw HTTP over a socket, as a reader's program speaks it."""

import gzip
import socket
import time
from email.utils import parsedate_to_datetime
from http.client import HTTPResponse

import pytest

from tests.runner import done, found
from tests.served import serving

HEAD = "Host: 127.0.0.1\r\nConnection: close\r\n"
TYPES = {
    "feed.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json",
    "issues.xml": "application/rss+xml; charset=utf-8",
    "issues-atom.xml": "application/atom+xml; charset=utf-8",
    "issues.json": "application/feed+json",
    "archive/1.html": "text/html; charset=utf-8",
    "": "text/html; charset=utf-8",
    "style.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "sitemap.xml": "application/xml",
}
TIP = """---
title: Keep the towel apart
topic: Routine
author: Dr Ida Berg
---
Use a towel of its own for the face, and wash it twice a week.
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """(address of a running server, the folder that it serves)."""
    home = found(tmp_path_factory.mktemp("served"))
    (home / "tips").mkdir(exist_ok=True)
    (home / "tips" / "towel.md").write_text(TIP)
    done(home, "ingest")
    done(home, "tips", "approve", "1", "--as", "Anna")
    with serving(home) as address:
        done(home, "publish", "--now", PIPELINE_PUBLIC_URL=address)
        yield address, home / "output" / "skin-letter"


def ask(site, path, *headers, method="GET"):
    """The answer to one request, written by hand: (status, headers, body)."""
    port = int(site[0].rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        lines = "".join(f"{header}\r\n" for header in headers)
        connection.sendall(f"{method} {path} HTTP/1.1\r\n{HEAD}{lines}\r\n".encode())
        answer = HTTPResponse(connection, method=method)
        answer.begin()
        return answer.status, answer.headers, answer.read()


@pytest.mark.parametrize("name", TYPES)
def test_each_file_comes_whole_with_its_type_and_validators(site, name):
    status, headers, body = ask(site, f"/skin-letter/{name}")
    assert (status, headers["Content-Type"]) == (200, TYPES[name])
    assert body == (site[1] / (name or "index.html")).read_bytes()
    assert int(headers["Content-Length"]) == len(body)
    assert headers["ETag"].startswith('"')
    assert headers["ETag"].endswith('"')
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["feed.xml", "atom.xml", "feed.json", "archive/1.html"])
def test_304_on_either_validator_in_either_representation(site, name):
    for accept in ((), ("Accept-Encoding: gzip",)):
        _, headers, _ = ask(site, f"/skin-letter/{name}", *accept)
        status, again, body = ask(site, f"/skin-letter/{name}", *accept, f"If-None-Match: {headers['ETag']}")
        assert (status, body, again["ETag"]) == (304, b"", headers["ETag"])
        assert again["Cache-Control"] == headers["Cache-Control"]
    written_at = parsedate_to_datetime(wait_for_date(site, name))
    status, _, body = ask(site, f"/skin-letter/{name}", f"If-Modified-Since: {written_at:%a, %d %b %Y %H:%M:%S GMT}")
    assert (status, body) == (304, b"")
    assert ask(site, f"/skin-letter/{name}", "If-Modified-Since: Fri, 01 Jan 2010 00:00:00 GMT")[0] == 200
    assert ask(site, f"/skin-letter/{name}", 'If-None-Match: "other"')[0] == 200


def wait_for_date(site, name):
    """The file's date, which is told once the second that it was written in is over."""
    for _ in range(400):
        if stamp := ask(site, f"/skin-letter/{name}")[1]["Last-Modified"]:
            return stamp
        time.sleep(0.02)
    raise AssertionError("Last-Modified never came")


def test_gzip_has_the_same_content_and_a_validator_of_its_own(site):
    _, plain, body = ask(site, "/skin-letter/feed.xml")
    _, squeezed, packed = ask(site, "/skin-letter/feed.xml", "Accept-Encoding: gzip, br")
    assert squeezed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == body
    assert len(packed) < len(body)
    assert squeezed["ETag"] != plain["ETag"]
    assert "accept-encoding" in plain["Vary"].lower()
    assert "accept-encoding" in squeezed["Vary"].lower()
    assert "Content-Encoding" not in ask(site, "/skin-letter/feed.xml", "Accept-Encoding: gzip;q=0, *;q=0")[1]


@pytest.mark.parametrize("accept", ["Accept-Encoding: identity", "Accept-Encoding: gzip"])
def test_head_says_what_get_says_and_sends_nothing(site, accept):
    _, got, body = ask(site, "/skin-letter/feed.xml", accept)
    status, headers, nothing = ask(site, "/skin-letter/feed.xml", accept, method="HEAD")
    assert (status, nothing) == (200, b"")
    for name in ("Content-Type", "ETag", "Cache-Control", "Vary", "Content-Encoding"):
        assert headers[name] == got[name], name
    assert int(headers["Content-Length"]) == len(body)


@pytest.mark.parametrize("wanted", ["bytes=0-9", "bytes=5-", "bytes=-5", "bytes=999999999-", "bytes=9-0", "lines=1"])
def test_who_asks_for_a_part_gets_the_whole_and_no_part_is_promised(site, wanted):
    """A server may leave Range alone (RFC 9110 §14.2); what it may not do is answer 200 with a part."""
    status, headers, body = ask(site, "/skin-letter/feed.xml", f"Range: {wanted}")
    assert (status, body) == (200, (site[1] / "feed.xml").read_bytes())
    assert headers["Accept-Ranges"] in (None, "none")
    assert headers["Content-Range"] is None


@pytest.mark.parametrize(
    "path",
    ["/skin-letter/../../var/pipeline.sqlite3", "/skin-letter/..%2f..%2fvar%2fsecret_key", "/skin-letter/%2e%2e/",
     "/skin-letter/.tipsheet-site.json", "/skin-letter//etc/passwd", "/skin-letter/%00", "/skin-letter/..\\..\\var",
     "/../var/secret_key", "/skin-letter/archive/%2e%2e%2f%2e%2e%2f%2e%2e%2fvar/secret_key"],
)  # fmt: skip
def test_no_path_leads_out_of_the_folder(site, path):
    status, _, body = ask(site, path)
    assert status in (400, 404)
    assert b"SQLite" not in body


def test_robots_names_the_site_map_and_the_map_its_parts(site):
    robots = ask(site, "/robots.txt")[2].decode()
    assert f"Sitemap: {site[0]}/skin-letter/sitemap.xml" in robots
    assert ask(site, "/favicon.ico")[0] == 200


def test_static_hosting_serves_the_same_bytes(site):
    """The folder as any web server would give it: every file is there under its own name."""
    for path in site[1].rglob("*"):
        if path.is_file() and not path.name.startswith("."):
            name = path.relative_to(site[1]).as_posix()
            assert ask(site, f"/skin-letter/{name}")[2] == path.read_bytes()
