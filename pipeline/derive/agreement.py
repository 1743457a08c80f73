"""Who else says it: further sources of a chosen tip, near-repeats, and sources that disagree with it.

Every window is held against the chosen tips that share its telling words; the duplicate check and the conflict check
(which cost a hundred times more) see only those pairs.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.derive.duplicates import compare
from pipeline.derive.guard_conflicts import conflicts
from pipeline.derive.model import Likeness, Source
from pipeline.derive.windows import Window

_WORTH_COMPARING = 0.28
"""Share of the shorter text's stems in common from which two texts are compared in earnest."""
_SAME_MATTER = 0.5
_MOST_COMPARED = 12


def source_of(window: Window) -> Source:
    """The window's provenance."""
    document = window.document
    return Source(
        document=document.name,
        sha256=document.sha256,
        canonical_sha256=document.canonical_sha256,
        heading_path=window.passage.section.heading_path,
        start=window.span.start,
        end=window.span.end,
        quote=window.span.of(document.text),
    )


@dataclass(slots=True)
class Chosen:
    """A tip on its way: its window, and what the other windows have to say about it."""

    window: Window
    score: float
    topic: str
    also: list[Window] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)


class Agreement:
    """The chosen tips, found by the stems that they share with a window."""

    def __init__(self) -> None:
        self.chosen: list[Chosen] = []
        self._by_stem: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, chosen: Chosen) -> None:
        for stem in chosen.window.stems:
            self._by_stem[stem].append(len(self.chosen))
        self.chosen.append(chosen)

    def near_repeat(self, window: Window) -> bool:
        """Whether the window gives, or may well give, the advice of a chosen tip again."""
        return any(_likeness(tip.window, window) is not Likeness.DIFFERENT for tip, _ in self._near(window))

    def hear(self, windows: Iterable[Window]) -> None:
        """Let the windows that were not chosen support a tip, or speak against it."""
        for window in windows:
            heard = False
            for tip, shared in self._near(window):
                likeness = _likeness(tip.window, window)
                if likeness is not Likeness.DIFFERENT and not heard:
                    heard = True
                    self._note_support(tip, window, likeness)
                elif shared >= _SAME_MATTER:
                    self._note_conflict(tip, window)

    def _note_support(self, tip: Chosen, window: Window, likeness: Likeness) -> None:
        if likeness is Likeness.SAME:
            tip.also.append(window)
        else:
            where = f"{window.document.name}, {window.span.start}–{window.span.end}"
            tip.flags.append(f"possibly said again: “{_short(window.text)}” ({where})")

    def hear_each_other(self) -> None:
        """Flag chosen tips that disagree among themselves."""
        for tip in self.chosen:
            for other, shared in self._near(tip.window):
                if other is not tip and shared >= _SAME_MATTER:
                    self._note_conflict(other, tip.window)

    def _note_conflict(self, tip: Chosen, other: Window) -> None:
        if tip.window.passage is other.passage:
            return
        finding = conflicts(tip.window.text, other.text)
        if finding is None:
            return
        ours, theirs = (f"{w.document.name}, {w.span.start}–{w.span.end}" for w in (tip.window, other))
        tip.flags.append(
            f"sources disagree: {finding.message} “{_short(tip.window.text)}” ({ours}) "
            f"against “{_short(other.text)}” ({theirs})"
        )

    def _near(self, window: Window) -> Sequence[tuple[Chosen, float]]:
        """The chosen tips that share enough stems with the window, the nearest first."""
        shared = Counter(index for stem in window.stems for index in self._by_stem.get(stem, ()))
        near = []
        for index, count in shared.items():
            other = self.chosen[index].window.stems
            share = count / max(1, min(len(other), len(window.stems)))
            if share >= _WORTH_COMPARING and self.chosen[index].window is not window:
                near.append((-share, index))
        return [(self.chosen[index], -share) for share, index in sorted(near)[:_MOST_COMPARED]]


def _likeness(one: Window, other: Window) -> Likeness:
    return compare(one.text, other.text).verdict


def _short(text: str) -> str:
    return text if len(text) <= 90 else text[:87].rstrip() + "…"
