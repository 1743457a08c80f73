"""Slots against python-dateutil's rrule, and against tables made by hand from the zones' own laws."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule as oracle
from dateutil.tz import resolve_imaginary
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.editorial.day_rules import day_rule, first_of_week, week_of_year
from pipeline.editorial.recurrence_rules import DayRule, Freq, ScheduleError, recurrence, time_of_day, weekly
from pipeline.editorial.slots import next_slot, slot_at, slots_after

# Half an hour of summer time, a skipped day, a quarter of an hour, summer time that is "negative", two hours of it, a
# clock that goes back for one month of the Moon's year, gaps at midnight: each zone is here for a law of its own.
ZONES = [
    "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu",
    "Africa/Casablanca", "Pacific/Apia", "Pacific/Chatham", "America/St_Johns", "Europe/Dublin", "Antarctica/Troll",
    "UTC",
]  # fmt: skip
YEARS = (datetime(2010, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
INSTANTS = st.datetimes(*(end.replace(tzinfo=None) for end in YEARS), timezones=st.just(UTC))
TIMES = st.times().map(lambda value: value.replace(second=0, microsecond=0))


def rule(days="FREQ=WEEKLY;BYDAY=TU", times="09:00", zone="Europe/Berlin", anchor=None, starts_at=None, **ends):
    return recurrence(
        days=[day_rule(line) for line in days.splitlines()],
        times=[time_of_day(each) for each in times.split(",")],
        zone=zone, anchor=anchor, starts_at=starts_at, **ends,
    )  # fmt: skip


def wall(text):
    """A wall time, which has no zone of its own."""
    return datetime.fromisoformat(text)


def slots_between(ours, start, end):
    """The slots with `start` <= instant < `end`."""
    return takewhile(lambda slot: slot.at_utc < end, slots_after(ours, start - timedelta(microseconds=1)))


def nominal_by_rrule(ours, begins, until):
    """The wall times up to `until` by dateutil's rrule, one rule and time after the other; an end is cut off here."""
    nominal = set()
    for each in ours.days:
        for at in ours.times:
            words = f"{each.to_rrule()};BYHOUR={at.hour};BYMINUTE={at.minute};BYSECOND=0"
            found = oracle.rrulestr(words, dtstart=begins)
            nominal |= set(takewhile(lambda moment: moment <= until, found))
    ordered = sorted(nominal)[: ours.count]
    return [moment for moment in ordered if ours.until is None or moment <= ours.until]


def begun(ours, start):
    """Where dateutil begins. It takes BYSETPOS of a first week from there on, and not of the whole week."""
    begins = ours.anchor or start.date() - timedelta(days=9)
    weeks = [each.week_start for each in ours.days if each.positions and each.freq is Freq.WEEKLY]
    return datetime.combine(first_of_week(begins, weeks[0]) if weeks else begins, time(0))


