"""SMTP to any server, or to several: connections that are reused, one recipient a transaction, TLS with the certificate
checked.

```
connecting.py    greeting, TLS, login (smtplib)          reply_rules.py   what a reply means
conversation.py  mail after mail, pipelined              throttle.py      pace, rests, how many connections
```

Each connection is a lane of its own. Several servers share the mail by their weights; one that rests or is lost is
passed over, and does not make up for it afterwards.
"""

import ssl
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Self
from urllib.parse import urlsplit

from pipeline.config import Config, secret_in
from pipeline.delivery.providers.base import Envelope, Lane, ProviderTraits, SendOutcome, SendState
from pipeline.delivery.providers.smtp.connecting import (
    CONNECT_TIMEOUT_SECONDS,
    RefusedError,
    SmtpServer,
    UnreachableError,
    connect,
    refuse_clear_text,
)
from pipeline.delivery.providers.smtp.connecting import SmtpSettingsError as SmtpSettingsError
from pipeline.delivery.providers.smtp.conversation import Conversation
from pipeline.delivery.providers.smtp.throttle import Throttle
from pipeline.mail_config import SmtpServerConfig

_WINDOW = 50  # the most between two commits of results; what a crash can leave in doubt, on each connection
_PACED_WINDOW_SECONDS = 10
_SLACK = 4 * _WINDOW  # how far ahead of its share, for each of its weight, a server may run

TRAITS = ProviderTraits(
    name="smtp",
    title="SMTP",
    window=_WINDOW,
    longest_wait_seconds=660 + CONNECT_TIMEOUT_SECONDS,
    can_settle=False,
    takes_unicode_mailboxes=False,
    guarantee="Never twice; after a lost connection one mail can wait for a person's word.",
    source="https://www.rfc-editor.org/rfc/rfc5321",
)

_throttles: dict[SmtpServer, Throttle] = {}  # a rest outlasts the run that it was asked in


class SmtpLane:
    """One connection to one server, opened when it is first needed."""

    def __init__(self, server: SmtpServer, tls: ssl.SSLContext, throttle: Throttle) -> None:
        self.server, self.throttle = server, throttle
        self.is_lost = False
        self.taken = 0
        self._tls, self._conversation = tls, None

    _conversation: Conversation | None

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[SendOutcome]:
        """When there is trouble the rest is put off, so that one silent server leaves one delivery in doubt."""
        if not envelopes:
            return
        self.taken += len(envelopes)
        try:
            conversation = self._open()
        except (RefusedError, UnreachableError) as error:
            yield from self._not_reached(envelopes, error)
            return
        answered = 0
        for outcome in conversation.mails(envelopes, before_each=self.throttle.wait_for_turn):
            answered += 1
            yield outcome
        if conversation.wants_rest:
            self.throttle.rest(conversation.trouble)
        elif not conversation.trouble:
            self.throttle.went_well()
        self.is_lost = bool(conversation.trouble)
        yield from self._put_off(envelopes[answered:], conversation.trouble)

    def _open(self) -> Conversation:
        """The connection, made anew where the server closed it meanwhile: nothing is held against it."""
        if self._conversation is None or not self._conversation.is_alive():
            self.close()
            self._conversation = connect(self.server, self._tls, looks_ahead=not self.throttle.has_pace)
        return self._conversation

    def _not_reached(self, envelopes: Sequence[Envelope], error: Exception) -> Iterator[SendOutcome]:
        self.is_lost = True
        if isinstance(error, UnreachableError) and error.wants_rest:
            self.throttle.rest(str(error))
        if isinstance(error, RefusedError):
            yield SendOutcome(envelopes[0].delivery_id, SendState.HELD, str(error), attempted=False)
            envelopes = envelopes[1:]
        yield from self._put_off(envelopes, str(error))

    @staticmethod
    def _put_off(envelopes: Sequence[Envelope], why: str) -> Iterator[SendOutcome]:
        for envelope in envelopes:
            yield SendOutcome(envelope.delivery_id, SendState.RETRY, why, attempted=False)

    def close(self) -> None:
        if self._conversation is not None:
            self._conversation.quit()
            self._conversation = None


