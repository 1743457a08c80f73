"""A restore from a backup in the middle of the year: the database goes back by hours, `var/` stays.

Nothing may be mailed until a person adopts it. The person then does what the words ask for: looks at what left, in the
outboxes (the provider that knows here), cancels what went out, takes its tips from the queue, and lets the rest go on.
"""

import email
import email.policy
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

WHO = {"actor": "the person who restored"}
LONGEST = timedelta(hours=60)


@dataclass
class Restores:
    """The backup that there is, and what is only known outside of the database that was put in place."""

    var: Path
    taken_at: datetime | None = None
    count: int = 0
    looked_at: set[tuple[str, str]] = field(default_factory=set)
    lost: set[tuple[str, str]] = field(default_factory=set)

    def take(self, now: datetime) -> None:
        _copy(self.var, back=False)
        self.taken_at = now

    def is_due(self, now: datetime) -> bool:
        """Whether the backup is some hours old, so that something may have happened since."""
        return self.taken_at is not None and timedelta(hours=1) < now - self.taken_at < LONGEST

    def put_back(self, *, config: Any, now: datetime, ticks: list[Callable[[], str]]) -> list[str]:
        """Restore, see that nothing is mailed, adopt, and decide as a person does; what went wrong."""
        from pipeline.delivery.installation import agrees

        self.lost |= _decided()
        before = len(list(mails(self.var)))
        _copy(self.var, back=True)
        self.taken_at, self.count = None, self.count + 1
        if agrees(self.var):  # nothing was mailed since the backup: there is nothing that it does not know
            return []
        for tick in ticks:
            tick()
        faults = []
        if len(list(mails(self.var))) != before:
            faults.append(f"{now}: mail left a restored database that nobody had adopted")
        _adopt(config, now)
        self.looked_at |= _decide(self.var, config=config, now=now)
        return faults


def mails(var: Path) -> Iterator[Path]:
    """Every mail that left, by whatever outbox: adopting sets the one of before aside."""
    return (path for outbox in var.glob("outbox*") for path in outbox.glob("*.eml"))


def _copy(var: Path, *, back: bool) -> None:
    from django.db import connection

    connection.close()
    if connection.vendor == "postgresql":
        _copy_on_server("postgres" if back else "backup", "backup" if back else "postgres")
        return
    here, kept = var / "tipsheet.sqlite3", var / "backup.sqlite3"
    if back:
        for name in ("-wal", "-shm"):
            here.with_name(here.name + name).unlink(missing_ok=True)
        shutil.copyfile(kept, here)
        return
    with closing(sqlite3.connect(here)) as source, closing(sqlite3.connect(kept)) as target:
        source.backup(target)


def _copy_on_server(made: str, template: str) -> None:
    import psycopg

    url = os.environ["PIPELINE_DATABASE_URL"].replace("/postgres?", "/template1?")
    with closing(psycopg.connect(url, autocommit=True)) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{made}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{made}" TEMPLATE "{template}"')


def _decided() -> set[tuple[str, str]]:
    """The slots of which the database that is lost knew what became of them."""
    from pipeline.audit.models import AuditEntry
    from pipeline.editorial.models import Issue, Newsletter

    done = Issue.objects.filter(state__in=["published", "publishing", "cancelled", "held"])
    known = set(done.values_list("newsletter__slug", "slot_key"))
    slugs = dict(Newsletter.objects.values_list("pk", "slug"))
    for entry in AuditEntry.objects.filter(action__in=["schedule.slots_given_up", "schedule.slots_unknown"]):
        known |= {(slugs[int(entry.subject_id)], key) for key in entry.detail["slots"]}
    return known


def _adopt(config: Any, now: datetime) -> None:
    from pipeline.publish.adoption import adopt

    adopt(config=config, now=now, **WHO)


def _decide(var: Path, *, config: Any, now: datetime) -> set[tuple[str, str]]:
    """What a person does with what is held and paused; the slots that were decided on."""
    from pipeline.editorial.actions import queue
    from pipeline.editorial.models import Issue, QueueEntry
    from pipeline.publish import publishing

    left = {_said(path) for path in mails(var)}
    looked_at = set()
    for issue in Issue.objects.filter(state__in=["held", "publishing"]).select_related("newsletter"):
        if issue.state == "held" and "adopted" not in issue.held_reason:
            continue
        looked_at.add((issue.newsletter.slug, issue.slot_key))
        if (issue.newsletter.list_id, issue.subject) in left:
            publishing.cancel(issue, reason="it went out before", now=now, **WHO)
        elif issue.state == "held":
            publishing.approve_by_person(issue, config=config, now=now, **WHO)
        else:
            publishing.resume(issue, now=now, **WHO)
    for entry in QueueEntry.objects.select_related("tip__revision", "tip__newsletter"):
        if (entry.tip.newsletter.list_id, entry.tip.revision.title) in left:
            queue.drop(tip_id=entry.tip_id, now=now, **WHO)
    return looked_at


def _said(path: Path) -> tuple[str, str]:
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return str(mail["List-Id"]).partition("<")[2].rstrip(">"), str(mail["Subject"])
