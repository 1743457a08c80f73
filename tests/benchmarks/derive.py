"""How fast tips are derived: `python -m tests.benchmarks.derive [--megabytes 1 10 100] [--limit 20] [--runs 3]`.

Reports, in megabytes of canonical text per second of processor time on one core:

    rules      what is judged of each document: profile, gates, scores, windows
    within     all that makes tips of documents: the rules, the pool, selection, topics, titles
    whole      the whole call: within, and then what goes across documents

and, in seconds on its own, what goes across documents: the documents gone through once more for repeats of the chosen
tips, further sources and disagreements, with how many pairs of texts were compared, which grows with what repeats.
Then the peak of the memory, with how much of it came since the first article. Each size runs in a process of its own,
so that its peak is its own. Articles are about ten kilobytes; they are made anew whenever they are gone through, and
the time that this takes is taken off: reading has a benchmark of its own.

Each article has a vocabulary of its own: every word that no rule knows is another one in the next article, the same
throughout the article, so that an article has a subject and sentences come back as rarely as they do among articles
on different things. Sentences are of ordinary length (105 characters on average), or `short` (75).
"""

import argparse
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import Any
from unittest.mock import patch

from pipeline.collecting import fewer_collections
from pipeline.derive import agreement, duplicates, guard_conflicts
from pipeline.derive.agreement import Agreement
from pipeline.derive.profile import profile
from pipeline.derive.tips import derive, document_windows
from pipeline.derive.tokens import TABLE, WORD
from pipeline.documents import read
from pipeline.documents.model import Document
from tests.derive.score import cases

_BYTES = 1_000_000
_ARTICLE_CHARACTERS = 10_000
_DIFFERENT_WORDS = 12_000
_SHORT = 90  # characters of a sentence that is joined to its neighbour, where sentences are of ordinary length
_SYLLABLES = ["ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve", "wi", "zo", "kra", "ste", "plo"]
_WORDS = re.compile(r"[A-Za-z]+")


@cache
def _sections() -> list[tuple[str, str]]:
    """Headings with their paragraphs, from the labelled documents."""
    return [
        (section.heading, "\n\n".join(block.span.of(made.text) for block in section.blocks))
        for made, _ in cases("dev")
        for section in made.sections
        if section.blocks and not section.is_boilerplate
    ]


def _article(number: int, sentences: str) -> Document:
    """An article of shuffled sections, with words of its own; the same number always gives the same."""
    chance = random.Random(number)
    parts: list[str] = [f"# Article {number}"]
    while sum(map(len, parts)) < _ARTICLE_CHARACTERS:
        heading, body = chance.choice(_sections())
        parts.append(f"## {heading}\n\n{_shuffled(body, chance, sentences)}")
    text = _WORDS.sub(_Vocabulary(chance).other, "\n\n".join(parts))
    return read(text.encode(), name=f"{number}.md")


class Corpus:
    """Articles that are made as they are gone through; `seconds` counts what making them took."""

    def __init__(self, megabytes: float, sentences: str = "ordinary") -> None:
        self._characters, self._sentences = megabytes * _BYTES, sentences
        self.seconds = 0.0
        self.megabytes = 0.0

    def __iter__(self) -> Iterator[Document]:
        left, number = self._characters, 0
        while left > 0:
            start = time.process_time()
            document = _article(number, self._sentences)
            self.seconds += time.process_time() - start
            left, number = left - len(document.text), number + 1
            self.megabytes = (self._characters - left) / _BYTES
            yield document


def _shuffled(body: str, chance: random.Random, length: str) -> str:
    paragraphs = []
    for paragraph in body.split("\n\n"):
        parts = paragraph.rstrip(".").split(". ")
        chance.shuffle(parts)
        if length == "ordinary":
            parts = list(_joined(parts))
        paragraphs.append(". ".join(parts) + ".")
    return "\n\n".join(paragraphs)


def _joined(parts: list[str]) -> Iterator[str]:
    """The sentences, a short one joined to the next: 'Keep it dry, and wipe the rim'."""
    waiting = ""
    for part in parts:
        waiting = f"{waiting}, and {part[:1].lower()}{part[1:]}" if waiting else part
        if len(waiting) >= _SHORT:
            yield waiting
            waiting = ""
    if waiting:
        yield waiting


