"""Events of deliveries: stored first, then applied, so that none is lost and none counts twice.

    a webhook, a bounce in the mailbox ──► store (by key, once) ──► apply_stored ──► outcome, suppression, a list's stop

Whoever takes an event in answers for it as soon as `store` has returned. `apply_stored` may run at any time, in any
number of processes; what it does with an event is one transaction, and is done once.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from pipeline.audience.actions.subscriptions import unsubscribe
from pipeline.audience.actions.suppression import suppress
from pipeline.audience.addresses import AddressError, parse
from pipeline.audience.keys import address_hash
from pipeline.audience.models import MailingList, SuppressionReason
from pipeline.audit.actions import record as audit
from pipeline.delivery import ledger
from pipeline.delivery.actions import control
from pipeline.delivery.complaints import complaint_counts, open_stop, stop_reason
from pipeline.delivery.event_rules import RANK, BouncePolicy, EventKind, EventReport, Standing, standing
from pipeline.delivery.models import (
    BatchState,
    ComplaintStop,
    Delivery,
    DeliveryState,
    Message,
    MessageKind,
    MessageState,
    ProviderEvent,
)
from pipeline.delivery.providers.base import SendState
from pipeline.errors import TipsheetError

log = logging.getLogger(__name__)

_AT_ONCE = 500
_PROOF = "an event proves that it was accepted"
_KEY_MAX, _SAID_MAX = 200, 300


class NoStopError(TipsheetError):
    """The list's sending is not stopped."""


@dataclass(slots=True)
class Applied:
    """What a run of `apply_stored` did; `alerts` are for a person, one line each."""

    events: int = 0
    suppressed: int = 0
    unsubscribed: int = 0
    settled: int = 0
    alerts: list[str] = field(default_factory=list)


def store(*, reports: Iterable[EventReport], now: datetime) -> int:
    """Store what was told; how many of them are new. What was told before is left as it is."""
    rows = [_row(report, now) for report in reports]
    new = 0
    with transaction.atomic():
        for provider in sorted({row.provider for row in rows}):
            told = {row.key: row for row in rows if row.provider == provider}
            known = ProviderEvent.objects.filter(provider=provider, key__in=told).values_list("key", flat=True)
            new += len(told) - len(known)
        ProviderEvent.objects.bulk_create(rows, ignore_conflicts=True)
    return new


def _row(report: EventReport, now: datetime) -> ProviderEvent:
    hashed = "" if report.delivery_id is not None else _hashed(report.address)
    return ProviderEvent(
        provider=report.provider, key=report.key[:_KEY_MAX], kind=report.kind, delivery_id=report.delivery_id,
        address_hash=hashed, said=report.said[:_SAID_MAX], occurred_at=report.occurred_at, received_at=now,
    )  # fmt: skip


def _hashed(address: str) -> str:
    try:
        return address_hash(parse(address, unicode_mailboxes=True).key)
    except AddressError:
        return ""


def apply_stored(*, policy: BouncePolicy, now: datetime) -> Applied:
    """Apply every event that waits, in the order in which they came."""
    applied, touched, after = Applied(), set[int](), 0
    while events := list(ProviderEvent.objects.filter(applied_at=None, pk__gt=after).order_by("pk")[:_AT_ONCE]):
        after = events[-1].pk
        applied.events += _apply_light([e for e in events if RANK.get(EventKind(e.kind), 0) <= 1], applied, now)
        for event in events:
            if RANK.get(EventKind(event.kind), 0) > 1 or event.kind == EventKind.UNSUBSCRIBED:
                _apply(event.pk, applied, touched, policy, now)
    for list_id in sorted(touched):
        applied.alerts += _judge(list_id, now)
    return applied


