"""One slot from end to end: compose, approve, files, plan, send, done.

```
compose ──► approve (freeze) ──► publishing ──► site files ──► plan the audience ──► send ──► published
```

Each arrow is a commit, and each step does nothing where it was done before, so that a run which was killed is
finished by the next one: the issue is found by its slot, its files are written anew to the byte, its recipients are
planned once, and the ledger knows who was sent to. Pages and feeds come before the mail that links to them.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from pipeline.config import Config
from pipeline.delivery.actions import control, messages
from pipeline.delivery.models import Message, MessageState
from pipeline.delivery.sender import Progress, unwatched
from pipeline.delivery.sums import Sums, sums
from pipeline.editorial.actions import issues as actions
from pipeline.editorial.hashing import frozen_hash
from pipeline.editorial.issue_rules import IssueState
from pipeline.editorial.models import ApprovalPolicy, Issue, Newsletter
from pipeline.errors import TipsheetError
from pipeline.publish import mailing, websub, welcome
from pipeline.publish.deliveries import LocalWait, answers, described, is_all_later, local_wait, overslept
from pipeline.publish.issues import approve, coming_slot, extra_slot, look_at
from pipeline.publish.overrides import override_of
from pipeline.publish.pictures import host_pictures
from pipeline.publish.site import write_site
from pipeline.publish.withdrawals import refuse_withdrawn

logger = logging.getLogger(__name__)

OPEN_STATES = (IssueState.COMPOSED, IssueState.APPROVED)
SCHEDULER = "schedule"


class AlteredIssueError(TipsheetError):
    """What is stored for an issue is not what was approved."""


class ChangedIssueError(TipsheetError):
    """An issue is not what the person who approves it looked at."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one issue in this run. `sums` is None until its recipients were planned; `note` says why it is
    not out, or ''; `answers` why mail was not accepted, in the provider's words.
    """

    newsletter: str
    number: int
    subject: str
    state: str
    sums: Sums | None = None
    files_written: int = 0
    note: str = ""
    answers: tuple[str, ...] = ()


def publish_now(
    newsletter: Newsletter,
    *,
    config: Config,
    clock: Callable[[], datetime],
    actor: str,
    another: bool = False,
    progress: Progress = unwatched,
) -> Outcome:
    """Bring the next slot's issue forward and publish it; one that is out already is left alone, and said so.

    `another` asks for a further issue before the next slot (docs/decisions/0002-publish-now.md).
    """
    mailing.refuse_foreign_database(config)
    mailing.refuse_unusable_provider(config)
    now = clock()
    slot = extra_slot(now) if another else coming_slot(newsletter, now=now)
    issue = actions.compose(newsletter=newsletter, slot=slot, now=now, actor=actor)
    if issue.state == IssueState.PUBLISHED:
        return _outcome(
            issue,
            note=f"It was published on {issue.published_at:%Y-%m-%d at %H:%M} UTC for this slot; "
            "nothing was sent again. For a further issue now: run.py publish --now --another",
        )
    if issue.state == IssueState.CANCELLED:
        return _outcome(
            issue,
            note="It was cancelled, and its slot given up. To send one all the same: run.py publish --now --another",
        )
    if issue.state == IssueState.APPROVED:
        _refuse_altered(issue)
    if issue.state != IssueState.PUBLISHING:
        _bring_forward(issue, config=config, now=now, actor=actor)
    return publish_issue(issue.pk, config=config, clock=clock, actor=actor, progress=progress)


def _bring_forward(issue: Issue, *, config: Config, now: datetime, actor: str) -> None:
    """Date the issue now, and freeze it so; what a person answered for stands, as no word of it changes."""
    standing = override_of(issue) if issue.state == IssueState.APPROVED else None
    with transaction.atomic():
        issue = actions.make_due(issue_id=issue.pk, at=now, now=now, actor=actor) if issue.slot_at > now else issue
        if issue.state != IssueState.APPROVED:
            approve(issue, config=config, now=now, actor=actor, standing=standing)


def due_issues(newsletter: Newsletter, *, now: datetime) -> list[Issue]:
    """Issues that a run must look at: interrupted ones first, then those whose time has come. One that only waits for
    its readers' own time is left alone.
    """
    publishing = newsletter.issues.filter(state=IssueState.PUBLISHING).order_by("number")
    unfinished = [issue for issue in publishing if not is_all_later(issue, now=now)]
    due = newsletter.issues.filter(state__in=OPEN_STATES, slot_at__lte=now).order_by("slot_at")
    return [*unfinished, *due]


def publish_due(
    newsletter: Newsletter,
    *,
    config: Config,
    clock: Callable[[], datetime],
    actor: str = SCHEDULER,
    progress: Progress = unwatched,
) -> Iterator[Outcome]:
    """Everything of the newsletter that is due: interrupted issues are finished, due ones published or held.

    Raises InstallationError, before anything is touched, for a database that may not mail.
    """
    mailing.refuse_foreign_database(config)
    for issue in due_issues(newsletter, now=clock()):
        try:
            yield _publish_or_hold(issue, config=config, clock=clock, actor=actor, progress=progress)
        except TipsheetError as error:
            logger.warning("issue.not_published issue=%s error=%s", issue.pk, type(error).__name__)
            yield _outcome(Issue.objects.select_related("newsletter").get(pk=issue.pk), note=str(error))


def _publish_or_hold(
    issue: Issue, *, config: Config, clock: Callable[[], datetime], actor: str, progress: Progress
) -> Outcome:
    now = clock()
    if issue.state != IssueState.PUBLISHING:
        late = _lateness(issue, now)
        if late > timedelta(hours=config.catch_up_hours):
            return _hold(
                issue,
                f"It was due {issue.slot_at:%Y-%m-%d %H:%M} UTC, more than {config.catch_up_hours} "
                "hours ago. Approve it to send it now, or cancel it.",
                now=now,
                actor=actor,
            )
        if issue.state == IssueState.COMPOSED:
            if issue.newsletter.approval == ApprovalPolicy.REQUIRED:
                return _hold(issue, "Its time came before a person approved it.", now=now, actor=actor)
            try:
                approve(issue, config=config, now=now, actor=actor)
            except TipsheetError as error:
                return _hold(issue, str(error), now=now, actor=actor)
    else:
        _stop_overslept(issue, hours=config.catch_up_hours, now=now, actor=actor)
    return publish_issue(issue.pk, config=config, clock=clock, actor=actor, progress=progress)


def _stop_overslept(issue: Issue, *, hours: int, now: datetime, actor: str) -> None:
    """Pause mail at the readers' own time where nothing ran for so long that a person must decide whether it still goes
    out, as for a slot of the newsletter.
    """
    count = overslept(issue, now=now, within=timedelta(hours=hours))
    message = Message.objects.filter(issue=issue, state=MessageState.OPEN).first()
    if count and message is not None:
        reason = f"the own time of {count} readers passed more than {hours} hours ago, while nothing ran"
        control.pause(message=message, now=now, actor=actor, reason=reason)
        logger.warning("issue.overslept issue=%s count=%s", issue.pk, count)


def _lateness(issue: Issue, now: datetime) -> timedelta:
    """How late the issue is: since its time, or since a person approved it after that."""
    return now - max(issue.slot_at, issue.approved_at or issue.slot_at)


def _hold(issue: Issue, reason: str, *, now: datetime, actor: str) -> Outcome:
    """Hold the issue, unless another scheduler, or a person, was faster and decided on it."""
    held = actions.hold(issue_id=issue.pk, reason=reason, now=now, actor=actor, seen_state=issue.state)
    if held.state != IssueState.HELD:
        return _outcome(held)
    logger.warning("issue.held issue=%s", issue.pk)
    return _outcome(held, note=reason)


def publish_issue(
    issue_id: int, *, config: Config, clock: Callable[[], datetime], actor: str, progress: Progress = unwatched
) -> Outcome:
    """Take an approved issue from where it is to where it can get: files, plan, mail, done.

    Raises AlteredIssueError for one whose stored bytes are not the approved ones, InstallationError for a database
    that may not mail, OutputError where the files cannot be written.
    """
    issue = Issue.objects.select_related("newsletter__mailing_list").get(pk=issue_id)
    _refuse_altered(issue)
    issue = actions.mark_publishing(issue_id=issue.pk, now=clock(), actor=actor)
    pictures = host_pictures(issue.newsletter, config=config)
    reports = pictures, write_site(issue.newsletter, config=config, now=clock())
    files_written = sum(len(report.written) for report in reports)
    message = Message.objects.get(issue=issue)
    welcome.enrol(issue.newsletter, now=clock())  # who joined a moment ago may have to wait for the end of it
    if mailing.keeps_list(config):
        messages.plan_kept_list(message=message, provider=config.provider, now=clock())
    else:
        messages.plan_issue(message=message, now=clock())
    mailing.send(config=config, clock=clock, progress=progress)
    message.refresh_from_db()
    if message.state in {MessageState.FINISHED, MessageState.CANCELLED}:
        issue = actions.mark_published(issue_id=issue.pk, now=clock(), actor=actor)
    websub.send_due(config=config, clock=clock)
    note = _to_do(message, issue.number, sums(message), local_wait(issue, now=clock()))
    return replace(_outcome(issue, note=note), files_written=files_written)


def _refuse_altered(issue: Issue) -> None:
    if frozen_hash(issue.content, issue.html, issue.text) != issue.frozen_hash:
        raise AlteredIssueError(
            f"Issue {issue.number} of {issue.newsletter.name} is not what was approved: its stored content was "
            "altered. Nothing was sent. Restore the database, or cancel the issue and approve a new one."
        )


def _to_do(message: Message, number: int, total: Sums, wait: LocalWait | None) -> str:
    if message.state == MessageState.PAUSED:
        why = message.held_reason or "somebody paused it"
        return f"Its mail is paused: {why}. To go on: run.py issues resume {number}"
    if message.state == MessageState.OPEN and wait is not None:
        return f"Of its readers {wait.describe()}. The ticks go on with them, or run.py publish does."
    if message.state == MessageState.OPEN:
        return "Some deliveries wait for another try; the ticks go on with them, or run.py publish does."
    if not total.planned:
        return "Nobody was mailed: there is no confirmed subscriber. It is on the web and in the feeds."
    if total.in_doubt:
        return (
            "What is in doubt may have arrived, and is not sent again on a guess. What settles it: run.py deliveries "
            f"list; your own word: run.py deliveries settle arrived, leave or again, with --issue {number}"
        )
    return ""


def sums_of(issue: Issue) -> Sums | None:
    """The sum of the issue's deliveries; None until its recipients were planned."""
    message = Message.objects.filter(issue=issue, planned_at__isnull=False).first()
    return sums(message) if message is not None else None


