"""Changing when a newsletter is due: the schedule, days off, pauses, one-offs; and issues that are in the making."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from pipeline.audit.models import AuditEntry
from pipeline.editorial.actions import issues, queue, revise, schedules, tips
from pipeline.editorial.issue_content import content_of
from pipeline.editorial.models import BlackoutDates, Issue, IssueState, OneOff, Schedule
from pipeline.editorial.queries import free_slots, queue_of, rule_of
from pipeline.editorial.recurrence_rules import ScheduleError
from pipeline.editorial.recurrence_words import describe
from pipeline.editorial.timetables import coming_slots, timetable_of
from tests.editorial.conftest import ANNA, NOW, TEXTS, make_newsletter, wording

WHO = {"now": NOW, "actor": ANNA}


@pytest.fixture
def newsletter(db):
    return make_newsletter(tips_per_issue=1)


@pytest.fixture
def five(newsletter):
    return [queued(newsletter, topic) for topic in TEXTS]


def queued(newsletter, topic, **changes):
    tip = revise.write_tip(newsletter=newsletter, wording=wording(topic, **changes), **WHO)
    tips.approve(tip_id=tip.pk, **WHO)
    return tip.pk


def compose(newsletter, count=1):
    made = []
    for _ in range(count):
        slot = next(free_slots(newsletter, after=NOW))
        made.append(issues.compose(newsletter=newsletter, slot=slot, **WHO))
    return made


def freeze(issue):
    content = content_of(issue, public_url="https://newsletter.example")
    frozen = {"content": content, "html": "h", "text": "t", "frozen_hash": content.content_hash}
    return issues.mark_approved(issue_id=issue.pk, **frozen, **WHO)


def change(newsletter, **changes):
    return schedules.change_schedule(newsletter=newsletter, changes=changes, **WHO)


def days(newsletter, count=3, after=NOW):
    return [f"{slot.local:%m-%d}" for slot in islice(free_slots(newsletter, after=after), count)]


def test_a_newsletter_is_founded_with_a_schedule_in_words(db):
    founded = make_newsletter(schedule="last Friday of the month at 17:00", time_zone="Europe/Berlin")
    assert describe(rule_of(founded)) == "on the last Friday of each month at 17:00 (Europe/Berlin)"
    assert Schedule.objects.get().days == "FREQ=MONTHLY;BYDAY=-1FR"


def test_a_number_of_times_is_counted_from_where_it_was_said_first(newsletter):
    change(newsletter, schedule="every Tuesday at 9, 3 times")
    later = NOW + timedelta(days=8)
    again = {"changes": {"schedule": "every Tuesday at 9, 3 times"}, "now": later, "actor": ANNA}
    assert schedules.change_schedule(newsletter=newsletter, **again) == schedules.ScheduleChange()
    assert days(newsletter) == ["11-24", "12-01", "12-08"]
    again["changes"] = {"schedule": "every Tuesday at 9, 2 times"}
    schedules.change_schedule(newsletter=newsletter, **again)
    assert days(newsletter, after=later) == ["12-01", "12-08"]
    assert change(newsletter, time_zone="Asia/Tokyo").changed == ("time_zone",)


def test_an_issue_in_the_making_is_held_where_the_changed_schedule_has_ended_before_it(newsletter, five):
    compose(newsletter, 2)
    notes = change(newsletter, schedule="every Tuesday at 9 until 2026-11-24").notes
    assert notes == ("Issue 2 is held: the schedule has ended.",)
    assert Issue.objects.get(number=2).held_reason == "The schedule has ended."


def test_a_schedule_changes_by_words_and_says_what_changed(newsletter):
    assert change(newsletter, schedule="every 10 days at 6:15").changed == ("days", "times", "anchor")
    assert describe(rule_of(newsletter)) == "every 10 days at 06:15 from 2026-11-22 (Europe/Berlin)"
    assert change(newsletter, schedule="every 10 days at 6:15") == schedules.ScheduleChange()
    assert change(newsletter, time_zone="Asia/Tokyo").changed == ("time_zone",)
    assert change(newsletter, schedule="Tuesdays at 9 (Europe/London)").changed == (
        "days", "times", "time_zone", "anchor"
    )  # fmt: skip
    assert AuditEntry.objects.filter(action="schedule.changed").count() == 3


def test_an_interval_that_says_no_day_goes_on_counting_from_the_last_issue(newsletter, five):
    compose(newsletter, 2)  # for 24 November and 1 December
    change(newsletter, schedule="every 10 days at 9:00")
    assert Schedule.objects.get().anchor == date(2026, 12, 1)
    change(newsletter, schedule="every 7 days at 9:00")
    assert Schedule.objects.get().anchor == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"schedule": "when I feel like it"}, "was not understood"),
        ({"schedule": "Tuesdays at 9", "time_zone": "Nowhere"}, "no time zone"),
        ({"on_day_off": "perhaps"}, "Use skip or next_day"),
        ({"holidays": "Atlantis"}, "no holiday calendar"),
        ({"colour": "red"}, "has no 'colour'"),
    ],
)
def test_what_a_schedule_cannot_be_changes_nothing(newsletter, changes, said):
    before = Schedule.objects.values().get()
    with pytest.raises(ScheduleError, match=said):
        change(newsletter, **changes)
    assert Schedule.objects.values().get() == before


def test_an_issue_in_the_making_takes_the_slot_that_its_own_became(newsletter, five):
    (issue,) = compose(newsletter)
    issues.edit(issue_id=issue.pk, subject="By hand", **WHO)
    notes = change(newsletter, schedule="every Thursday at 18:00").notes
    issue.refresh_from_db()
    assert (issue.slot_key, issue.number, issue.subject) == ("2026-11-26T18:00 Europe/Berlin", 1, "By hand")
    assert notes == ("Issue 1 moved to Thursday 2026-11-26 18:00 (2026-11-26 17:00 UTC).",)
    assert days(newsletter, 1) == ["12-03"]


def test_issues_in_the_making_keep_their_order_when_they_move(newsletter, five):
    made = compose(newsletter, 3)
    change(newsletter, schedule="every Thursday at 18:00")
    assert [Issue.objects.get(pk=each.pk).slot_key[:10] for each in made] == ["2026-11-26", "2026-12-03", "2026-12-10"]


def test_a_tip_that_may_not_go_out_on_the_new_day_holds_its_issue(newsletter):
    queued(newsletter, "Sleep", not_after=date(2026, 11, 25))
    (issue,) = compose(newsletter)
    change(newsletter, schedule="every Thursday at 18:00")
    issue.refresh_from_db()
    assert issue.state == IssueState.HELD
    assert "moved to 26 November 2026" in issue.held_reason
    assert "last day was 25 November 2026" in issue.held_reason


def test_an_approved_issue_goes_out_as_it_was_approved_and_stands_for_its_week(newsletter, five):
    (issue,) = compose(newsletter)
    freeze(issue)
    assert change(newsletter, schedule="every Thursday at 18:00").notes == (
        "Issue 1 is approved for 2026-11-24 08:00 UTC and goes out then.",
    )
    issue.refresh_from_db()
    assert (issue.slot_key, issue.state) == ("2026-11-24T09:00 Europe/Berlin", IssueState.APPROVED)
    assert days(newsletter, 1) == ["12-03"]


def test_days_off_move_issues_in_the_making_and_come_back_when_they_are_taken_back(newsletter, five):
    (issue,) = compose(newsletter)
    closed = {"first_day": date(2026, 11, 23), "last_day": date(2026, 11, 29), "reason": "fair"}
    notes = schedules.add_blackout(newsletter=newsletter, **closed, **WHO)
    assert notes == ("Issue 1 moved to Tuesday 2026-12-01 09:00 (2026-12-01 08:00 UTC).",)
    schedules.add_blackout(newsletter=newsletter, **{**closed, "reason": "trade fair"}, **WHO)
    assert [str(each) for each in BlackoutDates.objects.all()] == ["2026-11-23 to 2026-11-29: trade fair"]
    schedules.remove_blackout(newsletter=newsletter, first_day=date(2026, 11, 23), **WHO)
    issue.refresh_from_db()
    assert issue.slot_key[:10] == "2026-12-01"
    assert days(newsletter, 2) == ["11-24", "12-08"]


def test_an_issue_keeps_its_slot_by_name_when_the_slot_moves_off_a_holiday(newsletter, five):
    change(newsletter, schedule="every Friday at 9:00")
    made = compose(newsletter, 5)
    change(newsletter, holidays="DE", on_day_off="next_day")
    christmas = Issue.objects.get(pk=made[4].pk)
    assert (christmas.slot_key[:10], f"{christmas.slot_at:%m-%d}") == ("2026-12-25", "12-27")


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [("2026-12-02", "2026-12-01", "before they begin"), ("2026-12-01", "2028-01-01", "pause the schedule")],
)
def test_days_off_that_cannot_be_are_refused(newsletter, first, last, said):
    span = {"first_day": date.fromisoformat(first), "last_day": date.fromisoformat(last)}
    with pytest.raises(ScheduleError, match=said):
        schedules.add_blackout(newsletter=newsletter, **span, reason="", **WHO)


def test_a_pause_holds_what_is_in_the_making_or_sends_it_after(newsletter, five):
    (issue,) = compose(newsletter)
    until = datetime(2026, 12, 6, tzinfo=UTC)
    notes = schedules.pause_schedule(newsletter=newsletter, paused=True, until=until, **WHO)
    assert notes == ("Issue 1 moved to Tuesday 2026-12-08 09:00 (2026-12-08 08:00 UTC).",)
    schedules.pause_schedule(newsletter=newsletter, paused=True, **WHO)
    issue.refresh_from_db()
    assert (issue.state, issue.held_reason) == (IssueState.HELD, "The schedule was paused.")
    assert schedules.pause_schedule(newsletter=newsletter, paused=True, **WHO) == ()
    schedules.pause_schedule(newsletter=newsletter, paused=False, **WHO)
    assert days(newsletter, 1) == ["11-24"]
    with pytest.raises(ScheduleError, match="is over"):
        schedules.pause_schedule(newsletter=newsletter, paused=True, until=NOW, **WHO)


def test_a_one_off_has_its_issue_in_its_turn_and_can_be_taken_back(newsletter, five):
    moment = datetime.fromisoformat("2026-11-23T18:00")
    slot = schedules.add_one_off(newsletter=newsletter, nominal=moment, **WHO)
    assert slot.key == "once 2026-11-23T18:00 Europe/Berlin"
    (issue,) = compose(newsletter)
    assert (issue.slot_key, f"{issue.slot_at:%H:%M}") == (slot.key, "17:00")
    assert schedules.remove_one_off(newsletter=newsletter, nominal=moment, **WHO) == (
        "Issue 1 moved to Tuesday 2026-11-24 09:00 (2026-11-24 08:00 UTC).",
    )
    with pytest.raises(ScheduleError, match="no one-off at 2026-11-23 18:00"):
        schedules.remove_one_off(newsletter=newsletter, nominal=moment, **WHO)


@pytest.mark.parametrize(("moment", "said"), [("2026-11-22T09:00", "is over"), ("2026-11-24T09:00", "already")])
def test_a_one_off_that_cannot_be_is_refused(newsletter, moment, said):
    with pytest.raises(ScheduleError, match=said):
        schedules.add_one_off(newsletter=newsletter, nominal=datetime.fromisoformat(moment), **WHO)
    assert not OneOff.objects.exists()


def test_a_one_off_is_said_once(newsletter):
    moment = datetime.fromisoformat("2026-11-23T18:00")
    schedules.add_one_off(newsletter=newsletter, nominal=moment, **WHO)
    with pytest.raises(ScheduleError, match="already"):
        schedules.add_one_off(newsletter=newsletter, nominal=moment, **WHO)


def test_an_issue_that_a_person_brought_forward_is_not_moved_with_the_schedule(newsletter, five):
    (issue,) = compose(newsletter)
    issues.make_due(issue_id=issue.pk, at=NOW, **WHO)
    assert change(newsletter, schedule="every Thursday at 18:00").notes == ()
    assert days(newsletter, 1) == ["12-03"]


def test_another_newsletters_slots_are_left_alone(newsletter, five):
    other = make_newsletter(slug="other", list_id="other.newsletter.example", tips_per_issue=1)
    before = days(other)
    change(newsletter, schedule="daily at 10")
    schedules.add_blackout(
        newsletter=newsletter, first_day=date(2026, 11, 1), last_day=date(2026, 12, 31), reason="", **WHO
    )
    assert days(other) == before
    assert timetable_of(other).days_off.blackouts == ()


def test_the_coming_slot_is_there_though_it_has_its_issue(newsletter, five):
    compose(newsletter)
    assert f"{next(coming_slots(newsletter, after=NOW)).local:%m-%d}" == "11-24"


def test_tips_stay_in_order_through_changes_of_the_schedule(newsletter, five):
    queue.move(tip_id=five[3], to_place=1, **WHO)
    change(newsletter, schedule="every Thursday at 18:00")
    assert [tip.tip_id for tip in queue_of(newsletter)] == [five[3], *five[:3], five[4]]


def test_the_database_refuses_a_pause_that_ends_without_one(newsletter):
    with pytest.raises(IntegrityError), transaction.atomic():
        Schedule.objects.update(paused=False, paused_until=NOW + timedelta(days=1))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("weekdays", "kept"), [("TU,FR", "FREQ=WEEKLY;BYDAY=TU,FR"), ("MO,TU,WE,TH,FR,SA,SU", "FREQ=DAILY")]
)
def test_schedules_of_the_first_version_are_brought_into_the_new_form(weekdays, kept):
    executor = MigrationExecutor(connection)
    executor.migrate([("editorial", "0003_rules_priority_choice")])
    past = executor.loader.project_state([("editorial", "0003_rules_priority_choice")]).apps
    mailing_list = past.get_model("audience", "MailingList").objects.create(name="A", slug="a", created_at=NOW)
    newsletter = past.get_model("editorial", "Newsletter").objects.create(
        slug="a", name="A", mailing_list=mailing_list, list_id="a.b", created_at=NOW
    )
    past.get_model("editorial", "Schedule").objects.create(
        newsletter=newsletter, weekdays=weekdays, local_time="09:30", time_zone="Europe/Berlin", starts_at=NOW
    )
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert Schedule.objects.values_list("days", "times", "time_zone").get() == (kept, "09:30", "Europe/Berlin")