def _apply_light(events: Sequence[ProviderEvent], applied: Applied, now: datetime) -> int:
    """Events that move nothing but an outcome, a few hundred in one transaction."""
    light = [event for event in events if event.kind != EventKind.UNSUBSCRIBED]
    with transaction.atomic():
        ids = ProviderEvent.objects.select_for_update().filter(pk__in=[e.pk for e in light], applied_at=None)
        mine = {event.pk: event for event in ids}
        delivered = [e.delivery_id for e in mine.values() if e.kind == EventKind.DELIVERED and e.delivery_id]
        Delivery.objects.filter(pk__in=delivered, outcome=None).update(outcome=EventKind.DELIVERED)
        for delivery in Delivery.objects.filter(pk__in=delivered, state=DeliveryState.IN_DOUBT):
            applied.settled += _proved(delivery, now)
        ProviderEvent.objects.filter(pk__in=mine).update(applied_at=now, result="noted")
    return len(mine)


def _apply(event_id: int, applied: Applied, touched: set[int], policy: BouncePolicy, now: datetime) -> None:
    with transaction.atomic():
        event = ProviderEvent.objects.select_for_update().filter(pk=event_id, applied_at=None).first()
        if event is None:  # another run was first
            return
        delivery = _delivery_of(event)
        if delivery is not None:
            applied.settled += _move(delivery, EventKind(event.kind), now)
        event.address_hash = _reader_hash(event, delivery)
        event.result = _consequence(event, delivery, applied, policy, now)
        event.applied_at = now
        event.save(update_fields=["applied_at", "result", "address_hash"])
        applied.events += 1
        if event.kind == EventKind.COMPLAINT and delivery is not None and delivery.message.kind == MessageKind.ISSUE:
            touched.update([delivery.message.mailing_list_id] if delivery.message.mailing_list_id else [])
    log.info("delivery.event event=%s kind=%s", event_id, event.kind)


def _delivery_of(event: ProviderEvent) -> Delivery | None:
    if event.delivery_id is None:
        return None
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("subscriber", "message")
    return rows.defer("message__compiled").filter(pk=event.delivery_id).first()


def _move(delivery: Delivery, kind: EventKind, now: datetime) -> int:
    """The delivery's outcome, forward only; 1 if that settles a delivery that was in doubt."""
    before = RANK[EventKind(delivery.outcome)] if delivery.outcome else 0
    if RANK.get(kind, 0) > before:
        Delivery.objects.filter(pk=delivery.pk).update(outcome=kind)
    return _proved(delivery, now) if kind in RANK and delivery.state == DeliveryState.IN_DOUBT else 0


def _proved(delivery: Delivery, now: datetime) -> int:
    if delivery.batch_id is None:
        return 0
    results = {delivery.pk: SendState.ACCEPTED}
    return ledger.settle(
        message_id=delivery.message_id, batch_id=delivery.batch_id, results=results, reason=_PROOF, now=now
    )


def settle_proved(*, now: datetime) -> int:
    """Accept what is in doubt and had its event before that, as when a worker died after the mail had arrived."""
    proved = Delivery.objects.filter(batch__state=BatchState.IN_DOUBT, state=DeliveryState.IN_DOUBT)
    return sum(_proved(delivery, now) for delivery in proved.filter(outcome__isnull=False).order_by("pk"))


def _consequence(
    event: ProviderEvent, delivery: Delivery | None, applied: Applied, policy: BouncePolicy, now: datetime
) -> str:
    """What the event means for the reader, in words."""
    if not event.address_hash:
        return "it names nobody that is known"
    if event.kind == EventKind.UNSUBSCRIBED:
        return _left(event, delivery, applied, now)
    if event.kind == EventKind.SOFT_BOUNCE and not _too_many_soft(event, policy):
        return "counted"
    reason = SuppressionReason.COMPLAINT if event.kind == EventKind.COMPLAINT else SuppressionReason.HARD_BOUNCE
    is_new = suppress(address_hash=event.address_hash, reason=reason, now=now, actor=f"event:{event.provider}")
    applied.suppressed += is_new
    return "suppressed" if is_new else "was suppressed"


