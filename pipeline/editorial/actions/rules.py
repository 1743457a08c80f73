"""Changing a newsletter's rules, and choosing the tips that new readers are welcomed with."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from pipeline.audit import actions as audit
from pipeline.editorial.actions.lifecycle import locked_newsletter
from pipeline.editorial.models import Newsletter, NewsletterRuleSet, Schedule, Tip, WelcomeTip
from pipeline.editorial.newsletter_rules import NewsletterRules, parsed
from pipeline.editorial.tip_rules import TipState
from pipeline.errors import TipsheetError


class WelcomeTipError(TipsheetError):
    """A tip cannot be among those that new readers are welcomed with."""


def update_rules(*, newsletter: Newsletter, changes: Mapping[str, str], now: datetime, actor: str) -> list[str]:
    """Change the rules that `changes` names, from what a person typed; the names of those that really changed.

    Raises NewsletterRuleError, naming the first that is wrong; then nothing is changed.
    """
    values = parsed(changes)
    with transaction.atomic():
        locked_newsletter(newsletter_id=newsletter.pk)
        row = NewsletterRuleSet.objects.filter(newsletter=newsletter).first()
        row = row or NewsletterRuleSet(newsletter=newsletter, **asdict(NewsletterRules()))
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        welcomed_before = row.welcome_mails > 0
        for name in changed:
            setattr(row, name, values[name])
        if bool(row.welcome_mails) != welcomed_before:
            row.welcome_since = now if row.welcome_mails else None
        if changed:
            row.save()
            _leave_past_slots(newsletter, changed, now=now)
            audit.record(
                now=now, actor=actor, action="newsletter.rules_changed", subject_kind="newsletter",
                subject_id=newsletter.pk, fields=changed,
            )  # fmt: skip
    return changed


def _leave_past_slots(newsletter: Newsletter, changed: Sequence[str], *, now: datetime) -> None:
    """A slot that was skipped by the rule of its day is not late because another rule would have filled it."""
    if {"short_queue", "reuse_after_months"} & set(changed):
        Schedule.objects.filter(newsletter=newsletter, starts_at__lt=now).update(starts_at=now)


def choose_welcome_tips(*, newsletter: Newsletter, tip_ids: Sequence[int], now: datetime, actor: str) -> None:
    """Welcome new readers with these tips, in this order. Raises WelcomeTipError for one that readers cannot have."""
    wanted = list(dict.fromkeys(tip_ids))
    with transaction.atomic():
        locked_newsletter(newsletter_id=newsletter.pk)
        published = set(
            Tip.objects.filter(newsletter=newsletter, state=TipState.PUBLISHED, pk__in=wanted).values_list(
                "pk", flat=True
            )
        )
        for tip_id in wanted:
            if tip_id not in published:
                raise WelcomeTipError(
                    f"Tip {tip_id} is not among the published tips of {newsletter.name}: only those can welcome a "
                    "reader. See: run.py tips list --state published"
                )
        WelcomeTip.objects.filter(newsletter=newsletter).delete()
        WelcomeTip.objects.bulk_create(
            WelcomeTip(newsletter=newsletter, tip_id=tip_id, position=place)
            for place, tip_id in enumerate(wanted, start=1)
        )
        audit.record(
            now=now, actor=actor, action="newsletter.welcome_chosen", subject_kind="newsletter",
            subject_id=newsletter.pk, tips=wanted,
        )  # fmt: skip
