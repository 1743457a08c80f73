"""Answering for what preflight blocks: by name, with a reason, and kept.

The audit log holds who answered, why, for which findings and of which words. An answer is for those words: where the
issue only moves to another time, it stands; where a word changes, a person is asked again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pipeline.audit import actions as audit
from pipeline.audit.models import AuditEntry
from pipeline.editorial.actions.lifecycle import reason_given
from pipeline.editorial.content import IssueContent
from pipeline.editorial.models import Issue
from pipeline.errors import TipsheetError
from pipeline.render.model import PreflightFinding

ACTION = "issue.preflight_overridden"
_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)


class PreflightError(TipsheetError):
    """An issue that preflight blocks cannot be approved; `findings` are all that it found."""

    def __init__(self, number: int, findings: tuple[PreflightFinding, ...]) -> None:
        self.findings = findings
        blocking = [finding for finding in findings if finding.blocks]
        said = "; ".join(f"{finding.place}: {finding.message}; {finding.remedy}" for finding in blocking)
        super().__init__(f"Issue {number} cannot be approved. {said}. {self._way_on(number, blocking)}".strip())

    @staticmethod
    def _way_on(number: int, blocking: list[PreflightFinding]) -> str:
        fixed = [finding.place for finding in blocking if not finding.may_override]
        if fixed and len(fixed) < len(blocking):
            return f"Nobody can override: {', '.join(dict.fromkeys(fixed))}."
        if fixed:
            return ""
        return f"Or answer for it by your name: run.py issues approve {number} --override REASON"


class NothingToOverrideError(TipsheetError):
    """An override was given for an issue that nothing blocks."""


@dataclass(frozen=True, slots=True)
class Override:
    """A person's answer: who, why, and for which findings (place, message) of which words."""

    actor: str
    reason: str
    findings: frozenset[tuple[str, str]]
    words_hash: str


def words_hash(content: IssueContent) -> str:
    """The content's hash, whatever its time."""
    return replace(content, issued_at=_ANY_TIME).content_hash


def override_of(issue: Issue) -> Override | None:
    """The answer that the issue was approved with; None for one that is not frozen, or that nothing blocked."""
    if not issue.content:
        return None
    frozen = words_hash(IssueContent.from_json(issue.content))
    entries = AuditEntry.objects.filter(action=ACTION, subject_kind="issue", subject_id=str(issue.pk))
    entry = entries.order_by("-pk").first()
    if entry is None or entry.detail.get("words_hash") != frozen:
        return None
    findings = frozenset((finding["place"], finding["message"]) for finding in entry.detail["findings"])
    return Override(entry.detail.get("answered_by", entry.actor), entry.detail["reason"], findings, frozen)


def weigh(
    issue: Issue, content: IssueContent, findings: tuple[PreflightFinding, ...], *, override: str,
    standing: Override | None, now: datetime, actor: str,
) -> None:  # fmt: skip
    """Nothing, if the issue may go out: unblocked, or answered for, which is logged.

    Raises PreflightError, NothingToOverrideError, MissingReasonError.
    """
    blocking = [finding for finding in findings if finding.blocks]
    if not override and standing is not None and blocking and _covers(standing, content, blocking):
        _log(issue, content, blocking, reason=standing.reason, now=now, actor=actor, answered_by=standing.actor)
        return
    if not override:
        if blocking:
            raise PreflightError(issue.number, findings)
        return
    reason = reason_given(reason=override, what="overriding preflight")
    if not blocking:
        raise NothingToOverrideError(
            f"Preflight blocks nothing in issue {issue.number}. Approve it without a reason: one that answers for "
            "nothing would mislead whoever reads the log."
        )
    if not all(finding.may_override for finding in blocking):
        raise PreflightError(issue.number, findings)
    _log(issue, content, blocking, reason=reason, now=now, actor=actor)


def _covers(standing: Override, content: IssueContent, blocking: list[PreflightFinding]) -> bool:
    return standing.words_hash == words_hash(content) and all(
        finding.may_override and (finding.place, finding.message) in standing.findings for finding in blocking
    )


def _log(
    issue: Issue, content: IssueContent, blocking: Iterable[PreflightFinding], *, reason: str, now: datetime,
    actor: str, **detail: str,
) -> None:  # fmt: skip
    audit.record(
        now=now, actor=actor, action=ACTION, subject_kind="issue", subject_id=issue.pk, reason=reason,
        findings=[{"place": finding.place, "message": finding.message} for finding in blocking],
        content_hash=content.content_hash, words_hash=words_hash(content), **detail,
    )  # fmt: skip
