"""Real processes, killed by SIGKILL and made to fail at every step: a sample of what tests/delivery/matrix does."""

import json
import subprocess
import sys

import pytest

from tests.delivery.matrix.faults import Fault
from tests.delivery.matrix.table import REPRESENTATIVES, ROWS, cells
from tests.delivery.matrix.world import CLASSES
from tests.postgres import refuse_missing_postgres
from tests.rules import ROOT
from tests.runner import CLEAN

pytestmark = pytest.mark.timeout(600)


def ran(*options: str) -> dict:
    run = subprocess.run(
        [sys.executable, "-m", "tests.delivery.matrix", *options], cwd=ROOT, env=CLEAN, capture_output=True, text=True,
        timeout=590, check=False,
    )  # fmt: skip
    assert run.stdout, run.stderr
    report = json.loads(run.stdout.splitlines()[-1])
    assert run.returncode == report["is_wrong"], run.stderr
    return report


def nobody_twice_and_nobody_forgotten(report: dict) -> None:
    for name, seen in report["kills"].items():
        assert (seen["wrong"], seen["duplicates"], seen["losses"]) == ([], 0, 0), name
        assert seen["kills"]
        assert seen["mails"]
        assert CLASSES[name] == "none" or seen["waits"] == 0


def test_a_sample_of_every_row_and_every_fault_mails_nobody_twice_and_forgets_nobody():
    report = ran("--fast")
    assert (report["wrong"], report["duplicates"], report["losses"]) == ({}, 0, 0)
    assert report["cells"] > 45


def test_killed_at_any_line_and_moment_every_provider_mails_nobody_twice_and_forgets_nobody():
    nobody_twice_and_nobody_forgotten(ran("--kills", "54"))


@pytest.mark.postgres
def test_killed_on_postgresql_the_sender_mails_nobody_twice_and_forgets_nobody():
    refuse_missing_postgres()
    nobody_twice_and_nobody_forgotten(
        ran("--kills", "24", "--postgres", "--provider", "outbox", "--provider", "blind", "--provider", "resend",
            "--provider", "mailgun")
    )  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_the_table_has_a_cell_or_a_reason_for_every_row_fault_and_class(database):
    table = list(cells(database=database))
    assert len(table) == len(ROWS) * len(Fault) * len(REPRESENTATIVES)
    assert len({cell.name for cell in table}) == len(table)
    assert {CLASSES[name] for name in REPRESENTATIVES} == set(CLASSES.values())
    for row in ROWS:
        played = {cell.fault for cell in table if cell.row == row and not cell.reason}
        assert {Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.DUPLICATE, Fault.SLOW, Fault.GONE} <= played, row.name


def test_the_sample_has_every_row_and_every_fault_that_can_strike_it():
    sample = list(cells(database="sqlite", fast=True))
    assert {cell.row for cell in sample} == set(ROWS)
    assert {cell.fault for cell in sample} >= {Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.TIMEOUT, Fault.LOCKED}
