"""The fake provider's server: one thread a connection, on loopback alone.

`/<provider>/…` is that provider's API. `/_fake/` is for who runs it: `POST faults` (faults.py), `DELETE faults`,
`POST lag` ({"on": true}: what is taken does not show in the provider's log yet), `POST forget` (idempotency keys
run out), `POST tell` ({"provider", "url", "secret", "now"} and how, telling.py: it tells of what it took), `GET mails`,
`POST anew` (as it was when it started), `POST quiet` (answers once nobody else is connected: what was sent to it has
been taken or refused).
"""

import importlib
import pkgutil
import socket
import struct
import threading
import time
from dataclasses import replace
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
import requests

from pipeline.delivery.fake import protocols
from pipeline.delivery.fake.calls import Call, FakeProtocol, Reply, Taken
from pipeline.delivery.fake.faults import Fault, FaultError, Faults
from pipeline.delivery.fake.telling import Telling, TellingError, calls, told_over_http
from pipeline.delivery.fake.truth import Truth

_BODY_BYTES_MAX = 64_000_000
_QUIET_SECONDS_MOST = 30
REFUSED_DOMAIN = "@refused.example"  # whoever lives there is refused, as the provider refuses a bad address
REVOKED_KEY = "revoked"


def available() -> list[str]:
    """The providers that it can play."""
    return sorted(module.name for module in pkgutil.iter_modules(protocols.__path__) if module.name[0] != "_")


@cache
def protocol(name: str) -> FakeProtocol:
    """Raises ModuleNotFoundError for a provider that it does not play."""
    made: FakeProtocol = importlib.import_module(f"{protocols.__name__}.{name}").Protocol()
    return made


class _GoneError(Exception):
    """The connection ends here, without an answer."""


class FakeServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1; `port` is the one that it was given."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, truth: Path, *, port: int = 0, with_bodies: bool = False) -> None:
        self.truth = Truth(truth, with_bodies=with_bodies)
        self.faults = Faults()
        self.keys: dict[tuple[str, str], tuple[bytes, Reply]] = {}
        self.is_lagging = False
        self.lock = threading.Lock()
        self._connections, self._counting = 0, threading.Condition()
        super().__init__(("127.0.0.1", port), _Handler)
        self.port = int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._counting:
            self._connections += 1
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._counting:
            self._connections -= 1
            self._counting.notify_all()

    def begin_anew(self) -> None:
        """As it was when it started, but for the file."""
        self.faults.clear()
        self.keys.clear()
        self.truth.forget()
        protocol.cache_clear()
        self.is_lagging = False

    def is_quiet(self) -> bool:
        """Waits until only who asks is connected; False where others stay."""
        with self._counting:
            return self._counting.wait_for(lambda: self._connections <= 1, _QUIET_SECONDS_MOST)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: FakeServer

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its signature
        """It keeps its own log."""

    def _serve(self) -> None:
        try:
            reply = self._answered()
        except _GoneError:
            self.close_connection = True
            return
        content = reply.data if isinstance(reply.data, bytes) else orjson.dumps(reply.data)
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def _answered(self) -> Reply:
        url = urlsplit(self.path)
        _, name, rest = ("/", *url.path.lstrip("/").split("/", 1), "")[:3]
        size = int(self.headers.get("Content-Length") or 0)
        if size > _BODY_BYTES_MAX:
            return Reply(413, {"message": "too large"})
        headers = {key.lower(): value for key, value in self.headers.items()}
        call = Call(self.command, f"/{rest}", dict(parse_qsl(url.query)), headers, self.rfile.read(size))
        if name == "_fake":
            return self._controlled(call)
        if name not in available():
            return Reply(404, {"message": f"there is no provider {name} here"})
        played = protocol(name)
        return self._sent(name, played, call) if played.sends(call) else self._beside(played, call)

    def _controlled(self, call: Call) -> Reply:
        match call.method, call.path:
            case "POST", "/faults":
                try:
                    self.server.faults.add(call.json())
                except (FaultError, TypeError, ValueError) as error:
                    return Reply(400, {"message": str(error)})
            case "DELETE", "/faults":
                return Reply(200, {"left": self.server.faults.clear()})
            case "POST", "/lag":
                self.server.is_lagging = bool(call.json()["on"])
            case "POST", "/forget":
                self.server.keys.clear()
            case "POST", "/tell":
                return self._told(call.json())
            case "POST", "/quiet":
                return Reply(200, {"is_quiet": self.server.is_quiet()})
            case "POST", "/anew":
                self.server.begin_anew()
            case "GET", "/mails":
                return Reply(200, {name: self.server.truth.mails(name) for name in available()})
            case _:
                return Reply(404, {"message": "not known here"})
        return Reply(200, {})

    def _told(self, asked: dict[str, Any]) -> Reply:
        try:
            name, url, secret = (asked.pop(word) for word in ("provider", "url", "secret"))
            now = datetime.fromisoformat(asked.pop("now"))
            mails = [mail for mail in self.server.truth.mails(name) if mail["delivery"]]
            made = calls(name, mails, Telling.asked(asked), now=now, secret=secret)
            return Reply(200, told_over_http(url, made))
        except (TellingError, KeyError, ValueError, requests.RequestException) as error:
            return Reply(400, {"message": str(error)})

    def _sent(self, name: str, played: FakeProtocol, call: Call) -> Reply:
        fault = self.server.faults.next("send")
        if fault is not None:
            refused = self._failed(fault, played)
            if refused is not None:
                return refused
        taken = played.read(call)
        if isinstance(taken, Reply):
            return taken
        with self.server.lock:  # one call under one key at a time
            reply = self._taken(name, played, call, taken, fault)
        if fault is not None and fault.after:
            late = self._failed(replace(fault, after=False), played)
            reply = late if late is not None else reply
        return Reply(200, b"<html>?") if fault is not None and fault.kind == "garbage" else reply

    def _taken(self, name: str, played: FakeProtocol, call: Call, taken: Taken, fault: Fault | None) -> Reply:
        known = self.server.keys.get((name, taken.key)) if taken.key else None
        if known is not None:
            is_same = known[0] == call.body
            return known[1] if played.replays and is_same else played.refusal(409, "the key was used for another call")
        for index, mail in enumerate(taken.mails, 1):
            if mail.to.endswith(REFUSED_DOMAIN) or (fault and fault.kind == "partial" and index % fault.every == 0):
                mail.refused = f"{mail.to} is not a mailbox that takes mail"
        bad = next((mail for mail in taken.mails if mail.refused), None)
        if bad is not None and not played.refuses_alone:
            return played.refusal(400, bad.refused)
        self.server.truth.take(name, taken)
        reply = played.answer(taken)
        if taken.key:
            self.server.keys[(name, taken.key)] = (call.body, reply)
        return reply

    def _failed(self, fault: Fault, played: FakeProtocol) -> Reply | None:
        """The fault itself, where it comes before the call is taken; None where it does not."""
        if fault.kind == "slow":
            time.sleep(fault.seconds)
        if fault.after or fault.kind in {"slow", "partial", "garbage"}:
            return None
        if fault.kind == "too_many":
            refused = played.refusal(429, "slow down")
            return Reply(429, refused.data, {"Retry-After": str(round(fault.seconds))})
        if fault.kind == "error":
            return played.refusal(fault.status, "on demand")
        if fault.kind == "stall":
            time.sleep(fault.seconds)
        if fault.kind == "reset":  # lingering for no time makes the kernel send RST
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        raise _GoneError

    def _beside(self, played: FakeProtocol, call: Call) -> Reply:
        """A call that mails nobody: it makes something ready, or asks."""
        makes = getattr(played, "makes", None)
        fault = self.server.faults.next("make" if makes and makes(call) else "look_up")
        if fault is None:
            return self._looked_up(played, call)
        refused = self._failed(fault, played)
        if refused is not None:
            return refused
        reply = self._looked_up(played, call)
        late = self._failed(replace(fault, after=False), played) if fault.after else None
        return late or (Reply(200, b"<html>?") if fault.kind == "garbage" else reply)

    def _looked_up(self, played: FakeProtocol, call: Call) -> Reply:
        return played.look_up(call, _Nothing() if self.server.is_lagging else self.server.truth)


class _Nothing:
    """A log that lags behind."""

    def mails(self, provider: str) -> list[dict[str, Any]]:  # noqa: ARG002 - the seam's signature
        return []
