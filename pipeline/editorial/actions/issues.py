"""Issues: composed from the queue for a slot, edited, held, cancelled, approved (frozen), published."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from pipeline.audience.characters import REORDERING, is_unseen
from pipeline.audit import actions as audit
from pipeline.editorial.actions import places, public, queue
from pipeline.editorial.actions.lifecycle import locked_issue, locked_newsletter, move_issue, move_tip, reason_given
from pipeline.editorial.content import IssueContent
from pipeline.editorial.issue_content import content_of
from pipeline.editorial.issue_rules import OPEN_STATES, IssueEvent, IssueState
from pipeline.editorial.models import Issue, Newsletter
from pipeline.editorial.queries import choosable, local_day, policy_of
from pipeline.editorial.queue_rules import Choice, Verdict, choose, in_words
from pipeline.editorial.slots import Slot
from pipeline.editorial.timetable_rules import EXTRA
from pipeline.editorial.tip_rules import TipEvent, TipState, TransitionRefusedError
from pipeline.errors import TipsheetError


class NothingToSendError(TipsheetError):
    """No tip in the queue may go out for the slot."""


class IssueTextError(TipsheetError):
    """A subject, preheader or intro cannot be sent as it is; `field` is the one that is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class TipNotInIssueError(TipsheetError):
    """The tip is not in the issue."""


class FrozenContentError(TipsheetError):
    """What is to be frozen is not what the issue holds."""


def compose(*, newsletter: Newsletter, slot: Slot, now: datetime, actor: str) -> Issue:
    """The issue for `slot`, with tips by the newsletter's rules; the one that is there already, in whatever state it
    is. Where the rules ask a person, it is held, with what there is.

    Raises NothingToSendError, and TamperedRevisionError if a queued tip's words were altered.
    """
    with transaction.atomic():
        locked_newsletter(newsletter_id=newsletter.pk)
        existing = Issue.objects.filter(newsletter=newsletter, slot_key=slot.key).first()
        if existing:
            return existing
        day = slot.local.date()
        waiting, sent = choosable(newsletter, on=day)
        choice = choose(waiting, on=day, policy=policy_of(newsletter), sent=sent)
        if choice.verdict is Verdict.SKIP:
            raise NothingToSendError(_nothing_to_send(newsletter, choice, slot))
        issue = _create(newsletter, slot, choice, now=now)
        audit.record(
            now=now, actor=actor, action="issue.composed", subject_kind="issue", subject_id=issue.pk,
            slot=slot.key, tips=[picked.tip_id for picked in choice.picks],
        )  # fmt: skip
        if choice.verdict is Verdict.ASK:
            issue.held_reason = choice.shortage
            move_issue(issue=issue, event=IssueEvent.HOLD, now=now, actor=actor, reason=choice.shortage)
    return issue


def _nothing_to_send(newsletter: Newsletter, choice: Choice, slot: Slot) -> str:
    if choice.picks:
        return f"{newsletter.name}, {slot.local:%Y-%m-%d}: {choice.shortage} Approve some: run.py tips list"
    return (
        f"The queue of {newsletter.name} holds no tip that may go out on {slot.local:%Y-%m-%d}. "
        "Approve some: run.py tips list"
    )


def _create(newsletter: Newsletter, slot: Slot, choice: Choice, *, now: datetime) -> Issue:
    last_number = Issue.objects.filter(newsletter=newsletter).aggregate(last=Max("number"))["last"] or 0
    issue = Issue.objects.create(
        newsletter=newsletter, number=last_number + 1, slot_key=slot.key, slot_at=slot.at_utc,
        nominal="" if slot.key.startswith(EXTRA) else f"{slot.nominal:%Y-%m-%dT%H:%M}",
        design=newsletter.design, composed_at=now, choice=_as_stored(choice),
    )  # fmt: skip
    for position, picked in enumerate(choice.picks, start=1):
        places.place_tip(issue=issue, tip_id=picked.tip_id, position=position, why=picked.why)
    places.suggest(issue=issue)
    return issue


def _as_stored(choice: Choice) -> dict[str, Any]:
    """Why other tips were passed over, as an issue keeps it."""
    passed_over = [{"tip": each.tip_id, "why": each.why} for each in choice.passed_over]
    return {"passed_over": passed_over, "not_reached": choice.not_reached, "shortage": choice.shortage}


def edit(
    *,
    issue_id: int,
    now: datetime,
    actor: str,
    subject: str | None = None,
    preheader: str | None = None,
    intro: str | None = None,
) -> Issue:
    """Change what is said around the tips; None leaves a field as it is. An approved issue needs approval again."""
    changes = {
        name: _issue_text(name, value)
        for name, value in (("subject", subject), ("preheader", preheader), ("intro", intro))
        if value is not None
    }
    with transaction.atomic():
        issue = locked_issue(issue_id=issue_id)
        changes = {name: value for name, value in changes.items() if getattr(issue, name) != value}
        if changes:
            _open_up(issue, now=now, actor=actor)
            for name, value in changes.items():
                setattr(issue, name, value)
            issue.save(update_fields=list(changes))
            _log("issue.edited", issue, now=now, actor=actor, fields=sorted(changes))
    return issue


