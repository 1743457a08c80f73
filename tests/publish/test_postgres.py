"""Pages, feeds, pings and who gets what once more, on PostgreSQL: one code, two databases."""

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
    HERE / "test_site.py",
    HERE / "test_local_time.py",
    HERE / "test_websub.py",
    HERE / "test_welcome.py",
    HERE / "test_reuse.py",
    HERE / "test_withdrawals.py",
    HERE.parent / "editorial" / "test_corrections.py",
]


@pytest.mark.postgres
@pytest.mark.timeout(600)
def test_the_same_tests_pass_on_postgresql(postgres_url):
    """All in one process: it starts, and makes the database, once."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", *CHEAPLY, *map(str, SUITES)],
        cwd=ROOT, env={**os.environ, "PIPELINE_DATABASE_URL": postgres_url}, capture_output=True, text=True,
        timeout=590, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