def _outcome(issue: Issue, *, note: str = "") -> Outcome:
    return Outcome(
        newsletter=issue.newsletter.slug,
        number=issue.number,
        subject=issue.subject,
        state=issue.state,
        sums=sums_of(issue),
        note=note,
        answers=tuple(described(answers(issue))),
    )


def approve_by_person(
    issue: Issue, *, config: Config, now: datetime, actor: str, override: str = "", seen_hash: str = ""
) -> Issue:
    """Approve the issue in a person's name; one whose time has passed is dated now, so that it goes out at once.

    `override` is the person's reason where preflight blocks (see `issues.approve`); `seen_hash` is the hash of the
    content that they looked at, where a page showed it. Raises ChangedIssueError if it is another by now.
    """
    if seen_hash and look_at(issue, config=config).content.content_hash != seen_hash:
        raise ChangedIssueError(
            f"Issue {issue.number} was changed since you opened it. Look at it again, then approve what you see."
        )
    if issue.slot_at < now and issue.state in {IssueState.COMPOSED, IssueState.HELD}:
        issue = actions.make_due(issue_id=issue.pk, at=now, now=now, actor=actor)
    approve(issue, config=config, now=now, actor=actor, override=override)
    return Issue.objects.select_related("newsletter").get(pk=issue.pk)


