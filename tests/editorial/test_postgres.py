"""The editorial actions' own tests once more, on PostgreSQL: one code, two databases."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import CHEAPLY, postgres_url
from tests.rules import ROOT

__all__ = ["postgres_url"]

SUITES = [
    "test_ingest.py",
    "test_review.py",
    "test_issues.py",
    "test_queue.py",
    "test_newsletters.py",
    "test_corrections.py",
    "test_constraints.py",
    "test_tip_export.py",
    "test_composition.py",
    "test_rules.py",
]


@pytest.mark.postgres
def test_the_editorial_actions_tests_pass_on_postgresql(postgres_url):
    environment = {**os.environ, "PIPELINE_DATABASE_URL": postgres_url}
    suites = [str(Path(__file__).parent / name) for name in SUITES]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", *CHEAPLY, *suites],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
