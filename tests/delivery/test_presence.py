"""Which workers are alive: told by the kernel, not by a clock."""

import subprocess
import sys

import pytest

from pipeline.delivery.presence import bury, dead_workers, present
from tests.rules import ROOT


def test_a_worker_is_alive_until_its_block_ends_and_leaves_nothing_behind(tmp_path):
    with present(tmp_path):
        assert dead_workers(tmp_path) == []
    assert dead_workers(tmp_path) == []
    assert list((tmp_path / "workers").iterdir()) == []


def test_two_workers_of_one_process_are_two(tmp_path):
    with present(tmp_path) as first, present(tmp_path) as second:
        assert first != second
        assert dead_workers(tmp_path) == []


def test_a_worker_that_failed_is_found_dead(tmp_path):
    with pytest.raises(RuntimeError), present(tmp_path) as worker:
        raise RuntimeError
    assert dead_workers(tmp_path) == [worker]
    bury(tmp_path, [worker])
    assert dead_workers(tmp_path) == []


def test_a_worker_that_was_killed_is_found_dead_at_once(tmp_path):
    body = (
        "import pathlib, sys, time; from pipeline.delivery.presence import present\n"
        "with present(pathlib.Path(sys.argv[1])): print('here', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", body, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE) as worker:
        assert worker.stdout.readline() == b"here\n"
        assert dead_workers(tmp_path) == []
        worker.kill()
    assert len(dead_workers(tmp_path)) == 1


def test_a_workspace_that_never_sent_has_no_dead(tmp_path):
    assert dead_workers(tmp_path) == []