def swap(*, issue_id: int, out_tip_id: int, in_tip_id: int, now: datetime, actor: str) -> Issue:
    """Put a queued tip, or one that readers have, in the place of another, which goes back to the head of the queue."""
    with transaction.atomic():
        issue = locked_issue(issue_id=issue_id)
        _open_up(issue, now=now, actor=actor)
        place = issue.issue_tips.filter(tip_id=out_tip_id).first()
        if place is None:
            raise TipNotInIssueError(f"Tip {out_tip_id} is not in issue {issue.number}. See: run.py issues show")
        was_suggested = places.is_suggested(issue=issue)
        place.delete()
        places.place_tip(issue=issue, tip_id=in_tip_id, position=place.position, why=f"chosen by {actor}")
        places.give_back(tip_ids=[out_tip_id], newsletter_id=issue.newsletter_id, now=now)
        if was_suggested:
            places.suggest(issue=issue)
        _log("issue.swapped", issue, now=now, actor=actor, out=out_tip_id, taken=in_tip_id)
    return issue


def add_tip(*, issue_id: int, tip_id: int, now: datetime, actor: str) -> Issue:
    """Put a queued tip, or one that readers have, at the end of the issue."""
    with transaction.atomic():
        issue = locked_issue(issue_id=issue_id)
        _open_up(issue, now=now, actor=actor)
        was_suggested = places.is_suggested(issue=issue)
        last = issue.issue_tips.aggregate(last=Max("position"))["last"] or 0
        places.place_tip(issue=issue, tip_id=tip_id, position=last + 1, why=f"chosen by {actor}")
        if was_suggested:
            places.suggest(issue=issue)
        _log("issue.tip_added", issue, now=now, actor=actor, tip=tip_id)
    return issue


def remove_tip(*, issue_id: int, tip_id: int, now: datetime, actor: str) -> Issue:
    """Take a tip out of the issue; it goes back to the head of the queue. The last one stays: cancel the issue."""
    with transaction.atomic():
        issue = locked_issue(issue_id=issue_id)
        _open_up(issue, now=now, actor=actor)
        place = issue.issue_tips.filter(tip_id=tip_id).first()
        if place is None:
            raise TipNotInIssueError(f"Tip {tip_id} is not in issue {issue.number}. See: run.py issues show")
        if issue.issue_tips.count() == 1:
            raise NothingToSendError(
                f"Tip {tip_id} is the only one in issue {issue.number}. Swap it for another, or cancel the issue."
            )
        was_suggested = places.is_suggested(issue=issue)
        place.delete()
        places.give_back(tip_ids=[tip_id], newsletter_id=issue.newsletter_id, now=now)
        if was_suggested:
            places.suggest(issue=issue)
        _log("issue.tip_removed", issue, now=now, actor=actor, tip=tip_id)
    return issue


def hold(*, issue_id: int, reason: str, now: datetime, actor: str, seen_state: str = "") -> Issue:
    """Keep the issue back, and say why; an approved one is thawed.

    `seen_state` is the state in which the issue was found wanting: one that somebody decided on since is left alone.
    """
    reason = reason_given(reason=reason, what="holding an issue")
    with transaction.atomic():
        issue = locked_issue(issue_id=issue_id)
        if seen_state and issue.state != seen_state:
            return issue
        issue.held_reason = reason
        move_issue(issue=issue, event=IssueEvent.HOLD, now=now, actor=actor, reason=reason)
    return issue


def release(*, issue_id: int, now: datetime, actor: str) -> Issue:
    """Open a held issue for changes and approval again."""
    with transaction.atomic():
        issue = locked_issue(issue_id=issue_id)
        move_issue(issue=issue, event=IssueEvent.RELEASE, now=now, actor=actor)
    return issue


def cancel(*, issue_id: int, reason: str, now: datetime, actor: str) -> Issue:
    """Give the slot up. The issue's tips go back to the head of the queue, in their order."""
    reason = reason_given(reason=reason, what="cancelling an issue")
    with transaction.atomic():
        issue = locked_issue(issue_id=issue_id)
        move_issue(issue=issue, event=IssueEvent.CANCEL, now=now, actor=actor, reason=reason)
        tip_ids = list(issue.issue_tips.order_by("position").values_list("tip_id", flat=True))
        places.give_back(tip_ids=tip_ids, newsletter_id=issue.newsletter_id, now=now)
    return issue


def make_due(*, issue_id: int, at: datetime, now: datetime, actor: str) -> Issue:
    """Date the issue `at` instead of its slot's time, for everybody at once; it keeps the slot. One that was frozen
    needs approval again.
    """
    with transaction.atomic():
        issue = locked_issue(issue_id=issue_id)
        if issue.slot_at != at:
            _open_up(issue, now=now, actor=actor)
            before, issue.slot_at, issue.nominal = issue.slot_at, at, ""
            issue.save(update_fields=["slot_at", "nominal"])
            _log("issue.due_changed", issue, now=now, actor=actor, before=f"{before:%FT%TZ}", after=f"{at:%FT%TZ}")
    return issue


