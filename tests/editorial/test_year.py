"""A year of issues, week by week through both changes of the clocks: what the plan foretells is what happens."""

from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest

from pipeline.editorial.actions import issues, queue, revise, tips
from pipeline.editorial.actions.issues import NothingToSendError
from pipeline.editorial.actions.newsletters import update_newsletter
from pipeline.editorial.issue_content import content_of
from pipeline.editorial.models import Issue, IssueState, Tip, TipState
from pipeline.editorial.queries import free_slots, queue_plan, rule_of, zone_name
from pipeline.editorial.slots import slots_after
from tests.editorial.conftest import ANNA, make_newsletter, wording

START = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
END = START + timedelta(days=365)
TOPICS = ("Sun", "Sleep", "Scars", "Care")


@pytest.fixture
def newsletter(db):
    return make_newsletter(weekdays="TU,SU", local_time="02:30", tips_per_issue=2, now=START)


def fill(newsletter, count, **changes):
    made = []
    for number in range(count):
        words = wording(
            TOPICS[number % 3 if number % 5 else 3],
            title=f"Tip {len(made)}", text=f"Advice number {number}, like no other.", **changes,
        )  # fmt: skip
        tip = revise.write_tip(newsletter=newsletter, wording=words, now=START, actor=ANNA)
        tips.approve(tip_id=tip.pk, now=START, actor=ANNA)
        made.append(tip.pk)
    return made


def publish_next(newsletter, now):
    """Compose, approve and send the issue for the next slot; gives its slot and the tips in their order."""
    slot = next(free_slots(newsletter, after=now))
    issue = issues.compose(newsletter=newsletter, slot=slot, now=now, actor="scheduler")
    content = content_of(issue, public_url="https://newsletter.example")
    frozen = {"content": content, "html": "h", "text": "t", "frozen_hash": content.content_hash}
    issues.mark_approved(issue_id=issue.pk, **frozen, now=now, actor="scheduler")
    issues.mark_publishing(issue_id=issue.pk, now=slot.at_utc, actor="scheduler")
    issues.mark_published(issue_id=issue.pk, now=slot.at_utc, actor="scheduler")
    return slot, list(issue.issue_tips.order_by("position").values_list("tip_id", flat=True))


def test_what_the_queue_foretells_is_what_goes_out_tip_by_tip(newsletter):
    made = fill(newsletter, 30)
    queue.hold(tip_id=made[4], now=START, actor=ANNA)
    queue.move(tip_id=made[20], to_place=1, now=START, actor=ANNA)
    foretold = queue_plan(newsletter, now=START)
    now, happened = START, {}
    while True:
        try:
            slot, taken = publish_next(newsletter, now)
        except NothingToSendError:
            break
        happened |= dict.fromkeys(taken, slot.key)
        now = slot.at_utc
    assert happened == {tip_id: slot.key for tip_id, (slot, _) in foretold.taken.items()}
    assert set(foretold.waiting) == {made[4]}
    assert len(happened) == 29


def test_first_and_last_days_are_kept_all_through_the_year(newsletter):
    spring = fill(newsletter, 1, not_before=date(2026, 3, 29), not_after=date(2026, 3, 31))
    past = fill(newsletter, 1, not_after=date(2026, 1, 1))
    plan = queue_plan(newsletter, now=START)
    slot = plan.slot_of(spring[0])
    assert (f"{slot.local:%m-%d %H:%M}", slot.is_shifted) == ("03-29 03:30", True)
    assert plan.why(past[0]) == "its last day was 1 January 2026"


def test_every_slot_of_a_year_has_one_issue_at_its_wall_time(newsletter):
    fill(newsletter, 216)
    now = START
    while now < END:
        slot, _ = publish_next(newsletter, now)
        now = slot.at_utc
    slots = takewhile(
        lambda slot: slot.at_utc < END, slots_after(rule_of(newsletter), START - timedelta(microseconds=1))
    )
    expected = [slot.key for slot in slots]
    found = list(Issue.objects.order_by("slot_at"))
    assert [issue.slot_key for issue in found][: len(expected)] == expected
    assert [issue.number for issue in found] == list(range(1, len(found) + 1))
    zone = ZoneInfo("Europe/Berlin")
    wall_times = [f"{issue.slot_at.astimezone(zone):%H:%M}" for issue in found]
    assert (wall_times.count("03:30"), set(wall_times)) == (1, {"02:30", "03:30"})  # the skipped hour of 29 March
    assert {issue.state for issue in found} == {IssueState.PUBLISHED}
    published = Tip.objects.filter(state=TipState.PUBLISHED)
    assert published.count() == 2 * len(found)


def test_a_schedule_that_is_changed_makes_no_second_issue_for_an_occurrence_that_was_used(newsletter):
    fill(newsletter, 12)
    slot, _ = publish_next(newsletter, START)
    for changes in ({"local_time": "18:00"}, {"local_time": "02:30"}):
        update_newsletter(newsletter=newsletter, changes=changes, now=START, actor=ANNA)
    assert next(free_slots(newsletter, after=START)).key != slot.key


def test_an_issue_that_is_composed_takes_the_slot_that_its_own_became_when_the_schedule_changes(newsletter):
    fill(newsletter, 4)
    issue = issues.compose(newsletter=newsletter, slot=next(free_slots(newsletter, after=START)), now=START, actor=ANNA)
    update_newsletter(newsletter=newsletter, changes={"time_zone": "Asia/Tokyo"}, now=START, actor=ANNA)
    issue.refresh_from_db()
    assert (issue.slot_key, issue.slot_at.isoformat()) == ("2026-01-04T02:30 Asia/Tokyo", "2026-01-03T17:30:00+00:00")
    assert zone_name(newsletter) == "Asia/Tokyo"
    assert next(free_slots(newsletter, after=START)).key.endswith("Asia/Tokyo")


def test_a_tip_waits_for_the_day_of_its_readers_not_of_the_server(newsletter):
    update_newsletter(newsletter=newsletter, changes={"time_zone": "Pacific/Auckland"}, now=START, actor=ANNA)
    slot = next(free_slots(newsletter, after=START))
    assert slot.local.date() != slot.at_utc.date()
    (due,) = fill(newsletter, 1, not_before=slot.local.date())
    assert queue_plan(newsletter, now=START).slot_of(due) == slot
