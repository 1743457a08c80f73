"""What `follow` promises: who looks next sees the page that the click leads to, whole, however slowly it comes."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.accessibility import axe_findings
from tests.browser import chromium, follow

FORM = b"<html lang=en><title>Form</title><main><h1>Form</h1><form method=post><button>Send</button></form>"
NEXT = [b"<html lang=en><title>Next</title><main><h1>Next</h1><p>Begun", b"<p>and <img src='data:,'></main>"]


class HaltingAnswer(BaseHTTPRequestHandler):
    """A form, and the page behind it, which stops half way; its fault for axe stands in the second half."""

    def do_GET(self) -> None:
        self.send(FORM)

    def do_POST(self) -> None:
        self.send(*NEXT)

    def send(self, *parts: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        for part in parts:
            self.wfile.write(part)
            self.wfile.flush()
            time.sleep(0.5 if len(parts) > 1 else 0)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), HaltingAnswer)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.browser
def test_a_page_that_halts_half_way_is_judged_whole(address):
    with chromium() as browser:
        page = browser.new_page()
        page.goto(address)
        assert axe_findings(page) == []
        follow(page.get_by_role("button"))
        assert [line.split(":")[0] for line in axe_findings(page)] == ["image-alt"]
