"""Everything, in slices: each a process of its own, whose result is one line of a file. What stands there already is
not run again, so that it may be interrupted, and goes on with the code as it is then; each line says which that was.

The tables of docs/reliability.md are what `--report` makes of the file.
"""

import json
import statistics
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.delivery.matrix.table import ROWS, cells
from tests.delivery.matrix.world import CLASSES
from tests.rules import ROOT

KINDS = ("table", "kills", "cold")
DATABASES = ("sqlite", "postgresql")
KILLS, KILLS_A_SLICE = 10_000, 28 * len(CLASSES)
COLD, COLD_A_SLICE = 300, 30  # COLD on each database
_SLICE_SECONDS_MOST = 3600
_CLASS_NAMES = {"outbox": "presence"}


@dataclass(frozen=True)
class Slice:
    """`name` is for ever the same; `options` are those of the command."""

    kind: str
    database: str
    name: str
    options: tuple[str, ...]

    @property
    def arguments(self) -> list[str]:
        return [*self.options, *(["--postgres"] if self.database == "postgresql" else [])]


def slices(kinds: tuple[str, ...] = KINDS) -> Iterator[Slice]:
    """Everything there is to run, the databases by turns."""
    numbers = {"kills": -(-KILLS // len(DATABASES) // KILLS_A_SLICE), "cold": -(-COLD // COLD_A_SLICE)}
    for kind in kinds:
        if kind == "table":
            parts = [(row.name, ("--row", row.name)) for row in ROWS]
        else:
            each = KILLS_A_SLICE if kind == "kills" else COLD_A_SLICE
            seeds = range(1, numbers[kind] + 1)
            parts = [(str(seed), (f"--{kind}", str(each), "--seed", str(seed))) for seed in seeds]
        for part, options in parts:
            for number, database in enumerate(DATABASES):
                # Another database draws other moments.
                own = options if kind == "table" else (*options[:-1], str(int(options[-1]) + 1000 * number))
                yield Slice(kind, database, f"{kind} {database} {part}", own)


def run_whole(results: Path, kinds: tuple[str, ...] = KINDS) -> int:
    """Run what the file does not have yet. 1 if anything that stands there is wrong, or a slice broke off."""
    broken = 0
    for one in slices(kinds):
        if one.name not in {line["slice"] for line in _lines(results)}:
            found = _ran(one)
            broken += found is None
            if found is not None:
                with results.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(found) + "\n")
    return 1 if broken or any(line["is_wrong"] for line in _lines(results)) else 0


def _ran(one: Slice) -> dict[str, Any] | None:
    """None where it broke off: it is run again with the next call."""
    commit = _commit()
    try:
        run = subprocess.run(
            [sys.executable, "-m", "tests.delivery.matrix", *one.arguments], cwd=ROOT, capture_output=True, text=True,
            timeout=_SLICE_SECONDS_MOST, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        sys.stderr.write(f"{one.name}: broken off after {_SLICE_SECONDS_MOST} s\n")
        return None
    if not run.stdout.strip():
        sys.stderr.write(f"{one.name}: {run.stderr[-2000:]}\n")
        return None
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    sys.stderr.write(f"{one.name}: {'WRONG' if found['is_wrong'] else 'holds'} in {found['seconds']} s\n")
    at = f"{datetime.now(UTC):%Y-%m-%dT%H:%MZ}"
    return {"slice": one.name, "kind": one.kind, "commit": commit, "at": at, **found}


def _commit() -> str:
    """The commit of the code; with a plus where it was changed since."""
    if not (ROOT / ".git").exists():
        return "unknown"

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "-uno") else "")


def _lines(results: Path) -> list[dict[str, Any]]:
    if not results.exists():
        return []
    return [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]


# What came of it ----------------------------------------------------------------------------------------------------


def report(results: Path) -> str:
    """The tables, in Markdown."""
    lines = _lines(results)
    parts = [_table_of_the_table(lines), _kills(lines), _classes(lines), _per_million(lines), _commits(lines)]
    return "\n\n".join(part for part in parts if part)


