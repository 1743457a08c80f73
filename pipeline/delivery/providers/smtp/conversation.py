"""The conversation with one server once it is open: mail after mail over one connection (RFC 5321, RFC 2920).

With PIPELINING a mail costs one write: its body, the final dot and the commands of the next mail go out together, and
the answers are read in their order. Without it each command waits for its answer.

```
    write  MAIL₁ RCPT₁ DATA₁
    read   250 250 354      ──► write  body₁ . MAIL₂ RCPT₂ DATA₂
    read   250 (the dot)        250 550 354: the second reader is refused, and the server waits for a body all the same
                            ──► write  . RSET MAIL₃ RCPT₃ DATA₃     (a lone dot, RFC 2920 §3.1)
```

A body leaves only after the answer to the one before it was read. So when a connection is lost, at most one mail is in
doubt: the one whose dot may have left and whose answer did not come. Once DATA was announced, no dot leaves but that of
its own mail, or a lone one after a refusal: a conversation that ends early closes the connection instead.
"""

import re
import select
import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from pipeline.delivery.providers.base import Envelope, SendOutcome, SendState
from pipeline.delivery.providers.smtp.reply_rules import Meaning, Stage, Verdict, verdict

_ADDRESS = re.compile(r"<?[^\s<>]+@[^\s<>]+>?")
_DOT_AT_START = re.compile(rb"(?m)^\.")
_REPLY_LINE = re.compile(rb"([2-5]\d\d)(?:([ -])(.*))?", re.DOTALL)
_THREE_YESES = re.compile(rb"(?:2\d\d [^\r\n]*\r\n){2}354 [^\r\n]*\r\n")
_PARTS_MAX = 500  # a system takes a thousand or so in one call
_REPLY_BYTES_MAX = 64 * 1024
_REPLY_MAX = 250
_READ_BYTES = 16 * 1024
_GO_AHEAD = 354
_QUIT_TIMEOUT_SECONDS = 2.0
LOST = "the connection to the server was lost"

_STATES = {
    Meaning.GOOD: SendState.ACCEPTED,
    Meaning.LATER: SendState.RETRY,
    Meaning.REFUSED: SendState.REJECTED,
    Meaning.HELD: SendState.HELD,
    Meaning.UNCLEAR: SendState.IN_DOUBT,
}


class ConversationLostError(Exception):
    """The server is gone, does not answer, or says what is no reply. `has_left`: the dot may have reached it."""

    def __init__(self, said: str, *, has_left: bool = False) -> None:
        super().__init__(said)
        self.has_left = has_left


@dataclass(frozen=True, slots=True)
class Reply:
    """`text` is the words of all lines; `scrubbed` what may be kept of them."""

    code: int
    text: str

    @property
    def scrubbed(self) -> str:
        return scrubbed(self.code, self.text)


