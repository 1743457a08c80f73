"""Opening a connection, as far as the first mail: greeting, TLS with the certificate checked, login (smtplib)."""

import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pipeline.config import LOOPBACK_HOSTS
from pipeline.delivery.providers.smtp.conversation import Conversation, said, scrubbed
from pipeline.errors import TipsheetError

CONNECT_TIMEOUT_SECONDS = 60
_SEND_BUFFER_BYTES = 256 * 1024  # so that a mail goes to the kernel in one call


class SmtpSettingsError(TipsheetError):
    """The SMTP settings would send mail, or a password, in the clear."""


class UnreachableError(Exception):
    """The server is not there, or not now; holds what to tell. `wants_rest`: it said so itself."""

    def __init__(self, told: str, *, wants_rest: bool = False) -> None:
        super().__init__(told)
        self.wants_rest = wants_rest


class RefusedError(Exception):
    """The server, or what stands in its place, will not take us; holds what to tell."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where and how to hand over. `security` is `starttls`, `tls` or `none` (this machine alone). `weight` is its share
    among several; `messages_per_minute` 0 is no limit.
    """

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""
    timeout_seconds: float = 660
    greeting_name: str = "localhost"
    connections: int = 1
    weight: int = 1
    messages_per_minute: int = 0

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"


def refuse_clear_text(server: SmtpServer) -> None:
    """Raises SmtpSettingsError for a server that is not on this machine and would be spoken to without TLS."""
    if server.security == "none" and server.host not in LOOPBACK_HOSTS:
        raise SmtpSettingsError(
            f"smtp_security is 'none' for {server.host}: without TLS only a server on this machine is used. "
            "Set it to 'starttls' or 'tls'"
        )


def connect(server: SmtpServer, tls: ssl.SSLContext, *, looks_ahead: bool) -> Conversation:
    """A conversation that is ready for its first mail. Raises UnreachableError, and RefusedError where trying again
    cannot help.
    """
    options: dict[str, Any] = {"local_hostname": server.greeting_name, "timeout": CONNECT_TIMEOUT_SECONDS}
    session: smtplib.SMTP | None = None
    try:
        if server.security == "tls":
            session = smtplib.SMTP_SSL(server.host, server.port, context=tls, **options)
        else:
            session = smtplib.SMTP(server.host, server.port, **options)
        _introduce(session, server, tls)
    except (OSError, smtplib.SMTPException) as error:
        if session is not None:
            session.close()
        if _is_refusal(error):
            raise RefusedError(f"{server.place} cannot be used: {_told(error)}") from error
        wants_rest = isinstance(error, smtplib.SMTPResponseException) and error.smtp_code // 100 == 4
        raise UnreachableError(f"{server.place} was not reached: {_told(error)}", wants_rest=wants_rest) from error
    if session.sock is None:
        raise UnreachableError(f"{server.place} was not reached: it closed the connection")
    for level, option, value in (
        (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),  # a group of commands is not held back for the last one's answer
        (socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES),
    ):
        with suppress(OSError):
            session.sock.setsockopt(level, option, value)
    extensions = {str(name): str(value) for name, value in session.esmtp_features.items()}
    return Conversation(session.sock, extensions, timeout_seconds=server.timeout_seconds, looks_ahead=looks_ahead)


def _introduce(session: smtplib.SMTP, server: SmtpServer, tls: ssl.SSLContext) -> None:
    session.ehlo_or_helo_if_needed()
    if server.security == "starttls":
        session.starttls(context=tls)
        session.ehlo()
    if server.user:
        session.login(server.user, server.password)


def _is_refusal(error: Exception) -> bool:
    """Whether trying again cannot help: a wrong certificate, no TLS, a refused login, a 5xx greeting."""
    if isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError):
        return True
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code // 100 == 5


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return scrubbed(error.smtp_code, text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text))
    return said(error)
