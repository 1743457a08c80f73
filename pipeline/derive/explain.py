"""Why: for every sentence of a document, the rules that fired and the reason why it was refused.

The lines are for a person; they say of each sentence whether it can open a tip, whether it can follow in one, and
what each score gave, and of each passage which tips it yields.
"""

from collections.abc import Iterator

from pipeline.derive import gates, scores  # noqa: F401 - importing them registers their rules
from pipeline.derive.passages import Passage, Piece, passages
from pipeline.derive.profile import profile
from pipeline.derive.rules import Refusal, points
from pipeline.derive.windows import FLOOR, Judged, judge, windows
from pipeline.documents.model import Document


def explain(document: Document) -> Iterator[str]:
    """The lines, passage by passage."""
    background = profile(document)
    yield f"{document.name}: {', '.join(subject.name for subject in background.subjects[:3]) or 'no clear subject'}"
    for section in document.sections:
        if section.is_boilerplate:
            words = section.heading or " ".join(block.span.of(document.text) for block in section.blocks)[:60]
            yield f"\n# {words}: left out, a section of boilerplate"
    for passage in passages(document, background):
        yield f"\n# {' › '.join(passage.section.heading_path) or '(no heading)'}"
        for piece, judged in zip(passage.pieces, judge(passage), strict=True):
            yield from _of_sentence(passage, piece, judged)
        for window in windows(document, passage):
            fate = "a tip" if window.score >= FLOOR else f"under the floor of {FLOOR}"
            yield f"  → {fate}, {window.score:.1f} points: {window.text}"
            yield f"      {_listed(window.points())}"


def _of_sentence(passage: Passage, piece: Piece, judged: Judged) -> Iterator[str]:
    yield f"  “{piece.sentence.text}”"
    for edit in piece.opening_edits:
        yield f"      edit: {edit}"
    if judged.cannot_follow:
        yield f"      refused: {_because(judged.cannot_follow)}"
    elif judged.cannot_open:
        yield f"      cannot open a tip: {_because(judged.cannot_open)}"
    found = points(piece.opening, passage.setting)
    yield f"      {sum(found.values()):+.1f} points: {_listed(found)}"


def _listed(found: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:+.1f}" for name, value in found.items()) or "no score fired"


def _because(refusal: Refusal) -> str:
    return f"{refusal.gate}, “{refusal.words}”. {refusal.why}"
