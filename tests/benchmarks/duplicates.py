"""How long the library takes to find a tip's likest: `python -m tests.benchmarks.duplicates [TIPS ...]`.

The tips are made from parts with a fixed seed, in frequencies that fall off as those of real words do. Printed for
each size: milliseconds to add a tip and to search for one, and how the whole work (add all, search for all) grows.
"""

import random
import sys
from time import perf_counter

from pipeline.derive.duplicates import Library
from pipeline.derive.lexicon_files import words_in_order

SEARCHES = 500
FRAMES = (
    "{a} the {n} {p} before you {b} the {m}.",
    "If the {n} is {j}, {a} it {p} and {b} the {m}.",
    "Do not {a} the {n} for {k} {u} after you {b} it.",
    "{a} your {m} {p}, because a {j} {n} can spoil it.",
    "For a {j} {n}, {a} the {m} every {k} {u}.",
)
PLACES = ("in the morning", "at night", "in spring", "with care", "by hand", "on a dry day", "twice a week")


def tips(count: int, seed: int = 7) -> list[str]:
    """Tips from the synonym list's own words, the first of them most often."""
    chance = random.Random(seed)
    vocabulary = sorted({word for line in words_in_order("guard/synonyms") for word in line.split()})
    chance.shuffle(vocabulary)
    weights = [1 / (rank + 5) for rank in range(len(vocabulary))]

    def word() -> str:
        return chance.choices(vocabulary, weights)[0]

    return [
        chance.choice(FRAMES).format(
            a=word().capitalize(), b=word(), n=word(), m=word(), j=word(), p=chance.choice(PLACES),
            k=chance.randint(2, 40), u=chance.choice(("minutes", "hours", "days")),
        )
        for _ in range(count)
    ]  # fmt: skip


def measure(count: int) -> tuple[float, float]:
    """Milliseconds to add a tip, and to search for one, in a library of this many."""
    made = tips(count + SEARCHES)
    library: Library[int] = Library()
    started = perf_counter()
    for number, text in enumerate(made[:count]):
        library.add(number, text)
    added = perf_counter()
    for text in made[count:]:
        library.likest(text, limit=5)
    return 1000 * (added - started) / count, 1000 * (perf_counter() - added) / SEARCHES


def main(arguments: list[str]) -> None:
    sizes = [int(argument) for argument in arguments] or [2_500, 5_000, 10_000, 20_000]
    before = 0.0
    for size in sizes:
        add, search = measure(size)
        whole = size * (add + search) / 1000
        grown = f"  {whole / before:.2f} times the work before" if before else ""
        print(f"{size:6} tips   add {add:.2f} ms   search {search:.2f} ms   add and search all {whole:.1f} s{grown}")
        before = whole


if __name__ == "__main__":
    main(sys.argv[1:])
