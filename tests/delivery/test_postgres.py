"""The ledger's own tests once more, on PostgreSQL: one code, two databases."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import CHEAPLY, postgres_url
from tests.rules import ROOT

__all__ = ["postgres_url"]

HERE = Path(__file__).parent
SUITES = [
    "test_ledger.py",
    "test_sender.py",
    "test_control.py",
    "test_messages.py",
    "test_installation.py",
    "test_never_twice.py",
    "test_events.py",
    "test_lanes.py",
    "test_batching.py",
    "test_buttondown.py",
    "test_warm_up.py",
    "test_clock_check.py",
    "rivals.py",
]


@pytest.mark.postgres
@pytest.mark.timeout(600)
def test_the_ledgers_tests_pass_on_postgresql(postgres_url):
    """All in one process: it starts, and makes the database, once."""
    environment = {**os.environ, "PIPELINE_DATABASE_URL": postgres_url}
    suites = [str(HERE / suite) for suite in SUITES]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", *CHEAPLY, *suites],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=590, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
