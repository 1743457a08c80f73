"""The embedded engine calls its jobs, whatever they raise and however the wall clock jumps."""

import threading
import time

from pipeline.publish.engines.embedded import Job, run_jobs


def run_for(seconds: float, jobs, wall=time.time):
    stop = threading.Event()
    timer = threading.Timer(seconds, stop.set)
    timer.start()
    run_jobs(jobs, stop=stop, wall=wall)
    timer.join()


def test_a_job_runs_at_once_and_then_again_and_again():
    calls = []
    run_for(2.5, [Job("count", 1, lambda: calls.append(1))])
    assert 2 <= len(calls) <= 4


def test_a_job_that_raises_ends_neither_itself_nor_the_others(caplog):
    calls = []

    def broken():
        calls.append("broken")
        raise RuntimeError("no such luck")

    run_for(1.6, [Job("broken", 1, broken), Job("fine", 1, lambda: calls.append("fine"))])
    assert calls.count("broken") >= 2
    assert calls.count("fine") >= 2
    assert "ticks.job_failed job=broken" in caplog.text


def test_a_wall_clock_that_jumps_makes_the_jobs_anew(caplog):
    jump = {"seconds": 0.0}
    calls = []

    def count():
        calls.append(1)
        jump["seconds"] = -7200.0 if len(calls) == 1 else jump["seconds"]

    def wall():
        return time.time() + (jump["seconds"] if len(calls) > 1 else 0.0)

    run_for(3.2, [Job("count", 1, count)], wall=wall)
    assert len(calls) >= 2
    assert "ticks.clock_jumped" in caplog.text


def test_it_ends_soon_after_it_is_told_to():
    stop = threading.Event()
    stop.set()
    began = time.monotonic()
    run_jobs([Job("slow", 300, lambda: None)], stop=stop, wall=time.time)
    assert time.monotonic() - began < 5
