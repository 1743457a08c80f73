"""The truth log: what the fake provider took, appended and on the disk before the answer leaves."""

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from pipeline.delivery.fake.calls import Taken


class Truth:
    """One file, one line of JSON a call; safe between threads."""

    def __init__(self, path: Path, *, with_bodies: bool) -> None:
        self._with_bodies = with_bodies
        self._file = path.open("ab")
        self._lock = threading.Lock()
        self._mails: dict[str, list[Mapping[str, Any]]] = {}
        self._count = 0

    def take(self, provider: str, taken: Taken) -> None:
        """Give every mail that is not refused its id, and write the call down."""
        with self._lock:
            for mail in taken.mails:
                self._count += 1
                mail.id = "" if mail.refused else f"{provider}-{self._count}"
            records = [mail.record(with_bodies=self._with_bodies) for mail in taken.mails if not mail.refused]
            line = {"provider": provider, "key": taken.key, "tag": taken.tag, "left_on": taken.left_on}
            self._file.write(orjson.dumps(line | {"mails": records}) + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self._mails.setdefault(provider, []).extend(record | {"tag": taken.tag} for record in records)

    def mails(self, provider: str) -> Sequence[Mapping[str, Any]]:
        with self._lock:
            return list(self._mails.get(provider, ()))

    def forget(self) -> None:
        """Begin anew, with an empty file."""
        with self._lock:
            self._mails.clear()
            self._file.truncate(0)

    def close(self) -> None:
        self._file.close()


def read_truth(path: Path) -> Iterator[dict[str, Any]]:
    """The calls that were taken, oldest first; a last line that was cut short by a kill is no call."""
    for line in path.read_bytes().splitlines(keepends=True):
        if line.endswith(b"\n"):
            yield orjson.loads(line)


def mails_taken(path: Path) -> list[dict[str, Any]]:
    """Every mail that was taken, in order."""
    return [mail for call in read_truth(path) for mail in call["mails"]]
