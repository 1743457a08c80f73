"""What the ticks do: compose at the lead time, publish what is due, go on with mail that was interrupted.

A tick may run anywhere, twice at once, or after a week of sleep: every step is idempotent and every slot unique in the
database. What goes wrong with one newsletter is recorded, and the others go on.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore

from pipeline.audience.actions.requests import forget_requests
from pipeline.config import Config
from pipeline.delivery.actions import events, hook_calls, pings
from pipeline.delivery.actions.alerts import forget_old as forget_alerts
from pipeline.delivery.complaints import bounce_policy
from pipeline.editorial.actions import due
from pipeline.editorial.actions.issues import NothingToSendError
from pipeline.editorial.models import Newsletter
from pipeline.errors import TipsheetError
from pipeline.publish import alerts, confirmations, feeds, mailing, webhook, welcome
from pipeline.publish.bounces import read_configured
from pipeline.publish.publishing import SCHEDULER, Outcome, publish_due

logger = logging.getLogger(__name__)


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


def bounces(*, config: Config, clock: Callable[[], datetime]) -> list[str]:
    """Read the bounces that came by mail, where the configuration says where; what a person should know."""
    if not config.bounce_mailbox:
        return []
    try:
        return read_configured(config=config, now=clock()).applied.alerts
    except TipsheetError as error:
        logger.warning("ticks.bounces_failed error=%s", type(error).__name__)
        return [str(error)]


def describe(outcome: Outcome) -> str:
    """An outcome in one line."""
    parts = [f"{outcome.newsletter} issue {outcome.number}: {outcome.state}"]
    if outcome.sums is not None:
        parts.append(outcome.sums.describe())
    return ", ".join(parts) + (f". {outcome.note}" if outcome.note else "")


def _compose_due(newsletter: Newsletter, *, now: datetime) -> Iterator[str]:
    """Compose the issue of the newest slot that was missed, and that of the coming one once its lead time has come."""
    for compose in (due.compose_missed, due.compose_coming):
        try:
            issue = compose(newsletter=newsletter, now=now, actor=SCHEDULER)
        except NothingToSendError:
            logger.info("ticks.queue_empty newsletter=%s", newsletter.pk)
            continue
        except TipsheetError as error:
            logger.warning("ticks.compose_failed newsletter=%s error=%s", newsletter.pk, type(error).__name__)
            yield f"{newsletter.slug}: {error}"
            continue
        if issue is not None:
            yield f"{newsletter.slug} issue {issue.number}: composed for {issue.slot_key}"


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
