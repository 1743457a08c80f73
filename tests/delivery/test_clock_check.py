"""A clock that cannot be believed sends nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from pipeline.delivery.actions.installation import adopt, adopt_if_new, begin_run
from pipeline.delivery.clock_check import ClockSkewError, refuse_skewed_clock
from pipeline.delivery.models import Installation
from tests.delivery.scene import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailed(tmp_path):
    """An installation that mailed at NOW."""
    adopt_if_new(var=tmp_path, now=NOW)
    begin_run(var=tmp_path, now=NOW)
    return tmp_path


def test_a_run_notes_when_it_was_and_an_earlier_one_does_not_take_that_back(mailed):
    begin_run(var=mailed, now=NOW - timedelta(hours=1))
    assert Installation.objects.get().seen_at == NOW
    begin_run(var=mailed, now=NOW + timedelta(hours=1))
    assert Installation.objects.get().seen_at == NOW + timedelta(hours=1)


@pytest.mark.skipif("connection.vendor == 'postgresql'", reason="PostgreSQL has a clock of its own")
def test_on_sqlite_a_clock_that_was_set_back_is_refused_and_a_person_can_say_that_it_is_right(mailed):
    refuse_skewed_clock(now=NOW - timedelta(minutes=2))
    refuse_skewed_clock(now=NOW + timedelta(days=400))  # a machine that was off for long
    with pytest.raises(ClockSkewError, match="it has been set back"):
        refuse_skewed_clock(now=NOW - timedelta(minutes=3))
    adopt(var=mailed, now=NOW - timedelta(days=1), actor="ada")
    refuse_skewed_clock(now=NOW - timedelta(days=1))


@pytest.mark.parametrize("minutes", [-3, 3])
def test_on_postgresql_a_clock_that_differs_from_the_databases_is_refused(mailed, minutes):
    real = datetime.now(UTC)
    if connection.vendor == "postgresql":
        refuse_skewed_clock(now=real)
        with pytest.raises(ClockSkewError, match="until they agree"):
            refuse_skewed_clock(now=real + timedelta(minutes=minutes))


def test_an_installation_that_never_mailed_has_nothing_to_compare(tmp_path):
    adopt_if_new(var=tmp_path, now=NOW)
    if connection.vendor == "sqlite":
        refuse_skewed_clock(now=NOW - timedelta(days=900))
