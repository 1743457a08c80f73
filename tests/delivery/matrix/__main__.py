"""`python -m tests.delivery.matrix`; what it does stands in the package."""

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import tests.delivery.matrix as about
from tests.delivery.matrix.table import ROWS, cells
from tests.delivery.matrix.whole import KINDS, report, run_whole
from tests.delivery.matrix.world import CLASSES, World, world


def main() -> int:
    parser = argparse.ArgumentParser(description=about.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fast", action="store_true", help="a sample of the table")
    parser.add_argument("--kills", type=int, default=0, metavar="N", help="so many random kills, instead of the table")
    parser.add_argument("--cold", type=int, default=0, metavar="N", help="so many kills of cold commands, instead")
    parser.add_argument("--times", action="store_true", help="how late the first mail leaves, how soon leaving works")
    parser.add_argument("--provider", action="append", choices=list(CLASSES), help="these providers alone")
    parser.add_argument("--row", action="append", choices=[row.name for row in ROWS], help="these rows alone")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL that is started for this")
    parser.add_argument("--seed", type=int, default=1, help="another one draws other moments")
    parser.add_argument("--reasons", action="store_true", help="say why cells make no sense, and run nothing")
    parser.add_argument("--whole", type=Path, metavar="FILE", help="everything, in slices; FILE has what was run")
    parser.add_argument("--only", action="append", choices=KINDS, help="with --whole: this part of it alone")
    parser.add_argument("--report", type=Path, metavar="FILE", help="what came of --whole, and run nothing")
    options = parser.parse_args()
    if options.report:
        sys.stdout.write(report(options.report) + "\n")
        return 0
    if options.whole:
        return run_whole(options.whole, tuple(options.only or KINDS))
    database = "postgresql" if options.postgres else "sqlite"
    if options.reasons:
        return _reasons(database)
    began = time.monotonic()
    seen = {"database": database, **_run(options, database)}
    print(json.dumps(seen | {"seconds": round(time.monotonic() - began, 1)}))
    return 1 if seen["is_wrong"] else 0


def _reasons(database: str) -> int:
    for cell in cells(database=database):
        if cell.reason:
            print(f"{cell.name}: {cell.reason}")
    return 0


def _run(options: argparse.Namespace, database: str) -> dict[str, Any]:
    if options.cold:
        from tests.delivery.matrix.cold import cold_kills

        cold = cold_kills(options.cold, postgres=options.postgres, seed=options.seed)
        return {"cold": cold, "is_wrong": _is_wrong(cold)}
    with world(postgres=options.postgres) as made:
        if options.kills:
            from tests.delivery.matrix.kills import random_kills

            names = tuple(options.provider or CLASSES)
            kills = random_kills(made, options.kills, seed=options.seed, names=names)
            return {"kills": kills, "is_wrong": any(map(_is_wrong, kills.values()))}
        if options.times:
            from tests.delivery.matrix.times import times

            seen = times(made, tuple(options.provider or ("outbox", "smtp", "resend", "mailgun")))
            return {**seen, "is_wrong": bool(seen["wrong"])}
        return _table(made, options, database)


def _table(made: World, options: argparse.Namespace, database: str) -> dict[str, Any]:
    from tests.delivery.matrix.scenes import Scenes

    ran, senseless, wrong = {"cells": 0, "mails": 0, "duplicates": 0, "losses": 0, "in_doubt": 0}, 0, {}
    with tempfile.TemporaryDirectory(dir=made.home.parent) as scratch:
        scenes = Scenes(made, Path(scratch))
        for cell in cells(database=database, fast=options.fast):
            if options.row and cell.row.name not in options.row:
                continue
            if options.provider and cell.provider not in options.provider:
                continue
            if cell.reason:
                senseless += 1
                continue
            seen = scenes.play(cell)
            ran["cells"] += 1
            for name in ("mails", "duplicates", "losses", "in_doubt"):
                ran[name] += getattr(seen, name)
            if _is_wrong(asdict(seen)):
                wrong[cell.name] = asdict(seen)
    return {**ran, "senseless": senseless, "wrong": wrong, "is_wrong": bool(wrong)}


def _is_wrong(seen: dict[str, Any]) -> bool:
    return bool(seen["wrong"] or seen["duplicates"] or seen["losses"])


if __name__ == "__main__":
    sys.exit(main())