def _reader_hash(event: ProviderEvent, delivery: Delivery | None) -> str:
    if delivery is None:
        return event.address_hash
    return delivery.subscriber.address_hash if delivery.subscriber else _hashed(delivery.address)


def _left(event: ProviderEvent, delivery: Delivery | None, applied: Applied, now: datetime) -> str:
    if delivery is None or delivery.subscriber_id is None or delivery.message.mailing_list_id is None:
        return "it names no subscription"
    has_left = unsubscribe(
        list_id=delivery.message.mailing_list_id, subscriber_id=delivery.subscriber_id, now=now,
        actor=f"event:{event.provider}",
    )  # fmt: skip
    applied.unsubscribed += has_left
    return "unsubscribed" if has_left else "was unsubscribed"


def _too_many_soft(event: ProviderEvent, policy: BouncePolicy) -> bool:
    """One bounce for each delivery, however often it was told; those that were applied before, and this one."""
    told = ProviderEvent.objects.filter(kind=EventKind.SOFT_BOUNCE, address_hash=event.address_hash)
    first: dict[int, datetime] = {}
    for delivery_id, at in [*told.values_list("delivery_id", "occurred_at"), (event.delivery_id, event.occurred_at)]:
        if delivery_id is not None:
            first[delivery_id] = min(at, first.get(delivery_id, at))
    return policy.is_reached(first.values())


def _judge(list_id: int, now: datetime) -> list[str]:
    """Stop a list of which too many complain, and hold what it has on the way; what to tell a person."""
    complaints, accepted = complaint_counts(list_id, now=now)
    verdict = standing(complaints=complaints, accepted=accepted)
    if verdict is Standing.GOOD:
        return []
    mailing_list = MailingList.objects.get(pk=list_id)
    said = f"{mailing_list.slug}: {complaints} of {accepted} readers complained"
    if verdict is Standing.ALERT:
        log.warning("delivery.complaints list=%s complaints=%s accepted=%s", list_id, complaints, accepted)
        return [f"{said}; at three in a thousand its issues are held"]
    with transaction.atomic():
        stop, is_new = ComplaintStop.objects.get_or_create(
            mailing_list=mailing_list, lifted_at=None,
            defaults={"complaints": complaints, "accepted": accepted, "stopped_at": now},
        )  # fmt: skip
        if is_new:
            audit(
                now=now, actor="events", action="list.stopped", subject_kind="mailing_list", subject_id=list_id,
                complaints=complaints, accepted=accepted,
            )  # fmt: skip
            _hold_issues(mailing_list, stop_reason(stop), now)
    log.error("delivery.stopped list=%s complaints=%s accepted=%s", list_id, complaints, accepted)
    return [f"{said}; its issues are held"]


def _hold_issues(mailing_list: MailingList, reason: str, now: datetime) -> None:
    on_the_way = Q(mailing_list=mailing_list, kind=MessageKind.ISSUE, state=MessageState.OPEN)
    for message in Message.objects.defer("compiled").filter(on_the_way, planned_at__isnull=False).order_by("pk"):
        control.pause(message=message, now=now, actor="events", reason=reason)


def lift_stop(*, mailing_list: MailingList, now: datetime, actor: str) -> None:
    """Let the list's issues be mailed again; from here on its complaints are counted anew. Raises NoStopError."""
    with transaction.atomic():
        stop = open_stop(mailing_list.pk)
        if stop is None:
            raise NoStopError(f"Sending to {mailing_list.name} is not stopped: there is nothing to lift")
        stop.lifted_at, stop.lifted_by = now, actor
        stop.save(update_fields=["lifted_at", "lifted_by"])
        audit(now=now, actor=actor, action="list.lifted", subject_kind="mailing_list", subject_id=mailing_list.pk)


def forget_noted(*, now: datetime, keep: timedelta = timedelta(days=400)) -> int:
    """Drop events of long ago that were applied; how many. What followed from them stays."""
    return ProviderEvent.objects.filter(applied_at__isnull=False, received_at__lt=now - keep).delete()[0]
