"""`run.py serve` on a free port of this machine, for as long as a test needs it."""

import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.rules import ROOT
from tests.runner import CLEAN, command

STARTS_WITHIN_SECONDS = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(home: Path, *arguments: str) -> Iterator[str]:
    """The address of a running `serve`; it is ended, with its ticks, when the block is left."""
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        command(home, "serve", "--port", port, *arguments), cwd=ROOT, stdout=subprocess.DEVNULL,
        env=CLEAN | {"PIPELINE_PUBLIC_URL": site, "PIPELINE_TICK_SECONDS": "1"},
    )  # fmt: skip
    try:
        _wait_for(f"{site}/studio/login/", process)
        yield site
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(url: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "serve ended before it answered"
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:  # URLError, a refused connection and a time-out alike
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{url} did not answer within {STARTS_WITHIN_SECONDS} s")
