"""The embedded engine: `schedule` runs the ticks and the house-keeping in one process.

`schedule` is asked for one thing: to call a job every so many seconds. Its own calculation of days and zones is not
used (it mishandles DST, sleep and clock changes: docs/decisions/0004-schedule.md); what is due is decided by
`editorial/slots.py` and the database. It reads the wall clock to know when a job is next, so the jobs are made anew
when that clock has jumped against the monotonic one; a clock set back would otherwise silence them for hours.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import schedule

logger = logging.getLogger(__name__)

CLOCK_JUMP_SECONDS = 2.0
LONGEST_NAP_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """`run` is called every `every_seconds`, and first at once. What it raises is logged, and never ends the loop."""

    name: str
    every_seconds: int
    run: Callable[[], object]


def run_jobs(
    jobs: Sequence[Job],
    *,
    stop: threading.Event,
    wall: Callable[[], float],
    monotonic: Callable[[], float] = time.monotonic,
) -> None:
    """Run `jobs` until `stop` is set. `wall` is the clock that `schedule` reads, in seconds."""
    _use_utc()
    scheduler = _scheduler(jobs)
    for job in jobs:
        _guarded(job)()
    offset = wall() - monotonic()
    while not stop.is_set():
        drift = wall() - monotonic() - offset
        if abs(drift) > CLOCK_JUMP_SECONDS:
            logger.warning("ticks.clock_jumped seconds=%.1f", drift)
            scheduler, offset = _scheduler(jobs), offset + drift
        scheduler.run_pending()
        idle = scheduler.idle_seconds
        stop.wait(min(max(idle if idle is not None else LONGEST_NAP_SECONDS, 0.01), LONGEST_NAP_SECONDS))


def _use_utc() -> None:
    """`schedule` computes in naive local time: in UTC there is no hour that is skipped or repeated."""
    os.environ["TZ"] = "UTC"
    time.tzset()


def _scheduler(jobs: Sequence[Job]) -> schedule.Scheduler:
    scheduler = schedule.Scheduler()
    for job in jobs:
        scheduler.every(job.every_seconds).seconds.do(_guarded(job))
    return scheduler


def _guarded(job: Job) -> Callable[[], None]:
    def run() -> None:
        try:
            job.run()
        except Exception:  # one job's fault must not end the others: it is logged, and tried again
            logger.exception("ticks.job_failed job=%s", job.name)

    return run
