"""Ending with the process that started this one, even where that was killed and could say nothing.

`serve` holds the other end of its children's standard input and never writes to it. Whatever becomes of `serve`, the
system closes that end, and the read here comes back: on every system, and without asking for the parent's number,
which another process may have by then.
"""

import os
import signal
import sys
import threading

OPTION = "--end-with-parent"


def end_with_parent() -> None:
    """From now on, ask this process to end (SIGTERM) once whoever holds the other end of its standard input is gone."""
    threading.Thread(target=_wait_for_the_end, name="parent", daemon=True).start()


def _wait_for_the_end() -> None:
    while os.read(sys.__stdin__.fileno() if sys.__stdin__ else 0, 1024):
        pass
    main = threading.main_thread().ident
    if main is not None and hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main, signal.SIGTERM)  # to that thread: one that waits in a system call must wake up
    else:
        os.kill(os.getpid(), signal.SIGTERM)