@cache
def _other_words() -> list[str]:
    """As many words as a megabyte of English prose has different ones."""
    chance = random.Random(0)
    return ["".join(chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3)))) for _ in range(_DIFFERENT_WORDS)]


class _Vocabulary:
    """An article's own words for those that no rule knows."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._known: dict[str, str] = {}

    def other(self, found: re.Match[str]) -> str:
        word = found[0]
        small = word.lower()
        if len(small) < 4 or TABLE[small] != WORD:
            return word
        if small not in self._known:
            ending = "s" if small.endswith("s") else ""
            self._known[small] = self._chance.choice(_other_words()) + ending
        return self._known[small].capitalize() if word[0].isupper() else self._known[small]


def rules(documents: Iterable[Document]) -> int:
    """Everything within a document; returns how many windows there are."""
    count = 0
    for document in documents:
        background = profile(document)
        count += sum(1 for _ in document_windows(document, background))
    return count


@dataclass(slots=True)
class Across:
    """What going across documents took: processor seconds, and how many pairs of texts were compared."""

    seconds: float = 0.0
    pairs: int = 0
    _is_timing: bool = False

    def timed(self, ask: Callable[..., Any]) -> Callable[..., Any]:
        """`ask` under the clock, unless it is asked by what is under it."""

        def timing(*given: Any) -> Any:
            if self._is_timing:
                return ask(*given)
            self._is_timing, start = True, time.process_time()
            try:
                return ask(*given)
            finally:
                self.seconds += time.process_time() - start
                self._is_timing = False

        return timing

    def counted(self, compare: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*texts: str) -> Any:
            self.pairs += 1
            return compare(*texts)

        return counting


@contextmanager
def across_apart() -> Iterator[Across]:
    """Time what looks for repeats, further sources and disagreements."""
    found = Across()
    with (
        patch.object(Agreement, "hear", found.timed(Agreement.hear)),
        patch.object(Agreement, "is_repeat", found.timed(Agreement.is_repeat)),
        patch.object(agreement, "compare", found.counted(duplicates.compare)),
        patch.object(agreement, "conflicts", found.counted(guard_conflicts.conflicts)),
    ):
        yield found


def _seconds(task: Callable[[], object], corpus: Corpus) -> float:
    """The processor's seconds for the task, less those for making the articles."""
    start, making = time.process_time(), corpus.seconds
    task()
    return time.process_time() - start - (corpus.seconds - making)


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _BYTES


def measure(size: float, runs: int, limit: int | None, sentences: str) -> str:
    """One size, in this process."""
    rules(Corpus(0.1))  # fills the word tables
    corpus, before = Corpus(size, sentences), _peak_megabytes()
    judged = median(_seconds(lambda: rules(corpus), corpus) for _ in range(runs))
    whole, within = [], []
    for _ in range(runs if size <= 1 else 1):
        with across_apart() as across, fewer_collections():  # as the command does
            whole.append(_seconds(lambda: derive(corpus, limit=limit), corpus))
        within.append(whole[-1] - across.seconds)
    peak = _peak_megabytes()
    speed = [f"{name} {corpus.megabytes / seconds:5.2f}" for name, seconds in (
        ("rules", judged), ("within", median(within)), ("whole", median(whole)))]  # fmt: skip
    return (
        f"{corpus.megabytes:6.1f} MB  {'  '.join(speed)} MB/s  across {across.seconds:6.2f} s, {across.pairs} pairs  "
        f"peak {peak:5.0f} MB, {peak - before:4.0f} MB of it since the first article"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=float, nargs="+", default=[1, 10, 100])
    parser.add_argument("--limit", type=int, default=20, help="tips asked for; 0 for all")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sentences", choices=["ordinary", "short"], default="ordinary")
    parser.add_argument("--here", action="store_true", help="measure in this very process")
    chosen = parser.parse_args()
    for size in chosen.megabytes:
        if chosen.here:
            print(measure(size, chosen.runs, chosen.limit or None, chosen.sentences), flush=True)
            continue
        given = ["--megabytes", str(size), "--limit", str(chosen.limit), "--runs", str(chosen.runs)]
        command = [sys.executable, "-m", "tests.benchmarks.derive", "--here", "--sentences", chosen.sentences, *given]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
