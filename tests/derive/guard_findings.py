"""What the tests of the guard's checks ask: the finding of a kind, and that there is none."""

from pipeline.derive.guard import check
from pipeline.derive.model import Finding, FindingKind, Verdict


def shown(source: str, text: str, kind: FindingKind, context: str = "") -> Finding:
    """The first finding of the kind; its words stand in the texts, and the report's verdict is no milder."""
    report = check(source, text, context)
    found = [finding for finding in report.findings if finding.kind is kind]
    assert found, f"no {kind}: {report}"
    assert found[0].source_words in source
    assert found[0].text_words in text
    assert found[0].message
    assert report.verdict is Verdict.BLOCK or found[0].verdict is report.verdict
    return found[0]


def clean(source: str, text: str, context: str = "") -> bool:
    """Whether nothing at all is flagged."""
    report = check(source, text, context)
    assert report.findings == (), report.findings
    return report.verdict is Verdict.PASS
