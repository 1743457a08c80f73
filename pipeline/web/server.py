"""The web process that `serve` keeps running: `python -m pipeline.web.server ADDRESS PORT WORKERS`.

With `--end-with-parent` after that it ends when `serve` does, however that was.
"""

import sys

from granian import Granian
from granian.constants import Interfaces

from pipeline.config import CHECKOUT
from pipeline.web.parent_process import OPTION, end_with_parent

WORKERS_END_WITHIN_SECONDS = 5  # no page takes as long; a worker that is only just starting does not hear a signal


def run(address: str, port: int, workers: int) -> None:
    """Answer requests until a signal ends it."""
    server = Granian(
        "pipeline.web.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        respawn_failed_workers=True,
        workers_kill_timeout=WORKERS_END_WITHIN_SECONDS,
        log_enabled=False,
        working_dir=CHECKOUT,
    )
    server.serve()


if __name__ == "__main__":
    if OPTION in sys.argv[4:]:
        end_with_parent()
    run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
