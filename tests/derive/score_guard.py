"""Scores the guard and the duplicate check on labelled cases: `python -m tests.derive.score_guard [PART]`.

PART is dev, fourth_dev, fifth_dev, sixth_dev, seventh_dev, eighth_dev, ninth_dev (the guard alone), once, second_once,
third_once (duplicates alone), outside_once, outside_second_once (the guard alone), outside_third_once,
outside_fourth_once, outside_fifth_once, or outside_sixth_once to outside_twelfth_once (these the guard alone).
`--show` prints every case that went wrong. A fault counts as found when a finding of its kind is there, or, in the
column "any", when there is any finding; a faithful rewrite counts as a false alarm when there is any finding at all.

The claims rules ask for a note beside some subjects (children, pregnancy), whoever words the tip: such a finding says
nothing of the rewrite. So a second figure leaves out what the rules ask of the untouched source as well; both are
printed and published.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.derive.duplicates import compare
from pipeline.derive.guard import check
from pipeline.derive.model import Likeness

PARTS = (
    "dev", "fourth_dev", "fifth_dev", "sixth_dev", "seventh_dev", "eighth_dev", "ninth_dev", "once", "second_once",
    "third_once", "outside_once", "outside_second_once", "outside_third_once", "outside_fourth_once",
    "outside_fifth_once", "outside_sixth_once", "outside_seventh_once", "outside_eighth_once", "outside_ninth_once",
    "outside_tenth_once", "outside_eleventh_once", "outside_twelfth_once",
)  # fmt: skip
CASES = Path(__file__).parent / "cases"
# What a fault may be called as well: a number that is gone is a lost condition, 'about 18' made '18' a hedge.
ALSO = {
    "dropped_hedge": {"strong_claim", "changed_number", "dropped_negation"},
    "strong_claim": {"dropped_hedge", "regulated_claim"},
    "added_number": {"changed_number"},
    "changed_number": {"dropped_hedge", "added_number", "swapped_relation"},
    "dropped_negation": {"swapped_relation"},
    "added_negation": {"swapped_relation"},
    "swapped_relation": {"dropped_negation", "added_negation", "changed_number"},
    "regulated_claim": {"strong_claim"},
}


def cases(name: str) -> Iterator[dict[str, Any]]:
    """The labelled cases of one file."""
    for line in (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def asked_of_source(source: str) -> set[str]:
    """The kinds of finding that the source calls for itself, before anybody rewrote it."""
    return {finding.kind.value for finding in check(source, source).findings}


def score_guard(part: str, *, show: bool = False) -> dict[str, float]:
    """Recall by kind, over all, and the share of false alarms."""
    total: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for case in cases(f"guard_{part}"):
        kind = case["kind"]
        findings = check(case["source"], case["text"], case.get("context", "")).findings
        kinds = {finding.kind.value for finding in findings}
        hit = bool(kinds & {kind, *ALSO.get(kind, set())}) if kind != "ok" else bool(kinds)
        total[kind] += 1
        found[kind] += hit
        found["any"] += bool(kinds) and kind != "ok"
        found["of the rewrite"] += kind == "ok" and bool(kinds - asked_of_source(case["source"]))
        if show and hit == (kind == "ok"):
            print(f"{kind}\n  {case['source']}\n  {case['text']}")
            for finding in findings:
                print(f"    {finding.kind.value}: {finding.message} [{finding.source_words} | {finding.text_words}]")
    faults = sum(total.values()) - total["ok"]
    figures = {kind: found[kind] / total[kind] for kind in sorted(total) if kind != "ok"}
    hits = sum(found[kind] for kind in total if kind != "ok")
    return {
        **figures,
        "recall": hits / max(faults, 1),
        "recall, of any kind": found["any"] / max(faults, 1),
        "false alarms": found["ok"] / total["ok"],
        "of them, not of the source": found["of the rewrite"] / total["ok"],
        "faults": faults,
        "faithful": total["ok"],
    }


def score_duplicates(part: str, *, show: bool = False) -> dict[str, float]:
    """F1 of SAME or POSSIBLE against the label, the precision of SAME and the recall of both.

    A pair labelled "possible" (one says the other's advice and more) should not come out as DIFFERENT, and is no fault
    as SAME; it counts in the recall of POSSIBLE and, in "of same, strictly", as no duplicate.
    """
    table: Counter[tuple[str, str]] = Counter()
    for case in cases(f"duplicates_{part}"):
        comparison = compare(case["a"], case["b"])
        table[case["label"], comparison.verdict.value] += 1
        missed = comparison.verdict is Likeness.DIFFERENT
        if show and (case["label"] != "different") == missed:
            print(f"{case['label']} {comparison.score} {comparison.reason}\n  {case['a']}\n  {case['b']}")
    true = table["same", "same"] + table["same", "possible"]
    false = table["different", "same"] + table["different", "possible"]
    missed_same = table["same", "different"]
    akin = table["possible", "same"] + table["possible", "possible"]
    sure = table["same", "same"] + table["different", "same"]
    labelled = true + missed_same + akin + table["possible", "different"]
    return {
        "F1 (same or possible)": 2 * true / (2 * true + false + missed_same),
        "precision (same or possible)": true / max(true + false, 1),
        "recall (same or possible)": true / (true + missed_same),
        "recall, possible pairs too": (true + akin) / labelled,
        "precision of same": table["same", "same"] / sure if sure else 1.0,
        "of same, strictly": table["same", "same"] / max(sure + table["possible", "same"], 1),
        "share found as same": table["same", "same"] / (true + missed_same),
        "pairs": sum(table.values()),
    }


def main(arguments: list[str]) -> None:
    part = next((argument for argument in arguments if argument in PARTS), "dev")
    show = "--show" in arguments
    both = (("guard", score_guard), ("duplicates", score_duplicates))
    scores = [(name, score) for name, score in both if (CASES / f"{name}_{part}.jsonl").exists()]
    for title, score in scores:
        figures = score(part, show=show)
        print(f"\n{title}, {part}")
        for name, value in figures.items():
            print(f"  {name:28} {value:.3f}" if isinstance(value, float) else f"  {name:28} {value}")


if __name__ == "__main__":
    main(sys.argv[1:])
