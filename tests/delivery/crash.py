"""Kill the sender at every step, and see that nobody is mailed twice and nobody forgotten.

    python -m tests.delivery.crash --kills 10000            # SQLite, in a temporary workspace
    python -m tests.delivery.crash --kills 10000 --postgres # a PostgreSQL of its own

Each round plans a message, runs the sender in a forked child and ends it by SIGKILL: at one line of pipeline/delivery
(drawn from all that a whole run executes), or at a moment between two. Now and then a second worker runs beside it, or
the run that comes after is killed too. Then a run that is left alone must finish the job. The settings are the real
ones: a commit is on the disk when it returns.

Three providers stand for the two classes: `outbox`, which can tell what it has (everyone gets exactly one file), and
`blind`, which cannot (at most one each, and every one that is missing is in doubt); `smtp` is like it, and is the real
one, on two connections to a strict server in a process of its own (strict_smtp.py). Each mail that is taken is written
to a log, in one system call: that is the truth which the ledger is held to.
"""

import argparse
import json
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

READERS, SUPPRESSED, WINDOW = 8, 1, 3


@dataclass
class Result:
    """What was seen over all rounds."""

    rounds: int = 0
    kills: int = 0
    lines: int = 0
    mails: int = 0
    in_doubt: int = 0
    duplicates: int = 0
    losses: int = 0
    wrong: list[str] = field(default_factory=list)


def make_workspace(home: Path, database_url: str) -> None:
    os.environ["PIPELINE_HOME"] = str(home)
    os.environ["PIPELINE_DATABASE_URL"] = database_url
    os.environ["DJANGO_SETTINGS_MODULE"] = "pipeline.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from pipeline.clock import utc_now
    from pipeline.delivery.actions.installation import adopt_if_new

    adopt_if_new(var=home / "var", now=utc_now())


def forked(work: Callable[[], None]) -> int:
    """Run `work` in a child of its own; its pid. No connection to the database goes through a fork."""
    from django.db import connections

    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        connections.close_all()
        code = 0
    finally:  # a child never goes back into the parent's code
        if code:
            traceback.print_exc()
        os._exit(code)


def dying_at(line: int) -> Callable[..., object]:
    """A trace function that ends the process by SIGKILL at the so-and-so-many-th line of pipeline/delivery."""
    left = line

    def trace(frame, event, argument):
        nonlocal left
        if "/pipeline/delivery/" not in frame.f_code.co_filename:
            return None
        if event == "line":
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace


class Rounds:
    """One message after the other, each with its kills."""

    def __init__(self, home: Path, kind: str, seed: int) -> None:
        self.home, self.kind, self.result = home, kind, Result()
        self.random = random.Random(seed)
        self.truth = home / "var" / f"truth-{kind}.log"
        self.truth.touch()
        self.port, self._server = self._serve() if kind == "smtp" else (0, 0)
        self.list_id = _make_readers(kind)
        self.result.lines = self._count_lines()
        self._whole_run_seconds = 0.05

    def _serve(self) -> tuple[int, int]:
        """A strict SMTP server in a process of its own, so that no thread goes through a fork: its port and its pid."""
        from tests.delivery.strict_smtp import serve_for_ever

        listening = socket.create_server(("127.0.0.1", 0), backlog=50)
        pid = forked(lambda: serve_for_ever(listening, self.truth))
        return listening.getsockname()[1], pid

    def end(self) -> None:
        if self._server:
            os.kill(self._server, signal.SIGKILL)
            os.waitpid(self._server, 0)

    def provider(self):
        from pipeline.delivery.providers.base import SendOutcome, SendState
        from pipeline.delivery.providers.outbox import Provider as Outbox

        truth = self.truth

        def took(delivery_id: int) -> None:
            with truth.open("ab", buffering=0) as log:
                log.write(b"%d\n" % delivery_id)

        class Logged(Outbox):
            traits = replace(Outbox.traits, window=WINDOW)

            def _write(self, envelope):
                is_new = not self.path(envelope.delivery_id).exists()
                trouble = super()._write(envelope)
                if is_new and not trouble:
                    took(envelope.delivery_id)
                return trouble

        class Blind:
            traits = replace(Outbox.traits, name="blind", window=WINDOW, can_settle=False)

            def send(self, envelopes: Sequence) -> Iterator[SendOutcome]:
                for envelope in envelopes:
                    took(envelope.delivery_id)
                    yield SendOutcome(envelope.delivery_id, SendState.ACCEPTED)

            def settle(self, delivery_ids):  # noqa: ARG002 - the seam's signature
                return {}

            def close(self):
                pass

        if self.kind == "smtp":
            return self._smtp()
        return Logged(self.home / "var" / "outbox") if self.kind == "outbox" else Blind()

    def _smtp(self):
        from pipeline.delivery.providers.smtp import Provider, SmtpServer

        provider = Provider(SmtpServer("127.0.0.1", self.port, "none", connections=2, timeout_seconds=20))
        provider.traits = replace(provider.traits, window=WINDOW)
        return provider

    def send(self) -> None:
        from pipeline.clock import utc_now
        from pipeline.delivery.sender import SenderSettings, send_open

        settings = SenderSettings("https://newsletter.example", self.home / "var", 900)
        send_open(provider=self.provider(), settings=settings, now=utc_now)

    def _count_lines(self) -> int:
        """How many lines of pipeline/delivery a whole run executes."""
        self._plan(f"{self.kind}:count")
        count = self.home / "var" / "lines"

        def counted() -> None:
            lines = 0

            def trace(frame, event, argument):
                nonlocal lines
                if "/pipeline/delivery/" not in frame.f_code.co_filename:
                    return None
                lines += event == "line"
                return trace

            threading.settrace(trace)
            sys.settrace(trace)
            self.send()
            sys.settrace(None)
            threading.settrace(None)
            count.write_text(str(lines))

        os.waitpid(forked(counted), 0)
        self.truth.write_text("")
        return int(count.read_text())

    def round(self, number: int, line: int | None = None) -> None:
        message_id = self._plan(f"{self.kind}:{number}")
        pids = [self._killed_run(line)]
        if self.random.random() < 0.2:  # a worker beside it, left alone
            pids.append(forked(self.send))
        for pid in pids:
            os.waitpid(pid, 0)
        while self.random.random() < 0.25:  # the run after it is killed too
            os.waitpid(self._killed_run(None), 0)
        _, status = os.waitpid(forked(self.send), 0)
        if status != 0:
            self.result.wrong.append(f"round {number}: the run that was left alone failed")
        self.result.rounds += 1
        self._judge(number, message_id)

    def race(self, number: int) -> None:
        """Two workers at once, both left alone; every second time somebody cancels meanwhile."""
        message_id = self._plan(f"{self.kind}:race:{number}")
        rivals = [self.send, self.send, *([lambda: self._cancel(message_id)] if number % 2 else [])]
        for pid in [forked(rival) for rival in rivals]:
            _, status = os.waitpid(pid, 0)
            if status != 0:
                self.result.wrong.append(f"race {number}: a worker failed")
        os.waitpid(forked(self.send), 0)  # the sum is made by whoever comes last
        self.result.rounds += 1
        self._judge(number, message_id, ends=("finished", "cancelled"))

    def _cancel(self, message_id: int) -> None:
        from pipeline.clock import utc_now
        from pipeline.delivery.actions.control import MessageStateError, cancel
        from pipeline.delivery.models import Message

        time.sleep(random.random() * self._whole_run_seconds)
        with suppress(MessageStateError):  # it is finished already
            cancel(message=Message.objects.get(pk=message_id), now=utc_now(), actor="ada", reason="stop")

    def _killed_run(self, line: int | None) -> int:
        self.result.kills += 1
        if line is None and self.random.random() < 0.3:
            pid = forked(self.send)
            time.sleep(self.random.random() * self._whole_run_seconds)
            os.kill(pid, signal.SIGKILL)
            return pid
        at = line or self.random.randint(1, self.result.lines)

        def traced() -> None:
            trace = dying_at(at)
            threading.settrace(trace)  # whichever thread comes to that line
            sys.settrace(trace)
            self.send()

        return forked(traced)

    def _plan(self, key: str) -> int:
        from pipeline.audience.models import MailingList
        from pipeline.clock import utc_now
        from pipeline.delivery.actions.messages import create_message, plan_issue
        from pipeline.delivery.models import MessageKind
        from tests.delivery.scene import RENDERED, SENDER

        mailing_list = MailingList.objects.get(pk=self.list_id)
        now = utc_now()
        message = create_message(
            kind=MessageKind.ISSUE, key=f"issue:{key}", rendered=RENDERED, sender=SENDER, now=now,
            mailing_list=mailing_list,
        )  # fmt: skip
        plan_issue(message=message, now=now)
        return message.pk

    def _judge(self, number: int, message_id: int, ends: Sequence[str] = ("finished",)) -> None:
        from pipeline.delivery.models import Delivery, Message
        from pipeline.delivery.sums import sums

        message = Message.objects.get(pk=message_id)
        total = sums(message)
        rows = dict(Delivery.objects.filter(message=message).values_list("pk", "state"))
        taken = Counter(int(line) for line in self.truth.read_text().split())
        self.truth.write_text("")
        outbox = {int(path.stem) for path in (self.home / "var" / "outbox").glob("*.eml")}
        arrived = outbox & set(rows) if self.kind == "outbox" else set(taken)
        accepted = {pk for pk, state in rows.items() if state == "accepted"}
        in_doubt = {pk for pk, state in rows.items() if state == "in_doubt"}
        self.result.mails += len(arrived)
        self.result.in_doubt += len(in_doubt)
        self.result.duplicates += sum(count - 1 for count in taken.values())
        self.result.losses += READERS - SUPPRESSED - len(arrived | in_doubt) - total.cancelled
        wrong = []
        if not (total.adds_up and message.state in ends and total.planned == READERS):
            wrong.append(f"the sum does not add up: {total.describe()} ({message.state})")
        if not (accepted <= arrived and arrived <= accepted | in_doubt and total.suppressed == SUPPRESSED):
            wrong.append(f"the ledger says other than the truth: {total.describe()}, {len(arrived)} arrived")
        if self.kind == "outbox" and in_doubt:
            wrong.append("something stayed in doubt though the outbox can tell")
        if list((self.home / "var" / "outbox").glob(".*.tmp")):
            wrong.append("a half-written mail was left in the outbox")
        self.result.wrong += [f"round {number}: {line}" for line in wrong]


