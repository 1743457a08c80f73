"""The table: each step of an issue's way, each thing that can go wrong at it, and for each cell what is done or why it
makes no sense.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.delivery.matrix.faults import FROM_THE_PROVIDER, Fault

REPRESENTATIVES = ("outbox", "smtp", "resend", "mailgun")  # presence, none, key, search


@dataclass(frozen=True)
class Row:
    """`point` is the function at which it goes wrong, `done` what is done around it (scenes.py); `begins` the state
    that the workspace is put into before. `in_transaction`: the one lock for writing is held already.
    """

    name: str
    point: str = ""
    done: str = "tick"
    begins: str = "approved"
    in_transaction: bool = False
    asks: bool = False
    is_early: bool = False


ROWS = (
    Row("schedule tick", "pipeline.editorial.actions.due:compose", begins="queued", is_early=True),
    Row("freeze audience", "pipeline.delivery.actions.messages:plan_issue"),
    Row("enqueue", "pipeline.delivery.actions.messages:create_message", begins="queued", in_transaction=True,
        is_early=True),
    Row("render", "pipeline.publish.issues:render_email", begins="queued", in_transaction=True, is_early=True),
    Row("claim", "pipeline.delivery.ledger:claim_windows"),
    Row("commit submitting", "pipeline.delivery.ledger:turn", done="submitting"),
    Row("connect", "connect", done="connect", asks=True),
    Row("bytes sent, no reply", "sent", done="sent", asks=True),
    Row("reply for part of a batch", "pipeline.delivery.ledger:turn", done="part", asks=True),
    Row("commit accepted", "pipeline.delivery.ledger:turn", done="recorded"),
    Row("slower than the lease", "pipeline.delivery.ledger:expire", done="lease", asks=True),
    Row("reconcile", "pipeline.delivery.ledger:settle", done="reconcile", asks=True),
    Row("webhook twice", "pipeline.web.hooks.views:take_in", done="told twice"),
    Row("webhook reordered", "pipeline.web.hooks.views:take_in", done="told in disorder"),
    Row("webhook before acceptance", "pipeline.web.hooks.views:take_in", done="told early"),
    Row("unsubscribe during the send", "pipeline.audience.actions.subscriptions:unsubscribe", done="unsubscribe"),
    Row("publish feed and archive", "pipeline.publish.publishing:write_site"),
    Row("pause", "pipeline.delivery.actions.control:pause", done="pause"),
    Row("cancel", "pipeline.delivery.actions.control:cancel", done="cancel"),
    Row("restore from backup", "pipeline.delivery.actions.installation:_write", done="restore"),
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    row: Row
    fault: Fault
    provider: str
    reason: str = ""

    @property
    def name(self) -> str:
        return f"{self.row.name} × {self.fault} × {self.provider}"


def cells(*, database: str, fast: bool = False) -> Iterator[Cell]:
    """Every cell, over every class of provider; those that make no sense with their reason."""
    for row in ROWS:
        for fault in Fault:
            for provider in REPRESENTATIVES:
                reason = why_not(row, fault, provider, database)
                if fast and (reason or not _is_in_sample(row, fault, provider)):
                    continue
                yield Cell(row, fault, provider, reason)


def _is_in_sample(row: Row, fault: Fault, provider: str) -> bool:
    if row.is_early or row.done.startswith("told"):
        return fault in (Fault.KILL_AFTER, Fault.LOCKED) and provider in ("outbox", "mailgun")
    return provider == "resend" if fault in (Fault.KILL_BEFORE, *FROM_THE_PROVIDER) else (
        provider == "mailgun" and fault is Fault.KILL_AFTER
    )  # fmt: skip


def why_not(row: Row, fault: Fault, provider: str, database: str) -> str:
    """Why the cell makes no sense; '' where it does."""
    reasons = {
        "no provider is spoken to yet: run once, with the outbox": row.is_early and provider != "outbox",
        "it makes no calls; bounces come by mail": row.done.startswith("told") and provider in ("outbox", "smtp"),
        "here the provider calls us: it calls again, see duplicate": row.done.startswith("told")
        and fault in FROM_THE_PROVIDER,
        "no provider is spoken to in this step": fault in FROM_THE_PROVIDER and not row.asks,
        "a folder has no connection, and no reply": row.asks
        and provider == "outbox"
        and (fault in FROM_THE_PROVIDER or row.done in ("connect", "part")),
        "nobody can be asked: it waits for a person": row.done == "reconcile" and provider == "smtp",
        "a log that cannot be asked proves nothing, and is asked with the next tick": row.done == "reconcile"
        and provider == "mailgun"
        and fault in FROM_THE_PROVIDER,
        "a 429 is for a whole call": row.done == "part" and fault is Fault.TOO_MANY,
        "it runs within a transaction that holds the lock already": fault is Fault.LOCKED and row.in_transaction,
        "it writes nothing": row.name == "render" and fault is Fault.DISK_FULL,
        "the server's own disk: its transaction fails, as when it is gone": fault is Fault.DISK_FULL
        and database == "postgresql"
        and row.done != "tick",
    }
    return next((reason for reason, is_so in reasons.items() if is_so), "")
