"""A smoother wording for a tip, as the rewriter proposes it: shown beside the original with every reason against it.

Nothing is stored here; a person takes a proposal by `actions/rewrite.py`, which judges it once more.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any

from pipeline.derive.guard import check
from pipeline.derive.model import Finding, GuardReport, Verdict
from pipeline.derive.rewrite_rules import reasons_against
from pipeline.editorial.claims import guard_wording
from pipeline.editorial.issue_rules import plain_text
from pipeline.editorial.models import Tip, TipRevision
from pipeline.editorial.revisions import basis_of, current_revision, wording_of
from pipeline.editorial.rewriter import Ask, Endpoint, ask
from pipeline.editorial.tip_rules import TipEvent, TipState, next_tip_state


@dataclass(frozen=True, slots=True)
class Proposal:
    """`text` in the place of `original`; `reasons` say why the original's words stay, and are empty if they need not.

    `seen_hash` is the content hash of the revision that it was made for.
    """

    tip_id: int
    model: str
    original: str
    text: str
    seen_hash: str
    reasons: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def is_acceptable(self) -> bool:
        return not self.reasons


def propose(tip: Tip, *, endpoint: Endpoint, ask: Ask = ask) -> Proposal:
    """Ask the rewriter for another wording of the tip, and judge it. Raises RewriterError, and
    TransitionRefusedError for a tip whose words are not to be changed.
    """
    next_tip_state(TipState(tip.state), TipEvent.REVISE, name=f"tip {tip.pk}")
    revision = current_revision(tip)
    return judged(revision, ask(endpoint, revision.text, source_words(revision)), model=endpoint.model)


def judged(revision: TipRevision, text: str, *, model: str) -> Proposal:
    """The text as a proposal for the revision, with all that speaks against it."""
    report = _guarded(revision, text)
    reasons = reasons_against(text, original=revision.text, source=plain_text(source_words(revision)), report=report)
    return Proposal(
        revision.tip_id, model, revision.text, text, revision.content_hash, reasons, report.findings
    )  # fmt: skip


def as_data(proposal: Proposal) -> dict[str, Any]:
    """The proposal as plain data, for a program."""
    return asdict(proposal) | {"is_acceptable": proposal.is_acceptable}


def source_words(revision: TipRevision) -> str:
    """The words that a proposal must keep to: the quotes, or what the author wrote where there is no document."""
    return " ".join(source.quote for source in basis_of(revision)) or revision.text


def _guarded(revision: TipRevision, text: str) -> GuardReport:
    """The guard's findings as at an approval; words that an author vouches for are their own source."""
    report = guard_wording(replace(wording_of(revision), text=text), revision)
    if basis_of(revision):
        return report
    kept = check(plain_text(revision.text), plain_text(text), revision.title)
    verdict = max(report.verdict, kept.verdict, key=list(Verdict).index)
    return GuardReport(verdict, (*kept.findings, *report.findings))
