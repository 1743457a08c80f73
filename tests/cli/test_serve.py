"""`serve`: the web and the ticks together; it refuses what would be unsafe, and says why."""

import os
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.rules import ROOT
from tests.runner import CLEAN, FOUNDING, command, done, found, run
from tests.served import free_port, serving


@pytest.fixture
def home(tmp_path):
    done(tmp_path, *FOUNDING)
    return tmp_path


def children(pid: int) -> list[int]:
    """Every child of the process, whichever of its threads started it."""
    return [
        int(word) for task in Path(f"/proc/{pid}/task").iterdir() for word in (task / "children").read_text().split()
    ]


def ticks_of(pid: int) -> list[int]:
    return [child for child in children(pid) if b"--watch" in Path(f"/proc/{child}/cmdline").read_bytes()]


def wait_until(condition, seconds=30.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found_it = condition()
        if found_it:
            return found_it
        time.sleep(0.1)
    raise AssertionError("it did not come about in time")


def test_plain_http_is_not_served_to_other_machines(home):
    finished = run(home, "serve", "--host", "0.0.0.0", "--port", str(free_port()))
    assert finished.returncode == 1
    assert "https" in finished.stderr


def test_a_port_that_is_taken_is_said_and_what_to_do(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        finished = run(home, "serve", "--port", str(taken.getsockname()[1]))
    assert finished.returncode == 1
    assert "--port" in finished.stderr


def test_pages_carry_a_policy_and_say_nothing_of_the_framework(home):
    with serving(home, "--no-ticks") as site, urllib.request.urlopen(f"{site}/studio/login/", timeout=10) as page:
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert "Django" not in page.read().decode()


def test_a_host_that_is_not_ours_is_refused(home):
    with serving(home, "--no-ticks") as site:
        request = urllib.request.Request(f"{site}/studio/login/", headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=10)
        assert caught.value.code == 400
        caught.value.close()


@pytest.fixture
def served(home):
    port = free_port()
    process = subprocess.Popen(
        command(home, "serve", "--port", port), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=CLEAN | {"PIPELINE_PUBLIC_URL": f"http://127.0.0.1:{port}", "PIPELINE_TICK_SECONDS": "1"},
    )  # fmt: skip
    yield process
    if process.poll() is None:
        process.terminate()
    process.wait(timeout=30)


def test_ticks_that_die_are_started_again(served):
    first = wait_until(lambda: ticks_of(served.pid))[0]
    os.kill(first, signal.SIGKILL)
    second = wait_until(lambda: [pid for pid in ticks_of(served.pid) if pid != first])[0]
    assert second != first


def test_ending_serve_ends_the_ticks_with_it(served):
    ticks = wait_until(lambda: ticks_of(served.pid))[0]
    served.terminate()
    served.wait(timeout=30)
    wait_until(lambda: not Path(f"/proc/{ticks}").exists() or _is_zombie(ticks))


def test_a_serve_that_is_killed_leaves_nobody_behind(served):
    """Neither the ticks nor the web, nor the web's own workers: nobody would start, stop or restart them any more."""
    wait_until(lambda: ticks_of(served.pid) and any(children(child) for child in children(served.pid)))
    family = children(served.pid)
    family += [grandchild for child in family for grandchild in children(child)]
    served.kill()
    served.wait(timeout=30)
    wait_until(lambda: not [pid for pid in family if Path(f"/proc/{pid}").exists() and not _is_zombie(pid)], 60.0)


def _is_zombie(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_tick_that_is_called_by_hand_does_what_is_due_and_ends(tmp_path):
    home = found(tmp_path)
    assert done(home, "tick").startswith("skin-letter: alert: The queue holds no issues.")
    assert done(home, "tick") == ""  # what staff were told once is not told again


def test_a_clock_that_was_set_back_since_mail_was_sent_starts_nothing(tmp_path):
    home = found(tmp_path)
    with sqlite3.connect(home / "var" / "tipsheet.sqlite3") as database:
        database.execute("UPDATE delivery_installation SET seen_at = '2999-01-01 00:00:00'")
    for words in (("tick",), ("tick", "--watch"), ("publish", "--now")):
        finished = run(home, *words)
        assert finished.returncode == 1
        assert "it has been set back" in finished.stderr
