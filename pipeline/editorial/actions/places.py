"""A tip's place in an issue: taken from the queue, or again from what readers have; and given back.

Each function is one step of another action, in that action's transaction and under the newsletter's lock.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from pipeline.editorial.actions import queue
from pipeline.editorial.actions.lifecycle import locked_tip, move_issue
from pipeline.editorial.issue_rules import (
    OPEN_STATES,
    IssueEvent,
    IssueState,
    suggest_preheader,
    suggest_subject,
)
from pipeline.editorial.models import Issue, IssueTip, QueueEntry, Tip, TipRevision
from pipeline.editorial.revisions import approved_revision
from pipeline.editorial.tip_rules import TipState
from pipeline.errors import TipsheetError


class TipElsewhereError(TipsheetError):
    """The tip is in another issue that is not out yet."""


def place_tip(*, issue: Issue, tip_id: int, position: int, why: str) -> None:
    """Take a tip into the issue, by the revision whose approval holds: from the queue, or, if readers have it, again.

    Raises NotInQueueError for one that is neither, TipElsewhereError, NotApprovedError, TamperedRevisionError.
    """
    with transaction.atomic():
        tip = locked_tip(tip_id=tip_id)
        entry = QueueEntry.objects.filter(tip=tip, tip__newsletter_id=issue.newsletter_id).first()
        is_again = tip.state == TipState.PUBLISHED and tip.newsletter_id == issue.newsletter_id
        if entry is None and not is_again:
            raise queue.NotInQueueError(f"Tip {tip_id} is not in this newsletter's queue. See: run.py queue list")
        _refuse_elsewhere(tip, issue)
        revision = approved_revision(tip)
        if entry is not None:
            entry.delete()
        IssueTip.objects.create(issue=issue, position=position, tip=tip, revision=revision, why=why[:300])


def _refuse_elsewhere(tip: Tip, issue: Issue) -> None:
    unsent = tip.issue_tips.filter(issue__state__in=[*OPEN_STATES, IssueState.PUBLISHING])
    place = unsent.select_related("issue").first()
    if place is not None:
        where = "this issue" if place.issue_id == issue.pk else f"issue {place.issue.number}, which is not out yet"
        raise TipElsewhereError(f"Tip {tip.pk} is in {where}. Take another, or take it out there first.")


def give_back(*, tip_ids: Iterable[int], newsletter_id: int, now: datetime) -> None:
    """Give an issue's tips up: those from the queue get its first places, in their order; readers keep the others."""
    wanted = list(tip_ids)
    with transaction.atomic():
        found = Tip.objects.filter(pk__in=wanted, state=TipState.QUEUED)
        queued = set(found.values_list("pk", flat=True))
        waiting = [tip_id for tip_id in wanted if tip_id in queued]
        queue.put_back_first(tip_ids=waiting, newsletter_id=newsletter_id, now=now)


def renew(*, tip: Tip, revision: TipRevision, now: datetime, actor: str) -> None:
    """Put a published tip's corrected words into the issues that are to bring it again; a frozen one is thawed."""
    with transaction.atomic():
        for place in tip.issue_tips.filter(issue__state__in=OPEN_STATES).select_related("issue"):
            place.revision = revision
            place.save(update_fields=["revision"])
            if place.issue.state == IssueState.APPROVED:
                move_issue(issue=place.issue, event=IssueEvent.RELEASE, now=now, actor=actor, corrected=tip.pk)


def suggest(*, issue: Issue) -> None:
    """Give the issue a subject and a preheader made from its tips."""
    with transaction.atomic():
        titles, texts = titles_and_texts(issue=issue)
        issue.subject, issue.preheader = suggest_subject(titles), suggest_preheader(titles, texts)
        issue.save(update_fields=["subject", "preheader"])


def is_suggested(*, issue: Issue) -> bool:
    """Whether nobody has changed what was suggested for the tips that the issue holds now."""
    titles, texts = titles_and_texts(issue=issue)
    return (issue.subject, issue.preheader) == (suggest_subject(titles), suggest_preheader(titles, texts))


def titles_and_texts(*, issue: Issue) -> tuple[list[str], list[str]]:
    """What the suggestions are made from, in the issue's order."""
    revisions = [place.revision for place in issue.issue_tips.select_related("revision").order_by("position")]
    return [revision.title for revision in revisions], [revision.text for revision in revisions]
