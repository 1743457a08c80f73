"""New readers are welcomed once by processes that are killed: the short form of `welcome_kills.py`."""

import json
import subprocess
import sys

from tests.rules import ROOT


def test_processes_that_are_killed_bring_each_welcome_mail_once():
    finished = subprocess.run(
        [sys.executable, "-m", "tests.publish.welcome_kills", "--kills", "8", "--seed", "1"],
        cwd=ROOT, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stdout + finished.stderr[-3000:]
    came = json.loads(finished.stdout)
    assert came["kills"] >= 8
    assert came["readers"] > 0
    assert came["mails"] == 3 * came["readers"]
    assert (came["twice"], came["readers_short"]) == (0, 0)
