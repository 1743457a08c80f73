"""Which workers are alive: each holds a lock on a file of its own in `var/workers/` for as long as it runs.

The kernel lets go of the lock when the process ends, however it ends. So a worker that was killed is known to be
gone at once, and what it held is taken up by the next run, without waiting for a lease. A worker on another machine
has no file here: nothing is known of it, and its lease decides.
"""

import fcntl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SUFFIX = ".lock"


@contextmanager
def present(var: Path) -> Iterator[str]:
    """The name of a new worker, alive until the block ends."""
    folder = var / "workers"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = uuid.uuid4().hex
    path, unlocked = folder / f"{name}{_SUFFIX}", folder / f"{name}.new"
    with unlocked.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        unlocked.rename(path)  # appears locked, so that nobody takes it for dead
        yield name
    path.unlink(missing_ok=True)  # not in a `finally`: a worker that failed is to be found dead


def dead_workers(var: Path) -> list[str]:
    """The workers whose file is here and whose process is gone."""
    return [path.stem for path in sorted((var / "workers").glob(f"*{_SUFFIX}")) if not _is_held(path)]


def bury(var: Path, names: list[str]) -> None:
    """Remove the files of dead workers, once nothing is left in their hands."""
    for name in names:
        (var / "workers" / f"{name}{_SUFFIX}").unlink(missing_ok=True)


def _is_held(path: Path) -> bool:
    try:
        with path.open("r") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:  # it ended, well, just now
        return True
    return False
