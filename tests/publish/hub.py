"""A WebSub hub on loopback, as strict as the specification lets one be, and answering as a test tells it.

It takes a publisher's ping in the one form that hubs take (PubSubHubbub 0.4 §7.1) and nothing else. With `fetches` it
goes on as the W3C's WebSub says: subscribers are verified (§5.3), the feed is fetched and must name this hub and itself
(§4), and what it holds is handed on, signed with the subscriber's secret (§7, §8).
"""

import hashlib
import hmac
import re
import threading
import time
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode

SLOW_ANSWER = b"HTTP/1.0 204 No Content\r\nX-Wait: " + b"x" * 100


class Hub:
    """`heard` are the feeds of pings in the right form; `answers` are given in turn, the last one for ever: a status
    with headers, 0 for none in so many seconds, -1 for a byte at a time.
    """

    def __init__(self):
        self.heard, self.wrong, self.answers, self.url = [], [], [(204, {})], ""
        self.dribbled = 0  # bytes of SLOW_ANSWER that went out
        self.fetches, self.subscribers = False, {}

    def answer(self):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def subscribe(self, fields):
        """Verify that the callback wants it (§5.3): it must give the challenge back."""
        topic, callback, challenge = fields["hub.topic"][0], fields["hub.callback"][0], "a challenge nobody guesses"
        query = {"hub.mode": "subscribe", "hub.topic": topic, "hub.challenge": challenge, "hub.lease_seconds": "60"}
        with urllib.request.urlopen(f"{callback}?{urlencode(query)}", timeout=10) as answer:
            if answer.status == 200 and answer.read() == challenge.encode():
                self.subscribers.setdefault(topic, []).append((callback, fields["hub.secret"][0]))

    def distribute(self, topic):
        """Fetch the feed, see that it names this hub and itself, and hand it on."""
        with urllib.request.urlopen(topic, timeout=10) as answer:
            body, headers = answer.read(), answer.headers
        named = {rel: url for url, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', headers.get("Link", ""))}
        if named != {"hub": self.url, "self": topic}:
            self.wrong.append((topic, named))
            return
        for callback, secret in self.subscribers.get(topic, []):
            signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
            sent = {"Content-Type": headers["Content-Type"], "Link": headers["Link"],
                    "X-Hub-Signature": f"sha256={signature}"}  # fmt: skip
            urllib.request.urlopen(urllib.request.Request(callback, body, sent), timeout=10).close()


class _Handler(BaseHTTPRequestHandler):
    hub: Hub

    def do_POST(self):
        body = self.rfile.read(max(int(self.headers.get("Content-Length", -1)), 0)).decode("ascii")
        fields = parse_qs(body, strict_parsing=True)
        if self.hub.fetches and fields.get("hub.mode") == ["subscribe"]:
            self.hub.subscribe(fields)
            self._say(202, {})
        elif not self._is_ping(fields):
            self.hub.wrong.append((dict(self.headers), body))
            self._say(400, {})
        else:
            self._answer(fields["hub.url"][0])

    def _is_ping(self, fields):
        return (
            self.headers.get("Content-Type") == "application/x-www-form-urlencoded"
            and set(fields) == {"hub.mode", "hub.url"}
            and fields["hub.mode"] == ["publish"]
            and len(fields["hub.url"]) == 1
        )

    def _answer(self, topic):
        status, headers = self.hub.answer()
        if status == 0:
            time.sleep(headers["seconds"])
        elif status < 0:
            self._dribble()
        else:
            if 200 <= status < 300:
                self.hub.heard.append(topic)
            if self.hub.fetches:  # before the answer: whoever has it finds that all were told
                self.hub.distribute(topic)
            self._say(status, headers)

    def _dribble(self):
        for byte in SLOW_ANSWER:
            try:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
            except OSError:
                return
            self.hub.dribbled += 1
            time.sleep(0.1)

    def _say(self, status, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        self.hub.wrong.append(("GET", self.path))
        self._say(405, {})

    def log_message(self, *_):
        pass


@contextmanager
def running(handler):
    """The address of a server with this handler."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def running_hub():
    hub = Hub()
    with running(type("Handler", (_Handler,), {"hub": hub})) as address:
        hub.url = f"{address}/hub"
        yield hub
