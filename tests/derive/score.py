"""Scores derivation on labelled documents: `python -m tests.derive.score [dev|once] [--all]`.

`dev` is there to work on. `once` was written before the rules were tuned and is scored once, at the end: its figures,
and those of `dev`, stand in docs/derivation.md. The labels of a document lie beside it:

    tip: part | part => word, word    some tip holds all the parts, and its title one of the words
    never: part                       no tip holds it
    never-title: part                 no title holds it
    once: part                        at most one tip holds it
    also: part                        the tip that holds it names a further source
    disagree: part                    a tip is flagged with a disagreement that quotes it
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.derive.model import Candidate
from pipeline.derive.tips import derive
from pipeline.documents import read
from pipeline.documents.model import Document

CASES = Path(__file__).parent / "cases"
AT = 15
"""Recall is counted among so many tips of a document."""

# Written apart from the lexicons, so that a gap there shows here.
_NEVER_BEGINS = re.compile(
    r"(?:This|That|These|Those|They|It(?! is \w+ to| helps| takes| pays)|However|Therefore|Thus|So(?!-called)|But|And|"
    r"Or|Such|As with|As a result|In such|For example|For instance|Instead|Otherwise|Afterwards|Then|Another|Also|"
    r"Additionally|In addition|In summary|Moreover|Furthermore|Finally)\b"
)
_NEVER_HOLDS = re.compile(
    r"\?|!|https?:|www\.|@|[$€£]\d+.*\b(?:off|only|from)\b|\b(?:subscribe|newsletter|click|our|we|us|my|i|cookies|"
    r"copyright|sponsored|discount|guarantees?d?|miracle|cures?)\b|\bmg\b|\[\d+\]|\bFig\.",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Label:
    kind: str
    parts: tuple[str, ...]
    titles: tuple[str, ...] = ()


@dataclass(slots=True)
class Outcome:
    """What was right and wrong; `misses` says each fault in words."""

    counts: dict[str, list[int]] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)

    def note(self, kind: str, ok: bool, miss: str) -> None:
        right = self.counts.setdefault(kind, [0, 0])
        right[0] += ok
        right[1] += 1
        if not ok:
            self.misses.append(f"{kind}: {miss}")


def cases(part: str) -> Iterator[tuple[Document, list[Label]]]:
    """Each document of a part with its labels, in the order of their names."""
    for path in sorted((CASES / part).iterdir()):
        if path.suffix != ".labels":
            labels = list(_labels(path.with_suffix(".labels")))
            yield read(path.read_bytes(), name=path.name), labels


def _labels(path: Path) -> Iterator[Label]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        kind, _, rest = line.partition(": ")
        parts, _, titles = rest.partition(" => ")
        yield Label(kind, tuple(parts.split(" | ")), tuple(word.strip() for word in titles.split(",") if word.strip()))


def score(part: str) -> Outcome:
    outcome = Outcome()
    for document, labels in cases(part):
        tips = derive([document], limit=AT)
        for label in labels:
            _check(document.name, label, tips, outcome)
        for tip in tips:
            _check_tip(document, tip, outcome)
        titles = [tip.title.lower() for tip in tips]
        outcome.note("no title twice", len(set(titles)) == len(titles), document.name)
    return outcome


def _check(name: str, label: Label, tips: list[Candidate], outcome: Outcome) -> None:
    shown = " | ".join(label.parts)
    holding = [tip for tip in tips if all(part in tip.text for part in label.parts)]
    if label.kind == "tip":
        outcome.note("expected tips found", bool(holding), f"{name}: {shown}")
        if holding:
            title = holding[0].title
            fits = any(word.lower() in title.lower() for word in label.titles)
            if label.titles:
                outcome.note("titles that fit", fits, f"{name}: {shown}: “{title}”")
    elif label.kind == "never":
        outcome.note("never-tips kept out", not holding, f"{name}: {shown}")
    elif label.kind == "never-title":
        found = [tip.title for tip in tips if label.parts[0].lower() in tip.title.lower()]
        outcome.note("never-titles kept out", not found, f"{name}: {found}")
    elif label.kind == "once":
        outcome.note("advice given once", len(holding) <= 1, f"{name}: {shown}")
    elif label.kind == "also":
        outcome.note("further sources named", any(tip.also for tip in holding), f"{name}: {shown}")
    elif label.kind == "disagree":
        flagged = any("disagree" in flag and label.parts[0] in flag for tip in tips for flag in tip.flags)
        outcome.note("disagreements flagged", flagged, f"{name}: {shown}")


def _check_tip(document: Document, tip: Candidate, outcome: Outcome) -> None:
    """What holds for every tip, labelled or not."""
    sound = 60 <= len(tip.text) <= 320 and not _NEVER_BEGINS.match(tip.text) and not _NEVER_HOLDS.search(tip.text)
    outcome.note("tips that break no rule", sound, f"{document.name}: {tip.text}")
    source = tip.source
    outcome.note("spans that hold", document.text[source.start : source.end] == source.quote, document.name)


def main(arguments: list[str]) -> None:
    part = arguments[0] if arguments else "dev"
    outcome = score(part)
    for kind, (right, of) in outcome.counts.items():
        print(f"{kind:26} {right:4} of {of:4}  {right / of:.3f}")
    if part == "dev" or "--all" in arguments:
        print("\n".join(outcome.misses))


if __name__ == "__main__":
    main(sys.argv[1:])
