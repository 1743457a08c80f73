"""Random kills: message after message is sent by children that die by SIGKILL, until nothing of it is left to send.

Half die at a line of pipeline/delivery, drawn from all that a whole run executes, half at a moment between two; now and
then a second worker runs beside. Then a run that is left alone must finish the job, and the provider's own log decides.
"""

import os
import random
import signal
import statistics
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from tests.delivery.matrix.world import CLASSES, SETTLED_BY_ITSELF, World

READERS, SUPPRESSED = 20, 1


@dataclass
class Tally:
    """What was seen of one provider. `was_in_doubt` counts deliveries, `waits` those that a person must decide."""

    kills: int = 0
    messages: int = 0
    mails: int = 0
    was_in_doubt: int = 0
    waits: int = 0
    duplicates: int = 0
    losses: int = 0
    recoveries_ms: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def report(self) -> dict[str, object]:
        times = self.recoveries_ms
        told = {name: value for name, value in vars(self).items() if name != "recoveries_ms"}
        settled = 1 - self.waits / self.was_in_doubt if self.was_in_doubt else 1.0
        recovery = {"median": round(statistics.median(times), 1), "most": round(max(times), 1)} if times else {}
        return told | {"settled_share": round(settled, 4), "recovery_ms": recovery}


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


class Kills:
    """One provider's messages, each with its kills."""

    def __init__(self, world: World, name: str, seed: int) -> None:
        self.world, self.name, self.tally = world, name, Tally()
        self.random = random.Random(f"{seed}-{name}")
        self.lines, self.run_seconds = 1500, 0.05
        self.list_id = _make_readers(f"{name}-{seed}")
        self.began = f"{name}:{seed}:{os.getpid()}"

    def message(self, number: int, most: int) -> None:
        """One message; at most so many kills of it."""
        message_id = self._plan(f"{self.began}:{number}")
        if CLASSES[self.name] == "search":
            self.world.fake.lag(on=self.random.random() < 0.5)
        kills = 0
        while kills < most:
            died = self._killed_run()
            kills += died
            if not died and self._is_sent(message_id):
                break
        self._leave_alone(message_id)
        self._judge(number, message_id)
        self.tally.kills += kills
        self.tally.messages += 1

    def race(self, number: int) -> None:
        """Two workers at once, both left alone; every second time somebody cancels meanwhile."""
        from pipeline.publish.rehearsal.forking import ended, forked

        message_id = self._plan(f"{self.began}:race:{number}")
        rivals = [self._send, self._send, *([lambda: self._cancel(message_id)] if number % 2 else [])]
        for pid in [forked(rival) for rival in rivals]:
            if ended(pid) != 0:
                self.tally.wrong.append(f"{self.name}: a worker of a race failed")
        self._leave_alone(message_id)
        self._judge(number, message_id)
        self.tally.messages += 1

    def _cancel(self, message_id: int) -> None:
        from pipeline.delivery.actions.control import MessageStateError, cancel
        from pipeline.delivery.models import Message

        time.sleep(random.random() * self.run_seconds)
        with suppress(MessageStateError):  # it is finished already
            cancel(
                message=Message.objects.get(pk=message_id), now=self.world.clock(), actor="ada", reason="stop"
            )  # fmt: skip

    def _killed_run(self) -> bool:
        from pipeline.publish.rehearsal.forking import ended, ended_within, forked, killed

        beside = forked(self._send) if self.random.random() < 0.05 else 0
        if self.random.random() < 0.5:
            at = self.random.randint(1, self.lines)

            def traced() -> None:
                trace = dying_at(at)
                threading.settrace(trace)  # whichever lane's thread comes to that line
                sys.settrace(trace)
                self._send()

            code = ended(forked(traced))
            self.lines = max(200, min(self.lines, at)) if code == 0 else min(6000, self.lines + self.lines // 10)
        else:
            began = time.monotonic()
            pid = forked(self._send)
            code = ended_within(pid, self.random.uniform(0, self.run_seconds))
            if code is None:
                code = killed(pid)
                self.run_seconds *= 1.02
            else:
                self.run_seconds = max(0.005, (self.run_seconds + time.monotonic() - began) / 2)
        if beside:
            ended(beside)
        return code == -signal.SIGKILL

    def _send(self) -> None:
        self.world.send(self.name)

    def _leave_alone(self, message_id: int) -> None:
        """The run after the last kill, and those that settle what it could not: each an hour later."""
        from pipeline.publish.rehearsal.forking import ended, forked

        if CLASSES[self.name] == "search":
            self.world.fake.lag(on=False)
        ahead = self.world.clock.ahead
        for hour in range(4):
            began = time.monotonic()
            if ended(forked(self._send)) != 0:
                self.tally.wrong.append(f"{self.name}: a run that was left alone failed")
            if hour == 0:
                self.tally.recoveries_ms.append((time.monotonic() - began) * 1000)
            if self._is_sent(message_id) and (CLASSES[self.name] == "none" or not self._doubts(message_id)):
                break
            self.world.fake.quiet()
            self.world.clock.ahead += timedelta(hours=1)
        self.world.clock.ahead = ahead

    def _is_sent(self, message_id: int) -> bool:
        from pipeline.delivery.models import Message

        return Message.objects.values_list("state", flat=True).get(pk=message_id) in ("finished", "cancelled")

    def _doubts(self, message_id: int) -> int:
        from pipeline.delivery.models import Delivery

        return Delivery.objects.filter(message=message_id, state="in_doubt").count()

    def _plan(self, key: str) -> int:
        from pipeline.audience.models import MailingList
        from pipeline.delivery.actions.messages import create_message, plan_issue
        from pipeline.delivery.models import MessageKind
        from tests.delivery.scene import RENDERED, SENDER

        now = self.world.clock()
        message = create_message(
            kind=MessageKind.ISSUE, key=f"issue:{key}", rendered=RENDERED, sender=SENDER, now=now,
            mailing_list=MailingList.objects.get(pk=self.list_id),
        )  # fmt: skip
        plan_issue(message=message, now=now)
        return message.pk

    def _judge(self, number: int, message_id: int) -> None:
        from pipeline.delivery.models import Batch, Delivery, Message
        from pipeline.publish.rehearsal.verdict import verdict

        message = Message.objects.get(pk=message_id)
        ids = list(Delivery.objects.filter(message=message).values_list("pk", flat=True))
        taken = self.world.taken(self.name, ids)
        seen = verdict(message, taken)
        tally, total = self.tally, seen.sums
        doubtful = Batch.objects.filter(message=message, submitted_at__isnull=False, fence__gt=1)
        tally.mails += seen.mailed
        tally.was_in_doubt += sum(doubtful.values_list("size", flat=True))
        tally.waits += total.in_doubt
        tally.duplicates += seen.twice + (taken.total() - sum(taken[pk] for pk in ids))
        known = seen.mailed + total.in_doubt + total.suppressed + total.cancelled
        tally.losses += seen.lost + max(0, READERS - known)
        wrong = []
        if not (total.adds_up and message.state in ("finished", "cancelled") and total.planned == READERS):
            wrong.append(f"the sum does not add up: {total.describe()} ({message.state})")
        if not seen.holds or total.suppressed != SUPPRESSED:
            wrong.append(f"the ledger says other than the truth: {total.describe()}, {seen}")
        if CLASSES[self.name] in SETTLED_BY_ITSELF and total.in_doubt and message.state == "finished":
            wrong.append(f"{total.in_doubt} stayed in doubt though {self.name} can tell")
        if self.name == "outbox" and any((self.world.var / "outbox").glob(".*.tmp")):
            wrong.append("a half-written mail was left in the outbox")
        tally.wrong += [f"{self.name} {number}: {line}" for line in wrong]


def _make_readers(slug: str) -> int:
    from pipeline.audience.models import SuppressionReason
    from tests.delivery.scene import make_list, subscribe, suppress

    mailing_list = make_list(slug)
    readers = [subscribe(mailing_list, number, name=f"Reader {number}") for number in range(1, READERS + 1)]
    suppress(readers[0], SuppressionReason.COMPLAINT, mailing_list)
    return mailing_list.pk


def random_kills(world: World, kills: int, *, seed: int, names=tuple(CLASSES)) -> dict[str, dict[str, object]]:
    """So many kills in all, spread over the providers."""
    report = {}
    for name in names:
        one, number = Kills(world, name, seed), 0
        while one.tally.kills < kills // len(names) and len(one.tally.wrong) < 20:
            one.message(number, most=min(10, kills // len(names) - one.tally.kills))
            if number % 10 == 0:
                one.race(number // 10)
            number += 1
        report[name] = one.tally.report()
    return report
