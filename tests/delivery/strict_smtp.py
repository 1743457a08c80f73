"""A strict SMTP server that does what it is told for each recipient, in whatever pieces, and notes every breach.

It speaks to one socket in a thread of its own. It offers PIPELINING and holds its client to RFC 5321 and RFC 2920: the
order of commands, DATA as the last of its group, no body for a recipient whom it refused, dot-stuffing, CRLF, line
lengths. What it took is written down before its answer leaves.
"""

import random
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Plan:
    """The answers for one recipient. `data` is asked even after a refused RCPT, for servers that say 354 to that."""

    mail: str = "250 2.1.0 ok"
    rcpt: str = "250 2.1.5 ok"
    data: str = "354 go on"
    dot: str = "250 2.0.0 taken"

    @property
    def is_taken(self) -> bool:
        return all(answer.startswith(code) for answer, code in zip(self.answers, ("2", "2", "354", "2"), strict=True))

    @property
    def answers(self) -> tuple[str, str, str, str]:
        return self.mail, self.rcpt, self.data, self.dot


@dataclass
class Strict:
    """`plans` are by recipient. `ends_after_bytes` and `ends_after_replies` cut the line there: of what was read, of
    what was answered. `pieces` sends each answer in so many bytes at a time at most, 0 whole.
    """

    plans: Mapping[str, Plan] = field(default_factory=dict)
    pieces: int = 0
    seed: int = 0
    offers: Sequence[str] = ()
    ends_after_bytes: int | None = None
    ends_after_replies: int | None = None
    stalls_at: int | None = None
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    replies: int = 0


class _EndedError(Exception):
    pass


class Session:
    """One connection, from the first MAIL on."""

    def __init__(self, sock: socket.socket, strict: Strict) -> None:
        self.sock, self.strict = sock, strict
        self.buffer, self.read = b"", 0
        self.random = random.Random(strict.seed)
        self.sender = self.recipient = ""
        self.plan: Plan | None = None
        self.is_refused = False

    def run(self) -> None:
        with suppress(_EndedError, OSError), closing(self.sock):
            while True:
                line = self.line()
                self.strict.commands.append(line)
                verb = line.split(" ")[0].upper()
                getattr(self, f"do_{verb.lower()}", self.unknown)(line)

    def breach(self, what: str) -> None:
        self.strict.breaches.append(what)

    def line(self) -> str:
        while b"\n" not in self.buffer:
            self.buffer += self.more()
        line, _, self.buffer = self.buffer.partition(b"\n")
        if not line.endswith(b"\r"):
            self.breach(f"a bare LF after {line[:40]!r}")
        if len(line) > 999:
            self.breach("a line of more than 998 octets")
        return line.removesuffix(b"\r").decode("utf-8", "surrogateescape")

    def more(self) -> bytes:
        """What comes in, up to the byte where the line is cut; what was read before that is still answered."""
        ends = self.strict.ends_after_bytes
        chunk = self.sock.recv(8192) if ends is None or self.read < ends else b""
        if ends is not None:
            chunk = chunk[: max(ends - self.read, 0)]
        if not chunk:
            raise _EndedError
        self.read += len(chunk)
        return chunk

    def say(self, answer: str) -> None:
        if self.strict.ends_after_replies is not None and self.strict.replies >= self.strict.ends_after_replies:
            raise _EndedError
        if self.strict.stalls_at is not None and self.strict.replies >= self.strict.stalls_at:
            self.sock.recv(1)  # until the client goes
            raise _EndedError
        self.strict.replies += 1
        data = answer.replace("\n", "\r\n").encode() + b"\r\n"
        while data:
            size = self.random.randint(1, self.strict.pieces) if self.strict.pieces else len(data)
            self.sock.sendall(data[:size])
            data = data[size:]

    def do_mail(self, line: str) -> None:
        if self.sender:
            self.breach("MAIL within a transaction")
        self.sender = line
        self.say(self.next_plan().mail)

    def next_plan(self) -> Plan:
        """MAIL names no recipient: the plan is that of the RCPT behind it, which is in the same group or unknown."""
        ahead = self.buffer.partition(b"RCPT TO:<")[2].partition(b">")[0].decode("utf-8", "replace")
        return self.strict.plans.get(ahead, Plan())

    def do_rcpt(self, line: str) -> None:
        if not self.sender or self.recipient:
            self.breach("RCPT out of its turn")
        self.recipient = line.partition("<")[2].partition(">")[0]
        self.plan = self.strict.plans.get(self.recipient, Plan())
        self.is_refused = not self.plan.rcpt.startswith("2")
        self.say(self.plan.rcpt)

    def do_data(self, _: str) -> None:
        if self.plan is None:
            self.breach("DATA out of its turn")
            return
        if self.buffer:
            self.breach("something came after DATA, before its answer")
        self.say(self.plan.data)
        if self.plan.data.startswith("354"):
            self.body()

    def body(self) -> None:
        lines: list[bytes] = []
        while (line := self.line()) != ".":
            if line.startswith(".") and not line.startswith(".."):
                self.breach("a line begins with a dot that is not doubled")
            lines.append(line.removeprefix(".").encode("utf-8", "surrogateescape"))
        plan, recipient, is_refused = self.plan, self.recipient, self.is_refused
        self.forget()
        if is_refused:
            if lines:
                self.breach("a body for a recipient who was refused")
            self.say("554 5.5.1 no valid recipients")
            return
        if not lines:
            self.breach("an empty mail for a recipient who was accepted")
        if plan is not None and plan.dot.startswith("2"):
            self.take(recipient, b"".join(text + b"\r\n" for text in lines))
        self.say(plan.dot if plan else "250 ok")

    def do_ehlo(self, _: str) -> None:
        offered = "".join(f"\n250-{name}" for name in self.strict.offers)
        self.say(f"250-strict.test{offered}\n250-PIPELINING\n250 SIZE 10000000")

    def do_rset(self, _: str) -> None:
        self.forget()
        self.say("250 2.0.0 reset")

    def do_quit(self, _: str) -> None:
        self.say("221 2.0.0 bye")
        raise _EndedError

    def take(self, recipient: str, data: bytes) -> None:
        self.strict.taken.append((recipient, data))

    def forget(self) -> None:
        self.sender, self.recipient, self.plan, self.is_refused = "", "", None, False

    def unknown(self, line: str) -> None:
        self.breach(f"what is this: {line[:60]!r}")
        self.say("500 5.5.2 what")


@contextmanager
def listening(strict: Strict, *offers: str) -> Iterator[int]:
    """The port of a server on loopback that takes one connection, and offers these extensions besides its own."""
    strict.offers = offers

    def answer() -> None:
        sock, _ = server.accept()
        sock.sendall(b"220 strict.test\r\n")
        Session(sock, strict).run()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(timeout=10)


@contextmanager
def spoken_to(strict: Strict) -> Iterator[socket.socket]:
    """A socket with the server at its other end; when the block is left the server has ended."""
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=Session(theirs, strict).run, daemon=True)
    thread.start()
    try:
        yield ours
    finally:
        ours.close()
        thread.join(timeout=10)
        assert not thread.is_alive()


def plans_of(plans: Sequence[Plan]) -> dict[str, Plan]:
    """For reader0@…, reader1@… and so on, each answer marked with its number."""
    return {
        f"reader{number}@example.org": Plan(*(f"{answer} r{number}" for answer in plan.answers))
        for number, plan in enumerate(plans)
    }