def mark_approved(
    *, issue_id: int, content: IssueContent, html: str, text: str, frozen_hash: str, now: datetime, actor: str
) -> Issue:
    """Freeze the issue: its content and its rendered email, as they are, under the actor's name.

    Raises FrozenContentError if `content` is not what the issue holds, NotApprovedError or TamperedRevisionError if a
    tip's approval does not hold, LastDayPassedError, TransitionRefusedError.
    """
    with transaction.atomic():
        issue = locked_issue(issue_id=issue_id)
        _check_content(issue, content)
        issue.content, issue.html, issue.text, issue.frozen_hash = content.to_json(), html, text, frozen_hash
        issue.approved_at, issue.approved_by = now, actor
        move_issue(issue=issue, event=IssueEvent.APPROVE, now=now, actor=actor, content_hash=content.content_hash)
    return issue


def mark_publishing(*, issue_id: int, now: datetime, actor: str) -> Issue:
    """From here on the issue is on its way, and readers may see its tips; asking twice changes nothing."""
    with transaction.atomic():
        issue = locked_issue(issue_id=issue_id)
        if issue.state != IssueState.PUBLISHING:
            move_issue(issue=issue, event=IssueEvent.START, now=now, actor=actor)
            public.show_issue(issue=issue)
    return issue


def mark_published(*, issue_id: int, now: datetime, actor: str) -> Issue:
    """Everything was published and every delivery settled; asking twice changes nothing."""
    with transaction.atomic():
        issue = locked_issue(issue_id=issue_id)
        if issue.state == IssueState.PUBLISHED:
            return issue
        issue.published_at = now
        move_issue(issue=issue, event=IssueEvent.FINISH, now=now, actor=actor)
        permalinks = {tip.entry_id: tip.permalink for tip in IssueContent.from_json(issue.content).tips}
        for place in issue.issue_tips.select_related("tip__revision"):
            tip = place.tip
            tip.published_at = tip.published_at or now
            tip.permalink = tip.permalink or permalinks[f"urn:uuid:{tip.entry_id}"]
            tip.save(update_fields=["published_at", "permalink"])
            if tip.state == TipState.QUEUED:  # not one that went out again, nor one withdrawn on its way
                move_tip(tip=tip, event=TipEvent.PUBLISH, now=now, actor=actor, issue=issue.number)
    return issue


def _open_up(issue: Issue, *, now: datetime, actor: str) -> None:
    """Make sure that the issue may be changed: a frozen one is thawed, one that is on its way refuses."""
    if issue.state == IssueState.APPROVED:
        move_issue(issue=issue, event=IssueEvent.RELEASE, now=now, actor=actor)
    elif issue.state not in OPEN_STATES:
        raise TransitionRefusedError(f"Issue {issue.number} is {issue.state} and cannot be changed any more.")


def _issue_text(field: str, value: str) -> str:
    text = value.strip() if field == "intro" else " ".join(value.split())
    limit = {"subject": 200, "preheader": 300, "intro": 2000}[field]
    allowed = "\n\t" if field == "intro" else ""
    if field == "subject" and not text:
        raise IssueTextError(field, "The subject is empty. Write what the issue is about.")
    if len(text) > limit:
        raise IssueTextError(field, f"The {field} has {len(text)} characters; shorten it to {limit} or fewer.")
    if any((is_unseen(char) and char not in allowed) or char in REORDERING for char in text):
        raise IssueTextError(field, f"The {field} holds a control character that cannot be seen. Type it anew.")
    return text


def _check_content(issue: Issue, content: IssueContent) -> None:
    if not issue.issue_tips.exists():
        raise NothingToSendError(f"Issue {issue.number} holds no tip. Add one from the queue, or cancel it.")
    _refuse_past(issue)
    public_url = content.newsletter.site_url.removesuffix(f"/{issue.newsletter.slug}/")
    if content != content_of(issue, public_url=public_url):
        raise FrozenContentError(f"Issue {issue.number} changed while it was being approved. Look at it and try again.")


def _refuse_past(issue: Issue) -> None:
    """An issue that was held for long may hold a tip whose last day is over by the time that it goes out."""
    day = local_day(issue.newsletter, issue.slot_at)
    place = issue.issue_tips.select_related("revision").filter(revision__not_after__lt=day).first()
    if place is not None and place.revision.not_after is not None:
        raise queue.LastDayPassedError(
            f"Issue {issue.number} goes out on {in_words(day)}, and the last day of tip {place.tip_id} was "
            f"{in_words(place.revision.not_after)}. Swap it for another, or take it out."
        )


def _log(action: str, issue: Issue, *, now: datetime, actor: str, **detail: Any) -> None:
    audit.record(now=now, actor=actor, action=action, subject_kind="issue", subject_id=issue.pk, **detail)
