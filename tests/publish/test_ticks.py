"""Ticks: one issue for one slot, however often, late or twice they run."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.audit.models import AuditEntry
from pipeline.editorial.actions import schedules
from pipeline.editorial.actions.rules import update_rules
from pipeline.editorial.issue_rules import IssueState
from pipeline.editorial.models import Issue, QueueEntry, Schedule
from pipeline.publish.ticks import tick
from tests.publish.conftest import EDITOR, SUNDAY, TUESDAY_SLOT, mails

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("readers")]


def run(config, clock, instant=None):
    """What a tick said, alerts apart: these tests' queues are short (test_alerts.py looks at that)."""
    if instant is not None:
        clock.move_to(instant)
    return [line for line in tick(config=config, clock=clock) if ": alert: " not in line]


def test_before_the_lead_time_nothing_happens(newsletter, queue, config, clock):
    queue(2)
    assert run(config, clock) == []
    assert Issue.objects.count() == 0


def test_at_the_lead_time_the_issue_is_composed_and_nothing_is_sent(newsletter, queue, config, clock):
    queue(2)
    said = run(config, clock, TUESDAY_SLOT - timedelta(hours=23))
    assert said == ["skin-letter issue 1: composed for 2026-11-24T09:00 Europe/Berlin"]
    assert Issue.objects.get().state == IssueState.COMPOSED
    assert mails(config) == []


def test_at_the_slot_it_goes_out_once_however_often_the_ticks_run(newsletter, queue, config, clock):
    queue(4)
    for minutes in range(5):
        run(config, clock, TUESDAY_SLOT + timedelta(minutes=minutes))
    assert Issue.objects.get().state == IssueState.PUBLISHED
    assert len(mails(config)) == 5


def test_the_next_week_has_the_next_issue(newsletter, queue, config, clock):
    queue(4)
    run(config, clock, TUESDAY_SLOT)
    run(config, clock, TUESDAY_SLOT + timedelta(days=7))
    assert [issue.state for issue in Issue.objects.order_by("number")] == [IssueState.PUBLISHED] * 2
    assert len(mails(config)) == 10


def test_after_a_sleep_over_three_slots_only_the_newest_is_made_and_it_is_held(newsletter, queue, config, clock):
    queue(6)
    run(config, clock, TUESDAY_SLOT + timedelta(days=16))
    issue = Issue.objects.exclude(state=IssueState.COMPOSED).get()
    assert issue.state == IssueState.HELD
    assert issue.slot_key == "2026-12-08T09:00 Europe/Berlin"
    assert mails(config) == []


def test_a_slot_that_passed_while_the_queue_was_empty_was_not_missed(newsletter, queue, config, clock):
    run(config, clock, TUESDAY_SLOT)
    queue(2)
    QueueEntry.objects.update(queued_at=TUESDAY_SLOT + timedelta(days=2))
    run(config, clock, TUESDAY_SLOT + timedelta(days=6, hours=1))
    assert Issue.objects.get().slot_key == "2026-12-01T09:00 Europe/Berlin"
    assert Issue.objects.get().state == IssueState.COMPOSED


def ruled(newsletter, rule, now=SUNDAY):
    update_rules(newsletter=newsletter, changes={"short_queue": rule}, now=now, actor=EDITOR)


def test_a_slot_that_was_slept_through_is_made_up_once_by_tips_of_long_ago(newsletter, queue, config, clock):
    queue(2)
    run(config, clock, TUESDAY_SLOT)
    ruled(newsletter, "reuse", clock())
    for minutes in (120, 121):
        run(config, clock, TUESDAY_SLOT + timedelta(weeks=56, minutes=minutes))
    late = Issue.objects.exclude(state=IssueState.COMPOSED).order_by("number")[1:]
    assert [(issue.slot_key, issue.state) for issue in late] == [
        ("2027-12-21T09:00 Europe/Berlin", IssueState.PUBLISHED)
    ]


def test_beyond_the_catch_up_window_what_would_be_reused_is_held(newsletter, queue, config, clock):
    queue(2)
    run(config, clock, TUESDAY_SLOT)
    ruled(newsletter, "reuse", clock())
    run(config, clock, TUESDAY_SLOT + timedelta(weeks=56, days=3))
    assert Issue.objects.get(number=2).state == IssueState.HELD
    assert len(mails(config)) == 5


def test_a_slot_that_was_slept_through_is_held_for_a_person_where_the_rule_asks_one(newsletter, config, clock):
    ruled(newsletter, "ask")
    for minutes in (0, 1):
        run(config, clock, TUESDAY_SLOT + timedelta(days=16, minutes=minutes))
    made = Issue.objects.get(slot_at__lte=clock.now)
    assert (made.slot_key, made.state) == ("2026-12-08T09:00 Europe/Berlin", IssueState.HELD)
    assert made.held_reason.startswith("0 of 2 tips were free in the queue; a person decides")
    assert AuditEntry.objects.filter(action="schedule.slots_given_up").count() == 1


