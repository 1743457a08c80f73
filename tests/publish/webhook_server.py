"""A strict fake of an alert's webhook, on this machine: it takes what is signed, and can stall, fail and repeat."""

import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Webhook:
    """`answers` are given in turn, the last one for ever: a status, "stall" or "hang up". `taken` are bodies by id."""

    key: str
    answers: list[object] = field(default_factory=lambda: [204])
    url: str = ""
    calls: list[bytes] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    taken: dict[int, dict] = field(default_factory=dict)
    release: threading.Event = field(default_factory=threading.Event)

    def answer(self):
        return self.answers[min(len(self.calls) - 1, len(self.answers) - 1)]

    def look_at(self, headers, body):
        stamp, _, digest = headers.get("Tipsheet-Signature", "").partition(",v1=")
        wanted = hmac.new(self.key.encode(), stamp.removeprefix("t=").encode() + b"." + body, "sha256").hexdigest()
        if not hmac.compare_digest(wanted, digest):
            self.bad.append("signature")
        if headers.get("Content-Type") != "application/json" or headers.get("Host") not in self.url:
            self.bad.append("headers")
        told = json.loads(body)
        if self.taken.setdefault(told["id"], told) != told:
            self.bad.append("another body for the same id")


@contextmanager
def webhook(key: str, *answers: object) -> Iterator[Webhook]:
    made = Webhook(key, list(answers) or [204])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.calls.append(body)
            made.look_at(self.headers, body)
            answer = made.answer()
            if answer == "stall":
                self.wfile.write(b"HTTP/1.1 200")
                made.release.wait(30)
            elif answer != "hang up":
                self.send_response(answer)
                if 300 <= answer < 400:
                    self.send_header("Location", made.url + "elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}/hook/"
    try:
        yield made
    finally:
        made.release.set()
        server.shutdown()
        thread.join()
        server.server_close()
