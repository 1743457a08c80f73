"""One slot at each subscriber's own local time: planned once, sent as their clocks come round, done with the last."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.audience.actions.people import change_time_zone
from pipeline.audience.zones import ZoneError
from pipeline.delivery.models import Delivery, Message, MessageState
from pipeline.editorial.actions import issues, schedules
from pipeline.editorial.issue_rules import IssueState
from pipeline.editorial.models import Issue
from pipeline.publish.publishing import due_issues, publish_due, publish_now, resume
from pipeline.publish.status import newsletter_status
from pipeline.publish.ticks import tick
from tests.publish.conftest import EDITOR, SUNDAY, mails, subscribe

pytestmark = [pytest.mark.django_db(transaction=True)]
# 09:00 on Tuesday, 24 November 2026, by each one's clocks
ZONES = {
    "tokyo@reader.example": ("Asia/Tokyo", datetime(2026, 11, 24, 0, 0, tzinfo=UTC)),
    "kathmandu@reader.example": ("Asia/Kathmandu", datetime(2026, 11, 24, 3, 15, tzinfo=UTC)),
    "somewhere@reader.example": ("", datetime(2026, 11, 24, 8, 0, tzinfo=UTC)),
    "new-york@reader.example": ("America/New_York", datetime(2026, 11, 24, 14, 0, tzinfo=UTC)),
}
MORNING, EVENING = min(at for _, at in ZONES.values()), max(at for _, at in ZONES.values())
NOON = ZONES["somewhere@reader.example"][1]  # at the newsletter's own time


@pytest.fixture
def readers(newsletter):
    for address, (zone, _) in ZONES.items():
        reader = subscribe(newsletter, address)
        change_time_zone(subscriber_id=reader.subscriber_id, time_zone=zone, now=SUNDAY, actor=EDITOR)
    by_own_clocks = {"at_subscribers_time": True}
    schedules.change_schedule(newsletter=newsletter, changes=by_own_clocks, now=SUNDAY, actor=EDITOR)


def run(config, clock, instant):
    clock.move_to(instant)
    return tick(config=config, clock=clock)


def sent_to(config):
    return {address for address in ZONES if any(address.encode() in path.read_bytes() for path in mails(config))}


def test_each_is_mailed_when_their_own_clocks_show_the_time_and_never_before(newsletter, readers, queue, config, clock):
    queue(2)
    for at in sorted(at for _, at in ZONES.values()):
        run(config, clock, at - timedelta(minutes=1))
        assert sent_to(config) == {address for address, (_, due) in ZONES.items() if due < at}
        run(config, clock, at)
        assert sent_to(config) == {address for address, (_, due) in ZONES.items() if due <= at}
    assert len(mails(config)) == len(ZONES)


def test_page_and_feed_appear_with_the_first_and_the_issue_is_finished_with_the_last(
    newsletter, readers, queue, config, clock
):
    queue(2)
    run(config, clock, MORNING - timedelta(minutes=1))
    assert not (config.output / "skin-letter" / "archive" / "1.html").exists()
    said = run(config, clock, MORNING)
    assert (config.output / "skin-letter" / "archive" / "1.html").exists()
    assert "3 wait for their own local time, the last until 2026-11-24 14:00 UTC" in " ".join(said)
    issue = Issue.objects.get()
    assert (issue.state, issue.slot_at) == (IssueState.PUBLISHING, MORNING)
    run(config, clock, NOON)
    run(config, clock, EVENING)
    issue.refresh_from_db()
    assert issue.state == IssueState.PUBLISHED
    assert Message.objects.get(issue=issue).state == MessageState.FINISHED


def test_after_a_sleep_within_the_catch_up_window_whoever_s_time_passed_is_mailed_late_and_once(
    newsletter, readers, queue, config, clock
):
    queue(2)
    run(config, clock, MORNING)
    for minutes in (0, 1):
        run(config, clock, EVENING + timedelta(hours=-6, minutes=minutes))  # Kathmandu's time was 4 h 45 ago
    run(config, clock, EVENING + timedelta(hours=5))
    assert len(mails(config)) == len(ZONES)
    assert sent_to(config) == set(ZONES)


def test_after_a_longer_sleep_the_rest_is_held_until_a_person_lets_it_go_on_and_then_goes_out_once(
    newsletter, readers, queue, config, clock
):
    queue(2)
    run(config, clock, MORNING)
    for minutes in (0, 1):
        said = run(config, clock, EVENING + timedelta(days=2, minutes=minutes))
    assert sent_to(config) == {"tokyo@reader.example"}
    message = Message.objects.get(issue__number=1)
    assert (message.state, message.held_reason) == (
        MessageState.PAUSED, "the own time of 3 readers passed more than 6 hours ago, while nothing ran",
    )  # fmt: skip
    assert not any(line.startswith("mail:") for line in said)
    resume(Issue.objects.get(number=1), now=clock(), actor=EDITOR)
    for minutes in (2, 3):
        run(config, clock, EVENING + timedelta(days=2, minutes=minutes))
    assert len(mails(config)) == len(ZONES)
    assert Issue.objects.get(number=1).state == IssueState.PUBLISHED


def test_mail_that_is_only_slow_goes_on(newsletter, readers, queue, config, clock):
    queue(2)
    run(config, clock, MORNING)
    Delivery.objects.filter(attempts=1).update(updated_at=EVENING + timedelta(hours=1))  # it was worked on all the time
    run(config, clock, EVENING + timedelta(hours=8))
    assert sent_to(config) == set(ZONES)


def test_the_plan_is_one_row_each_with_the_instant_of_their_zone(newsletter, readers, queue, config, clock):
    queue(2)
    run(config, clock, MORNING)
    run(config, clock, MORNING + timedelta(minutes=1))
    rows = Delivery.objects.select_related("subscriber")
    assert {row.subscriber.address: row.due_at for row in rows} == {address: at for address, (_, at) in ZONES.items()}


def test_status_says_who_still_waits(newsletter, readers, queue, config, clock):
    queue(2)
    run(config, clock, MORNING)
    (issue,) = newsletter_status(newsletter, now=MORNING + timedelta(hours=4)).issues
    assert issue.local_wait.describe() == "2 wait for their own local time, the last until 2026-11-24 14:00 UTC"
    (issue,) = newsletter_status(newsletter, now=EVENING - timedelta(hours=1)).issues
    assert issue.local_wait.describe() == "1 waits for its own local time, the last until 2026-11-24 14:00 UTC"
    assert newsletter_status(newsletter, now=EVENING).issues[0].local_wait is None


def test_an_issue_that_only_waits_is_left_alone_until_somebody_is_due(newsletter, readers, queue, config, clock):
    queue(2)
    run(config, clock, MORNING)
    assert due_issues(newsletter, now=MORNING + timedelta(hours=1)) == []
    assert len(due_issues(newsletter, now=EVENING)) == 1


def test_whoever_joins_from_a_zone_where_the_time_is_over_is_mailed_at_once(newsletter, readers, queue, config, clock):
    queue(2)
    run(config, clock, MORNING - timedelta(minutes=30))
    late = subscribe(newsletter, "late@reader.example")
    change_time_zone(subscriber_id=late.subscriber_id, time_zone="Pacific/Auckland", now=SUNDAY, actor=EDITOR)
    run(config, clock, MORNING)
    assert any(b"late@reader.example" in path.read_bytes() for path in mails(config))


def test_what_a_person_brings_forward_goes_to_everybody_at_once(newsletter, readers, queue, config, clock):
    queue(2)
    publish_now(newsletter, config=config, clock=clock, actor=EDITOR)
    assert sent_to(config) == set(ZONES)
    assert set(Delivery.objects.values_list("due_at", flat=True)) == {None}


def test_a_newsletter_that_mails_all_at_once_asks_nobody_for_their_zone(newsletter, readers, queue, config, clock):
    schedules.change_schedule(
        newsletter=newsletter, changes={"at_subscribers_time": False}, now=SUNDAY, actor=EDITOR
    )  # fmt: skip
    queue(2)
    run(config, clock, datetime(2026, 11, 24, 8, tzinfo=UTC))
    assert sent_to(config) == set(ZONES)


def test_a_run_by_hand_goes_on_with_who_is_due(newsletter, readers, queue, config, clock):
    queue(2)
    run(config, clock, MORNING)
    clock.move_to(NOON)
    list(publish_due(newsletter, config=config, clock=clock))
    clock.move_to(EVENING)
    list(publish_due(newsletter, config=config, clock=clock))
    assert sent_to(config) == set(ZONES)


def test_an_issue_that_is_held_and_approved_late_goes_to_everybody_at_once(newsletter, readers, queue, config, clock):
    queue(2)
    run(config, clock, MORNING + timedelta(days=2))
    issue = Issue.objects.exclude(state=IssueState.COMPOSED).get()
    assert issue.state == IssueState.HELD
    issues.make_due(issue_id=issue.pk, at=clock(), now=clock(), actor=EDITOR)
    assert Issue.objects.get(pk=issue.pk).nominal == ""


def test_a_zone_that_there_is_not_is_refused(newsletter, readers):
    with pytest.raises(ZoneError, match="no time zone 'Mars/Olympus'"):
        change_time_zone(subscriber_id=1, time_zone="Mars/Olympus", now=SUNDAY, actor=EDITOR)