def _markdown(heads: list[str], rows: list[list[object]]) -> str:
    if not rows:
        return ""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(map(_said, line)) + " |" for line in lines)


def _said(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _of(lines: list[dict[str, Any]], kind: str, database: str) -> list[dict[str, Any]]:
    return [line for line in lines if (line["kind"], line["database"]) == (kind, database)]


def _table_of_the_table(lines: list[dict[str, Any]]) -> str:
    rows: list[list[object]] = []
    for database in DATABASES:
        mine = _of(lines, "table", database)
        if mine:
            make_sense = sum(not cell.reason for cell in cells(database=database))
            sums = [sum(line[name] for line in mine) for name in ("cells", "mails", "duplicates", "losses")]
            rows.append([database, make_sense, *sums, sum(len(line["wrong"]) for line in mine)])
    return _markdown(["table", "cells", "played", "mails", "duplicates", "losses", "cells that fail"], rows)


def _kills(lines: list[dict[str, Any]]) -> str:
    rows: list[list[object]] = []
    for kind in ("kills", "cold"):
        for database in DATABASES:
            seen = list(_seen(_of(lines, kind, database), kind))
            if seen:
                sums = [sum(one[name] for one in seen) for name in ("kills", "mails", "duplicates", "losses")]
                unit = "recovery_ms" if kind == "kills" else "recovery_seconds"
                times = [one[unit] for one in seen if one[unit]]
                medians = [time["median"] for time in times]
                words = (
                    f"{statistics.median(medians):,.1f} {unit[9:]}, {max(time['most'] for time in times):,.1f} at most"
                )
                rows.append([f"{kind}, {database}", *sums, sum(len(one["wrong"]) for one in seen), words])
    return _markdown(["kills", "SIGKILLs", "mails", "duplicates", "losses", "else wrong", "recovery (median)"], rows)


def _seen(lines: list[dict[str, Any]], kind: str) -> Iterator[dict[str, Any]]:
    for line in lines:
        yield from line["kills"].values() if kind == "kills" else [line["cold"]]


def _classes(lines: list[dict[str, Any]]) -> str:
    doubts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        for name, seen in line["kills"].items() if line["kind"] == "kills" else ():
            doubts[CLASSES[name]].update({key: seen[key] for key in ("was_in_doubt", "waits", "kills", "mails")})
    rows: list[list[object]] = []
    for kind, seen in sorted(doubts.items()):
        names = ", ".join(name for name, its in CLASSES.items() if its == kind)
        share = 1 - seen["waits"] / seen["was_in_doubt"] if seen["was_in_doubt"] else 1
        name = f"{_CLASS_NAMES.get(kind, kind)} ({names})"
        rows.append([name, seen["kills"], seen["mails"], seen["was_in_doubt"], f"{share:.0%}"])
    return _markdown(["class", "SIGKILLs", "mails", "in doubt at a kill", "settled without a person"], rows)


def _per_million(lines: list[dict[str, Any]]) -> str:
    seen = [one for kind in ("kills", "cold") for db in DATABASES for one in _seen(_of(lines, kind, db), kind)]
    seen += [line for line in lines if line["kind"] == "table"]
    mails, duplicates, losses = (sum(one[name] for one in seen) for name in ("mails", "duplicates", "losses"))
    if not mails:
        return ""
    rates = f"{duplicates / mails * 1e6:.0f} duplicates and {losses / mails * 1e6:.0f} losses in a million"
    bound = f"; none in so many is fewer than {3e6 / mails:.0f} in a million, with 95 % confidence"
    return f"{mails:,} mails in all: {rates}{'' if duplicates or losses else bound}."


def _commits(lines: list[dict[str, Any]]) -> str:
    counted = Counter((line["commit"], line["kind"]) for line in lines)
    said = [f"{commit}: {number} of {kind}" for (commit, kind), number in counted.items()]
    days = sorted({line["at"][:10] for line in lines})
    return f"Slices by commit, {' to '.join(days[:1] + days[1:][-1:])}: {'; '.join(said)}."
