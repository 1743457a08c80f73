"""Slots against python-dateutil's rrule, and against tables made by hand from the zones' own laws."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import FR, MO, SA, SU, TH, TU, WE, WEEKLY, rrule
from dateutil.tz import resolve_imaginary
from hypothesis import given
from hypothesis import strategies as st

from pipeline.editorial.slots import ScheduleError, WeeklyRule, next_slot, slots_after, slots_between

ZONES = [
    "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu",
    "Africa/Casablanca", "Pacific/Apia", "Pacific/Chatham", "America/St_Johns", "UTC",
]  # fmt: skip
DAYS = [MO, TU, WE, TH, FR, SA, SU]
YEARS = (datetime(2010, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
INSTANTS = st.datetimes(*(end.replace(tzinfo=None) for end in YEARS), timezones=st.just(UTC))


def rule(weekdays="TU", at="09:00", zone="Europe/Berlin", starts_at=None):
    return WeeklyRule.parse(weekdays=weekdays, local_time=at, zone=zone, starts_at=starts_at)


def by_rrule(weekly, start, end):
    """The same slots by another road: nominal times from dateutil's rrule, imaginary ones resolved by dateutil."""
    zone = ZoneInfo(weekly.zone)
    nominal = rrule(
        WEEKLY,
        dtstart=datetime.combine(start.date() - timedelta(days=3), weekly.local_time),
        until=datetime.combine(end.date() + timedelta(days=3), weekly.local_time),
        byweekday=[DAYS[day] for day in weekly.weekdays],
    )
    instants = sorted({resolve_imaginary(local.replace(tzinfo=zone)).astimezone(UTC) for local in nominal})
    return [instant for instant in instants if start <= instant < end]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("weekdays", "at"), [("SU", "02:30"), ("MO,TU,WE,TH,FR,SA,SU", "00:15"), ("TU,FR", "09:00")])
def test_twenty_years_of_slots_are_those_of_rrule(zone, weekdays, at):
    weekly = rule(weekdays, at, zone)
    ours = [slot.at_utc for slot in slots_between(weekly, *YEARS)]
    assert ours == by_rrule(weekly, *YEARS)


@given(
    zone=st.sampled_from(ZONES),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    at=st.times().map(lambda value: value.replace(second=0, microsecond=0)),
    start=INSTANTS,
)
def test_any_rule_from_any_instant_agrees_with_rrule(zone, weekdays, at, start):
    weekly = WeeklyRule(weekdays, at, zone)
    end = start + timedelta(days=30)
    assert [slot.at_utc for slot in slots_between(weekly, start, end)] == by_rrule(weekly, start, end)


@given(
    zone=st.sampled_from(ZONES),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    at=st.times().map(lambda value: value.replace(second=0, microsecond=0)),
    after=INSTANTS,
)
def test_slots_are_in_order_with_a_key_of_their_own_and_after_the_given_instant(zone, weekdays, at, after):
    slots = list(islice(slots_after(WeeklyRule(weekdays, at, zone), after), 12))
    assert slots[0].at_utc > after
    assert all(earlier.at_utc < later.at_utc for earlier, later in pairwise(slots))
    assert len({slot.key for slot in slots}) == len(slots)


@given(after=INSTANTS)
def test_the_next_slot_after_a_slot_is_never_that_slot_again(after):
    weekly = rule("SU", "02:30", "America/New_York")
    first = next_slot(weekly, after)
    assert next_slot(weekly, first.at_utc).key != first.key
    assert next_slot(weekly, first.at_utc - timedelta(seconds=1)) == first


