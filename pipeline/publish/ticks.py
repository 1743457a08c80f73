"""What the ticks do: compose at the lead time, publish what is due, go on with mail that was interrupted.

A tick may run anywhere, twice at once, or after a week of sleep: every step is idempotent and every slot unique in the
database. What goes wrong with one newsletter is recorded, and the others go on.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import takewhile

from django.contrib.sessions.backends.db import SessionStore

from pipeline.audience.actions.requests import forget_requests
from pipeline.config import Config
from pipeline.delivery.actions import events, hook_calls, pings
from pipeline.delivery.actions.alerts import forget_old as forget_alerts
from pipeline.delivery.complaints import bounce_policy
from pipeline.editorial.actions import issues as actions
from pipeline.editorial.actions.issues import NothingToSendError
from pipeline.editorial.issue_rules import IssueState
from pipeline.editorial.models import Issue, Newsletter, QueueEntry
from pipeline.editorial.queries import free_slots
from pipeline.editorial.slots import Slot
from pipeline.errors import TipsheetError
from pipeline.publish import alerts, confirmations, feeds, mailing, webhook, welcome
from pipeline.publish.publishing import SCHEDULER, Outcome, publish_due

logger = logging.getLogger(__name__)

LOOK_BACK = timedelta(days=31)


def tick(*, config: Config, clock: Callable[[], datetime]) -> list[str]:
    """One look for work; a line for each thing that was done or that failed."""
    try:
        mailing.refuse_foreign_database(config)
    except TipsheetError as error:
        return [str(error)]
    said: list[str] = []
    for newsletter in Newsletter.objects.order_by("pk"):
        said += alerts.expire_tips(newsletter, now=clock(), actor=SCHEDULER)
        said += _compose_due(newsletter, now=clock())
        said += [describe(outcome) for outcome in publish_due(newsletter, config=config, clock=clock)]
    said += feeds.catch_up(config=config, clock=clock)
    confirmations.send_due(config=config, now=clock())
    said += events.apply_stored(policy=bounce_policy(config), now=clock()).alerts
    for newsletter in Newsletter.objects.order_by("pk"):
        said += welcome.plan_due(newsletter, config=config, clock=clock)
        said += alerts.look(newsletter, config=config, now=clock())
    said += _send_mail(config=config, clock=clock)
    webhook.call_due(config=config, clock=clock)
    return said + list(feeds.tell_hub(config=config, clock=clock))


def _send_mail(*, config: Config, clock: Callable[[], datetime]) -> list[str]:
    try:
        sent = mailing.describe(mailing.send(config=config, clock=clock))
    except TipsheetError as error:
        logger.warning("ticks.mail_failed error=%s", type(error).__name__)
        return [str(error)]
    return [sent] if sent else []


def describe(outcome: Outcome) -> str:
    """An outcome in one line."""
    parts = [f"{outcome.newsletter} issue {outcome.number}: {outcome.state}"]
    if outcome.sums is not None:
        parts.append(outcome.sums.describe())
    return ", ".join(parts) + (f". {outcome.note}" if outcome.note else "")


def _compose_due(newsletter: Newsletter, *, now: datetime) -> Iterator[str]:
    """Compose the issues whose lead time has come: the newest slot that was missed, and the coming one."""
    lead = timedelta(minutes=newsletter.lead_time_minutes)
    for slot in (_missed_slot(newsletter, now=now), next(free_slots(newsletter, after=now), None)):
        if slot is None or slot.at_utc - lead > now:
            continue
        try:
            issue = actions.compose(newsletter=newsletter, slot=slot, now=now, actor=SCHEDULER)
        except NothingToSendError:
            logger.info("ticks.queue_empty newsletter=%s", newsletter.pk)
            continue
        except TipsheetError as error:
            logger.warning("ticks.compose_failed newsletter=%s error=%s", newsletter.pk, type(error).__name__)
            yield f"{newsletter.slug}: {error}"
            continue
        yield f"{newsletter.slug} issue {issue.number}: composed for {slot.key}"


def _missed_slot(newsletter: Newsletter, *, now: datetime) -> Slot | None:
    """The newest slot that passed without an issue and after the last one, though tips were waiting for it: however
    long the sleep, only one. Within the catch-up window it is published late; beyond it, held for a person.
    """
    last = Issue.objects.filter(newsletter=newsletter).exclude(state=IssueState.CANCELLED).order_by("-slot_at").first()
    since = max(now - LOOK_BACK, last.slot_at) if last is not None else now - LOOK_BACK
    missed = None
    for slot in takewhile(lambda slot: slot.at_utc <= now, free_slots(newsletter, after=since)):
        missed = slot
    if missed is None:
        return None
    waiting = QueueEntry.objects.filter(tip__newsletter=newsletter, held=False, queued_at__lte=missed.at_utc)
    return missed if waiting.exists() else None


def housekeeping(*, now: datetime) -> None:
    """What need not be kept: sessions that ended, subscription requests that were never confirmed, old pings and
    events, and tokens of providers' calls that would be too old by now.
    """
    SessionStore.clear_expired()
    pings.forget_old(now=now)
    forget_alerts(now=now)
    hook_calls.forget_tokens(now=now)
    events.forget_noted(now=now)
    forget_requests(now=now)
