"""Pages, feeds and pings once more, on PostgreSQL: one code, two databases."""

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
    HERE.parent / "editorial" / "test_corrections.py",
]


WHO_GETS_WHAT = [HERE / "test_welcome.py", HERE / "test_reuse.py", HERE / "test_withdrawals.py"]


@pytest.mark.postgres
@pytest.mark.parametrize("suites", [SUITES, WHO_GETS_WHAT], ids=["pages, feeds and pings", "who gets what"])
def test_the_same_tests_pass_on_postgresql(postgres_url, suites):
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", *CHEAPLY, *map(str, suites)],
        cwd=ROOT, env={**os.environ, "PIPELINE_DATABASE_URL": postgres_url}, capture_output=True, text=True,
        timeout=560, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
