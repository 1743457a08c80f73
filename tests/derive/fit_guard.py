"""Fits the weights that a guard's finding is weighed by: `python -m tests.derive.fit_guard [--write]`.

The logistic regression of `fit_duplicates`, over what the checks found in labelled edits *at first sight*: once a set
has taught the checks, few false findings are left in it to learn from. So each set's first findings are kept, with
their measures, in `cases/guard_first_looks.jsonl`; `--keep SET` adds those of a set of `cases/` that has taught nothing
yet. A finding on a faithful rewrite is a false alarm; one of the fault's own kind on a faulty one is right; what else
is found there is left out. Printed first: what is found and what is flagged wrongly in each lot when the weights are
fitted on the other lots. `--write` puts the weights of all lots into `lexicons/guard/weights.txt`.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.derive import guard_weighing
from pipeline.derive.guard import CHECKS, SURE_CHECKS
from pipeline.derive.guard_pair import pair
from tests.derive.fit_duplicates import Example, chance, fit, print_and_keep
from tests.derive.score_guard import ALSO, CASES, cases

FIRST_LOOKS = CASES / "guard_first_looks.jsonl"


class Edit(NamedTuple):
    """A labelled edit: its kind, each finding that can be weighed with its measures, and the kinds of the others."""

    kind: str
    weighed: tuple[tuple[str, dict[str, float]], ...]
    others: frozenset[str]

    def is_fault(self, kind: str) -> bool:
        """Whether a finding of that kind names what is wrong with the edit."""
        return kind in {self.kind, *ALSO.get(self.kind, set())}


def first_look(name: str) -> Iterator[tuple[str, Edit]]:
    """What the checks as they are find in each edit of a set, with the lot that the edit belongs to."""
    for case in cases(f"guard_{name}"):
        held = pair(case["source"], case["text"], case.get("context", ""))
        sure = guard_weighing.unique(finding for check in SURE_CHECKS for finding in check(held))
        found = guard_weighing.unique((*(finding for check in CHECKS for finding in check(held)), *sure))
        rewording, can_be = guard_weighing.measures(held), guard_weighing.is_reworded(held)
        weighed, others = [], set()
        for each in found:
            if can_be and guard_weighing.is_weighed(held, each) and each not in sure:
                weighed.append((each.kind.value, guard_weighing.evidence(each, len(found), rewording)))
            else:
                others.add(each.kind.value)
        yield case.get("lot", name), Edit(case["kind"], tuple(weighed), frozenset(others))


def keep(name: str) -> None:
    """Adds a set's first look to those that are kept."""
    with FIRST_LOOKS.open("a", encoding="utf-8") as file:
        for lot, edit in first_look(name):
            weighed = [[kind, *(round(value, 4) for value in known.values())] for kind, known in edit.weighed]
            line = {"lot": lot, "kind": edit.kind, "weighed": weighed, "others": sorted(edit.others)}
            file.write(json.dumps(line, separators=(",", ":")) + "\n")


def edits() -> dict[str, list[Edit]]:
    """The edits of each lot, as they were found at first sight; the first line of the file names the measures."""
    first, *lines = FIRST_LOOKS.read_text(encoding="utf-8").splitlines()
    names: list[str] = json.loads(first)["measures"]
    table: dict[str, list[Edit]] = defaultdict(list)
    for line in lines:
        kept = json.loads(line)
        weighed = tuple((kind, dict(zip(names, values, strict=True))) for kind, *values in kept["weighed"])
        table[kept["lot"]].append(Edit(kept["kind"], weighed, frozenset(kept["others"])))
    return table


def examples(given: Sequence[Edit]) -> list[Example]:
    """What is learned from: right findings and false alarms."""
    return [
        Example(tuple(values.values()), edit.kind != "ok")
        for edit in given
        for kind, values in edit.weighed
        if edit.kind == "ok" or edit.is_fault(kind)
    ]


def told(given: Sequence[Edit], weights: Sequence[float] | None) -> tuple[float, float]:
    """The share of the faults found and of the faithful rewrites flagged, by these weights or with none."""
    hits: dict[bool, list[bool]] = {True: [], False: []}
    for edit in given:
        least = guard_weighing.WORTH_A_LOOK
        kept = {k for k, v in edit.weighed if weights is None or chance((1.0, *v.values()), weights) >= least}
        kept |= edit.others
        faithful = edit.kind == "ok"
        hits[faithful].append(bool(kept) if faithful else any(edit.is_fault(kind) for kind in kept))
    return sum(hits[False]) / max(len(hits[False]), 1), sum(hits[True]) / max(len(hits[True]), 1)


def main(arguments: Sequence[str]) -> None:
    if "--keep" in arguments:
        keep(arguments[arguments.index("--keep") + 1])
    by_lot = edits()
    for lot, given in by_lot.items():
        weights = fit([each for other in by_lot if other != lot for each in examples(by_lot[other])])
        before, after = told(given, None), told(given, weights)
        print(f"{lot:24} found {before[0]:.3f} → {after[0]:.3f}, false alarms {before[1]:.3f} → {after[1]:.3f}")
    weights = fit([each for given in by_lot.values() for each in examples(given)])
    names = ["start", *next(values for given in by_lot.values() for edit in given for _, values in edit.weighed)]
    print_and_keep(names, weights, "guard", is_kept="--write" in arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
