"""Fits the weights that a guard's finding is weighed by: `python -m tests.derive.fit_guard [--write]`.

The logistic regression of `fit_duplicates`, over the findings on the labelled edits that nobody had taught the checks
when it was run (`SETS`). A finding on a faithful rewrite is a false alarm; one of the fault's own kind on a faulty one
is right; what else is found there is left out. Printed first: what is found and what is flagged wrongly in each set
when the weights are fitted on the other sets. `--write` puts the weights of all sets into `lexicons/guard/weights.txt`.
"""

import sys
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.derive import guard_weighing
from pipeline.derive.guard import CHECKS
from pipeline.derive.guard_pair import pair
from tests.derive.fit_duplicates import Example, chance, fit, print_and_keep
from tests.derive.score_guard import ALSO, cases

SETS = ("sixth_dev", "outside_third_once")


class Edit(NamedTuple):
    """A labelled edit: its kind, each finding that can be weighed with its measures, and the kinds of the others."""

    kind: str
    weighed: tuple[tuple[str, dict[str, float]], ...]
    others: frozenset[str]

    def is_fault(self, kind: str) -> bool:
        """Whether a finding of that kind names what is wrong with the edit."""
        return kind in {self.kind, *ALSO.get(self.kind, set())}


def edits() -> dict[str, list[Edit]]:
    """The edits of each lot, or of a set that was written as one."""
    table: dict[str, list[Edit]] = defaultdict(list)
    for name in SETS:
        for case in cases(f"guard_{name}"):
            held = pair(case["source"], case["text"], case.get("context", ""))
            found = guard_weighing.unique(finding for check in CHECKS for finding in check(held))
            rewording, can_be = guard_weighing.measures(held), guard_weighing.is_reworded(held)
            weighed, others = [], set()
            for each in found:
                if can_be and guard_weighing.is_weighed(each):
                    weighed.append((each.kind.value, guard_weighing.evidence(each, len(found), rewording)))
                else:
                    others.add(each.kind.value)
            table[case.get("lot", name)].append(Edit(case["kind"], tuple(weighed), frozenset(others)))
    return table


def examples(given: Sequence[Edit]) -> list[Example]:
    """What is learned from: right findings and false alarms."""
    return [
        Example(tuple(values.values()), edit.kind != "ok", is_stranger=False, is_vetoed=False)
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
    by_lot = edits()
    for lot, given in by_lot.items():
        weights = fit([each for other in by_lot if other != lot for each in examples(by_lot[other])])
        before, after = told(given, None), told(given, weights)
        print(f"{lot:20} found {before[0]:.3f} → {after[0]:.3f}, false alarms {before[1]:.3f} → {after[1]:.3f}")
    weights = fit([each for given in by_lot.values() for each in examples(given)])
    names = ["start", *next(values for given in by_lot.values() for edit in given for _, values in edit.weighed)]
    print_and_keep(names, weights, "guard", is_kept="--write" in arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
