"""`python -m pipeline.delivery.fake --truth FILE`: the fake provider as a process of its own."""

import argparse
import json
import os
import sys
import threading
from pathlib import Path

from pipeline.delivery.fake.server import FakeServer
from pipeline.delivery.fake.smtp import SmtpFake


def main() -> None:
    """Serve until standard input is closed or the time is up; the first line that is written says where."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.delivery.fake", description=main.__doc__)
    parser.add_argument("--truth", type=Path, required=True, help="the file that what was taken is appended to")
    parser.add_argument("--port", type=int, default=0, help="the TCP port on 127.0.0.1; 0 for any that is free")
    parser.add_argument("--seconds", type=float, default=3600, help="how long to serve at most")
    parser.add_argument("--bodies", action="store_true", help="write whole bodies down, and not their hashes alone")
    options = parser.parse_args()
    server = FakeServer(options.truth, port=options.port, with_bodies=options.bodies)
    smtp = SmtpFake(server.truth, server.faults)
    for one in (server, smtp):
        threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{server.port}", "smtp_port": smtp.port}) + "\n")
    sys.stdout.flush()
    closed = threading.Thread(target=_until_closed, daemon=True)
    closed.start()
    closed.join(options.seconds)
    smtp.shutdown()
    server.shutdown()
    server.truth.close()


def _until_closed() -> None:
    """Returns when nobody holds the other end of standard input any more. Reads without a buffer: a buffer's lock,
    held in a thread, would abort the process at its end.
    """
    while os.read(0, 4096):
        pass


if __name__ == "__main__":
    main()
