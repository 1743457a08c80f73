"""How long a worker may still begin to send what it holds a lease for.

A fence guards the ledger and not the wire: a worker that stood still (its machine slept, its process was stopped)
while its lease ran out would mail whom others have mailed meanwhile. So it looks at the time again right before bytes
leave, by a clock that goes on while the machine sleeps, and by the one that leases are reckoned by. What it may no
longer begin was not begun, and is planned again.

The other half of the promise is in settle_rules.py: absence from a provider's log is believed only when nobody who
held the batch can begin a call any more, and the log has had its time after that.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

TOO_LATE = "its turn came too late: the lease was nearly over"
_SLEEPS_NOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # macOS: its monotonic clock counts sleep


class Hold:
    """A time in which calls may begin, that ends by whichever of two clocks says so first. It can be prolonged."""

    def __init__(self, seconds: float, *, now: Callable[[], datetime]) -> None:
        self._now, self._seconds, self._span = now, seconds, timedelta(seconds=seconds)
        self._since = Hold.moment(now)

    @staticmethod
    def moment(now: Callable[[], datetime]) -> tuple[float, datetime]:
        """What both clocks say."""
        return time.clock_gettime(_SLEEPS_NOT), now()

    def prolong(self, since: tuple[float, datetime]) -> None:
        """The same time again, from a `moment` before the lease was renewed."""
        self._since = since

    def may_begin(self) -> bool:
        awake, wall = self._since
        return time.clock_gettime(_SLEEPS_NOT) - awake < self._seconds and self._now() - wall < self._span
