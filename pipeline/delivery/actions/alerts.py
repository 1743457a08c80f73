"""Telling the staff: an alert is raised once, mailed through the ledger, and its webhook called until it is taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from pipeline.delivery.actions.messages import Sender, send_single
from pipeline.delivery.models import Alert, AlertKind, CallState, MessageKind
from pipeline.editorial.models import Newsletter
from pipeline.render.model import RenderedEmail

LEASE = timedelta(minutes=2)  # longer than one call can take; one whose worker died is made again after it
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))  # between one call and the next
KEEP = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something that needs a person. `key` is the same for as long as it is the same occasion."""

    kind: AlertKind
    key: str
    subject: str
    text: str


def raise_alert(
    *,
    newsletter: Newsletter,
    occasion: Occasion,
    rendered: RenderedEmail,
    sender: Sender,
    addresses: Sequence[str],
    call_url: str,
    now: datetime,
) -> Alert | None:
    """Keep the alert, with a mail to each address and a call that waits; None if this occasion was told of before."""
    with transaction.atomic():
        values = {
            "newsletter": newsletter,
            "kind": occasion.kind,
            "subject": occasion.subject[:200],
            "text": occasion.text,
            "created_at": now,
            "mailed": len(addresses),
            "call_url": call_url,
            "call_state": CallState.WAITING if call_url else CallState.NONE,
            "call_at": now if call_url else None,
        }
        alert, is_new = Alert.objects.get_or_create(key=occasion.key[:200], defaults=values)
        if not is_new:
            return None
        for place, address in enumerate(addresses, start=1):
            send_single(
                kind=MessageKind.STAFF,
                key=f"alert:{alert.pk}:{place}",
                rendered=rendered,
                sender=sender,
                address=address,
                now=now,
            )
    return alert


def take(*, now: datetime) -> Alert | None:
    """The next alert whose webhook is to be called, for the caller alone; None when there is none."""
    waiting = Alert.objects.filter(call_state=CallState.WAITING, call_at__lte=now).order_by("call_at", "pk")
    for alert in waiting.select_related("newsletter")[:10]:
        mine = Alert.objects.filter(pk=alert.pk, call_state=CallState.WAITING, call_at=alert.call_at)
        if mine.update(call_at=now + LEASE, call_attempts=alert.call_attempts + 1):
            alert.refresh_from_db()
            return alert
    return None


def accepted(*, alert: Alert, status: int, now: datetime) -> None:
    """The webhook took it."""
    _finish(alert, CallState.ACCEPTED, status=status, said="", now=now)


def refused(*, alert: Alert, status: int | None, said: str, now: datetime) -> None:
    """The webhook will not take it, now or later, or must not be called."""
    _finish(alert, CallState.FAILED, status=status, said=said, now=now)


def missed(*, alert: Alert, status: int | None, said: str, now: datetime) -> None:
    """This call failed and another may not: it waits, longer each time, or is given up."""
    if alert.call_attempts > len(DELAYS):
        _finish(alert, CallState.FAILED, status=status, said=said, now=now)
        return
    mine = Alert.objects.filter(pk=alert.pk, call_state=CallState.WAITING, call_at=alert.call_at)
    mine.update(call_at=now + DELAYS[alert.call_attempts - 1], call_status=status, call_said=said[:300])


def forget_old(*, now: datetime) -> int:
    """Drop alerts of long ago; how many."""
    return Alert.objects.filter(created_at__lt=now - KEEP).delete()[0]


def _finish(alert: Alert, state: CallState, *, status: int | None, said: str, now: datetime) -> None:
    mine = Alert.objects.filter(pk=alert.pk, call_state=CallState.WAITING, call_at=alert.call_at)
    mine.update(call_state=state, call_status=status, call_said=said[:300], call_finished_at=now)