def pause(issue: Issue, *, now: datetime, actor: str) -> str:
    """Keep an issue back, or stop its mail on the way; what was done, in words."""
    if issue.state == IssueState.PUBLISHING:
        control.pause(message=Message.objects.get(issue=issue), now=now, actor=actor)
        return "Its mail is paused; what is on the wire this moment is still recorded."
    actions.hold(issue_id=issue.pk, reason=f"Paused by {actor}.", now=now, actor=actor)
    return "It is held back until somebody approves it again."


def resume(issue: Issue, *, now: datetime, actor: str) -> str:
    """Let a paused issue go on; what was done, in words."""
    if issue.state == IssueState.PUBLISHING:
        refuse_withdrawn(issue)
        control.resume(message=Message.objects.get(issue=issue), now=now, actor=actor)
        return "Its mail goes on with the next tick, or with: run.py publish"
    actions.release(issue_id=issue.pk, now=now, actor=actor)
    return "It is open again; it goes out at its time once it is approved."


def cancel(issue: Issue, *, reason: str, now: datetime, actor: str) -> str:
    """Give an issue up, or what is left of its mail; what was done, in words."""
    if issue.state == IssueState.PUBLISHING:
        total = control.cancel(message=Message.objects.get(issue=issue), now=now, actor=actor, reason=reason)
        return f"Its mail is cancelled: {total.describe()}. Who got it keeps it; it stays on the web."
    actions.cancel(issue_id=issue.pk, reason=reason, now=now, actor=actor)
    return "It is cancelled; its tips are back at the head of the queue."
