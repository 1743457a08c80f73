"""How preflight's findings are made, and how they name a tip."""

from pipeline.editorial.content import TipContent
from pipeline.render.model import PreflightFinding, Severity
from pipeline.render.plain import shorten


def blocking(place: str, message: str, remedy: str) -> PreflightFinding:
    return PreflightFinding(Severity.BLOCKING, place, message, remedy)


def warning(place: str, message: str, remedy: str) -> PreflightFinding:
    return PreflightFinding(Severity.WARNING, place, message, remedy)


def name_of(number: int, tip: TipContent) -> str:
    """`number` counts the issue's tips from 1."""
    return f"tip {number}, {shorten(tip.title, 60)!r}"