class Conversation:
    """One open connection; `extensions` are what the server offered after TLS (EHLO keywords in lower case, with their
    parameters).

    `trouble` says why nothing more can be sent on it ('' while it can); `wants_rest` whether the server asked to be
    left alone for a while. Without `looks_ahead` a mail is announced only when its turn has come.
    """

    def __init__(
        self, sock: socket.socket, extensions: Mapping[str, str], *, timeout_seconds: float, looks_ahead: bool = True
    ) -> None:
        self.trouble, self.wants_rest = "", False
        self._sock, self._timeout_seconds = sock, timeout_seconds
        self._is_tls = isinstance(sock, ssl.SSLSocket)
        _wait_at_most(sock, timeout_seconds, by_the_system=not self._is_tls)
        self._pipelines, self._has_size = "pipelining" in extensions, "size" in extensions
        self._takes_8bit, self._takes_unicode = "8bitmime" in extensions, "smtputf8" in extensions
        self._size_max = int(size) if (size := extensions.get("size", "").strip()).isdigit() else 0
        self._looks_ahead = looks_ahead and self._pipelines
        self._buffer = bytearray()
        self._announced: Envelope | None = None  # its DATA is on the way, or was answered: a dot now would be its own
        self._owed = 0
        self._must_reset = False

    def mails(
        self, envelopes: Sequence[Envelope], *, before_each: Callable[[], None] = lambda: None
    ) -> Iterator[SendOutcome]:
        """The outcome of each, in order, until there is trouble; what comes after that was not begun."""
        try:
            for envelope, following in zip(envelopes, [*envelopes[1:], None], strict=True):
                before_each()
                why = self._unsendable(envelope)
                yield self._kept_back(envelope, why) if why else self._mail(envelope, following)
                if self.trouble:
                    break
        finally:
            if self._announced is not None or self.trouble:  # no dot may come: nothing but the end is safe
                self.close(self.trouble or "sending was stopped")

    def is_alive(self) -> bool:
        """Whether an idle connection still stands: the server has said nothing and has not closed it."""
        if self.trouble or self._buffer:
            return False
        poll = select.poll()
        poll.register(self._sock, select.POLLIN | select.POLLHUP | select.POLLERR)
        return not poll.poll(0)

    def close(self, why: str) -> None:
        """End it without a word: what was announced is not sent."""
        self.trouble, self._announced = self.trouble or why, None
        with suppress(OSError):
            self._sock.close()

    def quit(self) -> None:
        """Take leave of the server; its answer is not waited for long."""
        if not self.trouble:
            with suppress(OSError, ConversationLostError):
                self._sock.settimeout(_QUIT_TIMEOUT_SECONDS)
                self._sock.sendall(b"QUIT\r\n")
                self._sock.recv(_READ_BYTES)
            self.close("closed")

    def _unsendable(self, envelope: Envelope) -> str:
        """Why this server is not given the mail, by what it has said that it takes; '' for one that it may be given."""
        if 0 < self._size_max < envelope.size_bytes:
            return f"the mail has {envelope.size_bytes} bytes, and the server takes {self._size_max}"
        if not envelope.recipient.isascii() and not self._takes_unicode:
            return "the server takes no mailbox outside ASCII (it lacks SMTPUTF8)"
        if not (self._takes_8bit or envelope.is_ascii):
            return "the mail is not all ASCII, and the server takes nothing else (it lacks 8BITMIME)"
        return ""

    def _kept_back(self, envelope: Envelope, why: str) -> SendOutcome:
        """One that is too large is so for everybody: a person looks."""
        is_too_large = 0 < self._size_max < envelope.size_bytes
        self.trouble = why if is_too_large else ""
        state = SendState.HELD if is_too_large else SendState.REJECTED
        return SendOutcome(envelope.delivery_id, state, why, attempted=False)

    def _mail(self, envelope: Envelope, following: Envelope | None) -> SendOutcome:
        try:
            replies = [] if self._has_three_yeses(envelope) else self._announce(envelope)
            for stage, reply in zip((Stage.MAIL, Stage.RCPT, Stage.DATA), replies, strict=False):
                meant = verdict(stage, reply.code, reply.text)
                if meant.meaning is not Meaning.GOOD:
                    return self._refused(self._decided(envelope, stage, reply, meant), replies[-1])
            return self._body(envelope, following)
        except ConversationLostError as lost:
            self.close(str(lost))
            when = "after" if lost.has_left else "before"
            state = SendState.IN_DOUBT if lost.has_left else SendState.RETRY
            return SendOutcome(envelope.delivery_id, state, f"{LOST} {when} the mail had left: {lost}"[:_REPLY_MAX])

    def _has_three_yeses(self, envelope: Envelope) -> bool:
        """Whether the server has said yes to MAIL, RCPT and DATA in a line each, as it does to nearly all: then they
        are read at one look. Anything else stays in the buffer, to be read word by word.
        """
        if self._announced is not envelope or self._owed != 3:
            return False
        if not self._buffer:
            self._receive()
        found = _THREE_YESES.match(self._buffer)
        if found is None:
            return False
        del self._buffer[: found.end()]
        return True

    def _announce(self, envelope: Envelope) -> list[Reply]:
        """The answers to MAIL, RCPT and DATA; without PIPELINING, up to the first that is no yes."""
        if self._pipelines:
            if self._announced is not envelope:
                self._write(self._opening(envelope))
            replies = self._owed_replies()
        else:
            replies = []
            for command in self._commands(envelope):
                self._write(command)
                replies.append(self._read())
                if replies[-1].code // 100 not in {2, 3}:
                    break
        self._announced = envelope
        if self._must_reset:
            if replies[0].code // 100 != 2:
                raise ConversationLostError(f"RSET was answered by {replies[0].scrubbed}")
            self._must_reset = False
            return replies[1:]
        return replies

    def _owed_replies(self) -> list[Reply]:
        """The answers to a group. A server that refuses and then goes without a further word has still refused."""
        replies: list[Reply] = []
        try:
            while len(replies) < self._owed:
                replies.append(self._read())
        except ConversationLostError as lost:
            if all(reply.code // 100 == 2 for reply in replies):
                raise
            self.trouble = str(lost)
        return replies

    def _opening(self, envelope: Envelope) -> bytes:
        """The commands of a mail as one group; from now on their answers are owed."""
        commands = self._commands(envelope)
        self._announced, self._owed = envelope, len(commands)
        return b"".join(commands)

    def _commands(self, envelope: Envelope) -> list[bytes]:
        size = f" SIZE={envelope.size_bytes}" if self._has_size else ""
        eight = " BODY=8BITMIME" if self._takes_8bit and not envelope.is_ascii else ""
        unicode = "" if envelope.recipient.isascii() else " SMTPUTF8"
        mail = f"MAIL FROM:<{envelope.sender}>{size}{eight}{unicode}\r\n".encode()
        group = [mail, f"RCPT TO:<{envelope.recipient}>\r\n".encode(), b"DATA\r\n"]
        return [b"RSET\r\n", *group] if self._must_reset else group

    def _refused(self, outcome: SendOutcome, last: Reply) -> SendOutcome:
        """The outcome, with the connection ready for the next mail: where the server waits for a body all the same, it
        gets a lone dot (RFC 2920 §3.1), which after a refused RCPT mails nobody.
        """
        self._must_reset = True
        if not self.trouble and last.code == _GO_AHEAD:
            try:
                self._write(b".\r\n")
                self._read()
            except ConversationLostError as lost:
                self.close(str(lost))
        self._announced = None
        return outcome

    def _body(self, envelope: Envelope, following: Envelope | None) -> SendOutcome:
        """The body, its dot and what comes next in one write; then the answer to the dot."""
        parts, size_bytes = envelope.parts, envelope.size_bytes
        if not envelope.has_no_dots:
            parts = [_stuffed(envelope.data)]
            size_bytes = len(parts[0])
        self._announced = None
        looks_ahead = self._looks_ahead and following is not None and not self._unsendable(following)
        opening = self._opening(following) if looks_ahead and following is not None else b""
        self._write(*parts, b".\r\n", opening, dot_ends=size_bytes + 3, size_bytes=size_bytes + 3 + len(opening))
        try:
            reply = self._read()
        except ConversationLostError as lost:
            raise ConversationLostError(str(lost), has_left=True) from lost
        return self._decided(envelope, Stage.DOT, reply, verdict(Stage.DOT, reply.code, reply.text))

    def _decided(self, envelope: Envelope, stage: Stage, reply: Reply, meant: Verdict) -> SendOutcome:
        """A reply as an outcome; one that ends the conversation is its trouble."""
        state = _STATES[meant.meaning]
        if meant.wants_rest or state in {SendState.HELD, SendState.IN_DOUBT}:
            self.trouble, self.wants_rest = reply.scrubbed, meant.wants_rest
        is_tried = state is not SendState.HELD and not (state is SendState.RETRY and stage is Stage.MAIL)
        return SendOutcome(
            envelope.delivery_id, state, reply.scrubbed, attempted=is_tried, address_is_gone=meant.is_gone
        )

    def _write(self, *parts: bytes, dot_ends: int = 0, size_bytes: int = 0) -> None:
        """All of them. What a failed call was given has not left, but for TLS, where nobody can tell."""
        sent, size_bytes = 0, size_bytes or sum(map(len, parts))
        try:
            if len(parts) <= _PARTS_MAX and not self._is_tls:
                sent = self._sock.sendmsg(parts)
            if sent < size_bytes:
                data = memoryview(b"".join(parts))
                while sent < size_bytes:
                    sent += self._sock.send(data[sent:])
        except OSError as error:
            has_left = bool(dot_ends) and (sent >= dot_ends or self._is_tls)
            raise ConversationLostError(said(error), has_left=has_left) from error

    def _read(self) -> Reply:
        """One reply, of one line or several, however its bytes come in."""
        words: list[bytes] = []
        code, size, began_at = b"", 0, time.monotonic()
        while True:
            line = self._line(began_at)
            found = _REPLY_LINE.fullmatch(line)
            if found is None or (code and found[1] != code):
                raise ConversationLostError("the server answered with what is no reply")
            code, size = found[1], size + len(line)
            words.append(found[3] or b"")
            if found[2] != b"-":
                return Reply(int(code), b" ".join(words).decode("utf-8", "replace"))
            if size > _REPLY_BYTES_MAX:
                raise ConversationLostError("the server's answer has no end")

    def _line(self, began_at: float) -> bytes:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > _REPLY_BYTES_MAX:
                raise ConversationLostError("the server's answer has no end")
            if time.monotonic() - began_at > self._timeout_seconds:  # bytes come in, and never the end of a line
                raise ConversationLostError("no answer in time")
            self._receive()
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line.removesuffix(b"\r")

    def _receive(self) -> None:
        """What the server has said, or says next, into the buffer."""
        try:
            chunk = self._sock.recv(_READ_BYTES)
        except OSError as error:
            raise ConversationLostError(said(error)) from error
        if not chunk:
            raise ConversationLostError("the server closed it")
        self._buffer += chunk


def _wait_at_most(sock: socket.socket, timeout_seconds: float, *, by_the_system: bool) -> None:
    """How long a call on the socket may take. Python would ask before each call whether it can be made; the system
    waits within the call, which is half of the calls, and BlockingIOError in place of TimeoutError.
    """
    if not by_the_system:
        sock.settimeout(timeout_seconds)
        return
    sock.settimeout(None)
    seconds = struct.pack("@ll", int(timeout_seconds), int(timeout_seconds % 1 * 1_000_000))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, seconds)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, seconds)


def _stuffed(data: bytes) -> bytes:
    """With its last line ended, and each dot that begins a line doubled (RFC 5321 §4.5.2)."""
    return _DOT_AT_START.sub(b"..", data if data.endswith(b"\r\n") else data + b"\r\n")


def scrubbed(code: int, text: str) -> str:
    """The server's words on one line, without the addresses that it may repeat."""
    words = " ".join(text.split())
    return f"{code} {_ADDRESS.sub('…', words) if '@' in words else words}"[:_REPLY_MAX]


def said(error: Exception) -> str:
    """What went wrong, in words that name nobody."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, TimeoutError | BlockingIOError) or str(error).endswith("timed out"):  # smtplib wraps some
        return "no answer in time"
    strerror = error.strerror if isinstance(error, OSError) else None
    return _ADDRESS.sub("…", strerror or str(error))[:_REPLY_MAX]
