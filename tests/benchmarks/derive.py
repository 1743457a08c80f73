"""How fast tips are derived: `python -m tests.benchmarks.derive [--megabytes 1 10] [--runs 3]`.

Reports, in megabytes of canonical text per second of processor time on one core, what the rules cost (profile, gates,
scores, windows: everything within a document) and what choosing costs on top (topics, selection, titles, repeats,
further sources: everything across documents), and by how much the memory grows at its peak. The documents are about ten
kilobytes each and are read beforehand: reading has a benchmark of its own.
"""

import argparse
import random
import resource
import time
from collections.abc import Sequence
from statistics import median

from pipeline.derive.profile import profile
from pipeline.derive.tips import derive, document_windows
from pipeline.documents import read
from pipeline.documents.model import Document
from tests.derive.score import cases

_BYTES = 1_000_000
_ARTICLE_CHARACTERS = 10_000


def corpus(megabytes: float) -> list[Document]:
    """Articles of shuffled sections from the labelled documents, their numbers changed so that few repeat."""
    chance = random.Random(int(megabytes * 10))
    sections = [
        (section.heading, "\n\n".join(block.span.of(made.text) for block in section.blocks))
        for made, _ in cases("dev")
        for section in made.sections
        if section.blocks and not section.is_boilerplate
    ]
    made: list[Document] = []
    left = megabytes * _BYTES
    while left > 0:
        parts: list[str] = [f"# Article {len(made)}"]
        while sum(map(len, parts)) < _ARTICLE_CHARACTERS:
            heading, body = chance.choice(sections)
            sentences = body.split(". ")
            chance.shuffle(sentences)
            parts.append(f"## {heading}\n\n" + ". ".join(sentences).rstrip(".") + ".")
        made.append(read("\n\n".join(parts).encode(), name=f"{len(made)}.md"))
        left -= len(made[-1].text)
    return made


def rules(documents: Sequence[Document]) -> int:
    """Everything within a document; returns how many windows there are."""
    count = 0
    for document in documents:
        background = profile(document)
        count += sum(1 for _ in document_windows(document, background))
    return count


def seconds(task: object, documents: Sequence[Document], runs: int, **options: int) -> float:
    """The median of the runs, in seconds of processor time."""
    taken = []
    for _ in range(runs):
        start = time.process_time()
        task(documents, **options)  # type: ignore[operator]
        taken.append(time.process_time() - start)
    return median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=float, nargs="+", default=[1, 10])
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    rules(corpus(0.1))  # fills the word tables
    for size in chosen.megabytes:
        documents = corpus(size)
        megabytes = sum(len(document.text) for document in documents) / _BYTES
        within = seconds(rules, documents, chosen.runs)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        across = seconds(derive, documents, 1, limit=20)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / _BYTES
        print(
            f"{megabytes:6.1f} MB  rules {megabytes / within:5.2f} MB/s  "
            f"with choosing 20 {megabytes / across:5.2f} MB/s  "
            f"peak memory grown by {grown:6.1f} MB"
        )


if __name__ == "__main__":
    main()
