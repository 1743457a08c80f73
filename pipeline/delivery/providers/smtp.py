"""SMTP to any server: one connection, reused; one recipient a transaction; TLS with the certificate checked.

What a reply means (RFC 5321 §4.2.1), and what silence does:

| when | 4xx | 5xx | connection lost |
|---|---|---|---|
| greeting, TLS, login | put off | held: it refuses the sender | put off |
| MAIL FROM | retry | held | retry |
| RCPT TO, DATA | retry | rejected | retry: the message has not left yet |
| after the message's bytes | retry | rejected | in doubt: the server may have taken it |

When a connection is lost the rest of the window is put off, so that one silent server leaves one delivery in doubt.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from pipeline.config import Config
from pipeline.delivery.providers.base import Envelope, ProviderTraits, SendOutcome, SendState
from pipeline.errors import TipsheetError

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_CONNECT_TIMEOUT_SECONDS = 60
_WINDOW = 25  # at most 50 between two commits of results; what a crash can leave in doubt
_ADDRESS = re.compile(r"<?[^\s<>]+@[^\s<>]+>?")
_DOT_AT_START = re.compile(rb"(?m)^\.")
_REPLY_MAX = 250
_LOGIN_CODES = {530, 534, 535, 538}
_RELAYING = re.compile(r"relay\w*\W+(?:\w+\W+){0,2}(?:denied|not permitted|prohibited)", re.IGNORECASE)
_LOST = "the connection to the server was lost"


class SmtpSettingsError(TipsheetError):
    """The SMTP settings would send mail, or a password, in the clear."""


class _ConnectionLostError(Exception):
    """The server is gone, or does not answer; holds what to tell."""


class _RefusedError(Exception):
    """The server, or what stands in its place, will not take us; holds what to tell."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where and how to hand over. `security` is `starttls`, `tls` or `none` (this machine alone)."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""
    timeout_seconds: float = 660
    greeting_name: str = "localhost"