def by_rrule(ours, start, end):
    """The same slots by another road: nominal times from dateutil's rrule, imaginary ones resolved by dateutil."""
    zone = ZoneInfo(ours.zone)
    until = datetime.combine(end.date() + timedelta(days=3), time(0))
    nominal = nominal_by_rrule(ours, begun(ours, start), until)
    instants = sorted({resolve_imaginary(local.replace(tzinfo=zone)).astimezone(UTC) for local in nominal})
    return [instant for instant in instants if start <= instant < end]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("days", "times"),
    [
        ("FREQ=WEEKLY;BYDAY=SU", "02:30"),
        ("FREQ=DAILY", "00:15,01:45,02:30,03:15"),
        ("FREQ=WEEKLY;BYDAY=TU,FR", "09:00"),
        ("FREQ=DAILY;INTERVAL=10", "06:15"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", "00:00"),
        ("FREQ=MONTHLY;BYDAY=1MO,-1FR", "08:00"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=-2SU", "02:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15,31,-1", "12:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=13\nFREQ=WEEKLY;BYDAY=FR;BYMONTH=3,10", "03:00"),
    ],
)
def test_twenty_years_of_slots_are_those_of_rrule(zone, days, times):
    ours = rule(days, times, zone, anchor=date(2009, 12, 21) if "INTERVAL" in days else None)
    assert [slot.at_utc for slot in slots_between(ours, *YEARS)] == by_rrule(ours, *YEARS)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia"])
@pytest.mark.parametrize(
    ("days", "anchor", "ends"),
    [
        ("FREQ=YEARLY;BYMONTH=3,10;BYMONTHDAY=-1,1", None, {}),
        ("FREQ=YEARLY;INTERVAL=3;BYMONTH=2;BYMONTHDAY=29", date(2009, 12, 21), {}),
        ("FREQ=YEARLY;BYDAY=20MO,-1SU", None, {}),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", None, {}),
        ("FREQ=YEARLY;BYYEARDAY=1,100,-1,366", None, {}),
        ("FREQ=YEARLY;BYWEEKNO=1,20,-1;BYDAY=MO,SU", None, {}),
        ("FREQ=YEARLY;BYWEEKNO=1,-1;BYDAY=SU;WKST=SU", None, {}),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", None, {}),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", None, {}),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", date(2009, 12, 20), {}),
        ("FREQ=WEEKLY;BYDAY=SU", date(2010, 2, 1), {"count": 200}),
        ("FREQ=MONTHLY;BYDAY=-1SU", date(2009, 12, 21), {"until": wall("2019-03-31T02:30")}),
    ],
)
def test_twenty_years_of_any_part_that_means_days_are_those_of_rrule(zone, days, anchor, ends):
    ours = rule(days, "02:30", zone, anchor=anchor, **ends)
    found = [slot.at_utc for slot in slots_between(ours, *YEARS)]
    assert found == by_rrule(ours, *YEARS)
    assert found


def subsets(values, *, least=1, most=3):
    return st.lists(values, min_size=least, max_size=most, unique=True).map(tuple)


PLAIN = subsets(st.tuples(st.just(0), st.integers(0, 6)), most=7)
# dateutil wants a day to be both, where BYDAY lists plain and numbered weekdays; RFC 5545 has a list of alternatives.
OF_MONTH = PLAIN | subsets(st.tuples(st.sampled_from([1, 2, 3, 4, 5, -1, -2, -5]), st.integers(0, 6)))
OF_YEAR = subsets(st.tuples(st.sampled_from([1, 5, 6, 20, 52, 53, -1, -7, -53]), st.integers(0, 6)))
MONTH_DAYS = subsets(st.integers(1, 31) | st.integers(-31, -1))
YEAR_DAYS = subsets(st.integers(1, 366) | st.integers(-366, -1), most=5)
# dateutil takes 2 January 2011 for week 53 of 2010, which has 52: the last weeks are compared to the calendar of ISO.
WEEK_NUMBERS = subsets(st.integers(1, 51) | st.integers(-3, -1))
POSITIONS = st.just(()) | subsets(st.sampled_from([1, 2, 3, 5, -1, -2]))
MONTHS = st.just(()) | subsets(st.integers(1, 12), least=2, most=12)
STARTS = st.integers(0, 6)


@st.composite
def day_rules(draw):
    """Any DayRule: each part of RFC 5545 that means days, where its table allows it."""
    freq = draw(st.sampled_from(list(Freq)))
    months = draw(MONTHS)
    yearly = [
        {"weekdays": OF_MONTH if months else OF_YEAR, "positions": POSITIONS},
        {"month_days": MONTH_DAYS, "weekdays": st.just(()) | PLAIN, "positions": POSITIONS},
        {"year_days": YEAR_DAYS, "positions": POSITIONS},
        {"week_numbers": WEEK_NUMBERS, "weekdays": PLAIN, "week_start": STARTS, "positions": POSITIONS},
    ]
    kinds = {
        Freq.DAILY: [{}, {"weekdays": PLAIN}, {"month_days": MONTH_DAYS, "weekdays": st.just(()) | PLAIN}],
        Freq.WEEKLY: [{"weekdays": PLAIN}, {"weekdays": PLAIN, "positions": POSITIONS, "week_start": STARTS}],
        Freq.MONTHLY: [
            {"weekdays": OF_MONTH, "positions": POSITIONS},
            {"month_days": MONTH_DAYS, "positions": POSITIONS},
            {"month_days": MONTH_DAYS, "weekdays": OF_MONTH},
        ],
        Freq.YEARLY: yearly,
    }
    parts = {name: draw(values) for name, values in draw(st.sampled_from(kinds[freq])).items()}
    interval = draw(st.just(1) | st.integers(2, 10))
    return DayRule(freq, interval, months=months, **parts)