@pytest.mark.parametrize(
    ("zone", "weekdays", "at", "day", "local", "utc"),
    [
        # Skipped local times move forward by as much as the clocks did.
        ("Europe/Berlin", "SU", "02:30", date(2026, 3, 29), "03:30", "2026-03-29T01:30"),
        ("America/New_York", "SU", "02:30", date(2026, 3, 8), "03:30", "2026-03-08T07:30"),
        ("Australia/Lord_Howe", "SU", "02:15", date(2026, 10, 4), "02:45", "2026-10-03T15:45"),
        ("America/Sao_Paulo", "SU", "00:00", date(2018, 11, 4), "01:00", "2018-11-04T03:00"),
        # Repeated local times are the first of the two.
        ("Europe/Berlin", "SU", "02:30", date(2026, 10, 25), "02:30", "2026-10-25T00:30"),
        ("America/New_York", "SU", "01:30", date(2026, 11, 1), "01:30", "2026-11-01T05:30"),
        ("Australia/Lord_Howe", "SU", "01:45", date(2026, 4, 5), "01:45", "2026-04-04T14:45"),
        # Plain days, before and after a change, keep the wall time.
        ("Europe/Berlin", "TU", "09:00", date(2026, 3, 24), "09:00", "2026-03-24T08:00"),
        ("Europe/Berlin", "TU", "09:00", date(2026, 3, 31), "09:00", "2026-03-31T07:00"),
        ("Asia/Kathmandu", "TU", "09:00", date(2026, 3, 31), "09:00", "2026-03-31T03:15"),
    ],
)
def test_a_slot_beside_a_change_of_the_clocks_is_at_the_instant_of_the_table(zone, weekdays, at, day, local, utc):
    before = datetime.combine(day, time(0), tzinfo=ZoneInfo(zone)) - timedelta(days=1)
    slot = next_slot(rule(weekdays, at, zone), before)
    assert slot.key == f"{day.isoformat()}T{at} {zone}"
    assert f"{slot.local:%H:%M}" == local
    assert f"{slot.at_utc:%Y-%m-%dT%H:%M}" == utc
    assert slot.is_shifted == (local != at)


def test_a_day_that_a_zone_skipped_has_its_slot_on_the_next_day():
    slot = next_slot(rule("FR", "09:00", "Pacific/Apia"), datetime(2011, 12, 29, 20, tzinfo=UTC))
    assert slot.key == "2011-12-30T09:00 Pacific/Apia"
    assert slot.local.date() == date(2011, 12, 31)


def test_a_skipped_day_never_makes_two_slots_at_one_instant():
    daily = rule("TH,FR,SA,SU", "09:00", "Pacific/Apia")
    slots = list(slots_between(daily, datetime(2011, 12, 28, 12, tzinfo=UTC), datetime(2012, 1, 1, 12, tzinfo=UTC)))
    assert [slot.key.split("T")[0] for slot in slots] == ["2011-12-29", "2011-12-31", "2012-01-01"]


def test_no_slot_comes_before_the_schedule_starts():
    starts_at = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)  # 09:00 in Berlin, a Tuesday: the first slot itself
    first = next_slot(rule(starts_at=starts_at), datetime(2026, 1, 1, tzinfo=UTC))
    assert first.at_utc == starts_at


def test_the_end_of_a_span_of_slots_is_open_and_its_start_is_not():
    slot = next_slot(rule(), datetime(2026, 11, 22, tzinfo=UTC))
    assert list(slots_between(rule(), slot.at_utc, slot.at_utc + timedelta(seconds=1))) == [slot]
    assert list(slots_between(rule(), slot.at_utc - timedelta(days=1), slot.at_utc)) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weekdays": "TUESDAY"}, "'TUESDAY' is no weekday"),
        ({"weekdays": " , "}, "has no weekday"),
        ({"zone": "Mars/Olympus"}, "no time zone 'Mars/Olympus'"),
        ({"zone": "../etc/passwd"}, "no time zone"),
        ({"zone": ""}, "no time zone"),
        ({"at": "25:00"}, "'25:00' is no time of day"),
        ({"at": "nine"}, "Write it as 09:00"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused_in_words(changes, said):
    with pytest.raises(ScheduleError, match=said):
        rule(**changes)


@pytest.mark.parametrize(
    ("weekdays", "words"),
    [
        ("TU", "every Tuesday at 09:00 (Europe/Berlin)"),
        ("FR,TU", "every Tuesday and Friday at 09:00 (Europe/Berlin)"),
        ("MO,WE,FR", "every Monday, Wednesday and Friday at 09:00 (Europe/Berlin)"),
        ("MO,TU,WE,TH,FR,SA,SU", "every day at 09:00 (Europe/Berlin)"),
    ],
)
def test_a_rule_says_itself_in_words(weekdays, words):
    assert rule(weekdays).describe() == words
