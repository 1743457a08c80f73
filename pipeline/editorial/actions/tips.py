"""Review: submit, approve, reject, withdraw, send back. Writing and changing words is in `revise`."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from pipeline.derive.model import Finding, GuardReport, Verdict
from pipeline.editorial.actions import public, queue
from pipeline.editorial.actions.lifecycle import locked_tip, move_tip, reason_given, take_out
from pipeline.editorial.claims import as_stored, guard_revision
from pipeline.editorial.models import Decision, Review, Tip, TipRevision
from pipeline.editorial.queries import rules_of
from pipeline.editorial.revisions import basis_of, check_intact, current_revision, is_own_words
from pipeline.editorial.tip_rules import TipEvent, TipState
from pipeline.errors import TipsheetError


class ChangedSinceSeenError(TipsheetError):
    """The tip's words changed between being looked at and being decided on."""


class UnvouchedTipError(TipsheetError):
    """A tip has neither a source nor an author, so that nobody stands for it."""


class GuardBlocksError(TipsheetError):
    """The guard found something that must not go out unless a named person says why; see `findings`."""

    def __init__(self, message: str, findings: Sequence[Finding]) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class MissingNameError(TipsheetError):
    """A decision has no name to it."""


class SecondPersonError(TipsheetError):
    """The newsletter asks for two people, and the approval came from the one who wrote the words."""


def submit(*, tip_id: int, now: datetime, actor: str) -> Tip:
    """Hand a draft, or a rejected tip, in for review."""
    with transaction.atomic():
        tip = locked_tip(tip_id=tip_id)
        move_tip(tip=tip, event=TipEvent.SUBMIT, now=now, actor=actor)
    return tip


def approve(*, tip_id: int, now: datetime, actor: str, seen_hash: str = "", override_reason: str = "") -> Review:
    """Approve the tip's current revision in the actor's name, and queue it. A draft, or a tip that was rejected, is
    submitted on the way.

    `seen_hash` is the content hash of what the actor looked at, where a page or a list showed it. An approved tip that
    was dropped from the queue is queued again, without a second decision.

    Raises UnvouchedTipError, GuardBlocksError (unless `override_reason` says why all the same), ChangedSinceSeenError,
    TamperedRevisionError, TransitionRefusedError, MissingNameError.
    """
    with transaction.atomic():
        tip = locked_tip(tip_id=tip_id)
        revision = _seen(tip, seen_hash)
        review = None if tip.state != TipState.APPROVED else revision.reviews.order_by("pk").last()
        if review is None:
            review = _decide_for(tip, revision, now=now, actor=actor, override_reason=override_reason)
        queue.enqueue(tip_id=tip_id, now=now, actor=actor)
    return review


def reject(*, tip_id: int, reason: str, now: datetime, actor: str, seen_hash: str = "") -> Review:
    """Say no to the tip's current revision, and why. It leaves the queue, and any issue not sent yet."""
    reason = reason_given(reason=reason, what="a rejection")
    with transaction.atomic():
        tip = locked_tip(tip_id=tip_id)
        revision = _seen(tip, seen_hash)
        take_out(tip=tip, reason=f"rejected: {reason}", now=now, actor=actor)
        move_tip(tip=tip, event=TipEvent.REJECT, now=now, actor=actor, reason=reason)
        return Review.objects.create(
            revision=revision,
            decision=Decision.REJECTED,
            content_hash=revision.content_hash,
            reason=reason,
            findings=as_stored(guard_revision(revision)),
            decided_by=actor,
            decided_at=now,
        )


def withdraw(*, tip_id: int, reason: str, now: datetime, actor: str, while_sending: bool = False) -> Tip:
    """Take the tip out for good. Where readers have it, archive and feeds tell them the reason from now on.

    Raises TipBeingSentError while an issue with the tip is on its way, unless `while_sending`: who says so stops the
    mail in the same transaction (see publish/withdrawals.py).
    """
    reason = reason_given(reason=reason, what="a withdrawal")
    with transaction.atomic():
        tip = _leave(tip_id, TipEvent.WITHDRAW, reason, now=now, actor=actor, while_sending=while_sending)
        public.show_withdrawal(tip=tip, note=reason, now=now)
    return tip


