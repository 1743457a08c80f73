"""Dates in the reader's manner: the language and the zone are always told, never found out."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pipeline.render import dates

LATE = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("en", "December 31, 2026"),
        ("en-GB", "31 December 2026"),
        ("de", "31. Dezember 2026"),
        ("de-AT", "31. Dezember 2026"),
        ("pt-BR", "31 de dezembro de 2026"),
        ("ja", "2026年12月31日"),
        ("zz", "December 31, 2026"),
        ("not a language", "December 31, 2026"),
        ("", "December 31, 2026"),
    ],
)
def test_a_day_is_told_in_the_manner_of_the_language(language, wanted):
    assert dates.long_date(LATE, language=language, zone=ZoneInfo("UTC")) == wanted


def test_the_day_is_the_zones():
    berlin, los_angeles = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Los_Angeles")
    assert dates.long_date(LATE, language="en", zone=berlin) == "January 1, 2027"
    assert dates.machine_date(LATE, zone=berlin) == "2027-01-01"
    assert dates.month(LATE, language="de", zone=berlin) == "Januar 2027"
    assert dates.month(LATE, language="en", zone=los_angeles) == "December 2026"
