"""From an issue's rows to frozen bytes: rendering, preflight, approval; and looking at it before.

Approving freezes three things in one transaction: the content, the rendered email and the compiled message
(docs/decisions/0006-frozen-issue.md). Looking at an issue that is not composed yet runs the same code in a
transaction that is rolled back, so that a preview is what would go out, and stores nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from pipeline.config import Config
from pipeline.delivery.actions import clicks, messages
from pipeline.delivery.models import Message, MessageKind
from pipeline.editorial.actions import issues as actions
from pipeline.editorial.content import IssueContent
from pipeline.editorial.hashing import frozen_hash
from pipeline.editorial.issue_content import content_of
from pipeline.editorial.issue_rules import IssueState
from pipeline.editorial.models import Issue, Newsletter
from pipeline.editorial.queries import free_slots
from pipeline.editorial.slots import Slot
from pipeline.editorial.timetable_rules import EXTRA
from pipeline.editorial.timetables import coming_slots
from pipeline.errors import TipsheetError
from pipeline.publish.clicks import counted_address, kept_links
from pipeline.publish.overrides import Override, weigh
from pipeline.render.clicks import uncounted
from pipeline.render.email import render_email
from pipeline.render.model import PreflightFinding, RenderedEmail
from pipeline.render.preflight import check

FROZEN_STATES = frozenset({IssueState.APPROVED, IssueState.PUBLISHING, IssueState.PUBLISHED})


class NoScheduleError(TipsheetError):
    """A newsletter without a running schedule has no next slot."""


@dataclass(frozen=True, slots=True)
class Look:
    """An issue as it would leave: its number, content, email, and what preflight says of it."""

    number: int
    content: IssueContent
    rendered: RenderedEmail
    findings: tuple[PreflightFinding, ...]

    @property
    def uncounted(self) -> RenderedEmail:
        """The email with its links as they were written: to look at, so that nobody's own look is counted."""
        return uncounted(self.rendered)

    @property
    def is_blocked(self) -> bool:
        return any(finding.blocks for finding in self.findings)


def look_at(issue: Issue, *, config: Config) -> Look:
    """The issue as it is frozen, or as it would be if it were approved now."""
    if issue.state in FROZEN_STATES:
        content = IssueContent.from_json(issue.content)
        rendered = RenderedEmail(subject=issue.subject, html=issue.html, text=issue.text, links=kept_links(issue))
    else:
        content = content_of(issue, public_url=config.public_url)
        address = counted_address(issue, content, config=config)
        rendered = render_email(content, templates=config.templates, counted_address=address)
    return Look(issue.number, content, rendered, tuple(check(content, rendered)))


def look_at_next(newsletter: Newsletter, *, config: Config, now: datetime) -> Look:
    """The issue that is composed for the next slot, or the one that would be. Stores nothing.

    Raises NothingToSendError where no tip may go out.
    """
    waiting = newsletter.issues.filter(state__in=[IssueState.COMPOSED, IssueState.APPROVED, IssueState.HELD])
    composed = waiting.order_by("slot_at").first()
    if composed is not None:
        return look_at(composed, config=config)
    with _rolled_back():
        issue = actions.compose(newsletter=newsletter, slot=_preview_slot(newsletter, now), now=now, actor="preview")
        return look_at(issue, config=config)


def _preview_slot(newsletter: Newsletter, now: datetime) -> Slot:
    return next(free_slots(newsletter, after=now), None) or extra_slot(now)


def extra_slot(now: datetime) -> Slot:
    """A slot beside the schedule, named by its minute: asking again within it makes no second issue."""
    return Slot(f"{EXTRA}{now:%Y-%m-%dT%H:%M} UTC", now.replace(tzinfo=None), now, now)


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def coming_slot(newsletter: Newsletter, *, now: datetime) -> Slot:
    """The first coming slot, whether or not it has an issue. Raises NoScheduleError."""
    slot = next(coming_slots(newsletter, after=now), None)
    if slot is None:
        raise NoScheduleError(
            f"{newsletter.name} has no running schedule. To send an issue all the same: run.py publish --now --another"
        )
    return slot


def approve(
    issue: Issue, *, config: Config, now: datetime, actor: str, override: str = "", standing: Override | None = None
) -> Message:
    """Freeze the issue and compile its message, in one transaction; the message that will be sent.

    `override` is the actor's reason to send it although preflight blocks; it is kept in the audit log with what was
    overridden. `standing` is one that was given before, for the very same words. Raises PreflightError where something
    blocks that has no reason, or that no reason can override; NothingToOverrideError; and what `mark_approved` raises:
    NotApprovedError, TamperedRevisionError and others.
    """
    with transaction.atomic():
        look = look_at(issue, config=config)
        weigh(issue, look.content, look.findings, override=override, standing=standing, now=now, actor=actor)
        content, rendered = look.content, look.rendered
        frozen = actions.mark_approved(
            issue_id=issue.pk,
            content=content,
            html=rendered.html,
            text=rendered.text,
            frozen_hash=frozen_hash(content.to_json(), rendered.html, rendered.text),
            now=now,
            actor=actor,
        )
        clicks.keep_links(issue=frozen, links=rendered.links)
        return _compile(frozen, content, rendered, now=now)


def _compile(issue: Issue, content: IssueContent, rendered: RenderedEmail, *, now: datetime) -> Message:
    messages.discard_unplanned(issue=issue)
    return messages.create_message(
        kind=MessageKind.ISSUE,
        key=f"issue:{issue.pk}",
        rendered=rendered,
        sender=sender_of(content),
        now=max(now, content.issued_at),
        issue=issue,
        mailing_list=issue.newsletter.mailing_list,
    )


def sender_of(content: IssueContent) -> messages.Sender:
    """Who the issue's mail is from, with its list's headers."""
    newsletter = content.newsletter
    return messages.Sender(
        name=newsletter.sender_name,
        address=newsletter.sender_address,
        reply_to=newsletter.reply_to,
        list_id=newsletter.list_id,
        list_name=newsletter.name,
        language=newsletter.language,
    )
