"""Faults on demand: what goes wrong with the next calls that send, in the order in which it was asked for.

| fault | what the sender sees |
|---|---|
| `too_many` | 429 with `Retry-After: <seconds>`; nothing is taken |
| `error` | `<status>`, before or after the call was taken |
| `stall` | no answer for `<seconds>`, then a closed connection; before or after |
| `reset` | the connection is reset; before or after |
| `slow` | the right answer, `<seconds>` late |
| `partial` | every `<every>`-th recipient is refused, as the provider refuses one |
| `garbage` | 200 and an answer that cannot be read, after the call was taken |
"""

import threading
from collections import deque
from dataclasses import dataclass
from typing import Any

KINDS = ("too_many", "error", "stall", "reset", "slow", "partial", "garbage")


class FaultError(Exception):
    """What was asked for is no fault."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`after`: once the call was taken. `seconds` at most a minute."""

    kind: str
    after: bool = False
    status: int = 503
    seconds: float = 1
    every: int = 2


class Faults:
    """Waiting faults; safe between threads."""

    def __init__(self) -> None:
        self._waiting: deque[Fault] = deque()
        self._lock = threading.Lock()

    def add(self, asked: dict[str, Any]) -> None:
        """`{"fault": kind, "times": 1, …}`. Raises FaultError."""
        wanted = dict(asked)
        kind, times = wanted.pop("fault", ""), int(wanted.pop("times", 1))
        if kind not in KINDS or not 1 <= times <= 100_000 or float(wanted.get("seconds", 1)) > 60:
            raise FaultError(f"a fault is one of {', '.join(KINDS)}, up to 100,000 times, of at most 60 seconds")
        with self._lock:
            self._waiting.extend([Fault(kind, **wanted)] * times)

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def next(self) -> Fault | None:
        with self._lock:
            return self._waiting.popleft() if self._waiting else None
