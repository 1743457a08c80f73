"""A year of two newsletters and two schedulers, with everything that goes wrong: `python -m tests.publish.year`.

    python -m tests.publish.year [--days 365] [--seed 1] [--database postgres | sqlite]

Two schedulers run the real ticks at the same time, each in a thread with a connection of its own, on a clock that a
random generator moves: hours pass, both sleep for days, one of them is away, a clock is wrong by minutes or jumps back
by hours, a scheduler dies in the middle of a statement and starts again, and the database is put back to a backup of
some hours ago (`year_restore.py`). One newsletter is due on Tuesdays and
Fridays, moves off public holidays, and has a one-off; the other on Sundays at 02:30, the hour that the clocks skip and
repeat. At the end every slot of the year is looked for, in the database and in the mails that really left.
"""

import argparse
import email
import email.policy
import os
import random
import sys
import tempfile
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

from tests.publish.year_restore import Restores, mails

START = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
READERS = 3
CRASH_CHANCE = 0.12
BACKUP_CHANCE = 0.08
RESTORE_CHANCE = 0.12
WHO = {"actor": "simulation"}


class CrashError(BaseException):
    """A scheduler that dies: nothing catches it, and what it had not committed is gone."""


@dataclass
class Happenings:
    """What the year threw at the schedulers, and what came of its slots."""

    ticks: int = 0
    crashes: int = 0
    sleeps: int = 0
    jumps: int = 0
    restores: int = 0
    slots: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    mails: int = 0
    mailed_twice: int = 0

    def describe(self) -> str:
        came = ", ".join(f"{count} {name}" for name, count in sorted(self.slots.items()))
        return (
            f"{self.ticks} ticks, {self.crashes} crashes, {self.sleeps} sleeps, {self.jumps} clock jumps, "
            f"{self.restores} restores\n"
            f"{self.slots.total()} slots: {came}\n"
            f"{self.mails} mails, {self.mailed_twice or 'none'} twice\n"
            f"held: {', '.join(f'{count} {why}' for why, count in sorted(self.held.items())) or 'none'}\n"
            + "\n".join(self.faults)
        ).rstrip()


class Scheduler:
    """One of the two: its clock may be wrong, and it may die at any statement."""

    def __init__(self, config: Any, chance: random.Random) -> None:
        self._config, self._chance = config, chance
        self.skew = timedelta()
        self.now = START

    def clock(self) -> datetime:
        return self.now + self.skew

    def tick(self) -> str:
        """One tick; "crashed" if it died in the middle of it."""
        from django.db import connection

        from pipeline.publish.ticks import tick

        left = self._chance.randint(1, 120) if self._chance.random() < CRASH_CHANCE else None
        try:
            with connection.execute_wrapper(_dies_after(left)) if left else nullcontext():
                tick(config=self._config, clock=self.clock)
        except CrashError:
            return "crashed"
        finally:
            connection.close()
        return "done"


