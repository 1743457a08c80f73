"""What the claims guard says of a revision: held against its sources if it has them, else against the rules for
words that a named author vouches for. The guard flags; a person decides, and the decision is kept with the findings.
"""

from dataclasses import asdict
from typing import Any

from pipeline.derive.guard import check, check_authored
from pipeline.derive.model import FindingKind, GuardReport, Verdict
from pipeline.editorial.issue_rules import plain_text
from pipeline.editorial.models import TipRevision
from pipeline.editorial.revisions import basis_of, wording_of
from pipeline.editorial.wording_rules import Wording

# A title is a name, not a sentence: it may leave out a source's hedges, but promises and figures are claims there too.
_TITLE_KINDS = frozenset(
    {
        FindingKind.STRONG_CLAIM,
        FindingKind.REGULATED_CLAIM,
        FindingKind.ADDED_NUMBER,
        FindingKind.CHANGED_NUMBER,
        FindingKind.ADDED_NEGATION,
    }
)


def guard_revision(revision: TipRevision) -> GuardReport:
    """The guard's findings on the revision's words, title included, as they stand in the database."""
    return guard_wording(wording_of(revision), revision)


def guard_wording(wording: Wording, revision: TipRevision | None = None) -> GuardReport:
    """The guard's findings on words that may not be kept yet: held against the sources of the revision that they
    would follow, or against the rules for words that an author vouches for.
    """
    basis = basis_of(revision) if revision is not None else []
    text = plain_text(wording.text)
    if not basis:
        return check_authored(f"{wording.title}. {text}")
    quotes = " ".join(source.quote for source in basis)
    context = "\n".join([*(" ".join(source.heading_path) for source in basis), basis[0].document.text])
    report = check(quotes, text, context)
    in_title = [found for found in check(quotes, wording.title, context).findings if found.kind in _TITLE_KINDS]
    findings = (*report.findings, *(found for found in in_title if found not in report.findings))
    verdict = max((finding.verdict for finding in findings), key=list(Verdict).index, default=Verdict.PASS)
    return GuardReport(verdict, findings)


def is_clean(revision: TipRevision, report: GuardReport) -> bool:
    """Whether nothing at all speaks against the revision: no finding, and no flag from its derivation."""
    return report.verdict is Verdict.PASS and not report.findings and not revision.flags


def as_stored(report: GuardReport) -> list[dict[str, Any]]:
    """The findings as a review keeps them."""
    return [asdict(finding) for finding in report.findings]
