"""Topics: a small taxonomy for skincare, and a document's own headings for everything else."""

import re
from collections.abc import Iterator
from functools import cache

from pipeline.derive.headings import POINTS_BACK, read_heading
from pipeline.derive.lexicon_files import groups
from pipeline.derive.profile import Profile, sentence_case
from pipeline.derive.tokens import entries
from pipeline.derive.windows import Window

LONGEST_TOPIC = 40


def topic(window: Window, background: Profile) -> str:
    """The tip's topic, as readers see it."""
    if background.is_skincare and (found := _by_taxonomy(window)):
        return found
    return _by_heading(window, background)


@cache
def _taxonomy() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile("|".join(_patterns(name)))) for name in groups("tips/topics") if name != "skincare")


def _patterns(name: str) -> Iterator[str]:
    for entry in entries("topics", name):
        stem = re.escape(entry.removesuffix("*"))
        yield rf"\b{stem}" if entry.endswith("*") else rf"\b{stem}\b"


def _by_taxonomy(window: Window) -> str:
    """The topic whose words the tip speaks most; its first sentence and its heading count double."""
    text = window.text.lower()
    heading = window.passage.heading.text.lower()
    opening = window.opening.text.lower()
    best, most = "", 0
    for name, pattern in _taxonomy():
        spoken = len(set(pattern.findall(text))) + len(set(pattern.findall(opening)))
        spoken = spoken and spoken + 2 * len(set(pattern.findall(heading)))
        if spoken > most:
            best, most = name, spoken
    return best


def _by_heading(window: Window, background: Profile) -> str:
    """The highest heading that is not the document's own and says something; else what the document is about."""
    title = " ".join(window.document.title.split()).lower()
    for raw in window.passage.section.heading_path:
        heading = read_heading(raw)
        text = re.split(r"[:–—(]", heading.text)[0].strip()
        usable = not POINTS_BACK.search(text) and not (
            heading.is_generic or heading.is_question or heading.is_conclusion or heading.states_a_myth
        )
        if usable and not heading.is_myth and raw.lower().strip() != title and 0 < len(text) <= LONGEST_TOPIC:
            return sentence_case(text, background.names)
    if background.subjects:
        name = background.subjects[0].name
        return name[:1].upper() + name[1:]
    return "General"
