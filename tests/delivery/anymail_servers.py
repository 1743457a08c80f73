"""The other side of the providers that go through django-anymail: each answers a call as its API says that it does."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TO = "reader1@example.org"
# What each answers when it took the mail: status, headers, JSON (None: an empty body).
TAKEN: dict[str, tuple[int, dict[str, str], Any]] = {
    "mailersend": (202, {"X-Message-Id": "id-1", "Content-Type": "text/html"}, None),
    "mailjet": (200, {}, {"Messages": [{"Status": "success", "To": [{"Email": TO, "MessageID": 1}]}]}),
    "mailtrap": (200, {}, {"success": True, "message_ids": ["id-1"]}),
    "mandrill": (200, {}, [{"email": TO, "status": "queued", "_id": "id-1"}]),
    "postal": (200, {}, {"status": "success", "data": {"messages": {TO: {"id": "id-1"}}}}),
    "scaleway": (200, {}, {"emails": [{"mail_rcpt": TO, "id": "id-1", "status": "sent"}]}),
    "sparkpost": (
        200, {}, {"results": {"total_accepted_recipients": 1, "total_rejected_recipients": 0, "id": "id-1"}},
    ),
    "unisender_go": (200, {}, {"status": "success", "job_id": "id-1", "emails": [TO]}),
}  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    server: "Server"

    def do_POST(self) -> None:
        self.server.calls.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        answer = self.server.answers.pop(0) if self.server.answers else TAKEN[self.server.name]
        if answer is None:
            self.close_connection = True
            return
        status, headers, data = answer
        content = b"" if data is None else json.dumps(data).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its signature
        """Nothing to say."""


class Server(ThreadingHTTPServer):
    """`answers` come first, one for each call; None ends the connection without one."""

    daemon_threads = True

    def __init__(self, name: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.name, self.calls, self.answers = name, [], []
        self.url = f"http://127.0.0.1:{self.server_address[1]}/"


@contextmanager
def anymail_server(name: str) -> Iterator[Server]:
    with Server(name) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()
