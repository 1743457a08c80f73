"""What the claims guard says of a revision: held against its sources if it has them, else against the rules for
words that a named author vouches for. The guard flags; a person decides, and the decision is kept with the findings.
"""

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from pipeline.derive.guard import check, check_authored
from pipeline.derive.guard_claims import DEFAULT_REGION
from pipeline.derive.model import Finding, FindingKind, GuardReport, Verdict
from pipeline.editorial.changed_sources import changes_of
from pipeline.editorial.issue_rules import plain_text
from pipeline.editorial.models import TipRevision
from pipeline.editorial.revisions import basis_of, wording_of
from pipeline.editorial.wording_rules import Wording

# A title is a name, not a sentence: it may leave out a source's hedges, but promises and figures are claims there too.
_TITLE_KINDS = frozenset(
    {FindingKind.STRONG_CLAIM, FindingKind.REGULATED_CLAIM, FindingKind.ADDED_NUMBER, FindingKind.CHANGED_NUMBER}
)


def guard_revision(revision: TipRevision) -> GuardReport:
    """The guard's findings on the revision's words, title included, as they stand in the database."""
    return guard_wording(wording_of(revision), revision)


def guard_wording(wording: Wording, revision: TipRevision | None = None) -> GuardReport:
    """The guard's findings on words that may not be kept yet: held against the sources of the revision that they
    would follow, or against the rules for words that an author vouches for; by the rules of the newsletter's region.
    """
    region = revision.tip.newsletter.claims_region if revision is not None else DEFAULT_REGION
    basis = basis_of(revision) if revision is not None else []
    text = plain_text(wording.text)
    if not basis:
        return check_authored(f"{wording.title}. {text}", region=region)
    quotes = " ".join(source.quote for source in basis)
    headings = ". ".join(dict.fromkeys(heading for source in basis for heading in source.heading_path))
    context = f"{headings}\n{basis[0].document.text}"
    in_text = check(quotes, text, context, region=region).findings
    findings = (*in_text, *_title_findings(wording.title, f"{headings}. {quotes}", context, region))
    verdict = max((finding.verdict for finding in findings), key=list(Verdict).index, default=Verdict.PASS)
    return GuardReport(verdict, findings)


def _title_findings(title: str, source: str, context: str, region: str) -> Iterator[Finding]:
    """What a title claims beyond the source and its headings, whose words are the source's own too."""
    for finding in check(source, title, context, region=region).findings:
        if finding.kind in _TITLE_KINDS:
            yield replace(finding, message=f"In the title: {finding.message}", suggestion="")


def is_clean(revision: TipRevision, report: GuardReport) -> bool:
    """Whether nothing at all speaks against the revision: no finding, no flag, and its source says it still."""
    return report.verdict is Verdict.PASS and not report.findings and not revision.flags and not changes_of(revision)


def as_stored(report: GuardReport) -> list[dict[str, Any]]:
    """The findings as a review keeps them."""
    return [asdict(finding) for finding in report.findings]
