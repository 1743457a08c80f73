"""Derivation over corpora: `python -m tests.benchmarks.derive_corpus [--megabytes 1 10] [--rules-only] [--together]`.

The text comes from a grammar with a fixed seed: sentences of many shapes over some thousand invented nouns, a third of
them advice, so that hardly one repeats another. Each article is read, derived from and let go before the next is made,
as one `derive FILE` after another; what stays in memory is the tips. Printed for each size: megabytes of text per
second of processor time for the rules (everything that is asked of a sentence or a window) and for the whole (with
choosing, titles, and every sentence held against every tip for agreement); the peak of the process's resident memory
and how much of it is new since the corpus began; and on their own the duplicates across documents: the time to hold
every tip against a library of all before it. `--together` derives from all articles in one call instead.

Each size runs in a process of its own, so that its peak is its own.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.derive.duplicates import Library
from pipeline.derive.model import Likeness
from pipeline.derive.profile import profile
from pipeline.derive.tips import derive, document_windows
from pipeline.documents import read
from pipeline.documents.model import Document

_BYTES = 1_000_000
_ARTICLE_BYTES = 12_000
_TIPS = 20  # asked of an article
_HELD_MOST = 4_000  # tips that are held against each other; more of them say nothing new of the growth

_ONSETS = (
    "b",
    "br",
    "c",
    "cl",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "r",
    "s",
    "t",
)
_CORES = ("a", "e", "i", "o", "u", "ai", "ea", "oo", "ou")
_ENDS = ("bble", "ck", "d", "ft", "g", "ll", "m", "nd", "nk", "p", "rn", "rt", "sh", "st", "t", "tter", "x", "zzle")
_VERBS = ("Rinse", "Store", "Dry", "Check", "Turn", "Clean", "Oil", "Cover", "Soak", "Brush", "Air", "Label", "Warm")
_PLACES = ("in the shade", "near a window", "on a flat board", "in a closed tin", "away from heat", "in cool water")
_TIMES = ("in the morning", "before you use it", "after each wash", "at night", "once it is dry", "when it rains")
_HARMS = ("crack", "fade", "swell", "stick", "rust", "warp", "smell", "leak", "split", "shrink", "stain", "soften")
_KINDS = ("old", "thin", "heavy", "pale", "rough", "smooth", "damp", "loose", "narrow", "broad", "brittle", "soft")
_FRAMES = (
    "{V} the {a} {n} for {k} minutes {t}, because a {b} {m} may {h} {p}.",
    "If the {n} starts to {h}, {v} it {p} and wait {k} hours before you {w} the {m}.",
    "Do not {v} a {a} {n} {p} for more than {k} days, or the {m} can {h}.",
    "Most {n}s {h} within {k} weeks unless you {v} them {t}.",
    "{V} your {m} every {k} days {t} so that the {a} {n} does not {h}.",
    "A {a} {n} needs about {k} grams of {m} {t}, and a {b} one needs less.",
    "The {n} is a {a} part of the {m} that came into use in 19{k}.",
    "To keep the {m} from starting to {h}, {v} the {n} {p} {t}.",
    "It is not known why a {b} {n} should {h} while the {m} stays {a}.",
    "{V} the {n} {t}. This keeps the {a} {m} from starting to {h} {p}.",
)
_TELLING = (
    "The {n} of the {a} {m} was drawn by hand in 18{k}, and few of them were kept.",
    "In the valley a {b} {n} stood beside the {m}, where the road turned {p}.",
    "Nobody at the market knew the {m} by that name, although the {n} was {a} enough.",
    "There are {k} sorts of {n}, of which the {a} one is found near the {m}.",
    "A {n} was once a measure for {m}, and later the word came to mean a {b} {n}.",
    "They moved the {m} to another hall when the {a} {n} began to {h}.",
    "He kept the {n}, the {m} and {k} letters in a {b} box {p}.",
    "What the {n} was for is a matter of {a} debate among those who study the {m}.",
    "The {m} that she described had {k} {b} sides, and no {n} at all.",
    "Some say the {a} {n} came with the {m} over the sea, which is not certain.",
)
_ADVICE_SHARE = 0.34


def _nouns(chance: random.Random, count: int) -> list[str]:
    """Invented nouns, in an order in which the first are drawn most."""
    made: dict[str, None] = {}
    while len(made) < count:
        made[chance.choice(_ONSETS) + chance.choice(_CORES) + chance.choice(_ENDS)] = None
    return list(made)


class Writer:
    """Articles without end, each a heading structure over a few subjects of its own."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._nouns = _nouns(self._chance, 2_500)

    def articles(self, size_bytes: float) -> Iterator[bytes]:
        left = size_bytes
        while left > 0:
            article = self._article()
            left -= len(article)
            yield article

    def _article(self) -> bytes:
        subjects = self._chance.sample(self._nouns, 24)
        parts = [f"# Caring for the {subjects[0]}"]
        size = 0
        while size < _ARTICLE_BYTES:
            first, *rest = self._chance.sample(subjects, 4)
            body = " ".join(self._sentence([first, *rest]) for _ in range(self._chance.randint(3, 8)))
            parts.append(f"## The {first} and the {rest[0]}\n\n{body}")
            size += len(parts[-1])
        return "\n\n".join(parts).encode()

    def _sentence(self, subjects: list[str]) -> str:
        choose = self._chance.choice
        n, m = self._chance.sample(subjects, 2)
        v, w = self._chance.sample(_VERBS, 2)
        frames = _FRAMES if self._chance.random() < _ADVICE_SHARE else _TELLING
        return choose(frames).format(
            V=v, v=v.lower(), w=w.lower(), n=n, m=m, a=choose(_KINDS), b=choose(_KINDS), h=choose(_HARMS),
            p=choose(_PLACES), t=choose(_TIMES), k=self._chance.randint(2, 98),
        )  # fmt: skip


