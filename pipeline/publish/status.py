"""What is queued, what is next, and the sums of what was sent: plain data, for a person's screen or a program."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from pipeline.audience.models import Subscription
from pipeline.delivery.models import Delivery, DeliveryState, Message, MessageKind
from pipeline.delivery.sums import Sums, sums
from pipeline.delivery.warm_up_rules import WAITING
from pipeline.editorial.changed_sources import needing_correction
from pipeline.editorial.models import Issue, Newsletter, QueueEntry, Tip
from pipeline.editorial.queries import free_slots
from pipeline.editorial.slots import Slot
from pipeline.editorial.timetables import end_note
from pipeline.publish.deliveries import LocalWait, local_wait

RECENT_ISSUES = 5


@dataclass(frozen=True, slots=True)
class IssueStatus:
    """`sums` is None until the issue has a message; `local_wait` is who waits for their own local time, `warming_up`
    how many wait because their receiving domain had its share of the day.
    """

    number: int
    state: str
    subject: str
    slot_at: datetime
    held_reason: str
    sums: Sums | None
    local_wait: LocalWait | None = None
    warming_up: int = 0


@dataclass(frozen=True, slots=True)
class NewsletterStatus:
    """`next_slot` is None while the schedule is paused, has ended or is absent; `end_note` says when it ends. The
    issues are the newest, newest first; `to_correct` the numbers of published tips whose source says so no more.
    """

    slug: str
    name: str
    next_slot: Slot | None
    end_note: str
    queued: int
    held: int
    tips: dict[str, int]
    to_correct: tuple[int, ...]
    subscriptions: dict[str, int]
    issues: tuple[IssueStatus, ...]


def newsletter_status(newsletter: Newsletter, *, now: datetime, recent: int = RECENT_ISSUES) -> NewsletterStatus:
    """The newsletter's standing at `now`, with its `recent` newest issues."""
    queue = QueueEntry.objects.filter(tip__newsletter=newsletter)
    return NewsletterStatus(
        slug=newsletter.slug,
        name=newsletter.name,
        next_slot=next(free_slots(newsletter, after=now), None),
        end_note=end_note(newsletter, now=now),
        queued=queue.filter(held=False).count(),
        held=queue.filter(held=True).count(),
        tips=_counts(Tip.objects.filter(newsletter=newsletter).values_list("state").annotate(n=Count("pk"))),
        to_correct=tuple(sorted(needing_correction(newsletter))),
        subscriptions=_counts(
            Subscription.objects.filter(mailing_list=newsletter.mailing_list)
            .values_list("state")
            .annotate(n=Count("pk"))
        ),
        issues=tuple(_issue_status(issue, now=now) for issue in newsletter.issues.order_by("-number")[:recent]),
    )


def _counts(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    return dict(sorted(rows))


def _issue_status(issue: Issue, *, now: datetime) -> IssueStatus:
    message = Message.objects.filter(kind=MessageKind.ISSUE, issue=issue).first()
    total = sums(message) if message is not None else None
    return IssueStatus(
        number=issue.number,
        state=issue.state,
        subject=issue.subject,
        slot_at=issue.slot_at,
        held_reason=issue.held_reason,
        sums=total,
        warming_up=_warming_up(message, now) if message is not None and total is not None and total.waiting else 0,
        local_wait=local_wait(issue, now=now) if message is not None else None,
    )


def _warming_up(message: Message, now: datetime) -> int:
    waiting = Delivery.objects.filter(message=message, state=DeliveryState.PLANNED, retry_at__gt=now)
    return waiting.filter(reason__startswith=WAITING).count()
