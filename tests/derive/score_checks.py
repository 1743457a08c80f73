"""What each check of the guard is worth: `python -m tests.derive.score_checks [PART ...]`, every part without one.

For each check: the faults that it alone finds, those it finds beside others, and the faithful rewrites that it flags.
A check that cries wolf oftener than it finds is to be narrowed or taken out.
"""

import sys
from collections import Counter
from collections.abc import Iterable

from pipeline.derive.guard import CHECKS
from pipeline.derive.guard_pair import pair
from tests.derive.score_guard import CASES, cases


def worth(parts: Iterable[str]) -> dict[str, Counter[str]]:
    """Check → how many cases it finds alone, finds beside others, and flags wrongly."""
    names = {each: each.__module__.partition("guard_")[2] for each in CHECKS}
    table = {name: Counter[str]() for name in names.values()}
    for part in parts:
        for case in cases(f"guard_{part}"):
            held = pair(case["source"], case["text"], case.get("context", ""))
            speaking = [name for each, name in names.items() if any(True for _ in each(held))]
            faithful = case["kind"] == "ok"
            for name in speaking:
                table[name]["wrongly" if faithful else "alone" if len(speaking) == 1 else "beside others"] += 1
    return table


def main(arguments: list[str]) -> None:
    every = sorted(path.stem.removeprefix("guard_") for path in CASES.glob("guard_*.jsonl"))
    print(f"{'check':18}{'alone':>8}{'beside':>8}{'wrongly':>9}")
    for name, counts in worth(arguments or every).items():
        print(f"{name:18}{counts['alone']:8}{counts['beside others']:8}{counts['wrongly']:9}")


if __name__ == "__main__":
    main(sys.argv[1:])
