"""Faults on demand: what goes wrong with the next calls, in the order in which it was asked for.

`on` says with which: those that `send` (where nothing else is said), those that `make` something ready which mails
nobody yet (Buttondown's drafts), or those that `look_up` what was taken.

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

ON = ("send", "make", "look_up")
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
    on: str = "send"


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
        if wanted.get("on", "send") not in ON:
            raise FaultError(f"a fault is on a call that does one of: {', '.join(ON)}")
        with self._lock:
            self._waiting.extend([Fault(kind, **wanted)] * times)

    def clear(self) -> list[Fault]:
        """Those that had not come to pass."""
        with self._lock:
            left = list(self._waiting)
            self._waiting.clear()
            return left

    def next(self, on: str = "send") -> Fault | None:
        """The next fault of such calls."""
        with self._lock:
            fault = next((one for one in self._waiting if one.on == on), None)
            if fault is not None:
                self._waiting.remove(fault)
            return fault