@st.composite
def ends_of(draw):
    """No end, a last wall time, or a number of times."""
    until = st.datetimes(wall("2011-01-01"), wall("2031-01-01"))
    kind = draw(st.sampled_from(["", "", "until", "count"]))
    if kind == "until":
        return {"until": draw(until).replace(second=0, microsecond=0)}
    return {"count": draw(st.integers(1, 300))} if kind else {}


@st.composite
def recurrences(draw, zones=ZONES):
    """Any rule that a schedule may hold, anchored at the beginning of the years that are compared."""
    days, ends = draw(day_rules()), draw(ends_of())
    anchor = draw(st.dates(date(2009, 1, 1), date(2010, 12, 31)))
    try:
        made = recurrence(
            days=[days], times=draw(st.lists(TIMES, min_size=1, max_size=3)), zone=draw(st.sampled_from(zones)),
            anchor=anchor if days.interval > 1 or ends else None, **ends,
        )  # fmt: skip
    except ScheduleError:  # no day has all that was drawn
        return rule()
    return replace(made, anchor=begun(made, YEARS[0]).date()) if made.anchor else made


@settings(deadline=None)
@given(ours=recurrences(), start=INSTANTS)
def test_any_rule_from_any_instant_agrees_with_rrule(ours, start):
    end = start + timedelta(days=800 if ours.days[0].freq is Freq.YEARLY else 70)
    assert [slot.at_utc for slot in slots_between(ours, start, end)] == by_rrule(ours, start, end)


@settings(deadline=None)
@given(ours=recurrences(), after=INSTANTS)
def test_slots_are_in_order_with_a_key_of_their_own_and_after_the_given_instant(ours, after):
    slots = list(islice(slots_after(ours, after), 6))
    assert all(slot.at_utc > after for slot in slots)
    assert all(earlier.at_utc < later.at_utc for earlier, later in pairwise(slots))
    assert len({slot.key for slot in slots}) == len(slots)


@settings(deadline=None)
@given(ours=recurrences(), after=INSTANTS, cut=st.integers(0, 4))
def test_slots_do_not_depend_on_where_one_begins_to_count(ours, after, cut):
    slots = list(islice(slots_after(ours, after), 6))
    if cut >= len(slots):  # the rule has ended
        return
    assert list(islice(slots_after(ours, slots[cut].at_utc), 5 - cut)) == slots[cut + 1 :]
    assert next_slot(ours, slots[cut].at_utc - timedelta(seconds=1)) == slots[cut]


