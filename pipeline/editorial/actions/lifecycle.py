"""The one way in which a tip's or an issue's state changes: through its table, in the caller's transaction, audited.

Rows are locked where the database can (PostgreSQL); on SQLite a writing transaction is alone anyway.
"""

from datetime import datetime
from typing import Any

from pipeline.audit import actions as audit
from pipeline.editorial.issue_rules import OPEN_STATES, IssueEvent, IssueState, next_issue_state
from pipeline.editorial.models import Issue, Newsletter, QueueEntry, Tip
from pipeline.editorial.tip_rules import TipEvent, TipState, next_tip_state
from pipeline.errors import TipsheetError


class UnknownTipError(TipsheetError):
    """There is no tip with that number."""


class UnknownIssueError(TipsheetError):
    """There is no issue with that number."""


class TipBeingSentError(TipsheetError):
    """A tip cannot be changed while an issue that holds it is on its way."""


class MissingReasonError(TipsheetError):
    """A decision against something needs a reason that others can read."""


def locked_newsletter(*, newsletter_id: int) -> Newsletter:
    """The newsletter, locked: whoever changes its queue or its issues' numbers holds this lock."""
    return Newsletter.objects.select_for_update().get(pk=newsletter_id)


def locked_tip(*, tip_id: int) -> Tip:
    """The tip with its current revision, locked with its newsletter. Raises UnknownTipError."""
    newsletter_id = Tip.objects.filter(pk=tip_id).values_list("newsletter_id", flat=True).first()
    if newsletter_id is None:
        raise UnknownTipError(f"There is no tip {tip_id}. See: run.py tips list")
    locked_newsletter(newsletter_id=newsletter_id)
    return Tip.objects.select_related("newsletter", "revision").get(pk=tip_id)


def locked_issue(*, issue_id: int) -> Issue:
    """The issue, locked with its newsletter. Raises UnknownIssueError."""
    newsletter_id = Issue.objects.filter(pk=issue_id).values_list("newsletter_id", flat=True).first()
    if newsletter_id is None:
        raise UnknownIssueError(f"There is no issue with id {issue_id}. See: run.py issues list")
    locked_newsletter(newsletter_id=newsletter_id)
    return Issue.objects.select_related("newsletter").get(pk=issue_id)


def reason_given(*, reason: str, what: str) -> str:
    """The reason, trimmed. Raises MissingReasonError if there is none."""
    if not reason.strip():
        raise MissingReasonError(f"Say why: {what} needs a reason that your colleagues can read later.")
    return " ".join(reason.split())[:500]


def move_tip(*, tip: Tip, event: TipEvent, now: datetime, actor: str, **detail: Any) -> None:
    """Take the tip through `event`, and log it. Raises TransitionRefusedError."""
    before = TipState(tip.state)
    after = next_tip_state(before, event, name=f"tip {tip.pk}")
    tip.state = after
    tip.save(update_fields=["state"])
    audit.record(
        now=now,
        actor=actor,
        action=f"tip.{event}",
        subject_kind="tip",
        subject_id=tip.pk,
        hash_after=tip.revision.content_hash if tip.revision else "",
        before=before,
        after=after,
        **detail,
    )


def move_issue(*, issue: Issue, event: IssueEvent, now: datetime, actor: str, **detail: Any) -> None:
    """Take the issue through `event`, and log it. Frozen values go when it stops being approved before it is sent.

    Raises TransitionRefusedError.
    """
    before = IssueState(issue.state)
    after = next_issue_state(before, event, name=f"issue {issue.number}")
    frozen = issue.frozen_hash
    if before is IssueState.APPROVED and after in {IssueState.COMPOSED, IssueState.HELD}:
        issue.content = issue.html = issue.text = issue.frozen_hash = issue.approved_by = ""
        issue.approved_at = None
    if after is not IssueState.HELD:
        issue.held_reason = ""
    issue.state = after
    issue.save()
    audit.record(
        now=now,
        actor=actor,
        action=f"issue.{event}",
        subject_kind="issue",
        subject_id=issue.pk,
        hash_before=frozen,
        hash_after=issue.frozen_hash,
        before=before,
        after=after,
        **detail,
    )


def refuse_while_sending(*, tip: Tip) -> None:
    """Raise TipBeingSentError while an issue with the tip is on its way."""
    place = tip.issue_tips.select_related("issue").filter(issue__state=IssueState.PUBLISHING).first()
    if place is not None:
        raise TipBeingSentError(
            f"Tip {tip.pk} is in issue {place.issue.number}, which is being sent. Try again once it is published."
        )


def take_out(*, tip: Tip, reason: str, now: datetime, actor: str, while_sending: bool = False) -> None:
    """Take the tip out of the queue, and out of an issue that was not sent yet: such an issue is held, and thawed.

    Raises TipBeingSentError while an issue with the tip is on its way, unless `while_sending`: then the caller sees to
    what is being sent.
    """
    if not while_sending:
        refuse_while_sending(tip=tip)
    QueueEntry.objects.filter(tip=tip).delete()
    for place in tip.issue_tips.select_related("issue"):
        issue = place.issue
        if issue.state not in OPEN_STATES:
            continue
        place.delete()
        issue.held_reason = f"Tip {tip.pk} was taken out: {reason}"[:500]
        if issue.state == IssueState.HELD:
            issue.save(update_fields=["held_reason"])
        else:
            move_issue(issue=issue, event=IssueEvent.HOLD, now=now, actor=actor, reason=issue.held_reason)