def _make_readers(kind: str) -> int:
    from pipeline.audience.models import SuppressionReason
    from tests.delivery.scene import make_list, subscribe, suppress

    mailing_list = make_list(kind)
    readers = [subscribe(mailing_list, number, name=f"Reader {number}") for number in range(1, READERS + 1)]
    suppress(readers[0], SuppressionReason.COMPLAINT, mailing_list)
    return mailing_list.pk


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, help="how many rounds, each with a kill or more")
    kinds = ("outbox", "blind", "smtp")
    parser.add_argument("--kind", action="append", choices=kinds, help="this one alone; may be given again")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--races", type=int, default=10, help="how many rounds of two workers at once, left alone")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL that is started for this")
    parser.add_argument("--every-line", action="store_true", help="one round for each line, in order, instead")
    options = parser.parse_args()
    from tests.postgres import running_postgres

    report = {}
    with running_postgres() if options.postgres else nullcontext("") as url, tempfile.TemporaryDirectory() as folder:
        make_workspace(Path(folder), url)
        for kind in options.kind or kinds:
            rounds = Rounds(Path(folder), kind, options.seed)
            kills = options.kills // len(options.kind or kinds)
            lines = range(1, rounds.result.lines + 1) if options.every_line else [None] * kills
            try:
                for number, line in enumerate(lines):
                    rounds.round(number, line)
                for number in range(options.races // 2):
                    rounds.race(number)
            finally:
                rounds.end()
            report[kind] = vars(rounds.result)
        from django.db import connections

        connections.close_all()
    print(json.dumps(report))
    return 1 if any(seen["wrong"] or seen["duplicates"] or seen["losses"] for seen in report.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
