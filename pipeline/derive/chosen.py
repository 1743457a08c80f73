"""A tip on its way, with what other places have to say about it.

A document is known by its number: documents are gone through twice, and may be read anew the second time, so that a
place holds provenance and no document.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from pipeline.derive.model import Source
from pipeline.derive.tokens import Sentence
from pipeline.derive.windows import Window
from pipeline.documents.model import Document, Section, Span

_APART = 2  # characters between two sentences that follow each other


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document says something of a tip; `section` is the place of its heading."""

    number: int
    section: Span | None
    span: Span
    source: Source


@dataclass(frozen=True, slots=True)
class Said:
    """What a document says at a span, while the document is at hand."""

    number: int
    document: Document
    section: Section
    span: Span

    def place(self) -> Place:
        """The place, to be kept."""
        return Place(
            self.number, self.section.heading_span, self.span, source_of(self.document, self.section, self.span)
        )


@dataclass(slots=True)
class Chosen:
    """A tip on its way: its window, the number of its document, and what other places have to say about it."""

    window: Window
    number: int
    score: float
    topic: str
    flags: list[str] = field(default_factory=list)
    possible: list[Place] = field(default_factory=list)
    _also: defaultdict[int, list[Place]] = field(default_factory=lambda: defaultdict(list))

    def holds(self, said: Said) -> bool:
        """Whether the words are the tip's own."""
        return self.number == said.number and _overlap(said.span, self.window.span)

    def support(self, said: Said) -> None:
        """Name the place as a further source; sentences that follow each other are one place."""
        known = self._also[said.number]
        for at, place in enumerate(known):
            if place.section == said.section.heading_span and _follow(place.span, said.span):
                whole = Span(min(place.span.start, said.span.start), max(place.span.end, said.span.end))
                known[at] = Said(said.number, said.document, said.section, whole).place()
                return
        known.append(said.place())

    def sources(self) -> tuple[Source, ...]:
        """The further sources, in order."""
        found = (place.source for places in self._also.values() for place in places)
        return tuple(sorted(found, key=lambda each: (each.document, each.start)))

    def all_flags(self) -> tuple[str, ...]:
        """Its flags, with each place that may say it again and is not named as a further source already."""
        again = [
            f"possibly said again: “{_short(' '.join(place.source.quote.split()))}” "
            f"({place.source.document}, {place.span.start}–{place.span.end})"
            for place in sorted(self.possible, key=lambda place: (place.number, place.span))
            if not any(_overlap(place.span, known.span) for known in self._also.get(place.number, ()))
        ]
        return (*self.flags, *again)

    def disagreement(self, ours: Sentence, theirs: str, said: Said) -> str:
        """The flag that shows both sides with their places."""
        here = f"{self.window.document.name}, {ours.span.start}–{ours.span.end}"
        there = f"{said.document.name}, {said.span.start}–{said.span.end}"
        return f"sources disagree: “{_short(ours.text)}” ({here}) against “{_short(theirs)}” ({there})"


def source_of(document: Document, section: Section, span: Span) -> Source:
    """The provenance of the words at a span."""
    return Source(
        document=document.name,
        sha256=document.sha256,
        canonical_sha256=document.canonical_sha256,
        heading_path=section.heading_path,
        start=span.start,
        end=span.end,
        quote=span.of(document.text),
    )


def _follow(one: Span, other: Span) -> bool:
    return one.start <= other.end + _APART and other.start <= one.end + _APART


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _short(text: str) -> str:
    return text if len(text) <= 120 else text[:117].rstrip() + "…"
