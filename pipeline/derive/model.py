"""What derivation hands over: tip candidates, each tied to the very words it came from."""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Source:
    """Where a tip's words stand: `canonical_text[start:end] == quote`, always.

    `document` is the document's name, `sha256` that of its raw bytes, `canonical_sha256` that of its canonical text.
    """

    document: str
    sha256: str
    canonical_sha256: str
    heading_path: tuple[str, ...]
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A tip that an editor may print. Nothing is stored until it is ingested.

    `score` is comparable within one call, higher is better; `edits` says in words what was changed from the quote
    ("removed 'Additionally,'"); `flags` are what a person should look at ("qualifier follows", "sources disagree");
    `also` are further sources that say the same.
    """

    title: str
    text: str
    topic: str
    score: float
    source: Source
    edits: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    also: tuple[Source, ...] = ()


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105 - a verdict, not a password
    WARN = "warn"
    BLOCK = "block"


class FindingKind(StrEnum):
    DROPPED_HEDGE = "dropped_hedge"
    DROPPED_NEGATION = "dropped_negation"
    ADDED_NEGATION = "added_negation"
    CHANGED_NUMBER = "changed_number"
    ADDED_NUMBER = "added_number"
    STRONG_CLAIM = "strong_claim"
    ADDED_CONTENT = "added_content"
    LOST_CONDITION = "lost_condition"
    SWAPPED_RELATION = "swapped_relation"
    REGULATED_CLAIM = "regulated_claim"
    MISSING_NOTE = "missing_note"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which a text says more, or less, than its source; `suggestion` is the faithful wording, or ''."""

    kind: FindingKind
    verdict: Verdict
    message: str
    source_words: str = ""
    text_words: str = ""
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class GuardReport:
    """The guard's answer for one text: `verdict` is the gravest of its findings' verdicts, `pass` without any."""

    verdict: Verdict
    findings: tuple[Finding, ...] = field(default=())


class Likeness(StrEnum):
    SAME = "same"
    POSSIBLE = "possible"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How alike two tips are in what they advise: `score` from 0 to 1, and why."""

    score: float
    verdict: Likeness
    reason: str
