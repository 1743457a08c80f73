"""What became of deliveries and why, what is in doubt and what it waits for, and a person's word on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q

from pipeline.audit.models import AuditEntry
from pipeline.config import Config
from pipeline.delivery import providers, settle_rules
from pipeline.delivery.actions import control
from pipeline.delivery.models import Delivery, DeliveryState, Message, MessageState
from pipeline.delivery.settle_rules import Step
from pipeline.editorial.models import Issue, Newsletter
from pipeline.errors import TipsheetError

ANSWERS_SHOWN = 5
_OTHER_PROVIDER = "it was sent by another provider than is set now: it waits for a person's word"
_WAITING = (DeliveryState.PLANNED, DeliveryState.RETRY_AT)


class NothingInDoubtError(TipsheetError):
    """No delivery of what was named is in doubt."""


@dataclass(frozen=True, slots=True)
class Answer:
    """So many deliveries in one state for one reason, in the provider's own words; `retry_at` is the earliest."""

    state: str
    reason: str
    count: int
    retry_at: datetime | None

    def describe(self) -> str:
        """`4 rejected: 550 no such user`; with the time of the next try where there will be one."""
        said = f"{self.count} {self.state.replace('_', ' ')}" if self.retry_at is None else f"{self.count} waiting"
        if self.reason:
            said += f": {self.reason}"
        return said if self.retry_at is None else f"{said} (next try {self.retry_at:%Y-%m-%d %H:%M} UTC)"


@dataclass(frozen=True, slots=True)
class LocalWait:
    """So many readers whose own clocks do not show the issue's time yet; `last_at` is when the last of them do."""

    count: int
    first_at: datetime
    last_at: datetime

    def describe(self) -> str:
        """`3 wait for their own local time, the last until 2026-11-24 17:00 UTC`."""
        verb = "waits for its" if self.count == 1 else "wait for their"
        return f"{self.count} {verb} own local time, the last until {self.last_at:%Y-%m-%d %H:%M} UTC"


def local_wait(issue: Issue, *, now: datetime) -> LocalWait | None:
    """Who of the issue's readers is mailed later than `now`, by their own clocks; None where nobody is."""
    later = Delivery.objects.filter(message__issue=issue, state=DeliveryState.PLANNED, due_at__gt=now)
    found = later.aggregate(n=Count("pk"), first_at=Min("due_at"), last_at=Max("due_at"))
    return LocalWait(found["n"], found["first_at"], found["last_at"]) if found["n"] else None


def is_all_later(issue: Issue, *, now: datetime) -> bool:
    """Whether the issue's mail has nothing to do now but to wait for readers' own time."""
    if local_wait(issue, now=now) is None:
        return False
    waiting = Delivery.objects.filter(message__issue=issue, state__in=_WAITING)
    return not waiting.filter(Q(due_at=None) | Q(due_at__lte=now)).exists()


def overslept(issue: Issue, *, now: datetime, within: timedelta) -> int:
    """How many of the issue's readers were never tried though their own time passed longer ago than `within`, and since
    it came nothing of the issue was sent, and no person let its mail go on. What is merely slow is not overslept.
    """
    deliveries = Delivery.objects.filter(message__issue=issue)
    untried = deliveries.filter(state=DeliveryState.PLANNED, attempts=0, retry_at=None)
    waiting = untried.filter(due_at__lt=now - within)
    first = waiting.first()
    if first is None:
        return 0
    worked_at = deliveries.filter(attempts__gt=0).aggregate(last=Max("updated_at"))["last"]
    resumed = AuditEntry.objects.filter(
        subject_kind="message", subject_id=str(first.message_id), action="message.resumed"
    ).order_by("-at")
    since = [at for at in (worked_at, resumed.values_list("at", flat=True).first()) if at is not None]
    return waiting.filter(due_at__gt=max(since)).count() if since else waiting.count()


