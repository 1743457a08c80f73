"""Real processes, killed by SIGKILL while sending: a sample of what tests/delivery/crash.py does at length."""

import json
import os
import subprocess
import sys

import pytest

from tests.postgres import refuse_missing_postgres
from tests.rules import ROOT


def crashed(*options: str) -> dict[str, dict[str, object]]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PIPELINE_", "DJANGO_"))}
    run = subprocess.run(
        [sys.executable, "-m", "tests.delivery.crash", *options],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert run.stdout, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def nobody_twice_and_nobody_forgotten(report: dict[str, dict[str, object]]) -> None:
    for provider, seen in report.items():
        assert (seen["wrong"], seen["duplicates"], seen["losses"]) == ([], 0, 0), provider
        assert seen["kills"]
        assert seen["mails"]
    assert report["outbox"]["in_doubt"] == 0


def test_killed_at_any_step_the_sender_mails_nobody_twice_and_forgets_nobody():
    nobody_twice_and_nobody_forgotten(crashed("--kills", "50", "--races", "6"))


@pytest.mark.postgres
def test_killed_at_any_step_on_postgresql_the_sender_mails_nobody_twice_and_forgets_nobody():
    refuse_missing_postgres()
    nobody_twice_and_nobody_forgotten(crashed("--kills", "20", "--races", "6", "--postgres"))
