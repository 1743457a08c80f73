"""How fast documents are read: `python -m tests.benchmarks.documents [--megabytes 1 10] [--runs 3]`.

Reports the median of the runs, in megabytes of canonical text per second of processor time, child processes
included, for every format and for the sentences alone; and how the time grows from the first size to the last.
"""

import argparse
import os
import random
import resource
from collections.abc import Callable
from functools import partial
from statistics import median

from pipeline.documents import read
from pipeline.documents.sentences import split
from tests.documents.making import ARTICLE, MAKERS, Article, Part, as_pdf

_BYTES = 1_000_000
_PARTS = {kind: [part for part in ARTICLE if part.kind == kind] for kind in ("h2", "p", "li")}


FULL_PAGES = {"pdf": ("peel.pdf", partial(as_pdf, lines_on_page=45))}


def article_of(size_bytes: int) -> Article:
    """An article of about that many characters, its paragraphs of one to four sentences in no fixed order."""
    chance = random.Random(size_bytes)
    sentences = [text for part in _PARTS["p"] if part.text.endswith(".") for text in part.text.split(". ")]
    parts = [ARTICLE[0]]
    length = 0
    while length < size_bytes:
        if len(parts) % 9 == 1:
            part = chance.choice(_PARTS["h2"])
        elif len(parts) % 13 == 0:
            part = chance.choice(_PARTS["li"])
        else:
            words = ". ".join(chance.choice(sentences).rstrip(".") for _ in range(chance.randint(1, 4)))
            part = Part("p", words + ".")
        parts.append(part)
        length += len(part.text) + 2
    return tuple(parts)


def processor_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def timed(runs: int, call: Callable[[], int]) -> tuple[float, float]:
    """The median of the processor's seconds, and megabytes of text per second."""
    seconds: list[float] = []
    length = 0
    for _ in range(runs):
        began = processor_seconds()
        length = call()
        seconds.append(processor_seconds() - began)
    return median(seconds), length / _BYTES / max(median(seconds), 1e-9)


def reader_of(name: str, data: bytes) -> Callable[[], int]:
    return lambda: len(read(data, name=name).text)


def sentences_of(text: str) -> Callable[[], int]:
    return lambda: len(text) if split(text, 0, len(text)) else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--megabytes", type=float, nargs="+", default=[1, 10])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--formats", nargs="+", default=sorted(MAKERS))
    asked = parser.parse_args()
    articles = {size: article_of(int(size * _BYTES)) for size in asked.megabytes}
    told: dict[str, list[tuple[float, float]]] = {}
    for article in articles.values():
        text = "\n\n".join(part.text for part in article)
        told.setdefault("sentences", []).append(timed(asked.runs, sentences_of(text)))
        for key in asked.formats:
            name, make = (MAKERS | FULL_PAGES)[key]
            told.setdefault(key, []).append(timed(asked.runs, reader_of(name, make(article))))
    for key, figures in told.items():
        rates = ", ".join(f"{size:g} MB: {rate:.1f} MB/s" for size, (_, rate) in zip(articles, figures, strict=True))
        growth = figures[-1][0] / max(figures[0][0], 1e-9)
        print(f"{key:10} {rates}; time grows {growth:.1f}-fold")
    own, children = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"most memory: {own:.0f} MB here, {children:.0f} MB in a child")


if __name__ == "__main__":
    main()