@pytest.mark.parametrize("rule", ["reuse", "ask"])
def test_a_rule_that_is_changed_makes_no_slot_late_that_was_skipped_before(newsletter, queue, config, clock, rule):
    queue(2)
    run(config, clock, TUESDAY_SLOT)
    skipped = TUESDAY_SLOT + timedelta(weeks=56, hours=1)
    run(config, clock, skipped)
    ruled(newsletter, rule, clock())
    run(config, clock, skipped + timedelta(minutes=1))
    assert Issue.objects.filter(slot_at__lte=clock.now).count() == 1


def test_after_a_short_sleep_the_missed_slot_is_sent(newsletter, queue, config, clock):
    queue(2)
    run(config, clock, TUESDAY_SLOT + timedelta(hours=2))
    assert len(mails(config)) == 5


def test_a_clock_that_jumps_back_sends_nothing_again(newsletter, queue, config, clock):
    queue(6)
    run(config, clock, TUESDAY_SLOT)
    run(config, clock, SUNDAY)
    run(config, clock, TUESDAY_SLOT)
    assert Issue.objects.filter(state=IssueState.PUBLISHED).count() == 1
    assert len(mails(config)) == 5


def test_the_slot_follows_the_wall_clock_over_the_end_of_summer_time(newsletter, queue, config, clock):
    """09:00 in Berlin is 07:00 UTC in summer and 08:00 in winter."""
    queue(2)
    QueueEntry.objects.update(queued_at=datetime(2027, 3, 29, tzinfo=UTC))
    run(config, clock, datetime(2027, 3, 30, 6, 59, tzinfo=UTC))
    assert mails(config) == []
    run(config, clock, datetime(2027, 3, 30, 7, 0, tzinfo=UTC))
    assert len(mails(config)) == 5


def test_one_newsletter_s_fault_leaves_the_others_alone(newsletter, queue, config, clock, monkeypatch):
    from tests.publish.conftest import make_newsletter

    queue(2)
    make_newsletter(slug="empty", list_id="empty.newsletter.example", name="An Empty One")
    said = run(config, clock, TUESDAY_SLOT)
    assert any("skin-letter issue 1: published" in line for line in said)
    assert len(mails(config)) == 5


def test_where_output_cannot_be_written_it_is_said_and_the_next_tick_goes_on(newsletter, queue, config, clock):
    queue(2)
    blocked = config.output / "skin-letter"
    blocked.write_text("a file where the folder should be")
    said = run(config, clock, TUESDAY_SLOT)
    assert any(str(blocked) in line for line in said)
    assert mails(config) == []
    blocked.unlink()
    run(config, clock)
    assert len(mails(config)) == 5


def test_slots_that_were_slept_through_are_given_up_in_the_audit_log_once(newsletter, queue, config, clock):
    queue(6)
    for _ in range(3):
        run(config, clock, TUESDAY_SLOT + timedelta(days=16))
    entry = AuditEntry.objects.get(action="schedule.slots_given_up")
    assert entry.detail == {
        "slots": ["2026-11-24T09:00 Europe/Berlin", "2026-12-01T09:00 Europe/Berlin"],
        "instead": "2026-12-08T09:00 Europe/Berlin",
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda who: schedules.change_schedule(changes={"schedule": "every Wednesday at 9:00"}, **who),
        lambda who: schedules.pause_schedule(paused=False, **who),
        lambda who: schedules.remove_blackout(first_day=date(2026, 11, 25), **who),
    ],
    ids=["another day", "the end of a pause", "days off taken back"],
)
def test_a_change_never_makes_a_slot_late_that_had_passed_before_it(newsletter, queue, config, clock, change):
    queue(2)
    who = {"newsletter": newsletter, "actor": EDITOR}
    schedules.change_schedule(changes={"schedule": "every Wednesday at 9:00"}, now=SUNDAY, **who)
    closed = {"first_day": date(2026, 11, 25), "last_day": date(2026, 11, 25), "reason": "closed"}
    schedules.add_blackout(**closed, now=SUNDAY, **who)
    schedules.pause_schedule(paused=True, now=SUNDAY, **who)
    wednesday = TUESDAY_SLOT + timedelta(days=1, hours=1)
    run(config, clock, wednesday)
    change({**who, "now": wednesday})
    Schedule.objects.update(paused=False, paused_until=None)
    run(config, clock, wednesday + timedelta(minutes=1))
    assert mails(config) == []
    assert not Issue.objects.filter(slot_at__lt=wednesday).exists()


def test_an_issue_at_a_moment_of_its_own_goes_out_then_and_the_schedule_goes_on(newsletter, queue, config, clock):
    queue(4)
    schedules.add_one_off(
        newsletter=newsletter, nominal=datetime.fromisoformat("2026-11-23T18:00"), now=SUNDAY, actor=EDITOR
    )
    run(config, clock, datetime(2026, 11, 23, 17, 0, tzinfo=UTC))
    assert len(mails(config)) == 5
    run(config, clock, TUESDAY_SLOT)
    assert len(mails(config)) == 10
    assert [issue.slot_key.split()[0] for issue in Issue.objects.order_by("number")] == ["once", "2026-11-24T09:00"]
