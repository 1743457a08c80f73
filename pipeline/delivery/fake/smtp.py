"""The SMTP side of the fake provider: a server with PIPELINING that takes mail and fails on demand.

A fault strikes at the end of a mail, which is when a server takes it: `too_many` and `error` before it are a 451,
`partial` a 550; after it the mail is taken, and the answer does not come (`stall`, `reset`, `error`) or cannot be read.
"""

import email
import email.policy
import re
import socket
import socketserver
import struct
import time
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

from pipeline.delivery.fake.calls import Mail, Taken
from pipeline.delivery.fake.faults import Fault, Faults
from pipeline.delivery.fake.truth import Truth

NAME = "smtp"
_DELIVERY = re.compile(rb"(?mi)^Message-ID:\s*<(\d+)\.")
_PATH = re.compile(r"(?i)(?:FROM|TO):\s*<([^>]*)>")
_MAIL_BYTES_MAX = 50_000_000
_OFFERS = (b"fake.example", b"PIPELINING", b"8BITMIME", b"SMTPUTF8", b"ENHANCEDSTATUSCODES", b"SIZE 50000000")


class SmtpFake(socketserver.ThreadingTCPServer):
    """Listens on 127.0.0.1; shares the truth and the faults with the HTTP side."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, truth: Truth, faults: Faults) -> None:
        self.truth, self.faults = truth, faults
        super().__init__(("127.0.0.1", 0), _Session)
        self.port = int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is no news."""


class _GoneError(Exception):
    """The connection ends here."""


class _Session(socketserver.StreamRequestHandler):
    server: SmtpFake
    wbufsize = -1
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self._forget()
        self._say(b"220 fake.example ESMTP")
        try:
            for line in self._lines():
                self._command(line)
        except (_GoneError, OSError):
            return

    def _lines(self) -> Iterator[bytes]:
        while line := self.rfile.readline(4096):
            yield line.rstrip(b"\r\n")
            if not self._has_more():
                self.wfile.flush()

    def _has_more(self) -> bool:
        """Whether the client has pipelined further commands: answers go out together then."""
        self.connection.setblocking(False)
        try:
            return bool(self.rfile.peek(1))  # type: ignore[attr-defined]
        except (BlockingIOError, OSError):
            return False
        finally:
            self.connection.setblocking(True)

    def _say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")
        self.wfile.flush()

    def _forget(self) -> None:
        self._sender, self._recipient = "", ""

    def _command(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace")
        word, path = text[:4].upper(), _PATH.search(text)
        if word in ("EHLO", "HELO"):
            offers = [b"250-" + offer for offer in _OFFERS[:-1]] + [b"250 " + _OFFERS[-1]]
            self._say(b"\r\n".join(offers) if word == "EHLO" else b"250 fake.example")
        elif word == "MAIL" and path:
            self._sender = path[1]
            self._say(b"250 2.1.0 ok")
        elif word == "RCPT" and path:
            self._recipient = path[1]
            self._say(b"250 2.1.5 ok")
        elif word == "DATA":
            self._data()
        elif word in ("RSET", "NOOP"):
            self._forget()
            self._say(b"250 2.0.0 ok")
        elif word == "QUIT":
            self._say(b"221 2.0.0 bye")
            raise _GoneError
        else:
            self._say(b"502 5.5.1 not known here")

    def _data(self) -> None:
        if not self._recipient:
            self._say(b"554 5.5.1 no recipient")
            return
        self._say(b"354 go on")
        body = self._body()
        if body:
            self._say(self._answer(body))
        else:
            self._say(b"554 5.6.0 no mail")
        self._forget()

    def _body(self) -> bytes:
        lines: list[bytes] = []
        size = 0
        while line := self.rfile.readline():
            if line == b".\r\n":
                return b"".join(lines)
            size += len(line)
            if size > _MAIL_BYTES_MAX:
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        raise _GoneError  # a mail without its end was never handed over

    def _answer(self, body: bytes) -> bytes:
        fault = self.server.faults.next()
        if fault is not None and fault.kind == "slow":
            time.sleep(fault.seconds)
        if fault is not None and not fault.after:
            if fault.kind in ("too_many", "error"):
                return b"451 4.3.2 try again later"
            if fault.kind == "partial":
                return b"550 5.1.1 no such user"
            self._break(fault)
        self.server.truth.take(NAME, Taken([_mail(body, self._sender, self._recipient)]))
        if fault is not None and (fault.after or fault.kind == "garbage"):
            if fault.kind == "garbage":
                return b"hello?"
            self._break(Fault("reset") if fault.kind == "error" else fault)
        return b"250 2.0.0 taken"

    def _break(self, fault: Fault) -> None:
        """End the connection for a stall or a reset."""
        if fault.kind not in ("stall", "reset"):
            return
        if fault.kind == "stall":
            time.sleep(fault.seconds)
        else:  # lingering for no time makes the kernel send RST
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise _GoneError


def _mail(body: bytes, sender: str, recipient: str) -> Mail:
    parsed = email.message_from_bytes(body, policy=email.policy.default)
    found = _DELIVERY.search(body)
    return Mail(
        delivery=found[1].decode("ascii") if found else "",
        batch="",
        to=recipient,
        name="",
        sender=sender,
        subject=str(parsed["Subject"] or ""),
        headers={name: str(value) for name, value in parsed.items()},
        text=_part(parsed, "plain"),
        html=_part(parsed, "html"),
    )


def _part(parsed: Any, kind: str) -> str:
    part = parsed.get_body((kind,)) if isinstance(parsed, EmailMessage) else None
    return str(part.get_content()) if part is not None else ""
