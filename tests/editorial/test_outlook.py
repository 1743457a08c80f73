"""The outlook: what would go out at each coming slot, as it really comes to be, and when which topic runs dry."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline.editorial.actions import issues, queue, revise, schedules, tips
from pipeline.editorial.actions.rules import update_rules
from pipeline.editorial.models import Issue
from pipeline.editorial.outlook_rules import Standing
from pipeline.editorial.queries import free_slots, outlook_of
from tests.editorial.conftest import ANNA, NOW, make_newsletter, wording
from tests.editorial.test_schedules import change, freeze

WHO = {"now": NOW, "actor": ANNA}


@pytest.fixture
def newsletter(db):
    return make_newsletter(tips_per_issue=2)


def fill(newsletter, **topics):
    """fill(newsletter, Sun=3) → three queued tips on Sun; their numbers."""
    made = []
    for topic, count in topics.items():
        for number in range(count):
            words = wording(topic, title=f"{topic} {number}", text=f"Advice {number} on {topic}, like no other.")
            tip = revise.write_tip(newsletter=newsletter, wording=words, **WHO)
            tips.approve(tip_id=tip.pk, **WHO)
            made.append(tip.pk)
    return made


def look(newsletter, days=35, now=NOW):
    return outlook_of(newsletter, now=now, until=now + timedelta(days=days))


def rows(outlook):
    return [(f"{slot.local_at:%m-%d}", slot.standing, [tip.title for tip in slot.tips]) for slot in outlook.slots]


def test_each_slot_says_what_would_go_out_and_why(newsletter):
    fill(newsletter, Sun=3, Sleep=2)
    assert rows(look(newsletter)) == [
        ("11-24", Standing.PLANNED, ["Sun 0", "Sleep 0"]),
        ("12-01", Standing.PLANNED, ["Sun 1", "Sleep 1"]),
        ("12-08", Standing.PLANNED, ["Sun 2"]),
        ("12-15", Standing.EMPTY, []),
        ("12-22", Standing.EMPTY, []),
    ]
    first = look(newsletter).slots[0]
    assert first.tips[0].why == "first in the queue"
    assert (f"{first.local_at:%H:%M %Z}", f"{first.at_utc:%H:%M}") == ("09:00 CET", "08:00")


def test_a_topic_says_when_it_runs_dry_and_another_how_much_is_left(newsletter):
    fill(newsletter, Sun=6, Sleep=1)
    outlook = look(newsletter, days=12)
    assert [(topic.topic, topic.coming, topic.left, topic.dry_after) for topic in outlook.topics] == [
        ("Sleep", 1, 0, date(2026, 11, 24)),
        ("Sun", 3, 3, None),
    ]


def test_a_topic_of_which_nothing_may_go_out_is_dry(newsletter):
    (held,) = fill(newsletter, Sleep=1)
    queue.hold(tip_id=held, **WHO)
    (topic,) = look(newsletter).topics
    assert (topic.is_dry_now, topic.dry_after) == (True, None)


def test_a_topic_that_readers_have_had_is_dry_since_its_last_tip(newsletter):
    fill(newsletter, Sun=1)
    issue = issues.compose(newsletter=newsletter, slot=next(free_slots(newsletter, after=NOW)), **WHO)
    freeze(issue)
    out = datetime(2026, 11, 24, 8, tzinfo=UTC)
    issues.mark_publishing(issue_id=issue.pk, now=out, actor=ANNA)
    issues.mark_published(issue_id=issue.pk, now=out, actor=ANNA)
    (topic,) = look(newsletter, now=out + timedelta(days=3)).topics
    assert (topic.topic, topic.is_dry_now, topic.dry_after) == ("Sun", True, date(2026, 11, 24))


def test_an_issue_that_is_there_is_shown_with_its_own_tips_and_state(newsletter):
    fill(newsletter, Sun=2, Sleep=2)
    issue = issues.compose(newsletter=newsletter, slot=next(free_slots(newsletter, after=NOW)), **WHO)
    slot = look(newsletter).slots[0]
    assert (slot.standing, slot.issue.number, slot.issue.state) == (Standing.ISSUE, 1, "composed")
    assert [tip.title for tip in slot.tips] == ["Sun 0", "Sleep 0"]
    issues.hold(issue_id=issue.pk, reason="Ask the doctor", **WHO)
    assert look(newsletter).slots[0].notes == ("Held: Ask the doctor",)


def test_a_slot_whose_issue_is_out_already_says_so_and_one_that_was_given_up_too(newsletter):
    fill(newsletter, Sun=4)
    for _ in range(2):
        issue = issues.compose(newsletter=newsletter, slot=next(free_slots(newsletter, after=NOW)), **WHO)
    issues.cancel(issue_id=issue.pk, reason="No", **WHO)
    forward = issues.make_due(issue_id=Issue.objects.get(number=1).pk, at=NOW, **WHO)
    freeze(forward)
    issues.mark_publishing(issue_id=forward.pk, **WHO)
    issues.mark_published(issue_id=forward.pk, **WHO)
    first, second = look(newsletter, now=NOW + timedelta(hours=1)).slots[:2]
    assert (f"{first.local_at:%m-%d %H:%M}", first.issue.state, first.tips) == ("11-24 09:00", "published", ())
    assert (f"{second.local_at:%m-%d}", second.issue.state, second.tips) == ("12-01", "cancelled", ())


def test_an_approved_issue_of_an_earlier_schedule_stands_between_the_slots(newsletter):
    fill(newsletter, Sun=4)
    freeze(issues.compose(newsletter=newsletter, slot=next(free_slots(newsletter, after=NOW)), **WHO))
    change(newsletter, schedule="every Thursday at 18:00")
    first, second, third = look(newsletter, days=14).slots
    assert "was approved for this time" in first.notes[0]
    assert (second.standing, second.skipped) == (
        Standing.SKIPPED, "an issue of the schedule before stands for it: 2026-11-24T09:00 Europe/Berlin"
    )  # fmt: skip
    assert third.standing == Standing.PLANNED


def test_days_off_clocks_and_one_offs_are_told(newsletter):
    change(newsletter, schedule="Sundays at 2:30", holidays="DE")
    schedules.add_one_off(newsletter=newsletter, nominal=datetime.fromisoformat("2027-03-26T18:00"), **WHO)
    outlook = look(newsletter, days=130)
    notes = {slot.key: (slot.skipped, *slot.notes) for slot in outlook.slots}
    assert notes["once 2027-03-26T18:00 Europe/Berlin"] == ("", "Beside the schedule.")
    assert notes["2027-03-28T02:30 Europe/Berlin"] == (
        "", "The clocks skip 02:30 that day: it goes out at 03:30."
    )  # fmt: skip
    schedules.add_blackout(
        newsletter=newsletter, first_day=date(2026, 12, 13), last_day=date(2026, 12, 20), reason="fair", **WHO
    )
    skipped = [f"{slot.local_at:%m-%d}" for slot in look(newsletter).slots if slot.skipped == "fair"]
    assert skipped == ["12-13", "12-20"]
    change(newsletter, on_day_off="next_day")
    moved = [slot for slot in look(newsletter).slots if slot.notes]
    assert [(f"{slot.local_at:%m-%d}", slot.notes) for slot in moved] == [
        ("12-21", ("Moved from 2026-12-20: fair.",))
    ]  # fmt: skip


def test_tips_that_are_reused_are_told_by_title_and_keep_no_topic_alive(newsletter):
    update_rules(newsletter=newsletter, changes={"short_queue": "reuse", "reuse_after_months": "1"}, **WHO)
    fill(newsletter, Sun=2)
    issue = issues.compose(newsletter=newsletter, slot=next(free_slots(newsletter, after=NOW)), **WHO)
    freeze(issue)
    out = datetime(2026, 11, 24, 8, tzinfo=UTC)
    issues.mark_publishing(issue_id=issue.pk, now=out, actor=ANNA)
    issues.mark_published(issue_id=issue.pk, now=out, actor=ANNA)
    outlook = look(newsletter, days=45, now=out + timedelta(hours=1))
    again = next(slot for slot in outlook.slots if slot.tips)
    assert (f"{again.local_at:%m-%d}", [(tip.title, tip.is_reused) for tip in again.tips]) == (
        "12-29", [("Sun 0", True), ("Sun 1", True)]
    )  # fmt: skip
    assert [(topic.is_dry_now, topic.dry_after) for topic in outlook.topics] == [(True, date(2026, 11, 24))]


def test_looking_ahead_stores_nothing(newsletter, django_assert_max_num_queries):
    fill(newsletter, Sun=3)
    with django_assert_max_num_queries(40) as queries:
        look(newsletter, days=365)
    assert not [each for each in queries.captured_queries if not each["sql"].lstrip().startswith("SELECT")]
    assert not Issue.objects.exists()
