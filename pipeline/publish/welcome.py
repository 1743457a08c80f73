"""Welcoming new readers: the best of what was published, one tip a mail, at each reader's own pace.

    a reader joins ──► enrolled ──► due ──► one message for all who are due for the same tip ──► the ledger, as ever

A welcome mail is an issue's mail with one tip: the newsletter's design, its list's headers, the way out, preflight.
Nothing of it is published anew: the tip keeps its page, and the mail links there. Which tips: those that staff chose,
or the best by score. Nobody gets one that they had before, by whatever mail.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from pipeline.config import Config
from pipeline.delivery.actions import welcome as actions
from pipeline.delivery.actions.welcome import WelcomeStep
from pipeline.delivery.models import WelcomeSequence
from pipeline.editorial.content import IssueContent
from pipeline.editorial.issue_content import newsletter_content, tip_content
from pipeline.editorial.models import Newsletter, NewsletterRuleSet, PublicTip, Tip, WelcomeTip
from pipeline.editorial.newsletter_rules import NewsletterRules
from pipeline.editorial.queries import rules_of
from pipeline.editorial.revisions import approved_revision
from pipeline.editorial.tip_rules import TipState
from pipeline.errors import TipsheetError
from pipeline.publish.issues import sender_of
from pipeline.render.email import render_email
from pipeline.render.model import PreflightFinding, RenderedEmail
from pipeline.render.preflight import check
from pipeline.render.wording import wording

logger = logging.getLogger(__name__)


class WelcomeError(TipsheetError):
    """A welcome mail cannot be made."""


@dataclass(frozen=True, slots=True)
class WelcomeLook:
    """A welcome mail as it would leave, and what preflight says of it."""

    content: IssueContent
    rendered: RenderedEmail
    findings: tuple[PreflightFinding, ...]

    @property
    def is_blocked(self) -> bool:
        return any(finding.blocks for finding in self.findings)


def welcome_tips(newsletter: Newsletter) -> list[Tip]:
    """The tips that new readers are given, in their order; more than there are mails, for whoever had one already."""
    published = Tip.objects.filter(newsletter=newsletter, state=TipState.PUBLISHED).select_related(
        "newsletter", "revision"
    )
    if rules_of(newsletter).welcome_choice == "chosen":
        places = dict(WelcomeTip.objects.filter(newsletter=newsletter).values_list("tip_id", "position"))
        return sorted(published.filter(pk__in=places), key=lambda tip: places[tip.pk])
    return list(published.order_by(F("revision__score").desc(nulls_last=True), "published_at", "pk"))


def look_at(tip: Tip, *, config: Config, now: datetime) -> WelcomeLook:
    """The welcome mail that brings the tip. Raises WelcomeError for one that readers never had."""
    newsletter = tip.newsletter
    place = PublicTip.objects.filter(tip=tip).select_related("issue").first()
    if place is None:
        raise WelcomeError(f"Tip {tip.pk} was never published: a welcome brings what readers had. Choose another.")
    content = tip_content(tip, approved_revision(tip), permalink=tip.permalink)
    shown = newsletter_content(newsletter, public_url=config.public_url)
    words = wording(newsletter.language)
    intro = words.welcome_intro.format(newsletter=newsletter.name)
    issue = IssueContent(
        newsletter=shown,
        number=place.issue.number,
        entry_id=content.entry_id,
        permalink=tip.permalink.partition("#")[0],
        subject=content.title,
        preheader=intro,
        intro=intro,
        design=newsletter.design,
        issued_at=now,
        tips=(content,),
    )
    rendered = render_email(issue, templates=config.templates, label=words.welcome)
    return WelcomeLook(issue, rendered, tuple(check(issue, rendered)))


def enrol(newsletter: Newsletter, *, now: datetime) -> int:
    """Begin the welcome of whoever joined since it was switched on; how many."""
    row = NewsletterRuleSet.objects.filter(newsletter=newsletter, welcome_mails__gt=0).first()
    if row is None or row.welcome_since is None:
        return 0
    return actions.enrol(newsletter=newsletter, since=row.welcome_since, now=now)


def plan_due(newsletter: Newsletter, *, config: Config, clock: Callable[[], datetime]) -> Iterator[str]:
    """Plan the welcome mails that are due; a line for what was planned, or for why it could not be."""
    rules = rules_of(newsletter)
    if not rules.welcome_mails:
        return
    planned = 0
    try:
        enrol(newsletter, now=clock())
        while (count := _plan_some(newsletter, rules, config=config, now=clock())) is not None:
            planned += count
    except TipsheetError as error:
        logger.warning("welcome.not_planned newsletter=%s error=%s", newsletter.pk, type(error).__name__)
        yield f"{newsletter.slug}: no welcome was sent: {error}"
    if planned:
        logger.info("welcome.planned newsletter=%s count=%s", newsletter.pk, planned)
        yield f"{newsletter.slug}: {planned} welcome mails planned"


def _plan_some(newsletter: Newsletter, rules: NewsletterRules, *, config: Config, now: datetime) -> int | None:
    """Plan the mails of the next readers in turn, in one transaction; how many, None when nobody is due."""
    with transaction.atomic():
        if not WelcomeSequence.objects.filter(newsletter=newsletter, next_at__lte=now).exists():
            return None
        tips = {tip.pk: tip for tip in welcome_tips(newsletter)}
        steps = actions.due(newsletter=newsletter, tip_ids=list(tips), mails=rules.welcome_mails, now=now)
        for step in steps:
            _plan(newsletter, step, tips[step.tip_id], rules, config=config, now=now)
    return sum(len(step.sequences) for step in steps)


def _plan(
    newsletter: Newsletter, step: WelcomeStep, tip: Tip, rules: NewsletterRules, *, config: Config, now: datetime
) -> None:
    look = look_at(tip, config=config, now=now)
    if look.is_blocked:
        said = "; ".join(f"{each.place}: {each.message}; {each.remedy}" for each in look.findings if each.blocks)
        raise WelcomeError(f"Tip {tip.pk} cannot welcome anybody. {said}.")
    actions.plan_step(
        newsletter=newsletter,
        step=step,
        rendered=look.rendered,
        sender=sender_of(look.content),
        is_last=step.step >= rules.welcome_mails,
        days=rules.welcome_days,
        now=now,
    )
