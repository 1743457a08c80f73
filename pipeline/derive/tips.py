"""Deriving tips from documents: the whole way, one call.

    document ─► profile ─► passages ─► windows ─► choices ─► selection ─► titles ─► candidates
                 what it     gates and scores       topic      MMR over     never the
                 is about    on every sentence                 all of them  same twice

Pure and deterministic: the same documents give the same candidates, whatever the machine, the run or the hash seed.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from pipeline.derive import gates, scores  # noqa: F401 - importing them registers their rules
from pipeline.derive.agreement import Agreement
from pipeline.derive.chosen import Chosen, source_of
from pipeline.derive.model import Candidate
from pipeline.derive.outline import Outline
from pipeline.derive.passages import passages
from pipeline.derive.pool import Pool
from pipeline.derive.profile import Profile, profile
from pipeline.derive.selection import Choice, select
from pipeline.derive.titles import title
from pipeline.derive.topics import topic
from pipeline.derive.windows import FLOOR, Window, windows
from pipeline.documents.model import Document


def derive(documents: Iterable[Document], *, limit: int | None = None) -> list[Candidate]:
    """The tips that the documents hold, best first: at most `limit`, fewer where no more are good.

    Documents on one subject give one set: what several say is one tip, with each further source in `also`. They are
    gone through twice, first for the tips, then for what else they say of them; what is held besides the tips does
    not grow with them, where there is a limit.
    """
    outlines: list[Outline] = []
    agreement, titles = _chosen(_pooled(documents, limit, outlines), limit)
    for number, (document, outline) in enumerate(zip(documents, outlines, strict=True)):
        agreement.hear(number, document, outline)
    return [_candidate(tip, line) for tip, line in zip(agreement.chosen, titles, strict=True)]


def _pooled(documents: Iterable[Document], limit: int | None, outlines: list[Outline]) -> Pool:
    """The windows to choose from; each document's outline goes to the end of `outlines`.

    Nobody but the choice holds the pool, so that its documents are let go before all are gone through again.
    """
    pool = Pool(limit)
    for number, document in enumerate(documents):
        background = profile(document)
        outline = Outline(background)
        outlines.append(outline)
        for window in document_windows(document, background):
            pool.add(window, background, number)
            outline.note(window.span)
    return pool


def document_windows(document: Document, background: Profile) -> Iterator[Window]:
    """Every window of one document that is good enough to be a tip."""
    for passage in passages(document, background):
        for window in windows(passage.document, passage):
            if window.score >= FLOOR:
                yield window
        passage.forget()


def _chosen(pool: Pool, limit: int | None) -> tuple[Agreement, list[str]]:
    """Take from the selection until there are enough, leaving out what repeats a tip; with the titles."""
    found, rarity = pool.found(), pool.rarity()
    choices = [Choice(each.window.score, each.window.stems, each.section, each.order) for each in found]
    agreement = Agreement(rarity, is_limited=limit is not None)

    @cache
    def topic_of(index: int) -> str:
        return topic(found[index].window, found[index].background)

    titles: list[str] = []
    taken: set[str] = set()
    for index, score in select(choices, rarity, topic_of):
        if limit is not None and len(titles) >= limit:
            break
        window = found[index].window
        number = found[index].document
        if agreement.is_repeat(window, number):
            window.passage.forget()
            continue
        line = title(window, found[index].background, taken, topic_of(index))
        if line:
            taken.add(line.lower())
            titles.append(line)
            agreement.add(Chosen(window, number, score, topic_of(index)))
    return agreement, titles


def _candidate(tip: Chosen, line: str) -> Candidate:
    window = tip.window
    return Candidate(
        title=line,
        text=window.text,
        topic=tip.topic,
        score=round(tip.score, 3),
        source=source_of(window.document, window.passage.section, window.span),
        edits=window.edits,
        flags=(*window.flags, *tip.all_flags()),
        also=tip.sources(),
    )