def _dies_after(statements: int) -> Callable[..., Any]:
    left = [statements]

    def wrapper(execute: Callable[..., Any], *arguments: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise CrashError
        return execute(*arguments)

    return wrapper


def simulate(*, config: Any, days: int, seed: int) -> Happenings:
    """The year; the database is set up, and empty."""
    chance, happened = random.Random(seed), Happenings()
    newsletters = _found(days)
    restores = Restores(config.var)
    due = {newsletter.pk: _due(newsletter, START + timedelta(days=days)) for newsletter in newsletters}
    schedulers = [Scheduler(config, random.Random(seed + number)) for number in (1, 2)]
    now, end = START, START + timedelta(days=days)
    moments = _moments([slot.at_utc for slots in due.values() for slot in slots.values()])
    with ThreadPoolExecutor(2) as pool:
        while now < end:
            now = _next_moment(now, moments, chance)
            now += _mishap(chance, schedulers, happened)
            awake = schedulers if chance.random() < 0.7 else [chance.choice(schedulers)]
            for scheduler in awake:
                scheduler.now = now
            happened.ticks += len(awake)
            happened.crashes += list(pool.map(Scheduler.tick, awake)).count("crashed")
            happened.faults += _backup(restores, chance, schedulers, config=config, now=now)
        for scheduler in schedulers:  # what a crash left is finished by the next tick
            scheduler.now, scheduler.skew = end, timedelta()
            while pool.submit(scheduler.tick).result() == "crashed":
                happened.crashes += 1
    happened.restores = restores.count
    for newsletter in newsletters:
        _account(newsletter, due[newsletter.pk], end=end, restores=restores, happened=happened)
    _account_mails(mails(config.var), happened)
    return happened


def _backup(
    restores: Restores, chance: random.Random, schedulers: list[Scheduler], *, config: Any, now: datetime
) -> list[str]:
    """A backup now and then, and a restore now and then; what went wrong with it. No clock is wrong meanwhile: one that
    is set back mails nothing at all.
    """
    if restores.is_due(now) and chance.random() < RESTORE_CHANCE:
        for scheduler in schedulers:
            scheduler.skew, scheduler.now = timedelta(), now
        return restores.put_back(config=config, now=now, ticks=[scheduler.tick for scheduler in schedulers])
    if not restores.is_due(now) and chance.random() < BACKUP_CHANCE:
        restores.take(now)
    return []


def _moments(slots: list[datetime]) -> list[datetime]:
    """When to look: as the lead time comes, around each slot and in the hours after it. Real ticks come every few
    seconds; those in between find nothing to do.
    """
    offsets = [-24 * 60 + 5, -1, 2, 20, 66, 190]  # minutes
    return sorted({slot + timedelta(minutes=offset) for slot in slots for offset in offsets})


def _next_moment(now: datetime, moments: list[datetime], chance: random.Random) -> datetime:
    """Mostly the next one, now and then one is left out."""
    coming = [moment for moment in moments[bisect_right(moments, now) :][:3] if chance.random() < 0.85]
    jitter = timedelta(seconds=chance.uniform(1, 90))
    return (coming[0] if coming else now + timedelta(hours=9)) + jitter


def _mishap(chance: random.Random, schedulers: list[Scheduler], happened: Happenings) -> timedelta:
    """How long both sleep, which is mostly not at all; and what happens to a clock."""
    dice = chance.random()
    if 0.02 <= dice < 0.08:
        happened.jumps += 1
        chance.choice(schedulers).skew = timedelta(minutes=chance.choice([-180, -61, -10, 0, 3]))
    if dice >= 0.02:
        return timedelta()
    happened.sleeps += 1
    return timedelta(hours=chance.choice([chance.uniform(1, 12), chance.uniform(20, 250)]))


def _found(days: int) -> list[Any]:
    from pipeline.audience.actions.subscriptions import add_subscriber
    from pipeline.audience.addresses import parse
    from pipeline.editorial.actions import revise, schedules, tips
    from pipeline.editorial.actions.newsletters import create_newsletter
    from pipeline.editorial.wording_rules import Wording

    founded = []
    for slug, when, issues in [
        ("twice-a-week", "every Tuesday and Friday at 9:00", days * 2 // 7 + 8),
        ("at-night", "every Sunday at 2:30", days // 7 + 8),
    ]:
        newsletter = create_newsletter(
            slug=slug, name=f"The {slug}", sender_name=slug, sender_address="letter@newsletter.example",
            list_id=f"{slug}.newsletter.example", reason="You subscribed.", time_zone="Europe/Berlin", schedule=when,
            postal_address="1 Orchard Road", tips_per_issue=1, now=START, **WHO,
        )  # fmt: skip
        for number in range(READERS):
            add_subscriber(
                mailing_list=newsletter.mailing_list, address=parse(f"reader{number}@reader.example"),
                wording="Yes.", now=START, source="by hand", **WHO,
            )  # fmt: skip
        for number in range(issues):
            words = Wording(
                f"{slug} {number}", f"Advice number {number} of {slug}.", f"Topic {number % 4}", author="Ida"
            )
            tip = revise.write_tip(newsletter=newsletter, wording=words, now=START, **WHO)
            tips.approve(tip_id=tip.pk, now=START, **WHO)
        founded.append(newsletter)
    off = {"holidays": "DE", "on_day_off": "next_day"}
    schedules.change_schedule(newsletter=founded[0], changes=off, now=START, **WHO)
    moment = (START + timedelta(days=min(days - 2, 100))).replace(tzinfo=None, hour=18)
    schedules.add_one_off(newsletter=founded[0], nominal=moment, now=START, **WHO)
    return founded


def _due(newsletter: Any, end: datetime) -> dict[str, Any]:
    """Every slot of the year by its key; those of the last day may still be in the making when it ends."""
    from dataclasses import replace

    from pipeline.editorial.timetable_rules import coming_slots
    from pipeline.editorial.timetables import timetable_of

    table = replace(timetable_of(newsletter), issues={})
    slots = takewhile(lambda slot: slot.at_utc < end - timedelta(days=1), coming_slots(table, START))
    return {slot.key: slot for slot in slots}


def _account(newsletter: Any, due: dict[str, Any], *, end: datetime, restores: Restores, happened: Happenings) -> None:
    """Look for each slot of the year: sent on time or late, held, or given up in the log for a newer one."""
    from pipeline.audit.models import AuditEntry
    from pipeline.delivery.models import Delivery

    told = AuditEntry.objects.filter(subject_kind="newsletter", subject_id=str(newsletter.pk))
    given_up = {key for entry in told.filter(action="schedule.slots_given_up") for key in entry.detail["slots"]}
    unknown = {key for entry in told.filter(action="schedule.slots_unknown") for key in entry.detail["slots"]}
    elsewhere = unknown | {key for slug, key in restores.lost if slug == newsletter.slug}
    looked_at = {key for slug, key in restores.looked_at if slug == newsletter.slug}
    issues: dict[str, list[Any]] = {}
    for issue in newsletter.issues.order_by("number"):
        issues.setdefault(issue.slot_key, []).append(issue)
    for key, slot in due.items():
        if (key in elsewhere and key not in issues) or key in looked_at:
            happened.slots["left to a person after a restore"] += 1
        else:
            happened.slots[_came_of(slot, issues.get(key, []), key in given_up, happened)] += 1
    strangers = [key for key, found in issues.items() if key not in due and found[0].slot_at < end - timedelta(days=1)]
    happened.faults += [f"{newsletter.slug}: an issue for {key}, which is no slot" for key in strangers]
    for issue in newsletter.issues.filter(state="published").exclude(slot_key__in=looked_at):
        states = Counter(Delivery.objects.filter(message__in=_messages(issue)).values_list("state", flat=True))
        if states != Counter(accepted=READERS):
            happened.faults.append(f"{newsletter.slug} issue {issue.number}: {dict(states)}")


def _messages(issue: Any) -> Any:
    from pipeline.delivery.models import Message

    return Message.objects.filter(issue=issue)


def _came_of(slot: Any, issues: list[Any], is_given_up: bool, happened: Happenings) -> str:
    if len(issues) + is_given_up != 1:
        happened.faults.append(f"{slot.key}: {len(issues)} issues, given up: {is_given_up}")
        return "LOST" if not issues else "TWICE"
    if is_given_up:
        return "given up for a newer one"
    (issue,) = issues
    if issue.state == "published":
        late = issue.published_at - slot.at_utc
        return "sent" if late < timedelta(hours=1) else "sent late"
    if issue.state != "held":
        happened.faults.append(f"{slot.key}: issue {issue.number} is {issue.state}")
    happened.held["late" if "more than" in issue.held_reason else issue.held_reason] += 1
    return str(issue.state)


def _account_mails(paths: Iterable[Path], happened: Happenings) -> None:
    """No reader has any mail twice: by what really lies in the outboxes."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for path in paths:
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        seen[str(mail["List-Id"]), str(mail["To"]), str(mail["Subject"])] += 1
    happened.mails = seen.total()
    happened.mailed_twice = sum(count > 1 for count in seen.values())
    happened.faults += [f"{count} times: {mail}" for mail, count in seen.items() if count > 1]


@contextmanager
def workspace(database: str) -> Iterator[Path]:
    """A new workspace; its database is a server's of its own, or a file."""
    from tests.postgres import running_postgres

    with tempfile.TemporaryDirectory(prefix="tipsheet-year-") as folder:
        os.environ["PIPELINE_HOME"] = folder
        with running_postgres(waits_for_disk=False) if database == "postgres" else nullcontext("") as url:
            if url:
                os.environ["PIPELINE_DATABASE_URL"] = url
            yield Path(folder)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["postgres", "sqlite"], default="postgres")
    given = parser.parse_args()
    with workspace(given.database) as home:
        (home / "var").mkdir(mode=0o700)
        from pipeline.cli.base import setup
        from pipeline.cli.workspace import prepare_database
        from pipeline.config import load_config

        setup(database=False)
        prepare_database()
        began, used = time.perf_counter(), time.process_time()
        happened = simulate(config=load_config(), days=given.days, seed=given.seed)
        print(f"{given.days} days on {given.database}, seed {given.seed}")
        print(happened.describe())
        print(f"{time.perf_counter() - began:.0f} s, of which {time.process_time() - used:.0f} s of this process's CPU")
    return 1 if happened.faults else 0


if __name__ == "__main__":
    sys.exit(main())
