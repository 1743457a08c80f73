"""Schedules as people and programs write them: words, cron lines, RRULEs; and the words that a rule says itself in."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from dateutil import rrule as oracle
from hypothesis import given, settings

from pipeline.editorial.recurrence_notations import read_schedule
from pipeline.editorial.recurrence_rules import Freq, ScheduleError, recurrence, stored_recurrence
from pipeline.editorial.recurrence_words import describe
from tests.editorial.test_slots import recurrences

SUNDAYS_WEEKS = "every year on any day that is a Monday or a Friday and in the 20th or the last week of the year"
TODAY = date(2026, 11, 22)  # a Sunday


def read(text):
    return read_schedule(text, zone="Europe/Berlin", today=TODAY)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("every Tuesday and Friday at 9:00", "FREQ=WEEKLY;BYDAY=TU,FR at 09:00"),
        ("weekly on Mon, Thu at 07:30", "FREQ=WEEKLY;BYDAY=MO,TH at 07:30"),
        ("Tuesdays 9:00", "FREQ=WEEKLY;BYDAY=TU at 09:00"),
        ("at 9 on tuesdays", "FREQ=WEEKLY;BYDAY=TU at 09:00"),
        ("On Tue., Wednesday & fri at 9.30", "FREQ=WEEKLY;BYDAY=TU,WE,FR at 09:30"),
        ("every weekday at 8 am", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR at 08:00"),
        ("Monday to Friday at 8", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR at 08:00"),
        ("Sat-Mon at 8", "FREQ=WEEKLY;BYDAY=MO,SA,SU at 08:00"),
        ("weekends at midnight", "FREQ=WEEKLY;BYDAY=SA,SU at 00:00"),
        ("daily at 9 o'clock", "FREQ=DAILY at 09:00"),
        ("every day at 12 am and 12 pm", "FREQ=DAILY at 00:00,12:00"),
        ("every Tue at 9, 12:15 and at 5:30 p.m.", "FREQ=WEEKLY;BYDAY=TU at 09:00,12:15,17:30"),
        ("every other Tuesday at 9", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU at 09:00 from 2026-11-22"),
        ("every second Tuesday at 9", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU at 09:00 from 2026-11-22"),
        ("every second Tuesday of the month at 9", "FREQ=MONTHLY;BYDAY=2TU at 09:00"),
        ("every 2 weeks on Tue and Fri at 9", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR at 09:00 from 2026-11-22"),
        ("fortnightly on Tuesday at 9", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU at 09:00 from 2026-11-22"),
        ("every 10 days at 6:15 from 2026-12-01", "FREQ=DAILY;INTERVAL=10 at 06:15 from 2026-12-01"),
        ("every ten days from 1 December 2026 at 6:15", "FREQ=DAILY;INTERVAL=10 at 06:15 from 2026-12-01"),
        ("every third day at 9", "FREQ=DAILY;INTERVAL=3 at 09:00 from 2026-11-22"),
        ("every Tuesday at 9 starting 2027-01-01", "FREQ=WEEKLY;BYDAY=TU at 09:00 from 2027-01-01"),
        ("first Monday of the month at 8", "FREQ=MONTHLY;BYDAY=1MO at 08:00"),
        ("monthly on the 1st Monday at 8", "FREQ=MONTHLY;BYDAY=1MO at 08:00"),
        ("every month on the last Friday at 17:00", "FREQ=MONTHLY;BYDAY=-1FR at 17:00"),
        ("last Friday of the month at 17:00", "FREQ=MONTHLY;BYDAY=-1FR at 17:00"),
        ("second to last Friday of each month at 9", "FREQ=MONTHLY;BYDAY=-2FR at 09:00"),
        ("penultimate Friday of the month at 9", "FREQ=MONTHLY;BYDAY=-2FR at 09:00"),
        ("on the first and third Monday of each month at 9", "FREQ=MONTHLY;BYDAY=1MO,3MO at 09:00"),
        ("the first Monday and the last Friday of the month at 9", "FREQ=MONTHLY;BYDAY=1MO,-1FR at 09:00"),
        ("every last Friday of the month at 9", "FREQ=MONTHLY;BYDAY=-1FR at 09:00"),
        ("weekdays in March at 9", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYMONTH=3 at 09:00"),
        ("every 2 days in May at 9", "FREQ=DAILY;INTERVAL=2;BYMONTH=5 at 09:00 from 2026-11-22"),
        ("first Monday of March and September at 9", "FREQ=MONTHLY;BYDAY=1MO;BYMONTH=3,9 at 09:00"),
        ("on the 15th of each month at noon", "FREQ=MONTHLY;BYMONTHDAY=15 at 12:00"),
        ("the 1st and the 15th of every month at 9", "FREQ=MONTHLY;BYMONTHDAY=1,15 at 09:00"),
        ("day 15 of the month at 9", "FREQ=MONTHLY;BYMONTHDAY=15 at 09:00"),
        ("on the last day of each month at 18:00", "FREQ=MONTHLY;BYMONTHDAY=-1 at 18:00"),
        ("every 3 months on the 15th at 9", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15 at 09:00 from 2026-11-22"),
        ("every Tuesday in March and April at 9", "FREQ=WEEKLY;BYDAY=TU;BYMONTH=3,4 at 09:00"),
        ("every Monday, and also on the 1st of each month, at 9",
         "FREQ=MONTHLY;BYMONTHDAY=1 + FREQ=WEEKLY;BYDAY=MO at 09:00"),
        # cron: minute, hour, day of month, month, day of week
        ("0 9 * * 2", "FREQ=WEEKLY;BYDAY=TU at 09:00"),
        ("30 7 * * mon-fri", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR at 07:30"),
        ("0 9 * * 7", "FREQ=WEEKLY;BYDAY=SU at 09:00"),
        ("0 9 * * 0,6", "FREQ=WEEKLY;BYDAY=SA,SU at 09:00"),
        ("*/30 9-10 * * *", "FREQ=DAILY at 09:00,09:30,10:00,10:30"),
        ("0 9 1,15 * *", "FREQ=MONTHLY;BYMONTHDAY=1,15 at 09:00"),
        ("0 9 */10 * *", "FREQ=MONTHLY;BYMONTHDAY=1,11,21,31 at 09:00"),
        ("0 9 1 jan,jul *", "FREQ=MONTHLY;BYMONTHDAY=1;BYMONTH=1,7 at 09:00"),
        ("0 9 13 * 5", "FREQ=MONTHLY;BYMONTHDAY=13 + FREQ=WEEKLY;BYDAY=FR at 09:00"),
        # RFC 5545
        ("FREQ=WEEKLY;BYDAY=TU;BYHOUR=9;BYMINUTE=0", "FREQ=WEEKLY;BYDAY=TU at 09:00"),
        ("RRULE:FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=9,17;BYMINUTE=30", "FREQ=MONTHLY;BYDAY=-1FR at 09:30,17:30"),
        ("DTSTART:20261201T090000\nRRULE:FREQ=WEEKLY;INTERVAL=2;WKST=MO",
         "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU at 09:00 from 2026-12-01"),
        ("DTSTART:20261215T090000\nRRULE:FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=15 at 09:00 from 2026-12-15"),
        ("FREQ=MONTHLY;BYDAY=TU;BYHOUR=9", "FREQ=WEEKLY;BYDAY=TU at 09:00"),
        ("FREQ=DAILY;BYDAY=MO,TU;BYHOUR=9", "FREQ=WEEKLY;BYDAY=MO,TU at 09:00"),
        ("FREQ=DAILY;BYMONTHDAY=1;BYHOUR=9", "FREQ=MONTHLY;BYMONTHDAY=1 at 09:00"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;BYHOUR=9", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13 at 09:00"),
        ("FREQ=DAILY;INTERVAL=2;BYDAY=MO;BYHOUR=9", "FREQ=DAILY;INTERVAL=2;BYDAY=MO at 09:00 from 2026-11-22"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;BYHOUR=9;WKST=SU",
         "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU at 09:00 from 2026-11-22"),
        ("FREQ=WEEKLY;BYDAY=TU;BYHOUR=9;WKST=SU", "FREQ=WEEKLY;BYDAY=TU at 09:00"),
        ("DTSTART:20270301T090000\nRRULE:FREQ=YEARLY", "FREQ=YEARLY;BYMONTHDAY=1;BYMONTH=3 at 09:00 from 2027-03-01"),
        ("FREQ=YEARLY;BYMONTHDAY=1;BYHOUR=9", "FREQ=MONTHLY;BYMONTHDAY=1 at 09:00"),
        ("FREQ=YEARLY;BYDAY=MO;BYHOUR=9", "FREQ=WEEKLY;BYDAY=MO at 09:00"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=9,17",
         "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1 at 17:00"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,2;BYHOUR=9,17",
         "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1 at 09:00,17:00"),
        ("FREQ=DAILY;BYHOUR=9,12,17;BYSETPOS=1,-1", "FREQ=DAILY at 09:00,17:00"),
        ("FREQ=WEEKLY;BYDAY=TU;BYHOUR=9;UNTIL=20270630", "FREQ=WEEKLY;BYDAY=TU at 09:00 until 2027-06-30T23:59"),
        ("FREQ=WEEKLY;BYDAY=TU;BYHOUR=9;UNTIL=20270629T070000Z",
         "FREQ=WEEKLY;BYDAY=TU at 09:00 until 2027-06-29T09:00"),
        ("FREQ=WEEKLY;BYDAY=TU;BYHOUR=9;COUNT=10", "FREQ=WEEKLY;BYDAY=TU at 09:00 from 2026-11-24, 10 times"),
        # in words, beyond weeks and months
        ("last weekday of the month at 8", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1 at 08:00"),
        ("on the first and last working day of each month at 8",
         "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1 at 08:00"),
        ("the last weekday of March at 8", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYMONTH=3;BYSETPOS=-1 at 08:00"),
        ("every year on 1 March at 9", "FREQ=YEARLY;BYMONTHDAY=1;BYMONTH=3 at 09:00"),
        ("yearly on March 1st at 9", "FREQ=YEARLY;BYMONTHDAY=1;BYMONTH=3 at 09:00"),
        ("on 1 March each year at 9", "FREQ=YEARLY;BYMONTHDAY=1;BYMONTH=3 at 09:00"),
        ("every year on 1 March and 15 September at 9",
         "FREQ=YEARLY;BYMONTHDAY=1;BYMONTH=3 + FREQ=YEARLY;BYMONTHDAY=15;BYMONTH=9 at 09:00"),
        ("every 2 years on 1 March at 9", "FREQ=YEARLY;INTERVAL=2;BYMONTHDAY=1;BYMONTH=3 at 09:00 from 2026-11-22"),
        ("every year on the first Monday of May at 9", "FREQ=YEARLY;BYDAY=1MO;BYMONTH=5 at 09:00"),
        ("the last day of the year at noon", "FREQ=YEARLY;BYYEARDAY=-1 at 12:00"),
        ("every Tuesday at 9 until 30 June", "FREQ=WEEKLY;BYDAY=TU at 09:00 until 2027-06-30T23:59"),
        ("every Tuesday until 30 June 2028 at 9", "FREQ=WEEKLY;BYDAY=TU at 09:00 until 2028-06-30T23:59"),
        ("every Tuesday at 9 until 14:00 on 2027-06-29", "FREQ=WEEKLY;BYDAY=TU at 09:00 until 2027-06-29T14:00"),
        ("every Tuesday at 9, 10 times", "FREQ=WEEKLY;BYDAY=TU at 09:00 from 2026-11-24, 10 times"),
        ("every Tuesday at 9 for ten issues", "FREQ=WEEKLY;BYDAY=TU at 09:00 from 2026-11-24, 10 times"),
        ("every Tuesday at 9 from 1 March, 10 times", "FREQ=WEEKLY;BYDAY=TU at 09:00 from 2027-03-01, 10 times"),
    ],
)  # fmt: skip
def test_what_is_said_is_kept_in_one_form(said, kept):
    rule = read(said)
    since = f" from {rule.anchor}" if rule.anchor else ""
    end = f" until {rule.until:%Y-%m-%dT%H:%M}" if rule.until else f", {rule.count} times" if rule.count else ""
    assert f"{rule.days_text()} at {rule.times_text()}{since}{end}".replace("\n", " + ") == kept
    assert rule.zone == "Europe/Berlin"


@pytest.mark.parametrize(
    "said",
    [
        "every day at 9 (Asia/Tokyo)", "every day at 9 in Asia/Tokyo", "every day at 9 Asia/Tokyo time",
        "DTSTART;TZID=Asia/Tokyo:20261201T090000\nRRULE:FREQ=DAILY",
    ],
)  # fmt: skip
def test_a_zone_that_is_named_is_the_rules(said):
    assert (read(said).zone, read(said).times) == ("Asia/Tokyo", (time(9),))


def test_an_instant_in_utc_is_utc():
    assert read("DTSTART:20261201T090000Z\nRRULE:FREQ=DAILY").zone == "UTC"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "'nonsense' was not understood.*'every Tuesday and Friday at 9:00'"),
        ("every blursday at 9", "'every blursday' in 'every blursday at 9' was not understood"),
        ("every Tuesday at 9 in Berlin", "'every tuesday in berlin'"),
        ("every Tuesday", "says no time of day. Add it, such as 'at 9:00'"),
        ("at 9", "was not understood"),
        ("", "was not understood"),
        ("every Tuesday at 25:00", "'25:00' is no time of day"),
        ("every Tuesday at 13 pm", "'13 pm' is no time of day"),
        ("every Tuesday at 9:00 and Friday at 17:00", "times in two places"),
        ("every Tuesday and the 15th at 9", "was not understood"),
        ("oddly the first Monday of the month at 9", "was not understood"),
        ("every Monday of the month at 9", "was not understood"),
        ("on the 32nd of each month at 9", "was not understood"),
        ("the sixth Monday of the month at 9", "was not understood"),
        ("every month at 9", "was not understood"),
        ("every 0 days at 9", "'Every 0 days' is out of range"),
        ("on the 30th of February at 9", "would never be due"),
        ("every Tuesday at 9 from 2026-02-30", "'2026-02-30' is no day of the calendar"),
        ("every Tuesday at 9 (Mars/Olympus)", "no time zone 'Mars/Olympus'"),
        ("0 9 * *", "was not understood"),
        ("0 25 * * *", "'25' is no hour of a cron line: 0 to 23"),
        ("0 9 * * 8", "'8' is no day of week"),
        ("0 9 * * tuesday", "'tuesday' is no day of week"),
        ("0 9 10-5 * *", "'10-5' is no day of month"),
        ("0 9 */0 * *", "is no day of month"),
        ("* * * * *", "due 1440 times a day"),
        ("0 9 */2 * 1", "days of the month that are certain weekdays"),
        ("FREQ=HOURLY;BYHOUR=9", "cannot keep FREQ=HOURLY. Use DAILY, WEEKLY, MONTHLY or YEARLY"),
        ("FREQ=MINUTELY;BYHOUR=9", "cannot keep FREQ=MINUTELY"),
        ("FREQ=DAILY;BYHOUR=9;BYSECOND=30", "whole minutes"),
        ("FREQ=DAILY;BYEASTER=0;BYHOUR=9", "cannot keep BYEASTER"),
        ("RRULE:FREQ=DAILY;BYHOUR=9\nEXDATE:20261225T090000", "cannot keep EXDATE: set days off"),
        ("FREQ=DAILY;BYHOUR=9\nRDATE:20261225T090000", "cannot keep RDATE"),
        ("FREQ=YEARLY;BYHOUR=9", "no day of the year. Add it, such as BYMONTHDAY=15 or BYDAY=1MO with BYMONTH=3"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYHOUR=9", "BYWEEKNO says no day of those weeks"),
        ("FREQ=MONTHLY;BYWEEKNO=20;BYDAY=MO;BYHOUR=9", "BYWEEKNO belongs to FREQ=YEARLY, not to FREQ=MONTHLY"),
        ("FREQ=MONTHLY;BYYEARDAY=1;BYHOUR=9", "BYYEARDAY belongs to FREQ=YEARLY"),
        ("FREQ=WEEKLY;BYMONTHDAY=1;BYHOUR=9", "BYMONTHDAY belongs to FREQ=DAILY, FREQ=MONTHLY, FREQ=YEARLY"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO;BYHOUR=9", "and not to BYWEEKNO"),
        ("FREQ=MONTHLY;BYDAY=6MO;BYHOUR=9", "no sixth weekday"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS picks from other BY parts"),
        ("FREQ=WEEKLY;BYDAY=TU,WE;BYSETPOS=1,-1;BYHOUR=9,17", "different times on different days"),
        ("FREQ=DAILY;BYHOUR=9,17;BYSETPOS=3", "would never be due"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=0;BYHOUR=9", "'COUNT=0' is out of range"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=5000;BYHOUR=9", "cannot end after 5000 times: say 1 to 1000"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=3;UNTIL=20270101;BYHOUR=9", "keep to one of COUNT and UNTIL"),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=soon;BYHOUR=9", "'UNTIL=SOON' is no day or moment"),
        ("DTSTART:20261201T120000\nRRULE:FREQ=DAILY;BYHOUR=9", "DTSTART, 12:00, comes after the rule's 09:00"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=3;BYHOUR=9\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1;BYHOUR=9", "ends as a whole"),
        ("every Tuesday at 9, 3 times until 30 June", "keep to one of COUNT and UNTIL"),
        ("every Tuesday at 9, few times", "'few times' is no number of times"),
        ("every Tuesday at 9, 3 times a day", "was not understood"),
        ("every Tuesday at 9 from 2027-01-01 until 2026-12-31", "before it is ever due"),
        ("every year on 32 March at 9", "was not understood"),
        ("every year on the 15th at 9", "was not understood"),
        ("the first weekday and the first Sunday of the month at 9", "was not understood"),
        ("FREQ=WEEKLY;BYDAY=TU", "says no time of day. Add it, such as BYHOUR=9"),
        ("FREQ=WEEKLY;BYHOUR=9", "no day of the week"),
        ("FREQ=MONTHLY;BYHOUR=9", "no day of the month"),
        ("FREQ=WEEKLY;BYDAY=1TU;BYHOUR=9", "belongs to FREQ=MONTHLY or FREQ=YEARLY"),
        ("FREQ=WEEKLY;BYDAY=XX;BYHOUR=9", "'XX' is no weekday"),
        ("FREQ=WEEKLY;BYDAY=TU;BYHOUR=24", "'BYHOUR=24' is out of range"),
        ("FREQ=MONTHLY;BYMONTHDAY=0;BYHOUR=9", "'BYMONTHDAY=0' is out of range"),
        ("FREQ=WEEKLY;BYDAY=TU;BYHOUR=9;WKST=XX", "'WKST=XX' is no weekday"),
        ("DTSTART:20261301T090000\nRRULE:FREQ=DAILY", "no moment of the calendar"),
        ("RRULE:FREQ=DAILY;BYHOUR=9\nRRULE:FREQ=WEEKLY;BYDAY=TU;BYHOUR=10", "different times"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_word_that_was_not_understood(text, said):
    with pytest.raises(ScheduleError, match=said):
        read(text)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Tue at 9", "every Tuesday at 09:00 (Europe/Berlin)"),
        ("fri, tue at 9", "every Tuesday and Friday at 09:00 (Europe/Berlin)"),
        ("mon, wed, fri at 9", "every Monday, Wednesday and Friday at 09:00 (Europe/Berlin)"),
        ("mon-fri at 9", "every weekday at 09:00 (Europe/Berlin)"),
        ("daily at 9", "every day at 09:00 (Europe/Berlin)"),
        ("every 10 days at 6:15", "every 10 days at 06:15 from 2026-11-22 (Europe/Berlin)"),
        ("0 9 1 3 *", "on the 1st of each month in March at 09:00 (Europe/Berlin)"),
        ("the 2nd, 3rd, 11th and 22nd of the month at 9",
         "on the 2nd, the 3rd, the 11th and the 22nd of each month at 09:00 (Europe/Berlin)"),
        ("0 9 13 * 5", "on the 13th of each month, and also every Friday, at 09:00 (Europe/Berlin)"),
        ("FREQ=MONTHLY;BYMONTHDAY=-2;BYHOUR=9", "on the 2nd to last day of each month at 09:00 (Europe/Berlin)"),
        ("last weekday of the month at 8", "on the last weekday of each month at 08:00 (Europe/Berlin)"),
        ("every 1 March at 9", "every year on 1 March at 09:00 (Europe/Berlin)"),
        ("every Tuesday at 9 until 30 June", "every Tuesday at 09:00 until 2027-06-30 (Europe/Berlin)"),
        ("every Tuesday at 9, 10 times", "every Tuesday at 09:00 from 2026-11-24, 10 times (Europe/Berlin)"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;BYHOUR=9",
         "every month on any day that is a Friday and the 13th day of the month at 09:00 (Europe/Berlin)"),
        ("FREQ=YEARLY;BYWEEKNO=20,-1;BYDAY=MO,FR;BYHOUR=9;WKST=SU",
         f"{SUNDAYS_WEEKS}, weeks beginning on Sunday at 09:00 (Europe/Berlin)"),
        ("FREQ=YEARLY;BYDAY=20MO;BYHOUR=9", "every year on the 20th Monday of the year at 09:00 (Europe/Berlin)"),
    ],
)  # fmt: skip
def test_a_rule_says_itself_in_words(said, words):
    assert describe(read(said)) == words


@settings(deadline=None)
@given(rule=recurrences())
def test_the_words_of_any_rule_are_read_as_that_rule(rule):
    assert read_schedule(describe(rule), zone="UTC", today=date(1999, 1, 1)) == rule


@settings(deadline=None)
@given(rule=recurrences(), other=recurrences())
def test_rules_that_are_joined_are_read_as_they_are_said_and_stored(rule, other):
    ends = {"until": rule.until, "count": rule.count}
    joined = recurrence(
        days=[*rule.days, *other.days], times=rule.times, zone=rule.zone, anchor=rule.anchor or other.anchor, **ends
    )
    assert read_schedule(describe(joined), zone="UTC", today=date(1999, 1, 1)) == joined
    until = f"{joined.until:%Y-%m-%dT%H:%M}" if joined.until else ""
    stored = {
        "days": joined.days_text(), "times": joined.times_text(), "zone": joined.zone, "anchor": joined.anchor,
        "until": until, "count": joined.count,
    }  # fmt: skip
    assert stored_recurrence(**stored, starts_at=None) == joined


@settings(deadline=None)
@given(rule=recurrences())
def test_the_rfc_5545_text_of_any_rule_is_read_as_that_rule_and_by_dateutil_too(rule):
    text, read_back = rule.to_ical(), rule
    if rule.count and text.count("RRULE") > 1:  # told by its last wall time, as several RRULEs share no COUNT
        read_back = replace(rule, count=None, until=rule.last)
    assert read_schedule(text, zone=rule.zone, today=date(1999, 1, 1)) == read_back
    for line in text.splitlines():
        if line.startswith("RRULE"):
            begins = datetime.combine(rule.anchor or date(2009, 1, 1), time(0))
            found = oracle.rrulestr(line, dtstart=begins).after(begins, inc=True)
            assert found is not None or rule.last  # an end may cut the second of two times off


def test_a_rule_that_was_made_is_in_one_order_without_repetition():
    assert read("fri, tue, tue at 17 and 9 and 9") == read("every Tuesday and Friday at 9 and 17:00")
    assert read("mon to sun at 9").days[0].freq is Freq.DAILY