class Provider:
    """The servers of the configuration, and their lanes. `send` by itself uses the first lane."""

    def __init__(
        self, *servers: SmtpServer, tls: ssl.SSLContext | None = None, unicode_mailboxes: bool = False
    ) -> None:
        for server in servers:
            refuse_clear_text(server)
        is_used = any(server.security != "none" for server in servers)
        context = tls or (ssl.create_default_context() if is_used else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        self.lanes: Sequence[SmtpLane] = [
            SmtpLane(server, context, throttle)
            for server in servers
            for throttle in [_throttle_of(server)]
            for _ in range(server.connections)
        ]
        self._given, self._counted = dict.fromkeys(servers, 0.0), dict.fromkeys(servers, 0)
        self.traits = replace(
            TRAITS,
            window=min(_window_of(server) for server in servers),
            longest_wait_seconds=int(max(server.timeout_seconds for server in servers)) + CONNECT_TIMEOUT_SECONDS,
            takes_unicode_mailboxes=unicode_mailboxes,
        )

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(*servers_of(config), unicode_mailboxes=config.smtp_unicode_mailboxes)

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[SendOutcome]:
        return self.lanes[0].send(envelopes)

    def pick(self, idle: Sequence[Lane]) -> Lane | None:
        """The idle lane of the server that is furthest behind its share; None when those that are up have all that
        they may have.
        """
        lanes = [lane for lane in idle if isinstance(lane, SmtpLane)]
        self._add_up()
        up = {
            lane.server for lane in self.lanes if not lane.throttle.is_resting and (lane in lanes or not lane.is_lost)
        }
        level = min((self._given[server] for server in up), default=0.0)
        for server in self._given.keys() - up:
            self._given[server] = max(self._given[server], level)
        free = [lane for lane in lanes if lane.server in up and self._may_have_more(lane, lanes, level)]
        return min(free, key=lambda lane: self._given[lane.server], default=None)

    def _add_up(self) -> None:
        """Count what each server was given since the last look, by its weight."""
        for server in self._given:
            taken = sum(lane.taken for lane in self.lanes if lane.server == server)
            self._given[server] += (taken - self._counted[server]) / server.weight
            self._counted[server] = taken

    def _may_have_more(self, lane: SmtpLane, idle: Sequence[SmtpLane], level: float) -> bool:
        at_work = lane.server.connections - sum(other.server == lane.server for other in idle)
        return at_work < lane.throttle.allowed and self._given[lane.server] <= level + _SLACK

    @property
    def trouble(self) -> str:
        """Why no lane may have a window: what the resting servers said."""
        return next((lane.throttle.said for lane in self.lanes if lane.throttle.is_resting), "")

    def settle(self, delivery_ids: Sequence[int]) -> dict[int, SendState]:  # noqa: ARG002 - the seam's signature
        """SMTP cannot be asked what became of a mail: a person decides, or a bounce."""
        return {}

    def close(self) -> None:
        for lane in self.lanes:
            lane.close()


def _throttle_of(server: SmtpServer) -> Throttle:
    return _throttles.setdefault(server, Throttle(server.connections, server.messages_per_minute))


def _window_of(server: SmtpServer) -> int:
    """Fewer at once where mails are far apart: what is in a window is in doubt after a crash."""
    if not server.messages_per_minute:
        return _WINDOW
    return max(1, min(_WINDOW, server.messages_per_minute * _PACED_WINDOW_SECONDS // 60))


def servers_of(config: Config) -> list[SmtpServer]:
    """The servers that the configuration names: several, or the one of `smtp_host`. Raises ConfigError for a password's
    file that cannot be read.
    """
    named = config.smtp_servers or [
        SmtpServerConfig(
            host=config.smtp_host, port=config.smtp_port, user=config.smtp_user, security=config.smtp_security,
            connections=config.smtp_connections, messages_per_minute=config.smtp_messages_per_minute,
        )
    ]  # fmt: skip
    return [
        SmtpServer(
            **server.model_dump(exclude={"password_file"}),
            password=secret_in("smtp_servers.password_file", server.password_file, config.smtp_secret),
            timeout_seconds=config.smtp_timeout_seconds,
            greeting_name=urlsplit(config.public_url).hostname or "localhost",
        )
        for server in named
    ]
