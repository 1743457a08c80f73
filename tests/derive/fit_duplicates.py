"""Fits the weights of the duplicate check: `python -m tests.derive.fit_duplicates [--write]`.

A logistic regression with a penalty on large weights, by Newton's method, over every labelled pair of `cases/` (those
labelled "possible" aside). Whoever writes a pair to be labelled "different" writes it in one form, and on purpose; so
what chance brings together is learnt from as well: tips drawn from different places of a set, which are no duplicates,
tips of neighbouring cases, which are mostly on one subject, and the passages of one document, whose author seldom says
the same twice. Pairs that a veto settles are left out. Printed first: how well each set is told when the weights are
fitted on the others alone. `--write` puts the weights of all sets into `lexicons/duplicates/weights.txt`.
"""

import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from math import exp
from statistics import fmean, pstdev
from typing import NamedTuple

from pipeline.derive.duplicates import POSSIBLE, SAME
from pipeline.derive.duplicates_evidence import speaking_against, speaking_for
from pipeline.derive.duplicates_profile import Profile, profile
from pipeline.derive.duplicates_vetoes import told_apart, veto
from pipeline.derive.lexicon_files import FOLDER
from pipeline.derive.windows import windows
from tests.derive.making import passages_of
from tests.derive.score import cases as documents
from tests.derive.score_guard import CASES, cases

PENALTY, NEAR, FAR = 3.0, 5, 6
ROUNDS, SEED = 8, 5
COUNTS = {"": 1.0, "strangers": 0.3, "neighbours": 0.3, "passages": 0.4}
"""Of each document all pairs are taken: with an eighth of this, one pair of tips in ten of a few documents on one
subject was held to be possibly the same, and nearly every tip had such a flag."""
DOCUMENTS = tuple(sorted(path.name for path in CASES.iterdir() if any(path.glob("*.labels"))))


class Example(NamedTuple):
    """The measures of a pair in the file's order, with its label; `drawn` names what chance brought together."""

    values: tuple[float, ...]
    is_same: bool
    is_vetoed: bool = False
    drawn: str = ""


def examples(part: str) -> list[Example]:
    """The labelled pairs of a set, its strangers, and its neighbours."""
    found = [case for case in cases(part) if case["label"] != "possible"]
    made = [_example(case["a"], case["b"], is_same=case["label"] == "same") for case in found]
    dice = random.Random(SEED)
    for i, case in enumerate(found):
        j = dice.randrange(len(found))
        if abs(i - j) > FAR:
            made.append(_example(case["a"], found[j]["b"], drawn="strangers"))
        j = i + dice.choice([-1, 1]) * dice.randint(1, NEAR)
        if 0 <= j < len(found) and {case["a"], case["b"]}.isdisjoint({found[j]["a"], found[j]["b"]}):
            made.append(_example(case[dice.choice("ab")], found[j][dice.choice("ab")], drawn="neighbours"))
    return made


def passages_of_one(part: str) -> list[Example]:
    """The best windows of a document's passages, each beside each, for every document of a part."""
    made = []
    for document, _ in documents(part):
        found = [list(windows(document, passage)) for passage in passages_of(document)]
        texts = [max(each, key=lambda window: window.score).text for each in found if each]
        made += [_example(one, other, drawn="passages") for one, other in combinations(texts, 2)]
    return made


def _example(a: str, b: str, *, is_same: bool = False, drawn: str = "") -> Example:
    one, other = profile(a), profile(b)
    return Example(tuple(measures(one, other).values()), is_same, bool(veto(one, other)), drawn)


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
        counts, found = COUNTS[each.drawn], chance(row, weights)
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


def told_right(given: Sequence[Example], weights: Sequence[float]) -> dict[str, float]:
    """F1 of what is found against the label "same"; of what is likely enough to be suppressed the share that is the
    same, and the recall; and of what chance drew the shares that are found, and that are likely enough.
    """
    shares: dict[str, list[float]] = defaultdict(list)
    for each in given:
        kind = each.drawn or ("same" if each.is_same else "different")
        shares[kind].append(0.0 if each.is_vetoed else chance((1.0, *each.values), weights))
    found = {kind: sum(each >= POSSIBLE for each in told) for kind, told in shares.items()}
    sure = {kind: sum(each >= SAME for each in told) for kind, told in shares.items()}
    figures = {}
    if same := len(shares["same"]):
        figures["F1"] = 2 * found["same"] / (same + found["same"] + found.get("different", 0))
        figures["precision of same"] = sure["same"] / max(sure["same"] + sure.get("different", 0), 1)
        figures["recall of same"] = sure["same"] / same
    for kind in shares.keys() & COUNTS.keys():
        figures[f"{kind} found"] = found[kind] / len(shares[kind])
        figures[f"{kind} sure"] = sure[kind] / len(shares[kind])
    return figures


def print_and_keep(names: Sequence[str], weights: Sequence[float], folder: str, *, is_kept: bool) -> None:
    """The weights by their names; kept in the folder's lexicon where they are to be."""
    lines = [f"{name} {weight:.4f}" for name, weight in zip(names, weights, strict=True)]
    print("\n".join(lines))
    if is_kept:
        path = FOLDER / folder / "weights.txt"
        kept = path.read_text(encoding="utf-8").split("[weights]")[0]
        path.write_text(kept + "[weights]\n" + "\n".join(lines) + "\n", encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    sets = {path.stem: examples(path.stem) for path in sorted(CASES.glob("duplicates_*.jsonl"))}
    sets |= {f"documents of {part}": passages_of_one(part) for part in DOCUMENTS}
    for name, held_out in sets.items():
        told = told_right(held_out, fit([each for other in sets if other != name for each in sets[other]]))
        print(f"{name:32}", ", ".join(f"{figure} {value:.3f}" for figure, value in told.items()))
    weights = fit([each for found in sets.values() for each in found])
    names = ["start", *measures(profile("a"), profile("b"))]
    print_and_keep(names, weights, "duplicates", is_kept="--write" in arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