@pytest.mark.parametrize(
    ("zone", "at", "day", "local", "utc"),
    [
        # Skipped local times move forward by as much as the clocks did.
        ("Europe/Berlin", "02:30", date(2026, 3, 29), "03:30", "2026-03-29T01:30"),
        ("America/New_York", "02:30", date(2026, 3, 8), "03:30", "2026-03-08T07:30"),
        ("Europe/Dublin", "01:30", date(2026, 3, 29), "02:30", "2026-03-29T01:30"),
        ("Australia/Lord_Howe", "02:15", date(2026, 10, 4), "02:45", "2026-10-03T15:45"),
        ("Pacific/Chatham", "03:00", date(2026, 9, 27), "04:00", "2026-09-26T14:15"),
        ("Antarctica/Troll", "01:30", date(2026, 3, 29), "03:30", "2026-03-29T01:30"),
        ("America/Sao_Paulo", "00:00", date(2018, 11, 4), "01:00", "2018-11-04T03:00"),
        ("America/St_Johns", "00:01", date(2011, 3, 13), "01:01", "2011-03-13T03:31"),
        ("Africa/Casablanca", "02:15", date(2026, 3, 22), "03:15", "2026-03-22T02:15"),
        ("Asia/Kathmandu", "00:05", date(1986, 1, 1), "00:20", "1985-12-31T18:35"),
        # Repeated local times are the first of the two.
        ("Europe/Berlin", "02:30", date(2026, 10, 25), "02:30", "2026-10-25T00:30"),
        ("America/New_York", "01:30", date(2026, 11, 1), "01:30", "2026-11-01T05:30"),
        ("Europe/Dublin", "01:30", date(2026, 10, 25), "01:30", "2026-10-25T00:30"),
        ("Australia/Lord_Howe", "01:45", date(2026, 4, 5), "01:45", "2026-04-04T14:45"),
        ("Pacific/Chatham", "03:00", date(2026, 4, 5), "03:00", "2026-04-04T13:15"),
        ("Antarctica/Troll", "01:30", date(2026, 10, 25), "01:30", "2026-10-24T23:30"),
        ("America/Sao_Paulo", "23:30", date(2018, 2, 17), "23:30", "2018-02-18T01:30"),
        ("Africa/Casablanca", "02:30", date(2026, 2, 15), "02:30", "2026-02-15T01:30"),
        # Plain days, before and after a change, keep the wall time.
        ("Europe/Berlin", "09:00", date(2026, 3, 24), "09:00", "2026-03-24T08:00"),
        ("Europe/Berlin", "09:00", date(2026, 3, 31), "09:00", "2026-03-31T07:00"),
        ("Asia/Kathmandu", "09:00", date(2026, 3, 31), "09:00", "2026-03-31T03:15"),
        ("Africa/Casablanca", "09:00", date(2026, 3, 1), "09:00", "2026-03-01T09:00"),
        ("Antarctica/Troll", "09:00", date(2026, 7, 1), "09:00", "2026-07-01T07:00"),
    ],
)
def test_a_slot_beside_a_change_of_the_clocks_is_at_the_instant_of_the_table(zone, at, day, local, utc):
    before = datetime.combine(day, time(0), tzinfo=ZoneInfo(zone)) - timedelta(days=1)
    slot = next(slot for slot in slots_after(rule("FREQ=DAILY", at, zone), before) if slot.nominal.date() == day)
    assert slot.key == f"{day.isoformat()}T{at} {zone}"
    assert f"{slot.local:%H:%M}" == local
    assert f"{slot.at_utc:%Y-%m-%dT%H:%M}" == utc
    assert slot.is_shifted == (local != at)


def changes_of_the_clocks(zone):
    """The local days of the twenty years on which the clocks change."""
    first, around = YEARS[0].date(), ZoneInfo(zone)
    days = [first + timedelta(days=number) for number in range((YEARS[1].date() - first).days)]
    offsets = [datetime.combine(day, time(0), around).utcoffset() for day in days]
    return [day for day, (before, after) in zip(days, pairwise(offsets), strict=False) if before != after]


