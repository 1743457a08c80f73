"""Telling the staff what needs them: by mail through the configured provider, and by a signed webhook.

the ticks ──► occasions ──► an alert, once for each ──► mail in the ledger
                                                   └──► calls of the webhook, until it is taken or given up
"""

import logging
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

from pipeline.config import Config
from pipeline.delivery.actions import alerts as actions
from pipeline.delivery.actions.alerts import Occasion
from pipeline.delivery.actions.messages import Sender
from pipeline.delivery.models import Alert, AlertKind
from pipeline.editorial.actions import queue
from pipeline.editorial.models import Newsletter
from pipeline.editorial.newsletter_rules import NewsletterRules
from pipeline.editorial.queries import local_day, rules_of
from pipeline.errors import TipsheetError
from pipeline.publish.alert_occasions import occasions
from pipeline.render.colours import palette
from pipeline.render.mjml import compile_mjml, inline
from pipeline.render.model import RenderedEmail
from pipeline.render.template import render_template

logger = logging.getLogger(__name__)

FOLDER = "_alert"


class NobodyToTellError(TipsheetError):
    """A newsletter's rules name neither an address nor a webhook for alerts."""


def expire_tips(newsletter: Newsletter, *, now: datetime, actor: str) -> Iterator[str]:
    """Take tips from the queue whose last day passed; a line for each."""
    day = local_day(newsletter, now)
    for tip_id in queue.expire(newsletter_id=newsletter.pk, today=day, now=now, actor=actor):
        yield f"{newsletter.slug}: tip {tip_id} left the queue, for its last day passed"


def look(newsletter: Newsletter, *, config: Config, now: datetime) -> Iterator[str]:
    """Raise an alert for each new occasion; a line for each. They are kept even where nobody is to be told."""
    rules = rules_of(newsletter)
    for occasion in occasions(newsletter, rules, now=now):
        if Alert.objects.filter(key=occasion.key[:200]).exists():
            continue
        try:
            raised = tell(newsletter, occasion, rules, config=config, now=now)
        except TipsheetError as error:
            logger.warning("alerts.failed newsletter=%s error=%s", newsletter.pk, type(error).__name__)
            yield f"{newsletter.slug}: an alert could not be sent: {error}"
            continue
        if raised is not None:
            logger.info("alerts.raised alert=%s kind=%s", raised.pk, raised.kind)
            yield f"{newsletter.slug}: alert: {occasion.subject}. {occasion.text}"


def tell(
    newsletter: Newsletter, occasion: Occasion, rules: NewsletterRules, *, config: Config, now: datetime
) -> Alert | None:
    """Raise the alert; None if this occasion was told of before."""
    return actions.raise_alert(
        newsletter=newsletter,
        occasion=occasion,
        rendered=render_alert(newsletter, occasion, config=config),
        sender=Sender(name=newsletter.sender_name, address=newsletter.sender_address),
        addresses=rules.addresses(),
        call_url=rules.alert_webhook,
        now=now,
    )


def test(newsletter: Newsletter, *, config: Config, now: datetime, actor: str) -> Alert | None:
    """An alert that says only that alerts arrive. Raises NobodyToTellError."""
    rules = rules_of(newsletter)
    if not rules.addresses() and not rules.alert_webhook:
        raise NobodyToTellError(
            f"Nobody is told of alerts of {newsletter.name}. Name an address or a webhook: run.py rules set "
            "alert_addresses=you@example.com"
        )
    occasion = Occasion(
        AlertKind.TEST,
        f"test:{newsletter.pk}:{now:%Y%m%dT%H%M%S}",
        "Alerts arrive",
        f"{actor} asked for this to see whether alerts of {newsletter.name} arrive. Nothing needs to be done.",
    )
    return tell(newsletter, occasion, rules, config=config, now=now)


def render_alert(newsletter: Newsletter, occasion: Occasion, *, config: Config) -> RenderedEmail:
    """The mail about an occasion, the same for everybody who gets it."""
    colours = palette(newsletter.accent_colour)
    values = {
        "newsletter": {"name": newsletter.name},
        "alert": asdict(occasion),
        "studio_url": f"{config.public_url}/studio/alerts/",
        "light": asdict(colours.light),
        "dark": asdict(colours.dark),
    }
    folder = config.templates / "email" / FOLDER
    compiled = compile_mjml(render_template(folder, "mail.mjml", values, autoescape=True), name="the alert")
    text = render_template(folder, "mail.txt", values, autoescape=False)
    subject = f"[{newsletter.name}] {occasion.subject}"
    return RenderedEmail(subject, inline(compiled.html, compiled.inline_css), text)
