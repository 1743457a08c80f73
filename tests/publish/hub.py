"""A WebSub hub on loopback that takes nothing but what hubs take, and answers as a test tells it."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


class Hub:
    """`heard` are the feeds of pings in the right form; `answers` are given in turn, the last one for ever."""

    def __init__(self):
        self.heard, self.wrong, self.answers, self.url = [], [], [(204, {})], ""

    def answer(self):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def running_hub():
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            size = int(self.headers.get("Content-Length", -1))
            body = self.rfile.read(max(size, 0)).decode("ascii")
            fields = parse_qs(body, strict_parsing=True)
            right = (
                self.headers.get("Content-Type") == "application/x-www-form-urlencoded"
                and set(fields) == {"hub.mode", "hub.url"}
                and fields["hub.mode"] == ["publish"]
                and len(fields["hub.url"]) == 1
            )
            if not right:
                hub.wrong.append((dict(self.headers), body))
                self._say(400, {})
                return
            status, headers = hub.answer()
            if status == 0:
                time.sleep(headers["seconds"])
                return
            if 200 <= status < 300:
                hub.heard.append(fields["hub.url"][0])
            self._say(status, headers)

        def _say(self, status, headers):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self):
            hub.wrong.append(("GET", self.path))
            self._say(405, {})

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_port}/hub"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
