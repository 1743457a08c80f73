"""The queue: a choice that says why, an expected day for each tip, and an order that people make by hand."""

from datetime import UTC, date, datetime, time
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.editorial.actions import queue, tips
from pipeline.editorial.actions.schedules import pause_schedule
from pipeline.editorial.models import QueueEntry, Tip, TipState
from pipeline.editorial.queries import queue_of, queue_plan
from pipeline.editorial.queue_rules import (
    Policy,
    QueuedTip,
    choose,
    obstacle,
    plan,
)  # fmt: skip
from pipeline.editorial.recurrence_rules import recurrence, weekly
from pipeline.editorial.slots import slots_after
from tests.editorial.conftest import ANNA, NOW

WHO = {"now": NOW, "actor": ANNA}
TUESDAY = date(2026, 11, 24)
TUESDAYS = recurrence(days=[weekly("TU")], times=[time(9)], zone="Europe/Berlin")


def queued(*topics, **changes):
    return [
        QueuedTip(rank, rank, f"Tip {rank}", topic, **changes.get(f"tip{rank}", {}))
        for rank, topic in enumerate(topics, start=1)
    ]


def coming(count):
    return list(islice(slots_after(TUESDAYS, datetime(2026, 11, 22, tzinfo=UTC)), count))


def ids(picks):
    return [chosen.tip_id for chosen in picks]


@pytest.mark.parametrize(
    ("topics", "count", "chosen"),
    [
        (["Sun", "Sleep", "Scars"], 2, [1, 2]),
        (["Sun", "Sun", "Scars"], 2, [1, 3]),
        (["Sun", "sun", "SUN", "Scars", "Sleep"], 3, [1, 4, 5]),
        (["Sun", "Sun", "Scars", "Sun"], 3, [1, 3, 2]),
        (["Sun", "Sun"], 3, [1, 2]),
        ([], 3, []),
    ],
)
def test_an_issue_takes_the_queues_order_spread_over_topics(topics, count, chosen):
    assert ids(choose(queued(*topics), on=TUESDAY, policy=Policy(count)).picks) == chosen


def test_each_pick_says_why_in_words():
    queue_now = queued("Sun", "Sun", "Scars", tip1={"held": True})
    assert [chosen.why for chosen in choose(queue_now, on=TUESDAY, policy=Policy(3)).picks] == [
        "number 2 in the queue; none before it is free",
        "number 3 in the queue",
    ]
    assert [
        chosen.why for chosen in choose(queued("Sun", "Sun", "Scars", "Sun"), on=TUESDAY, policy=Policy(3)).picks
    ] == [
        "first in the queue",
        "number 3 in the queue; first on Scars, so that the issue has more than one topic",
        "number 2 in the queue; no other topic was waiting",
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"held": True}, "held"),
        ({"not_before": TUESDAY}, ""),
        ({"not_before": date(2026, 11, 25)}, "not before 25 November 2026"),
        ({"not_after": TUESDAY}, ""),
        ({"not_after": date(2026, 11, 23)}, "its last day was 23 November 2026"),
    ],
)
def test_a_tip_goes_out_on_its_first_and_its_last_day_and_never_outside_them(changes, said):
    (tip,) = queued("Sun", tip1=changes)
    assert obstacle(tip, TUESDAY) == said
    assert ids(choose([tip], on=TUESDAY, policy=Policy(1)).picks) == ([] if said else [1])


def test_the_plan_gives_each_tip_its_slot_or_the_reason_why_it_waits():
    queue_now = queued(
        "Sun", "Sun", "Scars", "Sleep", "Sun",
        tip3={"held": True}, tip4={"not_before": date(2026, 12, 5)}, tip5={"not_after": date(2026, 11, 23)},
    )  # fmt: skip
    planned = plan(queue_now, coming(10), policy=Policy(1))
    days = {tip.tip_id: planned.slot_of(tip.tip_id) for tip in queue_now}
    assert [day and f"{day.local:%m-%d}" for day in days.values()] == ["11-24", "12-01", None, "12-08", None]
    assert planned.waiting == {3: "held", 5: "its last day was 23 November 2026"}
    assert planned.why(1) == "first in the queue"
    assert planned.why(3) == "held"


def test_the_plan_ends_when_nothing_is_left_however_many_slots_there_are():
    planned = plan(queued("Sun", "Sleep", tip2={"held": True}), slots_after(TUESDAYS, NOW), policy=Policy(3))
    assert len(planned.issues) == 1


