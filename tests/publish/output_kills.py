"""Kills `write_output` at every line that it executes, each time in a forked child, and looks at what is left.

Run as a program (the test starts it): a process without threads may fork. Prints one JSON object.
"""

import json
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from pipeline.publish import output

OLD, NEW = b"old " * 4000, b"new, and longer " * 4000
PATHS = ("style.css", "archive/1.html", "archive/2.html", "index.html", "topics/sun/feed.xml", "feed.xml")


@dataclass(frozen=True)
class File:
    path: str
    data: bytes


def lay_out(folder: Path, data: bytes) -> None:
    output.write_output(folder, [File(path, data) for path in PATHS])


def die_at(line: int, folder: Path) -> None:
    """In the child: run until the given count of executed lines of output.py, then SIGKILL; exit 0 if never reached."""
    seen = 0

    def trace(frame, event, _):
        nonlocal seen
        if frame.f_code.co_filename != output.__file__:
            return None
        if event == "line":
            seen += 1
            if seen == line:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    lay_out(folder, NEW)
    os._exit(0)


def what_readers_see(folder: Path) -> list[str]:
    """One word for each file, in the order of writing: old, new, or anything else, which is a fault."""
    return [{OLD: "old", NEW: "new"}.get((folder / path).read_bytes(), "torn") for path in PATHS]


def main(root: Path) -> None:
    kills, torn, out_of_order, leftovers = 0, 0, 0, 0
    for line in range(1, 10_000):
        folder = root / str(line)
        lay_out(folder, OLD)
        pid = os.fork()
        if pid == 0:
            die_at(line, folder)
        _, status = os.waitpid(pid, 0)
        seen = what_readers_see(folder)
        torn += "torn" in seen
        out_of_order += sorted(seen, key=["new", "old", "torn"].index) != seen
        leftovers += any(folder.rglob("*.part"))
        lay_out(folder, NEW)
        assert what_readers_see(folder) == ["new"] * len(PATHS)
        assert not any(folder.rglob("*.part"))
        if not os.WIFSIGNALED(status):
            break
        kills += 1
    print(json.dumps({"kills": kills, "torn": torn, "out_of_order": out_of_order, "leftovers": leftovers}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