@pytest.mark.parametrize("zone", ZONES)
def test_on_every_day_with_a_change_each_time_is_told_as_it_is_shown_on_the_clocks(zone):
    """What the clocks really show is found by going through the instants, a quarter of an hour at a time."""
    around = ZoneInfo(zone)
    days = changes_of_the_clocks(zone)
    assert len(days) >= {"Europe/Berlin": 39, "Africa/Casablanca": 54, "Pacific/Apia": 20}.get(zone, 0)
    for day in days:
        begins = datetime.combine(day, time(0), UTC) - timedelta(days=1)
        shown = {}
        for quarter in range(4 * 24 * 3):
            instant = begins + timedelta(minutes=15 * quarter)
            shown.setdefault(instant.astimezone(around).replace(tzinfo=None, fold=0), []).append(instant)
        for quarter in range(4 * 24):
            nominal = datetime.combine(day, time(quarter // 4, quarter % 4 * 15))
            slot, instants = slot_at(nominal, zone), shown.get(nominal, [])
            assert (slot.is_shifted, slot.is_repeated) == (not instants, len(instants) == 2), slot
            assert bool(slot.note) == (len(instants) != 1)
            if instants:
                assert slot.at_utc == instants[0]


def test_a_day_that_a_zone_skipped_has_its_slot_on_the_next_day():
    slot = next_slot(rule("FREQ=WEEKLY;BYDAY=FR", zone="Pacific/Apia"), datetime(2011, 12, 29, 20, tzinfo=UTC))
    assert slot.key == "2011-12-30T09:00 Pacific/Apia"
    assert slot.local.date() == date(2011, 12, 31)


def test_a_skipped_day_never_makes_two_slots_at_one_instant():
    daily = rule("FREQ=WEEKLY;BYDAY=TH,FR,SA,SU", zone="Pacific/Apia")
    slots = list(slots_between(daily, datetime(2011, 12, 28, 12, tzinfo=UTC), datetime(2012, 1, 1, 12, tzinfo=UTC)))
    assert [slot.key.split("T")[0] for slot in slots] == ["2011-12-29", "2011-12-31", "2012-01-01"]


def test_times_that_the_clocks_skip_come_in_the_order_of_their_instants():
    night = rule("FREQ=WEEKLY;BYDAY=SU", "02:15,03:00,03:15")
    slots = list(slots_between(night, datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC)))
    assert [f"{slot.nominal:%H:%M} {slot.local:%H:%M}" for slot in slots] == ["03:00 03:00", "03:15 03:15"]


def test_a_slot_says_what_the_clocks_do_to_it():
    sundays = rule("FREQ=WEEKLY;BYDAY=SU", "02:30")
    spring = next_slot(sundays, datetime(2026, 3, 28, tzinfo=UTC))
    autumn = next_slot(sundays, datetime(2026, 10, 24, tzinfo=UTC))
    assert spring.note == "The clocks skip 02:30 that day: it goes out at 03:30."
    assert autumn.note == "The clocks show 02:30 twice that day: it goes out at the first."
    assert next_slot(sundays, autumn.at_utc).note == ""


def test_no_slot_comes_before_the_schedule_starts():
    starts_at = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)  # 09:00 in Berlin, a Tuesday: the first slot itself
    first = next_slot(rule(starts_at=starts_at), datetime(2026, 1, 1, tzinfo=UTC))
    assert first.at_utc == starts_at


def test_an_interval_is_counted_from_its_anchor_and_nothing_comes_before_it():
    tenth = rule("FREQ=DAILY;INTERVAL=10", "06:15", anchor=date(2026, 12, 1))
    keys = [slot.key[:10] for slot in islice(slots_after(tenth, datetime(2026, 1, 1, tzinfo=UTC)), 3)]
    assert keys == ["2026-12-01", "2026-12-11", "2026-12-21"]


@settings(deadline=None)
@given(ours=recurrences())
def test_dateutil_reads_the_end_of_a_rule_from_its_rfc_5545_text_as_we_do(ours):
    if ours.last is None or ours.anchor is None:
        return
    begins, found = datetime.combine(ours.anchor, time(0)), set()
    for line in ours.to_ical().splitlines():
        if line.startswith("RRULE"):
            found |= set(oracle.rrulestr(line, dtstart=begins))
    assert sorted(found) == list(ours.nominals_from(ours.anchor))


def test_a_number_of_times_is_counted_from_the_anchor_wherever_one_begins_to_look():
    ours = rule(anchor=date(2026, 11, 1), count=3)  # Tuesdays: 3, 10, 17 November
    assert [slot.key[:10] for slot in slots_after(ours, datetime(2026, 1, 1, tzinfo=UTC))] == [
        "2026-11-03", "2026-11-10", "2026-11-17",
    ]  # fmt: skip
    assert [slot.key[:10] for slot in slots_after(ours, datetime(2026, 11, 12, tzinfo=UTC))] == ["2026-11-17"]
    assert list(slots_after(ours, datetime(2026, 11, 17, 12, tzinfo=UTC))) == []


