"""When a proposed wording may stand in for a tip's own: what a rewriter says is only a proposal.

Every reason against it is given, not the first alone, so that a person sees what was wrong with it. The guard's report
is made by the caller, by the same code that judges an approval.
"""

import re

from pipeline.derive.model import GuardReport, Verdict
from pipeline.derive.tokens import STEMS, read_sentence
from pipeline.documents.model import Span

LEAST_SHARED = 1 / 3
"""The share of a proposal's content words that must stand in its source."""

_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>|https?:|www\.|\]\(|```|^#|\{\{|\{%", re.MULTILINE)
_QUOTES = {'"': '"', "“": "”", "'": "'"}


def tidied(answer: str) -> str:
    """A model's answer without what models put around one: their thoughts, quotation marks, white space."""
    text = _THOUGHT.sub("", answer).strip()
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1] and text[0] not in text[1:-1]:
        text = text[1:-1].strip()
    return text


def reasons_against(proposal: str, *, original: str, source: str, report: GuardReport) -> tuple[str, ...]:
    """Why the original's words stay; empty if the proposal may be taken. `report` is the guard's on the proposal."""
    if not proposal.strip():
        return ("it is empty",)
    if _normal(proposal) == _normal(original):
        return ("it changes nothing",)
    return (*_form(proposal, original), *_substance(proposal, source), *_claims(report))


def shared_words(proposal: str, source: str) -> float:
    """The share of the proposal's content words, by their stems, that stand in the source; 0 where it has none."""
    said = _stems(proposal)
    return len(said & _stems(source)) / len(said) if said else 0.0


def _form(proposal: str, original: str) -> list[str]:
    reasons = []
    if len(proposal) > len(original):
        reasons.append(f"it is longer: {len(proposal)} characters in place of {len(original)}")
    unseen = sorted({ord(character) for character in proposal if not (character.isprintable() or character == "\n")})
    if unseen:
        reasons.append(f"it holds an invisible character (U+{unseen[0]:04X})")
    markup = next((found.group() for found in _MARKUP.finditer(proposal) if found.group() not in original), "")
    if markup:
        reasons.append(f"it holds a link or markup that the tip has not: {markup[:40]}")
    return reasons


def _substance(proposal: str, source: str) -> list[str]:
    share = shared_words(proposal, source)
    if share >= LEAST_SHARED:
        return []
    return [f"only {share:.0%} of its words of substance stand in the source, where a third must"]


def _claims(report: GuardReport) -> list[str]:
    if report.verdict is Verdict.PASS and not report.findings:
        return []
    return [f"{finding.kind.replace('_', ' ')}: {finding.message.rstrip('.')}" for finding in report.findings] or [
        "the guard does not let it pass"
    ]


def _stems(text: str) -> frozenset[str]:
    sentence = read_sentence(text, Span(0, len(text)))
    return sentence.stems() or frozenset(STEMS[word] for word in sentence.words if word.isalpha())


def _normal(text: str) -> str:
    return " ".join(text.split())
