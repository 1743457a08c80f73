"""Deriving tips from documents: the whole way, one call.

    document ─► profile ─► passages ─► windows ─► choices ─► selection ─► titles ─► candidates
                 what it     gates and scores       topic      MMR over     never the
                 is about    on every sentence                 all of them  same twice

Pure and deterministic: the same documents give the same candidates, whatever the machine, the run or the hash seed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.derive import gates, scores  # noqa: F401 - importing them registers their rules
from pipeline.derive.agreement import Agreement, Chosen, source_of
from pipeline.derive.model import Candidate
from pipeline.derive.passages import passages
from pipeline.derive.profile import Profile, profile
from pipeline.derive.selection import Choice, rarity_of, select
from pipeline.derive.titles import title
from pipeline.derive.topics import is_skincare, topic
from pipeline.derive.windows import Window, windows
from pipeline.documents.model import Document


@dataclass(slots=True)
class _Found:
    """A window with the background of its document."""

    window: Window
    background: Profile


def derive(documents: Sequence[Document], *, limit: int | None = None) -> list[Candidate]:
    """The tips that the documents hold, best first: at most `limit`, fewer where no more are good.

    Documents on one subject give one set: what several say is one tip, with each further source in `also`.
    """
    found: list[_Found] = []
    choices: list[Choice] = []
    for number, document in enumerate(documents):
        background = profile(document)
        skincare = is_skincare(background)
        for window in document_windows(document, background):
            named = topic(window, background, skincare=skincare)
            section = (number, window.passage.section.heading)
            choices.append(Choice(window.score, window.stems, named, section, len(found)))
            found.append(_Found(window, background))
    agreement, titles = _chosen(found, choices, limit)
    for document in documents:
        agreement.hear(document, passages(document, profile(document)))
    return [_candidate(tip, line) for tip, line in zip(agreement.chosen, titles, strict=True)]


def document_windows(document: Document, background: Profile) -> Iterator[Window]:
    """Every window of one document that could be a tip."""
    for passage in passages(document, background):
        yield from windows(document, passage)


def _chosen(found: list[_Found], choices: list[Choice], limit: int | None) -> tuple[Agreement, list[str]]:
    """Take from the selection until there are enough, leaving out what repeats a tip; with the titles."""
    rarity = rarity_of(choices)
    agreement = Agreement(rarity)
    titles: dict[str, None] = {}
    for index, score in select(choices, rarity):
        if limit is not None and len(titles) >= limit:
            break
        window = found[index].window
        if agreement.is_repeat(window):
            continue
        line = title(window, found[index].background, {each.lower() for each in titles})
        if line:
            titles[line] = None
            agreement.add(Chosen(window, score, choices[index].topic))
    return agreement, list(titles)


def _candidate(tip: Chosen, line: str) -> Candidate:
    window = tip.window
    return Candidate(
        title=line,
        text=window.text,
        topic=tip.topic,
        score=round(tip.score, 3),
        source=source_of(window.document, window.passage, window.span),
        edits=window.edits,
        flags=(*window.flags, *tip.flags),
        also=tuple(source_of(*place) for place in tip.also),
    )