def answers(issue: Issue) -> list[Answer]:
    """Why deliveries were not accepted, the commonest answer first. Servers put addresses into theirs: there may be
    as many as there are readers.
    """
    rows = (
        Delivery.objects.filter(message__issue=issue)
        .exclude(state=DeliveryState.ACCEPTED)
        .values_list("state", "reason")
        .annotate(n=Count("pk"), at=Min("retry_at"))
        .order_by("-n", "state", "reason")
    )
    return [
        Answer(state, reason, count, at if state in _WAITING else None)
        for state, reason, count, at in rows
        if reason or at or state not in _WAITING
    ]


def described(given: Iterable[Answer]) -> list[str]:
    """The commonest answers, a line each, and how many more there are."""
    every = list(given)
    more = sum(answer.count for answer in every[ANSWERS_SHOWN:])
    lines = [answer.describe() for answer in every[:ANSWERS_SHOWN]]
    return [*lines, f"{more} for other reasons"] if more else lines


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A batch with deliveries in doubt. `issue` is its number, None for another mail; `reason` the commonest of what
    was said; `waits_for` is what will settle it, for people, and `needs_person` whether nothing else will.
    """

    batch: int
    message: str
    newsletter: str
    issue: int | None
    provider: str
    count: int
    submitted_at: datetime
    reason: str
    waits_for: str
    needs_person: bool


def in_doubt(*, config: Config, now: datetime, newsletter: Newsletter | None = None) -> list[Doubtful]:
    """Everything that is in doubt (of the newsletter's issues), the oldest first."""
    rows = Delivery.objects.filter(state=DeliveryState.IN_DOUBT, batch__isnull=False)
    if newsletter is not None:
        rows = rows.filter(message__issue__newsletter=newsletter)
    found = rows.values("batch_id").annotate(
        n=Count("pk"), tries=Max("attempts"), said=Max("reason"), key=F("message__key"),
        slug=F("message__issue__newsletter__slug"), number=F("message__issue__number"),
        provider=F("batch__provider"), at=F("batch__submitted_at"), taken=F("batch__finished_at"),
    )  # fmt: skip
    return [_doubtful(dict(row), config=config, now=now) for row in found.order_by("at", "batch_id")]


def _doubtful(row: dict[str, Any], *, config: Config, now: datetime) -> Doubtful:
    name, waits_for, needs_person = row["provider"], _OTHER_PROVIDER, True
    if name == config.provider:
        batch = settle_rules.InDoubt(row["at"], row["taken"], row["tries"])
        again = config.in_doubt == "send_again"
        waits_for = settle_rules.waits_for(providers.traits(name), batch, now=now, at_least_once=again)
        step = settle_rules.next_step(providers.traits(name), batch, now=now, at_least_once=again)
        needs_person = step is Step.HOLD
    return Doubtful(
        batch=row["batch_id"], message=row["key"], newsletter=row["slug"] or "", issue=row["number"], provider=name,
        count=row["n"], submitted_at=row["at"], reason=row["said"], waits_for=waits_for, needs_person=needs_person,
    )  # fmt: skip


def held(newsletter: Newsletter | None = None) -> list[Message]:
    """Messages that were paused, with the reason where it was not a person's wish; the oldest first."""
    messages = Message.objects.defer("compiled").select_related("issue").filter(state=MessageState.PAUSED)
    if newsletter is not None:
        messages = messages.filter(issue__newsletter=newsletter)
    return list(messages.order_by("pk"))


def settle(*, state: DeliveryState, actor: str, now: datetime, issue: Issue | None = None, batch_id: int = 0) -> int:
    """A person's word on all of the issue's, or the batch's, deliveries in doubt: ACCEPTED (they arrived), REJECTED
    (leave them) or PLANNED (send them again). How many there were.
    """
    of = {"message__issue": issue} if issue is not None else {"batch_id": batch_id}
    what = f"issue {issue.number}" if issue is not None else f"batch {batch_id}"
    with transaction.atomic():
        doubtful = list(Delivery.objects.filter(**of, state=DeliveryState.IN_DOUBT).order_by("pk"))
        if not doubtful:
            raise NothingInDoubtError(f"No delivery of {what} is in doubt; there is nothing to settle.")
        for delivery in doubtful:
            control.settle(delivery=delivery, state=state, actor=actor, now=now)
    return len(doubtful)
