"""How preflight's findings are made, and how they name a tip."""

import unicodedata

from pipeline.editorial.content import TipContent
from pipeline.render.model import PreflightFinding, Severity
from pipeline.render.plain import shorten


def blocking(place: str, message: str, remedy: str, *, may_override: bool = False) -> PreflightFinding:
    return PreflightFinding(Severity.BLOCKING, place, message, remedy, may_override)


def warning(place: str, message: str, remedy: str) -> PreflightFinding:
    return PreflightFinding(Severity.WARNING, place, message, remedy)


def name_of(number: int, tip: TipContent) -> str:
    """`number` counts the issue's tips from 1."""
    title = shorten(tip.title, 60)
    return f"tip {number}, “{title}”" if is_visible(title) else f"tip {number}"


def is_visible(text: str) -> bool:
    """Whether there is anything to see: not spaces, direction marks, soft hyphens and the like alone."""
    return any(unicodedata.category(character)[0] not in "CZ" for character in text)
