"""From a rule to what really comes: days off, pauses, one-offs, and schedules that change under issues."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.editorial.holiday_rules import holiday_calendar, holiday_on
from pipeline.editorial.recurrence_notations import read_schedule
from pipeline.editorial.recurrence_rules import ScheduleError
from pipeline.editorial.timetable_rules import (
    Blackout,
    DaysOff,
    OnDayOff,
    Timetable,
    coming_slots,
    free_slots,
    nominal_of,
    occurrences,
    one_off,
)
from tests.editorial.test_slots import INSTANTS, recurrences

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)  # a Sunday


def read(text, zone="Europe/Berlin"):
    return read_schedule(text, zone=zone, today=NOW.date())


def shown(timetable, count, after=NOW):
    return [
        (f"{each.slot.local:%m-%d %H:%M}", each.skipped or each.moved_from)
        for each in islice(occurrences(timetable, after), count)
    ]


CLOSED = DaysOff((Blackout(date(2026, 12, 21), date(2026, 12, 29), "company holidays"),))


def test_a_slot_on_a_day_off_is_there_with_why_nothing_goes_out():
    table = Timetable(read("every Tuesday at 9"), CLOSED)
    assert shown(table, 4, datetime(2026, 12, 14, tzinfo=UTC)) == [
        ("12-15 09:00", ""), ("12-22 09:00", "company holidays"), ("12-29 09:00", "company holidays"),
        ("01-05 09:00", ""),
    ]  # fmt: skip
    keys = [slot.key[:10] for slot in islice(free_slots(table, datetime(2026, 12, 16, tzinfo=UTC)), 1)]
    assert keys == ["2027-01-05"]


def test_a_slot_moves_to_the_next_free_day_and_keeps_its_name():
    table = Timetable(read("every Tuesday at 9"), CLOSED, OnDayOff.NEXT_DAY)
    after = datetime(2026, 12, 16, tzinfo=UTC)
    assert shown(table, 2, after) == [
        ("12-22 09:00", "company holidays; the next slot comes before a free day"),
        ("12-30 09:00", "2026-12-29: company holidays"),
    ]
    moved = next(free_slots(table, after))
    assert (moved.key, moved.is_shifted) == ("2026-12-29T09:00 Europe/Berlin", False)


def test_a_slot_moves_no_further_than_a_week():
    closed = DaysOff((Blackout(date(2026, 12, 1), date(2026, 12, 20), "closed"),))
    table = Timetable(read("on the 1st of each month at 9"), closed, OnDayOff.NEXT_DAY)
    assert shown(table, 1)[0][1] == "closed; no free day within 7 days"


def test_a_moved_slot_is_found_from_after_the_day_that_it_left():
    closed = DaysOff((Blackout(date(2026, 12, 1), date(2026, 12, 5), "closed"),))
    table = Timetable(read("on the 1st of each month at 9"), closed, OnDayOff.NEXT_DAY)
    slot = next(free_slots(table, datetime(2026, 12, 4, tzinfo=UTC)))
    assert (slot.key[:10], f"{slot.local:%m-%d}") == ("2026-12-01", "12-06")


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("DE", date(2026, 12, 25), "Christmas Day"),
        ("DE-BY", date(2026, 1, 6), "Epiphany"),
        ("DE", date(2026, 1, 6), ""),
        ("de-by", date(2026, 1, 6), "Epiphany"),
        ("US", date(2026, 11, 26), "Thanksgiving Day"),
        ("GB-SCT", date(2026, 11, 30), "Saint Andrew's Day"),
        ("", date(2026, 12, 25), ""),
    ],
)
def test_a_holiday_calendar_knows_the_days_of_its_country_and_region(code, day, name):
    assert holiday_on(holiday_calendar(code), day) == name


@pytest.mark.parametrize(("code", "said"), [("XX", "no holiday calendar 'XX'"), ("DE-XX", "no region 'XX'.*BY")])
def test_a_holiday_calendar_that_there_is_not_is_refused(code, said):
    with pytest.raises(ScheduleError, match=said):
        holiday_calendar(code)


def test_a_holiday_keeps_a_slot_off_by_its_name():
    table = Timetable(read("every Friday at 9"), DaysOff(holidays="DE"))
    assert shown(table, 1, datetime(2026, 12, 20, tzinfo=UTC)) == [("12-25 09:00", "Christmas Day")]


def test_a_pause_with_an_end_lets_slots_come_after_it():
    table = Timetable(read("every Tuesday at 9"), is_paused=True, paused_until=datetime(2026, 12, 2, tzinfo=UTC))
    assert shown(table, 3) == [
        ("11-24 09:00", "paused until 2026-12-02 00:00 UTC"), ("12-01 09:00", "paused until 2026-12-02 00:00 UTC"),
        ("12-08 09:00", ""),
    ]  # fmt: skip
    assert next(free_slots(table, NOW)).key[:10] == "2026-12-08"


def test_a_pause_without_an_end_leaves_one_offs_alone():
    christmas = one_off(datetime.fromisoformat("2026-12-24T18:00"), "Europe/Berlin")
    table = Timetable(read("every Tuesday at 9"), is_paused=True, one_offs=(christmas,))
    assert list(free_slots(table, NOW)) == [christmas]
    assert shown(table, 1) == [("11-24 09:00", "paused")]
    assert list(free_slots(Timetable(None, one_offs=(christmas,)), NOW)) == [christmas]


def test_a_one_off_comes_in_its_turn_and_on_a_day_off_too():
    christmas = one_off(datetime.fromisoformat("2026-12-24T18:00"), "Europe/Berlin")
    table = Timetable(read("every Tuesday at 9"), CLOSED, one_offs=(christmas,))
    keys = [slot.key for slot in islice(coming_slots(table, datetime(2026, 12, 16, tzinfo=UTC)), 2)]
    assert keys == ["once 2026-12-24T18:00 Europe/Berlin", "2027-01-05T09:00 Europe/Berlin"]
    assert nominal_of(keys[0]) is None


def test_a_slot_begins_where_its_time_comes_first():
    table = Timetable(read("every Tuesday at 9"), zones=("America/New_York", "Asia/Tokyo"))
    slot = next(free_slots(table, NOW))
    assert (slot.key, f"{slot.at_utc:%d %H:%M}") == ("2026-11-24T09:00 Europe/Berlin", "24 00:00")
    assert next(free_slots(table, slot.at_utc)).key[:10] == "2026-12-01"


@pytest.mark.parametrize(
    ("sent", "now", "rule", "first"),
    [
        # moved within the week that has had its issue: the next one is next week's
        (["2026-11-24T09:00 Europe/Berlin"], "2026-11-24T12:00", "every Wednesday at 9", "2026-12-02"),
        (["2026-11-24T09:00 Europe/Berlin"], "2026-11-24T12:00", "every Tuesday at 18:00", "2026-12-01"),
        (["2026-11-24T09:00 Asia/Tokyo"], "2026-11-24T01:00", "every Tuesday at 9", "2026-12-01"),
        (["2026-11-24T09:00 Europe/Berlin"], "2026-11-24T12:00", "every Monday at 9", "2026-11-30"),
        # of two a week, one was sent: the other is still to come
        (["2026-11-24T09:00 Europe/Berlin"], "2026-11-24T12:00", "Wed and Fri at 9", "2026-11-27"),
        # a month that has had its issue; a shorter stretch that has not
        (["2026-12-07T09:00 Europe/Berlin"], "2026-12-08T12:00", "last Friday of the month at 9", "2027-01-29"),
        (["2026-12-01T09:00 Europe/Berlin"], "2026-12-02T12:00", "every Tuesday at 9", "2026-12-08"),
        (["2026-12-01T09:00 Europe/Berlin"], "2026-12-01T12:00", "daily at 10 from 2026-12-01", "2026-12-02"),
        # an issue for the very slot that the rule has is that slot's, and stands for no other
        (["2026-11-24T09:00 Europe/Berlin"], "2026-11-23T12:00", "Tue and Fri at 9", "2026-11-27"),
        # beside the schedule
        (["extra 2026-11-24T08:00 UTC", "once 2026-11-24T10:00 Europe/Berlin"], "2026-11-24T12:00",
         "every Wednesday at 9", "2026-11-25"),
    ],
)  # fmt: skip
def test_a_changed_schedule_makes_no_second_issue_for_a_stretch_that_had_its_issues(sent, now, rule, first):
    table = Timetable(read(rule), issues=dict.fromkeys(sent, True))
    assert next(free_slots(table, datetime.fromisoformat(now).replace(tzinfo=UTC))).key[:10] == first


def test_a_cancelled_issue_gave_up_its_own_slot_and_no_other():
    table = Timetable(read("every Wednesday at 9"), issues={"2026-11-24T09:00 Europe/Berlin": False})
    assert next(free_slots(table, NOW)).key[:10] == "2026-11-25"
    same = Timetable(read("every Tuesday at 9"), issues={"2026-11-24T09:00 Europe/Berlin": False})
    assert next(free_slots(same, NOW)).key[:10] == "2026-12-01"


RULES = st.lists(recurrences(zones=["Europe/Berlin", "Asia/Tokyo", "America/New_York"]), min_size=2, max_size=4)


@settings(max_examples=60, deadline=None)
@given(rules=RULES, steps=st.lists(st.integers(1, 4), min_size=4, max_size=4))
def test_no_stretch_ever_has_more_issues_than_its_rule_has_slots_for_it(rules, steps):
    """A life of edits: some issues by one rule, then by the next; counted by each rule in the stretches it ruled."""
    now, issues = datetime(2011, 3, 1, tzinfo=UTC), {}
    for rule, count in zip(rules, steps, strict=False):
        for slot in islice(free_slots(Timetable(rule, issues=issues), now), count):
            stretch = rule.period_of(slot.nominal.date())
            issues = {**issues, slot.key: True}
            now = slot.at_utc
            of_stretch = [key for key in issues if rule.period_of(nominal_of(key).date()) == stretch]
            assert len(of_stretch) <= days_of_stretch(rule, slot.nominal.date()) * len(rule.times)


def days_of_stretch(rule, day):
    stretch, around = rule.period_of(day), range(-740, 741)
    return sum(
        rule.is_on(each) for each in (day + timedelta(days=number) for number in around)
        if rule.period_of(each) == stretch
    )  # fmt: skip


@settings(deadline=None)
@given(rule=recurrences(), after=INSTANTS)
def test_days_off_never_bring_slots_out_of_order_nor_put_one_on_a_day_off(rule, after):
    closed = Blackout(after.date() + timedelta(days=3), after.date() + timedelta(days=9), "closed")
    table = Timetable(rule, DaysOff((closed,), "DE"), OnDayOff.NEXT_DAY)
    slots = list(islice(coming_slots(table, after), 5))
    assert all(earlier.at_utc < later.at_utc for earlier, later in pairwise(slots))
    assert not [slot for slot in slots if table.days_off.reason(slot.nominal.date())]
    assert len({slot.key for slot in slots}) == len(slots)
