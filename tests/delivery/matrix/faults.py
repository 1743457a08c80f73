"""What goes wrong, and how it is made to: in the process, in its files, in its database, at the provider."""

import importlib
import mmap
import os
import resource
import select
import signal
import sqlite3
import time
from collections.abc import Callable
from enum import StrEnum


class Fault(StrEnum):
    KILL_BEFORE = "kill before"
    KILL_AFTER = "kill after"
    TIMEOUT = "timeout"
    SERVER_ERROR = "5xx"
    TOO_MANY = "429"
    DUPLICATE = "duplicate"
    SLOW = "slow"
    DISK_FULL = "disk full"
    LOCKED = "database locked"
    GONE = "database gone"


FROM_THE_PROVIDER = (Fault.TIMEOUT, Fault.SERVER_ERROR, Fault.TOO_MANY)
SLOW_SECONDS = 0.25
_STANDS_SECONDS_MOST = 120


def always(call: dict[str, object]) -> bool:
    return True


STRUCK = mmap.mmap(-1, 1)
"""Shared with all children: whether what was to go wrong has."""


def at(point: str, action: Callable[[], object], *, after: bool = False, when=always) -> None:
    """In a child: do `action` once, before or after the first call of the function that `point` names (module:name or
    module:Class.name) for which `when` holds.
    """
    module, _, path = point.partition(":")
    owner = importlib.import_module(module)
    *parts, name = path.split(".")
    for part in parts:
        owner = getattr(owner, part)
    original, fired = getattr(owner, name), []

    def wrapped(*arguments, **named):
        is_now = not fired and when(named)
        if is_now:
            fired.append(True)
            STRUCK[0] = 1
        if is_now and not after:
            action()
        result = original(*arguments, **named)
        if is_now and after:
            action()
        return result

    setattr(owner, name, wrapped)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def wait() -> None:
    time.sleep(SLOW_SECONDS)


class Standstill:
    """A whole process stands still at a point, all of its threads, until it is told to go on."""

    def __init__(self) -> None:
        self._there, self._say_there = os.pipe()

    def __call__(self) -> None:
        """In the child."""
        os.write(self._say_there, b".")
        os.kill(os.getpid(), signal.SIGSTOP)

    def reached(self) -> bool:
        """Wait until the child stands there; False where it never came to that point."""
        os.close(self._say_there)
        ready = select.select([self._there], [], [], _STANDS_SECONDS_MOST)[0]
        is_there = bool(ready) and os.read(self._there, 1) == b"."
        os.close(self._there)
        return is_there

    @staticmethod
    def ends(pid: int) -> None:
        os.kill(pid, signal.SIGCONT)


def disk_full() -> None:
    """From here on no file of this process takes another byte: the kernel refuses, as it does on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def database_locked() -> None:
    """Somebody else holds the lock for writing, for longer than we wait."""
    from django.db import connection

    connection.ensure_connection()
    if connection.vendor == "postgresql":
        _lock_postgres(connection)
        return
    connection.connection.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0.05, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    _KEPT.append(other)


_KEPT: list[object] = []  # a connection that is collected would let go of its lock


def _lock_postgres(connection) -> None:
    import psycopg

    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    other = psycopg.connect(**_where(connection))
    other.execute("SET lock_timeout = '50ms'")
    other.execute("SET idle_in_transaction_session_timeout = '1s'")  # where it is a lane's, the run's own would wait on
    other.execute(
        "LOCK TABLE delivery_delivery, delivery_batch, delivery_message, editorial_issue, delivery_providerevent "
        "IN ACCESS EXCLUSIVE MODE"
    )
    _KEPT.append(other)


def database_gone() -> None:
    """The connection ends under the feet of who uses it."""
    from django.db import connection

    connection.ensure_connection()
    if connection.vendor == "postgresql":
        import psycopg

        with psycopg.connect(**_where(connection), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    else:
        connection.connection.close()


def _where(connection) -> dict[str, object]:
    """How to reach the same server."""
    given = connection.get_connection_params()
    return {name: given[name] for name in ("dbname", "user", "password", "host", "port") if given.get(name)}


IN_THE_PROCESS = {
    Fault.KILL_BEFORE: die, Fault.KILL_AFTER: die, Fault.SLOW: wait, Fault.DISK_FULL: disk_full,
    Fault.LOCKED: database_locked, Fault.GONE: database_gone,
}  # fmt: skip


def asked_of_the_provider(fake, fault: Fault, *, after: bool) -> None:
    """The next call that sends fails so."""
    if fault is Fault.TIMEOUT:
        fake.fail("stall", seconds=0.2, after=after)
    elif fault is Fault.SERVER_ERROR:
        fake.fail("error", status=502, after=after)
    elif fault is Fault.TOO_MANY:
        fake.fail("too_many", seconds=1)
