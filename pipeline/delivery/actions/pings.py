"""The record of what WebSub hubs are told: asked for, taken in turn, answered or given up."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from pipeline.delivery.models import HubPing, HubPingState
from pipeline.editorial.models import Newsletter

LEASE = timedelta(minutes=2)  # longer than one try can take; a ping whose worker died is taken again after it
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))  # between one try and the next
KEEP = timedelta(days=90)


def ask(*, newsletter: Newsletter, hub_url: str, feed_urls: Iterable[str], now: datetime) -> int:
    """Have the hub told that these feeds changed; how many pings that makes. One that waits serves again, at once."""
    made = 0
    with transaction.atomic():
        for feed_url in feed_urls:
            waiting = HubPing.objects.filter(hub_url=hub_url, feed_url=feed_url, state=HubPingState.WAITING)
            if not waiting.update(try_at=now, attempts=0):
                HubPing.objects.create(
                    newsletter=newsletter, hub_url=hub_url, feed_url=feed_url, created_at=now, try_at=now
                )
                made += 1
    return made


def take(*, now: datetime) -> HubPing | None:
    """The next ping whose time has come, for the caller alone; None when there is none."""
    waiting = HubPing.objects.filter(state=HubPingState.WAITING, try_at__lte=now).order_by("try_at", "pk")
    for ping in waiting[:10]:
        mine = HubPing.objects.filter(pk=ping.pk, state=HubPingState.WAITING, try_at=ping.try_at)
        if mine.update(try_at=now + LEASE, attempts=ping.attempts + 1):
            ping.refresh_from_db()
            return ping
    return None


def accepted(*, ping: HubPing, status: int, now: datetime) -> None:
    """The hub took it. A change that came in meanwhile asked again, and waits on."""
    _finish(ping, HubPingState.ACCEPTED, status=status, said="", now=now)


def refused(*, ping: HubPing, status: int | None, said: str, now: datetime) -> None:
    """The hub will not take it, now or later."""
    _finish(ping, HubPingState.FAILED, status=status, said=said, now=now)


def missed(*, ping: HubPing, status: int | None, said: str, now: datetime, not_before: datetime | None = None) -> None:
    """This try failed and another may not: it waits, longer each time, or is given up. The hub's other pings wait
    as long, without counting as tried.
    """
    if ping.attempts > len(DELAYS):
        refused(ping=ping, status=status, said=said, now=now)
        return
    try_at = max(now + DELAYS[ping.attempts - 1], not_before or now)
    with transaction.atomic():
        _mine(ping).update(try_at=try_at, status=status, said=said[:300])
        others = HubPing.objects.filter(hub_url=ping.hub_url, state=HubPingState.WAITING, try_at__lte=now)
        others.update(try_at=try_at)


def forget_old(*, now: datetime) -> int:
    """Drop the records of pings that ended long ago; how many."""
    ended = HubPing.objects.filter(finished_at__lt=now - KEEP)
    return ended.delete()[0]


def _finish(ping: HubPing, state: HubPingState, *, status: int | None, said: str, now: datetime) -> None:
    _mine(ping).update(state=state, status=status, said=said[:300], finished_at=now)


def _mine(ping: HubPing) -> QuerySet[HubPing]:
    """The ping, unless a newer change asked for it since it was taken."""
    return HubPing.objects.filter(pk=ping.pk, state=HubPingState.WAITING, try_at=ping.try_at)
