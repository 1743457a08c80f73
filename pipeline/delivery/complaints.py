"""How many of a list's readers complained, whether its sending is stopped for it, and when bounces are too many."""

from datetime import datetime, timedelta

from pipeline.config import Config
from pipeline.delivery.event_rules import COMPLAINT_DAYS, BouncePolicy, EventKind
from pipeline.delivery.models import ComplaintStop, Delivery, DeliveryState, Message, MessageKind, ProviderEvent


def complaint_counts(list_id: int, *, now: datetime) -> tuple[int, int]:
    """(complaints, accepted deliveries) of the list's issues that were planned in the last COMPLAINT_DAYS; complaints
    since the last stop was lifted.
    """
    issues = Message.objects.filter(
        mailing_list_id=list_id, kind=MessageKind.ISSUE, planned_at__gt=now - timedelta(days=COMPLAINT_DAYS)
    ).values("pk")
    complaints = ProviderEvent.objects.filter(kind=EventKind.COMPLAINT, delivery__message__in=issues)
    lifted = ComplaintStop.objects.filter(mailing_list_id=list_id, lifted_at__isnull=False).order_by("lifted_at").last()
    if lifted is not None:
        complaints = complaints.filter(received_at__gt=lifted.lifted_at)
    accepted = Delivery.objects.filter(message__in=issues, state=DeliveryState.ACCEPTED)
    return complaints.values("delivery").distinct().count(), accepted.count()


def open_stop(list_id: int) -> ComplaintStop | None:
    """The stop that keeps the list's issues back; None where there is none."""
    return ComplaintStop.objects.filter(mailing_list_id=list_id, lifted_at=None).first()


def stop_reason(stop: ComplaintStop) -> str:
    """What to tell whoever wonders why nothing is mailed, and what to do."""
    return (
        f"{stop.complaints} of {stop.accepted} readers complained. Find out why, then: run.py bounces lift, "
        "and resume the issue"
    )


def bounce_policy(config: Config) -> BouncePolicy:
    """When soft bounces count as a hard one, as the configuration has it."""
    return BouncePolicy(soft_limit=config.soft_bounce_limit, soft_days=config.soft_bounce_days)