def send_back(*, tip_id: int, reason: str, now: datetime, actor: str) -> Tip:
    """Ask for another decision on an approved or queued tip: its words are the same, what they rest on is not."""
    reason = reason_given(reason=reason, what="another review")
    return _leave(tip_id, TipEvent.SEND_BACK, reason, now=now, actor=actor)


def _leave(tip_id: int, event: TipEvent, reason: str, *, now: datetime, actor: str, while_sending: bool = False) -> Tip:
    with transaction.atomic():
        tip = locked_tip(tip_id=tip_id)
        take_out(tip=tip, reason=reason, now=now, actor=actor, while_sending=while_sending)
        move_tip(tip=tip, event=event, now=now, actor=actor, reason=reason)
    return tip


def _seen(tip: Tip, seen_hash: str) -> TipRevision:
    revision = current_revision(tip)
    if seen_hash and seen_hash != revision.content_hash:
        raise ChangedSinceSeenError(
            f"Tip {tip.pk} was changed by {revision.created_by} since you looked at it. Look again, then decide."
        )
    return revision


def _decide_for(tip: Tip, revision: TipRevision, *, now: datetime, actor: str, override_reason: str) -> Review:
    if tip.state in {TipState.DRAFT, TipState.REJECTED}:
        move_tip(tip=tip, event=TipEvent.SUBMIT, now=now, actor=actor)
    move_tip(tip=tip, event=TipEvent.APPROVE, now=now, actor=actor)
    return record_approval(revision=revision, now=now, actor=actor, override_reason=override_reason)


def record_approval(*, revision: TipRevision, now: datetime, actor: str, override_reason: str = "") -> Review:
    """Store the actor's yes to exactly these words, in the caller's transaction.

    Raises MissingNameError, SecondPersonError, TamperedRevisionError, UnvouchedTipError, and GuardBlocksError without
    an `override_reason`.
    """
    if not actor.strip():
        raise MissingNameError("An approval needs the name of the person who gives it.")
    _refuse_own_words(revision, actor)
    check_intact(revision)
    _refuse_unvouched(revision)
    report = guard_revision(revision)
    override_reason = " ".join(override_reason.split())
    if report.verdict is Verdict.BLOCK and not override_reason:
        raise _blocked(revision, report)
    return Review.objects.create(
        revision=revision,
        decision=Decision.APPROVED,
        content_hash=revision.content_hash,
        override_reason=override_reason if report.verdict is Verdict.BLOCK else "",
        findings=as_stored(report),
        decided_by=actor,
        decided_at=now,
    )


def _refuse_own_words(revision: TipRevision, actor: str) -> None:
    """Two people, where the newsletter asks for them: names are one however they are spaced or capitalised."""
    if not is_own_words(revision, actor) or not rules_of(revision.tip.newsletter).two_people:
        return
    raise SecondPersonError(
        f"{revision.tip.newsletter.name} asks for two people for each tip, and the words of tip {revision.tip_id} are "
        f"yours, {revision.created_by}. Ask a colleague to approve them, or change the rule: run.py rules set "
        "two_people=no"
    )


def _refuse_unvouched(revision: TipRevision) -> None:
    if not revision.author and not basis_of(revision):
        raise UnvouchedTipError(
            f"Tip {revision.tip_id} has neither a source nor an author, so that nobody vouches for it. "
            "Give it an author, or derive it from a document."
        )


def _blocked(revision: TipRevision, report: GuardReport) -> GuardBlocksError:
    blocking = [finding for finding in report.findings if finding.verdict is Verdict.BLOCK]
    said = "; ".join(finding.message.rstrip(".") for finding in blocking)
    return GuardBlocksError(
        f"Tip {revision.tip_id} says more than it may: {said}. "
        "Change its words, or give a reason for approving it all the same.",
        blocking,
    )
