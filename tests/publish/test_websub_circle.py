"""The whole of WebSub over loopback: a subscriber asks the hub, the project tells it, the subscriber has the entry."""

import hashlib
import hmac
import urllib.request
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlencode, urlsplit

import feedparser
import pytest

from pipeline.publish import websub
from pipeline.publish.site import write_site
from tests.publish.conftest import SUNDAY
from tests.publish.hub import running, running_hub
from tests.publish.reading import served
from tests.publish.story import Story

SECRET = "between the hub and me"


class Subscriber(BaseHTTPRequestHandler):
    got: list

    def do_GET(self):
        challenge = parse_qs(urlsplit(self.path).query)["hub.challenge"][0].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(challenge)))
        self.end_headers()
        self.wfile.write(challenge)

    def do_POST(self):
        self.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def got():
    return []


@pytest.fixture
def hub():
    with running_hub() as hub:
        hub.fetches = True
        yield hub


@pytest.fixture
def site(config, settings, hub):
    with served() as address:
        settings.ALLOWED_HOSTS = ["127.0.0.1"]
        settings.CONFIG = config.model_copy(update={"public_url": address, "websub_hub": hub.url})
        yield settings.CONFIG


@pytest.mark.parametrize("feed", ["feed.xml", "atom.xml", "feed.json", "issues.xml", "topics/sun/atom.xml"])
def test_a_subscriber_of_a_feed_has_the_new_issue_as_soon_as_the_hub_was_told(newsletter, site, hub, clock, got, feed):
    story = Story(newsletter, public_url=site.public_url)
    story.issue("Sun")
    write_site(newsletter, config=site, now=SUNDAY)
    websub.send_due(config=site, clock=clock)
    topic = f"{site.public_url}/skin-letter/{feed}"
    with running(type("Handler", (Subscriber,), {"got": got})) as callback:
        asked = {"hub.mode": "subscribe", "hub.topic": topic, "hub.callback": callback, "hub.secret": SECRET}
        urllib.request.urlopen(hub.url, urlencode(asked).encode(), timeout=10).close()
        story.issue("Sun")
        write_site(newsletter, config=site, now=SUNDAY)
        websub.send_due(config=site, clock=clock)
    assert hub.wrong == []
    headers, body = got[-1]
    assert headers["X-Hub-Signature"] == f"sha256={hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}"
    assert body == (site.output / "skin-letter" / feed).read_bytes()
    if feed.endswith("xml"):
        assert len(feedparser.parse(body).entries) == 2


def test_a_feed_names_hub_and_itself_in_its_headers_and_a_page_of_history_does_not(newsletter, site, client):
    Story(newsletter).issue("Sun")
    write_site(newsletter, config=site, now=SUNDAY)
    folder = site.output / "skin-letter"
    (folder / "history").mkdir()
    (folder / "history" / "feed-1.xml").write_bytes((folder / "feed.xml").read_bytes())
    answer = client.get("/skin-letter/feed.xml", headers={"host": "127.0.0.1"})
    own = f"{site.public_url}/skin-letter/feed.xml"
    assert answer.headers["Link"] == f'<{site.websub_hub}>; rel="hub", <{own}>; rel="self"'
    for path in ("history/feed-1.xml", "archive/1.html"):
        assert "Link" not in client.get(f"/skin-letter/{path}", headers={"host": "127.0.0.1"}).headers
