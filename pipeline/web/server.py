"""The web process that `serve` keeps running: `python -m pipeline.web.server ADDRESS PORT WORKERS`."""

import sys

from granian import Granian
from granian.constants import Interfaces

from pipeline.config import CHECKOUT


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
        log_enabled=False,
        working_dir=CHECKOUT,
    )
    server.serve()


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
