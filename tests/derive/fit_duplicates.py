"""Fits the weights of the duplicate check: `python -m tests.derive.fit_duplicates [--write]`.

A logistic regression with a penalty on large weights, by Newton's method, over every labelled pair of `cases/` (those
labelled "possible" aside) and as many pairs of tips drawn from different places, which are no duplicates. Pairs that a
veto settles are left out. Printed first: how well each set is told when the weights are fitted on the other sets alone.
`--write` puts the weights of all sets into `lexicons/duplicates/weights.txt`.
"""

import random
import sys
from collections.abc import Sequence
from math import exp
from statistics import fmean, pstdev
from typing import NamedTuple

from pipeline.derive.duplicates import POSSIBLE
from pipeline.derive.duplicates_evidence import speaking_against, speaking_for
from pipeline.derive.duplicates_profile import Profile, profile
from pipeline.derive.duplicates_vetoes import told_apart, veto
from pipeline.derive.lexicon_files import FOLDER
from tests.derive.score_guard import CASES, cases

PENALTY, STRANGER_COUNTS, FAR = 3.0, 0.3, 6
ROUNDS, SEED = 25, 5


class Example(NamedTuple):
    """The measures of a pair in the file's order, with the label; a stranger is a pair drawn at random."""

    values: tuple[float, ...]
    is_same: bool
    is_stranger: bool
    is_vetoed: bool


def examples(part: str) -> list[Example]:
    """The labelled pairs of a set, and its strangers."""
    found = [case for case in cases(part) if case["label"] != "possible"]
    made = [_example(case["a"], case["b"], is_same=case["label"] == "same") for case in found]
    dice = random.Random(SEED)
    for _ in found:
        i, j = dice.randrange(len(found)), dice.randrange(len(found))
        if abs(i - j) > FAR:
            made.append(_example(found[i]["a"], found[j]["b"], is_same=False, is_stranger=True))
    return made


def _example(a: str, b: str, *, is_same: bool, is_stranger: bool = False) -> Example:
    one, other = profile(a), profile(b)
    return Example(tuple(measures(one, other).values()), is_same, is_stranger, bool(veto(one, other)))


def measures(one: Profile, other: Profile) -> dict[str, float]:
    """All measures of a pair by name."""
    return {**speaking_for(one, other), **speaking_against(one, other, told_apart(one, other))}


def fit(given: Sequence[Example]) -> list[float]:
    """The start and the weight of each measure, in its own units."""
    told = [each for each in given if not each.is_vetoed]
    columns = list(zip(*(each.values for each in told), strict=True))
    means, spreads = [fmean(column) for column in columns], [pstdev(column) or 1.0 for column in columns]
    rows = [[1.0, *((v - m) / s for v, m, s in zip(each.values, means, spreads, strict=True))] for each in told]
    weights = [0.0] * (len(columns) + 1)
    for _ in range(ROUNDS):
        weights = [w + step for w, step in zip(weights, _step(rows, told, weights), strict=True)]
    raw = [weight / spread for weight, spread in zip(weights[1:], spreads, strict=True)]
    return [weights[0] - sum(w * m for w, m in zip(raw, means, strict=True)), *raw]


def _step(rows: Sequence[Sequence[float]], told: Sequence[Example], weights: Sequence[float]) -> list[float]:
    """One step of Newton's method."""
    size = len(weights)
    slope = [-PENALTY * w if i else 0.0 for i, w in enumerate(weights)]
    curve = [[PENALTY if i == j and i else 0.0 for j in range(size)] for i in range(size)]
    for row, each in zip(rows, told, strict=True):
        counts = STRANGER_COUNTS if each.is_stranger else 1.0
        found = chance(row, weights)
        for i in range(size):
            slope[i] += counts * (each.is_same - found) * row[i]
            for j in range(size):
                curve[i][j] += counts * found * (1 - found) * row[i] * row[j]
    return _solved(curve, slope)


def chance(row: Sequence[float], weights: Sequence[float]) -> float:
    return 1 / (1 + exp(-sum(v * w for v, w in zip(row, weights, strict=True))))


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a small system of linear equations, by elimination."""
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for i in range(len(rows)):
        pivot = max(range(i, len(rows)), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for k in range(len(rows)):
            if k != i:
                rows[k] = [x - rows[k][i] * y for x, y in zip(rows[k], rows[i], strict=True)]
    return [row[-1] for row in rows]


def told_right(given: Sequence[Example], weights: Sequence[float]) -> tuple[float, float]:
    """F1 of what is found against the label "same", and the share of strangers that are found."""
    found = [not each.is_vetoed and chance((1.0, *each.values), weights) >= POSSIBLE for each in given]
    right = sum(hit for hit, each in zip(found, given, strict=True) if each.is_same)
    wrong = sum(hit for hit, each in zip(found, given, strict=True) if not each.is_same and not each.is_stranger)
    strangers = [hit for hit, each in zip(found, given, strict=True) if each.is_stranger]
    same = sum(each.is_same for each in given)
    return 2 * right / max(same + right + wrong, 1), sum(strangers) / max(len(strangers), 1)


def print_and_keep(names: Sequence[str], weights: Sequence[float], folder: str, *, is_kept: bool) -> None:
    """The weights by their names; kept in the folder's lexicon where they are to be."""
    lines = [f"{name} {weight:.4f}" for name, weight in zip(names, weights, strict=True)]
    print("\n".join(lines))
    if is_kept:
        path = FOLDER / folder / "weights.txt"
        kept = path.read_text(encoding="utf-8").split("[weights]")[0]
        path.write_text(kept + "[weights]\n" + "\n".join(lines) + "\n", encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    parts = sorted(path.stem for path in CASES.glob("duplicates_*.jsonl"))
    by_part = {part: examples(part) for part in parts}
    for part in parts:
        others = [each for other in parts if other != part for each in by_part[other]]
        f1, strangers = told_right(by_part[part], fit(others))
        print(f"{part:32} F1 {f1:.3f}, strangers {strangers:.4f}, fitted on the others")
    weights = fit([each for part in parts for each in by_part[part]])
    names = ["start", *measures(profile("a"), profile("b"))]
    print_and_keep(names, weights, "duplicates", is_kept="--write" in arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
