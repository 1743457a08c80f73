"""Preflight of what the mail claims.

A tip was held against its source when it was reviewed, and a named person decided; that is not decided again here,
only a claim that the law regulates is shown once more. Subject, preheader and intro belong to the issue and had no
review, so for them the guard's verdict counts. And tips that need a note to ask a professional need one in the mail.
"""

from collections.abc import Iterator

from pipeline.derive.guard import check_authored
from pipeline.derive.model import Finding, FindingKind, Verdict
from pipeline.editorial.content import IssueContent
from pipeline.render import markdown
from pipeline.render.findings import blocking, is_visible, name_of, warning
from pipeline.render.model import PreflightFinding, RenderedEmail

ISSUE_FIELDS = ("subject", "preheader", "intro")


def claims_of_the_issue(content: IssueContent, _: RenderedEmail) -> Iterator[PreflightFinding]:
    for field in ISSUE_FIELDS:
        for finding in _findings(getattr(content, field), content):
            if finding.kind is not FindingKind.MISSING_NOTE:
                remedy = finding.suggestion or "say it as the tips say it"
                if finding.verdict is Verdict.BLOCK:
                    yield blocking(field, finding.message, remedy, may_override=True)
                else:
                    yield warning(field, finding.message, remedy)


def claims_of_tips(content: IssueContent, _: RenderedEmail) -> Iterator[PreflightFinding]:
    for number, tip in enumerate(content.tips, 1):
        for finding in _findings(f"{tip.title}\n\n{markdown.to_text(tip.text)}", content):
            if finding.kind is FindingKind.REGULATED_CLAIM:
                yield warning(
                    name_of(number, tip),
                    finding.message,
                    f"{finding.suggestion} Or be sure that whoever approved the tip meant to.".strip(),
                )


def advice(content: IssueContent, _: RenderedEmail) -> Iterator[PreflightFinding]:
    """The note belongs into every issue; without it, a tip that calls for it holds the issue up."""
    if is_visible(content.newsletter.advice_note):
        return
    place, remedy = "newsletter: advice note", "write the note in the newsletter's details"
    for number, tip in enumerate(content.tips, 1):
        for finding in _findings(f"{tip.title}\n\n{markdown.to_text(tip.text)}", content):
            if finding.kind is FindingKind.MISSING_NOTE:
                yield blocking(
                    place,
                    f"{name_of(number, tip)} speaks of {finding.text_words!r}, and no note says to ask a professional",
                    remedy,
                    may_override=True,
                )
                return
    yield warning(place, "no note says that the tips do not replace the advice of a professional", remedy)


def _findings(text: str, content: IssueContent) -> tuple[Finding, ...]:
    """By the rules of the newsletter's region."""
    return check_authored(text, region=content.newsletter.claims_region).findings if is_visible(text) else ()
