"""The one door to the wall clock.

The shells (commands, pages, ticks) call `utc_now` once and hand the instant down; everything below takes `now`
as a parameter, so that a year can be simulated in seconds. Ruff refuses other wall-clock calls.
"""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)
