"""Bounces and complaints that come by mail: read, stored, applied; and how the newsletters stand with them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.config import Config
from pipeline.delivery.actions import events
from pipeline.delivery.bounces import report_of
from pipeline.delivery.complaints import bounce_policy, complaint_counts, open_stop
from pipeline.delivery.event_rules import COMPLAINT_DAYS, EventKind
from pipeline.delivery.mailboxes import read_mailbox
from pipeline.delivery.models import ProviderEvent
from pipeline.editorial.models import Newsletter
from pipeline.errors import TipsheetError


class NoMailboxError(TipsheetError):
    """It is not said where bounces lie."""


@dataclass(slots=True)
class BounceReading:
    """`reports` were understood, `new` of them not told before; `others` are no reports of ours, and are left."""

    reports: int = 0
    new: int = 0
    others: int = 0
    applied: events.Applied = field(default_factory=events.Applied)


def read_configured(*, config: Config, now: datetime) -> BounceReading:
    """Read the mailbox that the configuration names. Raises NoMailboxError and MailboxError."""
    if not config.bounce_mailbox:
        raise NoMailboxError("It is not said where bounces lie: name a maildir, or set bounce_mailbox")
    return read_from(config.bounce_mailbox, config=config, now=now)


def read_from(place: str, *, config: Config, now: datetime) -> BounceReading:
    """Read a maildir or an IMAP folder."""
    reading = BounceReading()
    take = _taking(reading, config, now)
    try:
        reading.reports, reading.others = read_mailbox(place, password=config.bounce_mailbox_secret, take=take)
    finally:  # what was stored before the mailbox failed counts
        reading.applied = events.apply_stored(policy=bounce_policy(config), now=now)
    return reading


def read_one(data: bytes, *, config: Config, now: datetime) -> BounceReading:
    """Read one mail, as a mail server pipes it."""
    reading = BounceReading()
    is_report = _taking(reading, config, now)(data)
    reading.reports, reading.others = int(is_report), int(not is_report)
    reading.applied = events.apply_stored(policy=bounce_policy(config), now=now)
    return reading


def _taking(reading: BounceReading, config: Config, now: datetime) -> Callable[[bytes], bool]:
    def take(data: bytes) -> bool:
        report = report_of(data, bounce_address=config.bounce_address, now=now)
        if report is None:
            return False
        reading.new += events.store(reports=[report], now=now)
        return True

    return take


@dataclass(frozen=True, slots=True)
class BounceStanding:
    """What a newsletter's issues of the last COMPLAINT_DAYS met with. `stopped_at` is None while it is mailed."""

    newsletter: str
    accepted: int
    complaints: int
    hard_bounces: int
    soft_bounces: int
    stopped_at: datetime | None

    @property
    def complaint_rate(self) -> float:
        return self.complaints / self.accepted if self.accepted else 0.0


def standings(newsletters: Iterable[Newsletter], *, now: datetime) -> list[BounceStanding]:
    """How each newsletter stands with bounces and complaints."""
    return [_standing(newsletter, now) for newsletter in newsletters]


def _standing(newsletter: Newsletter, now: datetime) -> BounceStanding:
    complaints, accepted = complaint_counts(newsletter.mailing_list_id, now=now)
    stop = open_stop(newsletter.mailing_list_id)
    told = ProviderEvent.objects.filter(
        delivery__message__mailing_list=newsletter.mailing_list_id,
        occurred_at__gt=now - timedelta(days=COMPLAINT_DAYS),
    )

    def count(kind: EventKind) -> int:
        return told.filter(kind=kind).values("delivery").distinct().count()

    return BounceStanding(
        newsletter=newsletter.slug, accepted=accepted, complaints=complaints,
        hard_bounces=count(EventKind.HARD_BOUNCE), soft_bounces=count(EventKind.SOFT_BOUNCE),
        stopped_at=stop.stopped_at if stop else None,
    )  # fmt: skip