@given(day=st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_weeks_have_the_numbers_of_iso_8601(day):
    number, length = week_of_year(day)
    assert number == day.isocalendar().week
    assert length == date(day.isocalendar().year, 12, 28).isocalendar().week


def test_weekdays_that_are_numbered_and_not_are_alternatives():
    mixed = rule("FREQ=MONTHLY;BYDAY=FR,1MO")
    days = [slot.key[:10] for slot in islice(slots_after(mixed, datetime(2026, 12, 1, tzinfo=UTC)), 3)]
    assert days == ["2026-12-04", "2026-12-07", "2026-12-11"]


def test_the_last_wall_time_is_one_itself_and_there_is_none_after_it():
    ours = rule(times="09:00,17:00", until=wall("2026-11-24T09:00"))
    found = [slot.key[:16] for slot in slots_after(ours, datetime(2026, 11, 20, tzinfo=UTC))]
    assert found == ["2026-11-24T09:00"]
    assert (ours.has(wall("2026-11-24T09:00")), ours.has(wall("2026-11-24T17:00"))) == (True, False)


def test_the_end_of_a_span_of_slots_is_open_and_its_start_is_not():
    slot = next_slot(rule(), datetime(2026, 11, 22, tzinfo=UTC))
    assert list(slots_between(rule(), slot.at_utc, slot.at_utc + timedelta(seconds=1))) == [slot]
    assert list(slots_between(rule(), slot.at_utc - timedelta(days=1), slot.at_utc)) == []


def test_a_rule_for_leap_days_alone_waits_for_them():
    leap = rule("FREQ=MONTHLY;BYMONTHDAY=29;BYMONTH=2")
    assert [slot.key[:4] for slot in islice(slots_after(leap, YEARS[0]), 3)] == ["2012", "2016", "2020"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"zone": "Mars/Olympus"}, "no time zone 'Mars/Olympus'"),
        ({"zone": "../etc/passwd"}, "no time zone"),
        ({"zone": ""}, "no time zone"),
        ({"times": "25:00"}, "'25:00' is no time of day"),
        ({"times": "nine"}, "Write it as 09:00"),
        ({"days": "FREQ=MONTHLY;BYMONTHDAY=30;BYMONTH=2"}, "would never be due"),
        ({"days": "FREQ=DAILY;INTERVAL=2"}, "counted from a day"),
        ({"days": "FREQ=DAILY;INTERVAL=400", "anchor": date(2026, 1, 1)}, "'Every 400 days' is out of range: 1 to 366"),
        ({"days": "FREQ=HOURLY"}, "no rule that a schedule is kept in"),
        ({"days": "FREQ=MONTHLY"}, "says no day of the month"),
        ({"days": "FREQ=YEARLY;INTERVAL=11;BYYEARDAY=1", "anchor": date(2026, 1, 1)}, "'Every 11 years' is out of"),
        ({"count": 3}, "counted from a day"),
        ({"count": 0, "anchor": date(2026, 1, 1)}, "cannot end after 0 times"),
        ({"count": 3, "until": wall("2027-01-01"), "anchor": date(2026, 1, 1)}, "keep to one of COUNT and UNTIL"),
        ({"until": wall("2025-01-01"), "anchor": date(2026, 1, 1)}, "before it is ever due"),
        ({"days": ""}, "names no day"),
        ({"times": ",".join(f"{n // 60:02}:{n % 60:02}" for n in range(25))}, "due 25 times a day"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused_in_words(changes, said):
    with pytest.raises(ScheduleError, match=said):
        rule(**changes)


@pytest.mark.parametrize(("codes", "said"), [("TUESDAY", "'TUESDAY' is no weekday"), (" , ", "has no weekday")])
def test_weekdays_that_there_are_not_are_refused_in_words(codes, said):
    with pytest.raises(ScheduleError, match=said):
        weekly(codes)


def test_all_seven_weekdays_are_every_day():
    assert weekly("MO,TU,WE,TH,FR,SA,SU") == DayRule(Freq.DAILY)
