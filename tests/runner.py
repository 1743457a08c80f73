"""`run.py` as a person runs it: a process of its own, in a workspace of its own."""

import atexit
import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.rules import ROOT

# Nothing of the test process's own workspace or settings reaches the command.
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("PIPELINE_", "DJANGO_"))}
FOUNDING = (
    "init", "--name", "The Skin Letter", "--slug", "skin-letter", "--sender-address", "letter@newsletter.example",
    "--postal-address", "1 Orchard Road, Exampletown", "--zone", "Europe/Berlin",
)  # fmt: skip
READERS = "address,name\n" + "".join(f"reader{number}@reader.example,Reader {number}\n" for number in range(5))


def run(home: Path, *arguments: object, stdin: str = "", **environment: str) -> subprocess.CompletedProcess:
    """Run a command in the workspace `home`, and wait for it; its output is text."""
    return subprocess.run(
        command(home, *arguments), cwd=ROOT, env=CLEAN | environment, input=stdin, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


def command(home: Path, *arguments: object) -> list[str]:
    return [sys.executable, str(ROOT / "run.py"), "--home", str(home), *map(str, arguments)]


def done(home: Path, *arguments: object, **options: str) -> str:
    """The output of a command that must succeed."""
    finished = run(home, *arguments, **options)
    assert finished.returncode == 0, f"{arguments}: {finished.stdout}\n{finished.stderr}"
    return finished.stdout


def answer(home: Path, *arguments: object, **options: str):
    """What a command says with --json."""
    return json.loads(done(home, *arguments, "--json", **options))


def found(home: Path, *, readers: str = READERS) -> Path:
    """A workspace with a newsletter and confirmed readers; `home` must be there, and empty."""
    return copied(_founded(readers), home)


def copied(original: Path, home: Path) -> Path:
    """The workspace `original` in `home`, as if it had been founded there: a copy is not allowed to mail."""
    shutil.copytree(original, home, dirs_exist_ok=True)
    identity = home / "var" / "installation"
    said = json.loads(identity.read_text(encoding="ascii"))
    identity.write_text(json.dumps(said | {"folder": identity.parent.stat().st_ino}), encoding="ascii")
    return home


@cache
def _founded(readers: str) -> Path:
    """One workspace that the others are copied from: founding takes four times as long."""
    kept = TemporaryDirectory(prefix="tipsheet-tests-founded-")
    atexit.register(kept.cleanup)
    home = Path(kept.name)
    done(home, *FOUNDING)
    file = home / "readers.csv"
    file.write_text(readers, encoding="utf-8")
    done(home, "subscribers", "import", file, "--source", "the test's list", "--consent-date", "2026-01-02",
         "--wording", "Yes, send it to me.")  # fmt: skip
    return home
