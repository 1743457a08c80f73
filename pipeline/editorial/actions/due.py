"""What the scheduler composes: the issue of the coming slot once its lead time has come, and of one that was missed.

Which slot that is, is looked up under the newsletter's lock, so that neither another scheduler nor a change of the
schedule comes between looking and composing.
"""

from datetime import datetime, timedelta
from itertools import takewhile

from django.db import transaction

from pipeline.audit import actions as audit
from pipeline.editorial.actions.issues import compose
from pipeline.editorial.actions.lifecycle import locked_newsletter
from pipeline.editorial.issue_rules import IssueState
from pipeline.editorial.models import Issue, Newsletter, QueueEntry
from pipeline.editorial.queries import rules_of
from pipeline.editorial.slots import Slot
from pipeline.editorial.timetables import free_slots

LOOK_BACK = timedelta(days=370)


def compose_coming(*, newsletter: Newsletter, now: datetime, actor: str) -> Issue | None:
    """The new issue for the next free slot; None before its lead time. Raises as `compose` does."""
    with transaction.atomic():
        lead = timedelta(minutes=locked_newsletter(newsletter_id=newsletter.pk).lead_time_minutes)
        slot = next(free_slots(newsletter, after=now), None)
        if slot is None or slot.at_utc - lead > now:
            return None
        return compose(newsletter=newsletter, slot=slot, now=now, actor=actor)


def compose_missed(*, newsletter: Newsletter, now: datetime, actor: str) -> Issue | None:
    """The new issue for the newest slot that passed without one, after the last issue, though tips were waiting for it.

    However long the sleep, only one: the slots before it are given up, which the audit log says. None where no slot
    was missed. Raises as `compose` does.
    """
    with transaction.atomic():
        locked_newsletter(newsletter_id=newsletter.pk)
        missed = _missed(newsletter, now=now)
        if not missed:
            return None
        *given_up, newest = missed
        issue = compose(newsletter=newsletter, slot=newest, now=now, actor=actor)
        if given_up:
            audit.record(
                now=now, actor=actor, action="schedule.slots_given_up", subject_kind="newsletter",
                subject_id=newsletter.pk, slots=[slot.key for slot in given_up], instead=newest.key,
            )  # fmt: skip
    return issue


def _missed(newsletter: Newsletter, *, now: datetime) -> list[Slot]:
    """The slots that passed without an issue since the last one, if a tip was waiting for the newest of them; where
    short slots are skipped, as many as an issue takes: what was skipped is not sent after all when the queue fills up.
    """
    waiting = QueueEntry.objects.filter(tip__newsletter=newsletter, held=False)
    if not waiting.exists():
        return []
    last = Issue.objects.filter(newsletter=newsletter).exclude(state=IssueState.CANCELLED).order_by("-slot_at").first()
    since = max(now - LOOK_BACK, last.slot_at) if last is not None else now - LOOK_BACK
    missed = list(takewhile(lambda slot: slot.at_utc <= now, free_slots(newsletter, after=since)))
    needed = newsletter.tips_per_issue if rules_of(newsletter).short_queue == "skip" else 1
    return missed if missed and waiting.filter(queued_at__lte=missed[-1].at_utc).count() >= needed else []
