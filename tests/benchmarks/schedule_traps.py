"""What the `schedule` package does with its own days and zones: the figures of docs/decisions/0004-schedule.md.

`python -m tests.benchmarks.schedule_traps` simulates a clock by the minute and counts what a daily job at a local time
really did. Nothing here is used by the product, which asks `schedule` only to call the ticks.
"""

import datetime as real
import os
import time
from zoneinfo import ZoneInfo

import schedule

ZONE = "America/New_York"


class FakeDatetime(real.datetime):
    """`datetime` whose `now` is the simulated instant, in the process's local zone."""

    epoch = 0.0

    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(cls.epoch, tz)


def simulate(start: str, hours: int, at: str, *, asleep: tuple[int, int] = (0, 0), step_seconds: int = 60):
    """The local times at which a daily job at `at` ran; the process is asleep between the two given hours."""
    os.environ["TZ"] = ZONE
    time.tzset()
    zone = ZoneInfo(ZONE)
    begin = real.datetime.fromisoformat(start).replace(tzinfo=zone).timestamp()
    FakeDatetime.epoch = begin
    schedule.datetime.datetime = FakeDatetime  # the package's own reference to the clock
    runs: list[str] = []
    scheduler = schedule.Scheduler()
    scheduler.every().day.at(at).do(
        lambda: runs.append(f"{real.datetime.fromtimestamp(FakeDatetime.epoch, zone):%a %H:%M %Z}")
    )
    for second in range(0, hours * 3600, step_seconds):
        if asleep[0] * 3600 <= second < asleep[1] * 3600:
            continue
        FakeDatetime.epoch = begin + second
        scheduler.run_pending()
    return runs


def set_back(hours: int) -> tuple[int, int]:
    """How often a job of every ten minutes ran in three hours, and in three more after the clock was set back."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    schedule.datetime.datetime = FakeDatetime
    begin = FakeDatetime.epoch = real.datetime(2026, 6, 1, 12, tzinfo=real.UTC).timestamp()
    runs: list[float] = []
    scheduler = schedule.Scheduler()
    scheduler.every(10).minutes.do(lambda: runs.append(FakeDatetime.epoch))
    counts = []
    for offset in (0, -hours * 3600):
        before = len(runs)
        for second in range(0, 3 * 3600, 60):
            FakeDatetime.epoch = begin + 3 * 3600 * len(counts) + second + offset
            scheduler.run_pending()
        counts.append(len(runs) - before)
    return counts[0], counts[1]


def main() -> None:
    cases = [
        (
            "daily at 02:30, spring forward on Sunday 2026-03-08 (02:30 does not exist)",
            ("2026-03-07T12:00", 60, "02:30"),
            {},
        ),
        ("daily at 01:30, fall back on Sunday 2026-11-01 (01:30 comes twice)", ("2026-10-31T12:00", 60, "01:30"), {}),
        ("daily at 09:00, asleep over three days", ("2026-06-01T08:00", 120, "09:00"), {"asleep": (0, 73)}),
        ("daily at 09:00, started one minute late", ("2026-06-01T09:01", 20, "09:00"), {}),
    ]
    for title, arguments, options in cases:
        print(f"{title}\n    ran: {', '.join(simulate(*arguments, **options)) or 'not at all'}")
    before, after = set_back(3)
    print("every ten minutes, for three hours; then the clock is set back by three hours, and three more pass")
    print(f"    ran: {before} times, then {after} times")


if __name__ == "__main__":
    main()