class Provider:
    """One connection to one server; not to be shared between threads."""

    def __init__(self, server: SmtpServer, *, tls: ssl.SSLContext | None = None) -> None:
        if server.security == "none" and server.host not in _LOOPBACK:
            raise SmtpSettingsError(
                f"smtp_security is 'none' for {server.host}: without TLS only a server on this machine is used. "
                "Set it to 'starttls' or 'tls'"
            )
        self._server, self._tls = server, tls or ssl.create_default_context()
        self._connection: smtplib.SMTP | None = None
        self.traits = ProviderTraits(
            name="smtp",
            window=_WINDOW,
            longest_wait_seconds=int(server.timeout_seconds) + _CONNECT_TIMEOUT_SECONDS,
            can_settle=False,
            takes_unicode_mailboxes=False,
            guarantee="Never twice; after a lost connection one mail can wait for a person's word.",
        )

    @classmethod
    def from_config(cls, config: Config) -> Self:
        server = SmtpServer(
            host=config.smtp_host,
            port=config.smtp_port,
            security=config.smtp_security,
            user=config.smtp_user,
            password=config.smtp_password.get_secret_value(),
            timeout_seconds=config.smtp_timeout_seconds,
            greeting_name=urlsplit(config.public_url).hostname or "localhost",
        )
        return cls(server)

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[SendOutcome]:
        self._forget_dead_connection()
        put_off = ""
        for envelope in envelopes:
            if put_off:
                yield SendOutcome(envelope.delivery_id, SendState.RETRY, put_off, attempted=False)
                continue
            outcome = self._hand_over(envelope)
            if self._connection is None or outcome.state is SendState.HELD:
                put_off = outcome.reply
            yield outcome

    def settle(self, delivery_ids: Sequence[int]) -> dict[int, SendState]:  # noqa: ARG002 - the seam's signature
        """SMTP cannot be asked what became of a mail: a person decides."""
        return {}

    def close(self) -> None:
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._connection.quit()
            self._drop()

    def _hand_over(self, envelope: Envelope) -> SendOutcome:
        delivery_id = envelope.delivery_id
        try:
            connection = self._connected()
        except _RefusedError as error:
            return SendOutcome(delivery_id, SendState.HELD, str(error), attempted=False)
        except _ConnectionLostError as error:
            return SendOutcome(delivery_id, SendState.RETRY, str(error), attempted=False)
        try:
            refusal = _announced(connection, envelope)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return SendOutcome(delivery_id, SendState.RETRY, f"{_LOST} before the mail had left: {_said(error)}")
        if refusal is not None:
            return self._made_ready(refusal)
        try:
            connection.send(_DOT_AT_START.sub(b"..", envelope.data) + b".\r\n")
            code, text = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return SendOutcome(delivery_id, SendState.IN_DOUBT, f"{_LOST} after the mail had left: {_said(error)}")
        return self._made_ready(_final(delivery_id, code, text))

    def _made_ready(self, outcome: SendOutcome) -> SendOutcome:
        """The outcome, with the connection ready for the next transaction, or given up (421: the server closes it)."""
        if outcome.state is SendState.ACCEPTED or self._connection is None:
            return outcome
        try:
            is_ready = not outcome.reply.startswith("421") and self._connection.rset()[0] == 250
        except (OSError, smtplib.SMTPException):
            is_ready = False
        if not is_ready:
            self._drop()
        return outcome

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        options: dict[str, Any] = {"local_hostname": server.greeting_name, "timeout": _CONNECT_TIMEOUT_SECONDS}
        connection: smtplib.SMTP | None = None
        try:
            if server.security == "tls":
                connection = smtplib.SMTP_SSL(server.host, server.port, context=self._tls, **options)
            else:
                connection = smtplib.SMTP(server.host, server.port, **options)
            self._introduce(connection)
        except (OSError, smtplib.SMTPException) as error:
            if connection is not None:
                connection.close()
            where = f"{server.host}:{server.port}"
            if _is_refusal(error):
                raise _RefusedError(f"{where} cannot be used: {_said(error)}") from error
            raise _ConnectionLostError(f"{where} was not reached: {_said(error)}") from error
        if connection.sock is not None:
            connection.sock.settimeout(server.timeout_seconds)
        return connection

    def _introduce(self, connection: smtplib.SMTP) -> None:
        connection.ehlo_or_helo_if_needed()
        if self._server.security == "starttls":
            connection.starttls(context=self._tls)
            connection.ehlo()
        if self._server.user:
            connection.login(self._server.user, self._server.password)

    def _forget_dead_connection(self) -> None:
        """Servers close idle connections: one that no longer answers is replaced, and nothing is held against it."""
        if self._connection is None:
            return
        try:
            if self._connection.noop()[0] != 250:
                self._drop()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _announced(connection: smtplib.SMTP, envelope: Envelope) -> SendOutcome | None:
    """MAIL, RCPT and DATA; None when the server waits for the message."""
    size = f" SIZE={len(envelope.data)}" if connection.has_extn("size") else ""
    code, text = connection.docmd("MAIL", f"FROM:<{envelope.sender}>{size}")
    if code // 100 != 2:
        return _refusal(envelope.delivery_id, code, text, permanent=SendState.HELD)
    code, text = connection.docmd("RCPT", f"TO:<{envelope.recipient}>")
    if code // 100 == 2:
        code, text = connection.docmd("DATA")
        if code == 354:
            return None
    return _refusal(envelope.delivery_id, code, text, permanent=SendState.REJECTED)


def _refusal(delivery_id: int, code: int, text: bytes, *, permanent: SendState) -> SendOutcome:
    """A refusal before the message has left; one that is about us (a login, relaying) holds."""
    reply = _scrubbed(code, text)
    if code // 100 != 5:
        return SendOutcome(delivery_id, SendState.RETRY, reply)
    is_about_us = code in _LOGIN_CODES or _RELAYING.search(reply)
    state = SendState.HELD if is_about_us else permanent
    return SendOutcome(delivery_id, state, reply, attempted=state is not SendState.HELD)


def _final(delivery_id: int, code: int, text: bytes) -> SendOutcome:
    """The reply to the whole message; one that is no reply at all leaves it in doubt."""
    states = {2: SendState.ACCEPTED, 4: SendState.RETRY, 5: SendState.REJECTED}
    return SendOutcome(delivery_id, states.get(code // 100, SendState.IN_DOUBT), _scrubbed(code, text))


def _is_refusal(error: Exception) -> bool:
    """Whether trying again cannot help: a wrong certificate, no TLS, a refused login, a 5xx greeting."""
    if isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError):
        return True
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code // 100 == 5


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return _scrubbed(error.smtp_code, text if isinstance(text, bytes) else str(text).encode())
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, TimeoutError) or str(error).endswith("timed out"):  # smtplib wraps some
        return "no answer in time"
    strerror = error.strerror if isinstance(error, OSError) else None
    return _ADDRESS.sub("…", strerror or str(error))[:_REPLY_MAX]


def _scrubbed(code: int, text: bytes) -> str:
    """The server's words on one line, without the addresses that it may repeat."""
    words = " ".join(text.decode("utf-8", "replace").split())
    return f"{code} {_ADDRESS.sub('…', words)}"[:_REPLY_MAX]
