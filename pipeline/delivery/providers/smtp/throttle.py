"""How much one server is given: a pace, a number of connections, and a rest when it asks for one.

A server that says "not now" (421, or a 4xx for the whole session) is left alone for a while, longer each time, and
comes back with half of its connections; each window that went well gives one connection back. Shared by the server's
lanes, which are threads. Kept for the life of the process, so that a rest outlasts the run that it was asked in.
"""

import threading
import time
from collections.abc import Callable

_FIRST_REST_SECONDS, _LONGEST_REST_SECONDS = 5.0, 900.0


class Throttle:
    """`monotonic` is a clock in seconds."""

    def __init__(
        self,
        connections: int,
        messages_per_minute: int = 0,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._monotonic, self._sleep = monotonic, sleep
        self._connections, self.allowed = connections, connections
        self._gap_seconds = 60 / messages_per_minute if messages_per_minute else 0.0
        self._next_at = 0.0
        self._rest_seconds, self._rests_until = 0.0, 0.0
        self.said = ""
        self._lock = threading.Lock()

    @property
    def has_pace(self) -> bool:
        return self._gap_seconds > 0

    def wait_for_turn(self) -> None:
        """Return when the next mail may go."""
        if not self._gap_seconds:
            return
        with self._lock:
            turn_at = max(self._monotonic(), self._next_at)
            self._next_at = turn_at + self._gap_seconds
        if (wait := turn_at - self._monotonic()) > 0:
            self._sleep(wait)

    def rest(self, said: str) -> None:
        """The server asked for it. Several lanes that hear so at once make one rest."""
        with self._lock:
            if self._monotonic() < self._rests_until:
                return
            self._rest_seconds = min(max(self._rest_seconds * 2, _FIRST_REST_SECONDS), _LONGEST_REST_SECONDS)
            self._rests_until = self._monotonic() + self._rest_seconds
            self.allowed = max(1, self.allowed // 2)
            self.said = said

    def went_well(self) -> None:
        """A whole window was taken without a word of that kind."""
        with self._lock:
            if self._monotonic() >= self._rests_until:
                self._rest_seconds, self.said = self._rest_seconds / 2, ""
                if self._rest_seconds < _FIRST_REST_SECONDS:
                    self._rest_seconds = 0.0
                self.allowed = min(self._connections, self.allowed + 1)

    @property
    def is_resting(self) -> bool:
        return self._monotonic() < self._rests_until
