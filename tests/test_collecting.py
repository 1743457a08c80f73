"""The garbage collector looks less often for as long as a block of work runs, and no longer."""

import gc

import pytest

from pipeline.collecting import fewer_collections


def test_the_collector_looks_less_often_inside_the_block_and_as_before_behind_it() -> None:
    before = gc.get_threshold()
    with fewer_collections():
        assert gc.get_threshold()[0] > 100 * before[0]
        assert gc.isenabled()
    assert gc.get_threshold() == before


def test_the_collector_looks_as_before_where_the_work_fails() -> None:
    before = gc.get_threshold()
    with pytest.raises(ZeroDivisionError), fewer_collections():
        raise ZeroDivisionError
    assert gc.get_threshold() == before