def test_without_slots_every_tip_waits_and_says_so():
    planned = plan(queued("Sun", "Sleep", tip2={"held": True}), [], policy=Policy(3))
    assert planned.waiting == {1: "no slot is coming: the schedule is paused, or there is none", 2: "held"}


def test_a_tip_that_the_slots_do_not_reach_says_until_when():
    assert plan(queued("Sun", "Sun"), coming(1), policy=Policy(1)).waiting == {
        2: "not reached by 24 November 2026: others go first"
    }


days = st.none() | st.dates(date(2026, 11, 1), date(2027, 2, 28))
queues = st.lists(st.tuples(st.sampled_from(["Sun", "Sleep", "Scars"]), st.booleans(), days, days), max_size=12)


@given(queues, st.integers(1, 5))
def test_a_plan_never_breaks_a_tips_limits_loses_one_or_takes_one_twice(rows, count):
    queue_now = [QueuedTip(n, n, f"Tip {n}", *row) for n, row in enumerate(rows, start=1)]
    by_id = {tip.tip_id: tip for tip in queue_now}
    planned = plan(queue_now, coming(30), policy=Policy(count))
    taken = [tip_id for issue in planned.issues for tip_id in ids(issue.picks)]
    assert len(taken) == len(set(taken))
    assert {*taken, *planned.waiting} == set(by_id)
    for issue in planned.issues:
        assert 1 <= len(issue.picks) <= count
        assert all(obstacle(by_id[tip_id], issue.slot.local.date()) == "" for tip_id in ids(issue.picks))
        assert all(chosen.why for chosen in issue.picks)


@given(queues, st.integers(1, 5))
def test_the_first_free_tip_is_always_taken_so_that_no_topic_starves(rows, count):
    queue_now = [QueuedTip(n, n, f"Tip {n}", *row) for n, row in enumerate(rows, start=1)]
    free = [tip.tip_id for tip in queue_now if not obstacle(tip, TUESDAY)]
    picks = choose(queue_now, on=TUESDAY, policy=Policy(count)).picks
    assert ids(picks)[:1] == free[:1]
    assert len(picks) == min(count, len(free))


@pytest.fixture
def three(write):
    made = [write(topic) for topic in ("Sunscreen", "Scars", "Sleep")]
    for tip in made:
        tips.approve(tip_id=tip.pk, **WHO)
    return [tip.pk for tip in made]


def order(newsletter):
    return [tip.tip_id for tip in queue_of(newsletter)]


def test_tips_are_queued_in_the_order_of_their_approval(newsletter, three):
    assert order(newsletter) == three


@pytest.mark.parametrize(("index", "place", "after"), [(2, 1, "cab"), (0, 2, "bac"), (0, 99, "bca"), (1, 2, "abc")])
def test_a_tip_is_moved_by_hand_and_says_where_it_is_now(newsletter, three, index, place, after):
    now_at = queue.move(tip_id=three[index], to_place=place, **WHO)
    assert order(newsletter) == [three["abc".index(letter)] for letter in after]
    assert now_at == order(newsletter).index(three[index]) + 1


def test_a_held_tip_keeps_its_place_and_stays_out_until_it_is_released(newsletter, three):
    queue.hold(tip_id=three[0], **WHO)
    assert order(newsletter) == three
    assert queue_plan(newsletter, now=NOW).waiting == {three[0]: "held"}
    queue.release(tip_id=three[0], **WHO)
    assert queue_plan(newsletter, now=NOW).waiting == {}


def test_a_dropped_tip_stays_approved(newsletter, three):
    queue.drop(tip_id=three[1], **WHO)
    assert order(newsletter) == [three[0], three[2]]
    assert Tip.objects.get(pk=three[1]).state == TipState.APPROVED


def test_what_is_not_in_the_queue_cannot_be_moved_held_or_dropped(write):
    draft = write()
    for act in (queue.hold, queue.release, queue.drop):
        with pytest.raises(queue.NotInQueueError, match=f"Tip {draft.pk} is draft, not in the queue"):
            act(tip_id=draft.pk, **WHO)


def test_expected_days_follow_the_newsletters_own_schedule(newsletter, three):
    slot = queue_plan(newsletter, now=NOW).slot_of(three[0])
    assert slot.key == "2026-11-24T09:00 Europe/Berlin"
    pause_schedule(newsletter=newsletter, paused=True, **WHO)
    assert set(queue_plan(newsletter, now=NOW).waiting) == set(three)


def test_the_queue_of_one_newsletter_is_not_that_of_another(newsletter, three):
    from tests.editorial.conftest import make_newsletter

    assert queue_of(make_newsletter(slug="other", list_id="other.newsletter.example")) == []
    assert QueueEntry.objects.count() == 3
