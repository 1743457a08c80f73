"""Weeks of two schedulers with crashes, sleeps and wrong clocks, on both databases: the short form of `year.py`."""

import re
import subprocess
import sys

import pytest

from tests.postgres import refuse_missing_postgres
from tests.rules import ROOT


def weeks(database, seed):
    run = subprocess.run(
        [sys.executable, "-m", "tests.publish.year", "--days", "30", "--seed", str(seed), "--database", database],
        cwd=ROOT, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    return run.stdout


@pytest.mark.parametrize(("database", "seed"), [("sqlite", 7), pytest.param("postgres", 8, marks=pytest.mark.postgres)])
def test_every_slot_is_sent_once_held_or_given_up_for_a_newer_one(database, seed):
    if database == "postgres":
        refuse_missing_postgres()
    said = weeks(database, seed)
    slots = int(re.search(r"^(\d+) slots: ", said, re.MULTILINE)[1])
    assert slots >= 10
    assert "LOST" not in said
    assert "TWICE" not in said
    assert int(re.search(r"(\d+) crashes", said)[1]) > 0
    assert int(re.search(r"(\d+) restores", said)[1]) > 0
    assert re.search(r"(\d+) mails, none twice", said)