def peak_megabytes() -> float:
    """The most memory that the process has held so far, resident."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _BYTES


def duplicates(texts: list[str]) -> str:
    """Every tip held against all before it, by quarters of the library, so that the growth shows."""
    library: Library[int] = Library()
    done, last, rates, alike = 0, time.process_time(), [], 0
    for upto in (len(texts) // 4, len(texts) // 2, len(texts)):
        for number in range(done, upto):
            found = library.likest(texts[number], limit=1)
            alike += bool(found) and found[0][1].verdict is not Likeness.DIFFERENT
            library.add(number, texts[number])
        now = time.process_time()
        rates.append(f"{upto} in all {now - last:.1f} s")
        done, last = upto, now
    return f"{', then '.join(rates)}; {alike} alike"


@dataclass
class Taken:
    """Seconds of processor time, characters and tips, added up over articles."""

    rules_only: bool = False
    rules: float = 0.0
    whole: float = 0.0
    size: int = 0
    articles: int = 0
    texts: list[str] = field(default_factory=list)

    def add(self, documents: list[Document]) -> None:
        began = time.process_time()
        for document in documents:
            deque(document_windows(document, profile(document)), maxlen=0)
        between = time.process_time()
        if not self.rules_only:
            self.texts += [tip.text for tip in derive(documents, limit=_TIPS * len(documents))]
        self.rules += between - began
        self.whole += time.process_time() - between
        self.size += sum(len(document.text) for document in documents)
        self.articles += len(documents)


def measure(megabytes: float, *, together: bool, rules_only: bool) -> None:
    """One size: what it took, on one line for derivation and one for the duplicates."""
    for article in Writer(1).articles(100_000):  # fills the word tables
        Taken().add([_read(article, 0)])
    before, taken = peak_megabytes(), Taken(rules_only)
    articles = (_read(article, number) for number, article in enumerate(Writer(2).articles(megabytes * _BYTES)))
    for documents in [list(articles)] if together else ([document] for document in articles):
        taken.add(documents)
    peak, size = peak_megabytes(), taken.size / _BYTES
    print(f"{size:6.1f} MB in {taken.articles} articles: rules {size / taken.rules:5.2f} MB/s; "
          f"peak {peak:.0f} MB, {peak - before:.0f} MB of it since the start", flush=True)  # fmt: skip
    if not rules_only:
        held = sum(map(len, taken.texts)) / _BYTES
        print(f"          whole {size / taken.whole:.2f} MB/s ({taken.whole:.1f} s); "
              f"{len(taken.texts)} tips hold {held:.1f} MB", flush=True)  # fmt: skip
        print(f"          duplicates: {duplicates(taken.texts[:_HELD_MOST])}", flush=True)


def _read(article: bytes, number: int) -> Document:
    return read(article, name=f"{number}.md")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=float, nargs="+", default=[1, 10, 100])
    parser.add_argument("--together", action="store_true", help="derive from all articles in one call")
    parser.add_argument("--rules-only", action="store_true", help="choose no tips: the part that the floor is about")
    parser.add_argument("--here", action="store_true", help="measure in this very process")
    chosen = parser.parse_args()
    for megabytes in chosen.megabytes:
        if chosen.here:
            measure(megabytes, together=chosen.together, rules_only=chosen.rules_only)
            continue
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
        command = [sys.executable, "-m", "tests.benchmarks.derive_corpus", "--here", "--megabytes", str(megabytes)]
        flags = [f"--{name}" for name in ("together", "rules-only") if getattr(chosen, name.replace("-", "_"))]
        subprocess.run([*command, *flags], check=True)


if __name__ == "__main__":
    main()
