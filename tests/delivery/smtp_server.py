"""A real SMTP server on loopback that writes down what it took, and fails as it is told."""

import asyncio
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from pipeline.delivery.providers import smtp

ACCOUNT, PASSWORD = "sender", "right horse"


@dataclass
class Truth:
    """What the server took, as (recipient, bytes); what it is to do wrong, by recipient; and how often it was met."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    rcpt_replies: dict[str, str] = field(default_factory=dict)
    data_replies: dict[str, str] = field(default_factory=dict)
    mail_reply: str = ""
    drop_at: dict[str, str] = field(default_factory=dict)  # recipient → "rcpt", "before_reply"
    stall_seconds: dict[str, float] = field(default_factory=dict)
    sessions: int = 0
    port: int = 0
    hang_up: Callable[[], None] = lambda: None


class _Handler:
    def __init__(self, truth: Truth) -> None:
        self.truth = truth

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ):
        self.truth.sessions += 1
        self.truth.hang_up = lambda: _hang_up(server)
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]):
        if self.truth.mail_reply:
            return self.truth.mail_reply
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]):
        if self.truth.drop_at.get(address) == "rcpt":
            server.transport.abort()
        if address in self.truth.rcpt_replies:
            return self.truth.rcpt_replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope):
        (recipient,) = envelope.rcpt_tos
        if recipient in self.truth.data_replies:
            return self.truth.data_replies[recipient]
        self.truth.taken.append((recipient, bytes(envelope.original_content or b"")))
        self.truth.senders.append(str(envelope.mail_from))
        await asyncio.sleep(self.truth.stall_seconds.get(recipient, 0))
        if self.truth.drop_at.get(recipient) == "before_reply":
            server.transport.abort()
        return "250 2.0.0 queued as 42"


def _hang_up(server: SMTP) -> None:
    """End the connection as a server does that has heard nothing for long; when this returns the client can see it."""
    server.loop.call_soon_threadsafe(server.transport.close)
    time.sleep(0.05)


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (ACCOUNT.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextmanager
def smtp_server(
    *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None, auth: bool = False
) -> Iterator[Truth]:
    """A server on a free port of 127.0.0.1, in a thread of its own, until the block ends."""
    smtp._throttles.clear()  # of a server at the same port before
    truth, loop = Truth(), asyncio.new_event_loop()

    def session() -> SMTP:
        with warnings.catch_warnings():  # of a login that is offered on a line that it does not know to be TLS
            warnings.simplefilter("ignore")
            return made()

    def made() -> SMTP:
        return SMTP(
            _Handler(truth), hostname="mail.test", loop=loop, tls_context=starttls,
            require_starttls=starttls is not None, auth_required=auth, auth_require_tls=False,
            authenticator=_authenticate if auth else None,
        )  # fmt: skip

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listening = _on(loop, loop.create_server(session, "127.0.0.1", 0, ssl=tls))
    truth.port = listening.sockets[0].getsockname()[1]
    try:
        yield truth
    finally:
        _on(loop, _ended(listening))
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _on(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=10)


async def _ended(listening: asyncio.Server) -> None:
    listening.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
