"""Children that are meant to die: forked from a process that has everything loaded, and so within milliseconds."""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable

from django.db import connections


def forked(work: Callable[[], object]) -> int:
    """Run `work` in a child of its own; its pid. No connection to the database goes through a fork."""
    connections.close_all()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        connections.close_all()
        code = 0
    finally:  # a child never goes back into the parent's code
        if code:
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(code)


def ended(pid: int) -> int:
    """Wait for the child; its exit code, or the negative number of the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def ended_within(pid: int, seconds: float) -> int | None:
    """As `ended`; None for a child that is still at work then."""
    deadline = time.monotonic() + seconds
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= deadline:
            return None
        time.sleep(0.002)


def killed(pid: int) -> int:
    """SIGKILL, and wait; whether the child had ended by itself shows in what comes back."""
    os.kill(pid, signal.SIGKILL)
    return ended(pid)
