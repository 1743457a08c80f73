"""What became of an issue's deliveries and why, and a person's word on those that are in doubt."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Min

from pipeline.delivery.actions import control
from pipeline.delivery.models import Delivery, DeliveryState
from pipeline.editorial.models import Issue
from pipeline.errors import TipsheetError

ANSWERS_SHOWN = 5
_WAITING = (DeliveryState.PLANNED, DeliveryState.RETRY_AT)


class NothingInDoubtError(TipsheetError):
    """No delivery of the issue is in doubt."""


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


def settle(issue: Issue, *, state: DeliveryState, actor: str, now: datetime) -> int:
    """A person's word on all of the issue's deliveries in doubt: ACCEPTED (they arrived), REJECTED (leave them) or
    PLANNED (send them again). How many there were.
    """
    with transaction.atomic():
        doubtful = list(Delivery.objects.filter(message__issue=issue, state=DeliveryState.IN_DOUBT).order_by("pk"))
        if not doubtful:
            raise NothingInDoubtError(f"No delivery of issue {issue.number} is in doubt; there is nothing to settle.")
        for delivery in doubtful:
            control.settle(delivery=delivery, state=state, actor=actor, now=now)
    return len(doubtful)
