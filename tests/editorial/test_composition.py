"""What an issue takes by the newsletter's rules, what it passes over and why, and what happens when tips are few."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audit.models import AuditEntry
from pipeline.editorial.actions import issues, queue, tips
from pipeline.editorial.actions.corrections import correct
from pipeline.editorial.actions.rules import update_rules
from pipeline.editorial.advice_rules import same_advice
from pipeline.editorial.issue_content import content_of
from pipeline.editorial.models import Issue, IssueState, Tip, TipState
from pipeline.editorial.queries import queue_of, queue_plan, suggestions
from pipeline.editorial.queue_rules import (
    PassedOver,
    Policy,
    QueuedTip,
    SentTip,
    Verdict,
    choose,
    in_order,
    months_before,
    plan,
)  # fmt: skip
from pipeline.editorial.suggestion_rules import preheaders, subjects
from tests.editorial.conftest import ANNA, NOW, composed, publish, wording
from tests.editorial.test_queue import coming, ids, queued

WHO = {"now": NOW, "actor": ANNA}
TUESDAY = date(2026, 11, 24)
LONG_AGO = date(2025, 3, 4)


def sent(*rows):
    """(tip, topic, day, alike…) → tips that readers have."""
    return [SentTip(n, f"Tip {n}", topic, day, frozenset(alike)) for n, topic, day, *alike in rows]


def test_a_higher_priority_goes_first_and_says_so():
    queue_now = queued("Sun", "Scars", "Sleep", tip1={"priority": -1}, tip3={"priority": 1})
    choice = choose(queue_now, on=TUESDAY, policy=Policy(3))
    assert ids(choice.picks) == [3, 2, 1]
    assert choice.picks[0].why == "high priority, number 3 in the queue; none before it is free"


def test_the_one_that_waits_longest_goes_first_where_the_rule_asks_for_that():
    queue_now = [
        QueuedTip(n, n, f"Tip {n}", f"Topic {n}", queued_at=datetime(2026, 11, day, tzinfo=UTC))
        for n, day in enumerate((9, 3, 6), start=1)
    ]
    assert [tip.tip_id for tip in in_order(queue_now, Policy(3, order="oldest"))] == [2, 3, 1]
    assert [tip.tip_id for tip in in_order(queue_now, Policy(3))] == [1, 2, 3]


def test_topics_are_not_spread_where_the_rule_does_not_ask_for_it():
    choice = choose(queued("Sun", "Sun", "Scars"), on=TUESDAY, policy=Policy(2, spread_topics=False))
    assert ids(choice.picks) == [1, 2]


def test_each_tip_that_is_passed_over_says_why_and_the_rest_are_counted():
    queue_now = queued(
        "Sun", "Sun", "Scars", "Sleep", "Baths", tip1={"held": True}, tip3={"not_before": date(2026, 12, 5)}
    )
    choice = choose(queue_now, on=TUESDAY, policy=Policy(2))
    assert ids(choice.picks) == [2, 4]
    assert choice.passed_over == (PassedOver(1, "held"), PassedOver(3, "not before 5 December 2026"))
    assert choice.not_reached == 1
    spread = choose(queued("Sun", "Sun", "Scars"), on=TUESDAY, policy=Policy(2))
    assert spread.passed_over == (PassedOver(2, "the issue has a tip on Sun already, and other topics were waiting"),)


@pytest.mark.parametrize(
    ("days_ago", "window", "passed"), [(1, 90, True), (89, 90, True), (90, 90, False), (1, 0, False), (-7, 90, True)]
)
def test_the_same_advice_does_not_go_out_again_within_the_newsletters_time(days_ago, window, passed):
    (tip,) = queued("Sun", tip1={"alike": frozenset({9})})
    before = sent((9, "Sun", TUESDAY - timedelta(days=days_ago)))
    choice = choose([tip], on=TUESDAY, policy=Policy(1, same_advice_days=window), sent=before)
    assert ids(choice.picks) == ([] if passed else [1])
    if passed:
        assert "the same advice as tip 9, of" in choice.passed_over[0].why


def test_one_issue_never_gives_the_same_advice_twice():
    queue_now = queued("Sun", "Scars", tip1={"alike": frozenset({2})}, tip2={"alike": frozenset({1})})
    choice = choose(queue_now, on=TUESDAY, policy=Policy(2, same_advice_days=30))
    assert ids(choice.picks) == [1]
    assert choice.passed_over == (PassedOver(2, "the same advice as tip 1, which is in the issue"),)


def test_a_plan_lets_the_same_advice_go_out_once_its_time_is_over():
    queue_now = queued("Sun", "Scars", tip1={"alike": frozenset({2})}, tip2={"alike": frozenset({1})})
    planned = plan(queue_now, coming(10), policy=Policy(1, same_advice_days=21))
    assert [f"{planned.slot_of(n).local:%m-%d}" for n in (1, 2)] == ["11-24", "12-15"]


@pytest.mark.parametrize(
    ("rule", "verdict", "taken", "said"),
    [
        ("shorter", Verdict.ISSUE, [1], "the issue is shorter."),
        ("skip", Verdict.SKIP, [1], "the slot is skipped."),
        ("ask", Verdict.ASK, [1], "a person decides what goes out."),
        ("reuse", Verdict.ISSUE, [1, 7, 8], "2 that went out long ago fill up."),
    ],
)
def test_when_too_few_tips_are_free_the_newsletters_rule_decides(rule, verdict, taken, said):
    before = sent((8, "Baths", date(2025, 6, 3)), (7, "Scars", LONG_AGO), (6, "Sleep", date(2026, 1, 6)))
    choice = choose(queued("Sun"), on=TUESDAY, policy=Policy(3, short_queue=rule), sent=before)
    assert (choice.verdict, ids(choice.picks)) == (verdict, taken)
    assert choice.shortage == f"1 of 3 tips were free in the queue; {said}"
    assert [each.is_reused for each in choice.picks] == [tip_id > 1 for tip_id in taken]


def test_a_full_issue_speaks_of_no_shortage_whatever_the_rule():
    for rule in ("shorter", "skip", "ask", "reuse"):
        choice = choose(queued("Sun", "Scars"), on=TUESDAY, policy=Policy(2, short_queue=rule))
        assert (choice.verdict, choice.shortage, len(choice.picks)) == (Verdict.ISSUE, "", 2)


def test_what_is_reused_went_out_long_ago_says_when_and_brings_new_topics_first():
    before = sent((7, "Sun", LONG_AGO), (8, "Scars", date(2025, 6, 3)), (9, "Sleep", date(2026, 11, 3)))
    choice = choose(queued("Sun"), on=TUESDAY, policy=Policy(2, short_queue="reuse"), sent=before)
    assert ids(choice.picks) == [1, 8]
    assert choice.picks[1].why == "reused: it last went out on 3 June 2025, and the queue is short"


def test_a_tip_that_was_withdrawn_or_says_what_went_out_lately_is_not_reused():
    withdrawn = SentTip(7, "Tip 7", "Scars", LONG_AGO, may_be_reused=False)
    alike = SentTip(8, "Tip 8", "Sleep", LONG_AGO, alike=frozenset({9}))
    lately = SentTip(9, "Tip 9", "Sleep", date(2026, 11, 3), alike=frozenset({8}))
    policy = Policy(3, short_queue="reuse", same_advice_days=60)
    choice = choose(queued("Sun"), on=TUESDAY, policy=policy, sent=[withdrawn, alike, lately])
    assert ids(choice.picks) == [1]


def test_a_plan_reuses_a_tip_again_only_after_its_months():
    before = sent((7, "Sun", LONG_AGO))
    planned = plan([], coming(60), policy=Policy(1, short_queue="reuse", reuse_after_months=6), sent=before)
    days = [issue.slot.local.date() for issue in planned.issues]
    assert days == [date(2026, 11, 24), date(2027, 5, 25), date(2027, 11, 30)]
    assert planned.taken == {}


def test_a_plan_names_the_first_slot_for_which_tips_are_too_few():
    planned = plan(queued("Sun", "Scars", "Sleep"), coming(5), policy=Policy(2))
    assert f"{planned.first_short.local:%m-%d}" == "12-01"
    assert f"{plan(queued('Sun', 'Scars'), coming(5), policy=Policy(2)).first_short.local:%m-%d}" == "12-01"
    assert plan(queued("Sun", "Scars"), coming(1), policy=Policy(2)).first_short is None


def test_a_plan_that_skips_says_what_its_tips_wait_for():
    planned = plan(queued("Sun"), coming(3), policy=Policy(2, short_queue="skip"))
    assert planned.issues == ()
    assert planned.waiting == {1: "1 of 2 tips were free in the queue; the slot is skipped"}


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [((2026, 11, 24), 12, (2025, 11, 24)), ((2026, 3, 31), 1, (2026, 2, 28)), ((2028, 3, 31), 1, (2028, 2, 29)),
     ((2026, 1, 15), 1, (2025, 12, 15)), ((2026, 12, 31), 6, (2026, 6, 30))],
)  # fmt: skip
def test_months_are_counted_by_the_calendar(day, months, before):
    assert months_before(date(*day), months) == date(*before)


rows = st.lists(
    st.tuples(st.sampled_from(["Sun", "Sleep", "Scars"]), st.booleans(), st.sampled_from([-1, 0, 1]),
              st.frozensets(st.integers(1, 14), max_size=3)), max_size=8,
)  # fmt: skip
history = st.lists(
    st.tuples(st.integers(9, 14), st.sampled_from(["Sun", "Sleep"]), st.dates(date(2024, 1, 1), date(2026, 11, 23)),
              st.booleans()), max_size=6, unique_by=lambda row: row[0],
)  # fmt: skip
policies = st.builds(
    Policy, count=st.integers(1, 4), order=st.sampled_from(["queue", "oldest"]), spread_topics=st.booleans(),
    same_advice_days=st.sampled_from([0, 30, 400]), short_queue=st.sampled_from(["shorter", "skip", "reuse", "ask"]),
    reuse_after_months=st.sampled_from([1, 12]),
)  # fmt: skip


def both_ways(tips_given):
    """The same tips, each alike to whoever is alike to it."""
    alike = {tip.tip_id: set(tip.alike) - {tip.tip_id} for tip in tips_given}
    for tip_id, others in [(tip_id, set(others)) for tip_id, others in alike.items()]:
        for other in others & alike.keys():
            alike[other].add(tip_id)
    return [replace(tip, alike=frozenset(alike[tip.tip_id])) for tip in tips_given]


@given(rows, history, policies)
def test_no_choice_breaks_a_rule_takes_a_tip_twice_or_leaves_one_unexplained(given_rows, given_history, policy):
    queue_now = [
        QueuedTip(n, n, f"Tip {n}", topic, held, priority=priority, alike=alike - {n})
        for n, (topic, held, priority, alike) in enumerate(given_rows, start=1)
    ]
    before = [SentTip(n, f"Tip {n}", topic, day, may_be_reused=free) for n, topic, day, free in given_history]
    everyone = both_ways([*queue_now, *before])
    queue_now, before = everyone[: len(queue_now)], everyone[len(queue_now) :]
    alike = {tip.tip_id: tip.alike for tip in everyone}
    choice = choose(queue_now, on=TUESDAY, policy=policy, sent=before)
    taken, days = ids(choice.picks), {tip.tip_id: tip for tip in before}
    assert len(taken) == len(set(taken)) <= policy.count
    assert {*taken, *(each.tip_id for each in choice.passed_over)} <= {tip.tip_id for tip in queue_now} | days.keys()
    fresh = [tip_id for tip_id in taken if tip_id not in days]
    assert len(fresh) + len(choice.passed_over) + choice.not_reached == len(queue_now)
    assert all(each.why for each in (*choice.picks, *choice.passed_over))
    assert bool(choice.shortage) == (len(fresh) < policy.count)
    for pick in choice.picks:
        if pick.is_reused:
            assert days[pick.tip_id].may_be_reused
            assert days[pick.tip_id].sent_on <= months_before(TUESDAY, policy.reuse_after_months)
        elif policy.same_advice_days:
            assert not alike[pick.tip_id] & set(taken)
            recent = {n for n, tip in days.items() if (TUESDAY - tip.sent_on).days < policy.same_advice_days}
            assert not alike[pick.tip_id] & recent


@given(rows, policies)
def test_the_same_queue_gives_the_same_choice(given_rows, policy):
    queue_now = [QueuedTip(n, n, f"Tip {n}", *row[:2]) for n, row in enumerate(given_rows, start=1)]
    assert choose(queue_now, on=TUESDAY, policy=policy) == choose(list(queue_now), on=TUESDAY, policy=policy)


def test_the_same_advice_is_what_derive_calls_the_same():
    texts = (
        (1, "Put sunscreen on as the last step of the morning."),
        (2, "Change the pillow case once a week; what is on it is on your face all night."),
        (3, "As the last step of the morning, put sunscreen on."),
    )
    assert same_advice(texts) == {1: frozenset({3}), 3: frozenset({1})}


def rule(newsletter, **changes):
    return update_rules(newsletter=newsletter, changes={k: str(v) for k, v in changes.items()}, **WHO)


def test_an_issue_keeps_why_tips_were_passed_over(newsletter, approved):
    held, *_ = approved("Sunscreen", "Scars", "Sleep", "Cleansing", "Moisturiser")
    queue.hold(tip_id=held, **WHO)
    issue = composed(newsletter)
    assert issue.choice == {"passed_over": [{"tip": held, "why": "held"}], "not_reached": 1, "shortage": ""}


def test_advice_that_went_out_lately_is_passed_over_by_its_words(newsletter, approved, write):
    approved("Sunscreen")
    publish(composed(newsletter))
    text = "As the last step of the morning put sunscreen on, and renew it at noon when you are outside."
    (again,) = approved("Sun", text=text, title="Again")
    (other,) = approved("Sleep")
    issue = composed(newsletter, NOW + timedelta(days=7))
    assert [place.tip_id for place in issue.issue_tips.all()] == [other]
    assert "the same advice as tip" in issue.choice["passed_over"][0]["why"]
    assert Tip.objects.get(pk=again).state == TipState.QUEUED


def test_asking_a_person_holds_the_issue_even_an_empty_one(newsletter, approved):
    rule(newsletter, short_queue="ask")
    issue = composed(newsletter)
    assert (issue.state, issue.issue_tips.count()) == (IssueState.HELD, 0)
    assert issue.held_reason == "0 of 3 tips were free in the queue; a person decides what goes out."
    (tip,) = approved("Sleep")
    issues.add_tip(issue_id=issue.pk, tip_id=tip, **WHO)
    assert content_of(Issue.objects.get(), public_url="https://newsletter.example").subject == "A word on sleep"


def test_skipping_makes_no_issue_and_leaves_the_queue_alone(newsletter, approved):
    rule(newsletter, short_queue="skip")
    approved("Sleep")
    with pytest.raises(issues.NothingToSendError, match="1 of 3 tips were free in the queue; the slot is skipped"):
        composed(newsletter)
    assert not Issue.objects.exists()
    assert len(queue_of(newsletter)) == 1


@pytest.fixture
def a_year_later(newsletter, approved):
    """One tip that went out a year ago, and the rule to reuse."""
    (tip,) = approved("Sunscreen")
    publish(composed(newsletter))
    rule(newsletter, short_queue="reuse")
    return tip, NOW + timedelta(days=370)


def test_a_reused_tip_keeps_its_id_and_its_first_page(newsletter, a_year_later, approved):
    tip_id, later = a_year_later
    first = Tip.objects.get(pk=tip_id)
    issue = composed(newsletter, later)
    assert [place.tip_id for place in issue.issue_tips.all()] == [tip_id]
    (content,) = content_of(issue, public_url="https://newsletter.example").tips
    assert content.entry_id == f"urn:uuid:{first.entry_id}"
    assert (
        content.permalink
        == first.permalink
        == f"https://newsletter.example/skin-letter/archive/1.html#{content.anchor}"
    )
    publish(issue, later)
    again = Tip.objects.get(pk=tip_id)
    assert (again.state, again.permalink, again.published_at) == (TipState.PUBLISHED, first.permalink, NOW)


def test_a_cancelled_issue_gives_back_to_the_queue_only_what_came_from_it(newsletter, a_year_later, approved):
    tip_id, later = a_year_later
    (fresh,) = approved("Sleep")
    issue = composed(newsletter, later)
    assert [place.tip_id for place in issue.issue_tips.all()] == [fresh, tip_id]
    issues.cancel(issue_id=issue.pk, reason="No", **WHO)
    assert [tip.tip_id for tip in queue_of(newsletter)] == [fresh]
    assert Tip.objects.get(pk=tip_id).state == TipState.PUBLISHED


def test_a_tip_that_readers_have_can_be_put_in_by_hand_but_never_into_two_issues(newsletter, a_year_later, approved):
    tip_id, later = a_year_later
    issue = composed(newsletter, later)
    approved("Sleep")
    following = composed(newsletter, later + timedelta(days=7))
    assert tip_id not in following.issue_tips.values_list("tip_id", flat=True)
    from pipeline.editorial.actions.places import TipElsewhereError

    with pytest.raises(TipElsewhereError, match=f"issue {issue.number}, which is not out yet"):
        issues.add_tip(issue_id=following.pk, tip_id=tip_id, **WHO)


def test_priority_stands_before_the_order_by_hand(newsletter, approved):
    a, b, c = approved("Sunscreen", "Scars", "Sleep")
    assert queue.prioritise(tip_id=c, priority=1, **WHO) == 1
    assert queue.move(tip_id=a, to_place=1, **WHO) == 2
    assert [tip.tip_id for tip in queue_of(newsletter)] == [c, a, b]
    assert queue.prioritise(tip_id=a, priority=-1, **WHO) == 3
    assert queue.prioritise(tip_id=b, priority=1, **WHO) == 2
    assert [tip.tip_id for tip in queue_of(newsletter)] == [c, b, a]
    with pytest.raises(queue.PriorityError, match="There is no priority 7"):
        queue.prioritise(tip_id=a, priority=7, **WHO)


def test_a_tip_whose_last_day_passed_leaves_the_queue_with_the_reason(newsletter, approved):
    (over,) = approved("Sunscreen", not_after=date(2026, 11, 23))
    (last_day,) = approved("Scars", not_after=date(2026, 11, 24))
    (open_end,) = approved("Sleep")
    assert queue.expire(newsletter_id=newsletter.pk, today=TUESDAY, now=NOW, actor="schedule") == [over]
    assert [tip.tip_id for tip in queue_of(newsletter)] == [last_day, open_end]
    assert Tip.objects.get(pk=over).state == TipState.APPROVED
    entry = AuditEntry.objects.get(action="tip.expire")
    assert (entry.subject_id, entry.detail["reason"]) == (str(over), "its last day was 2026-11-23")
    assert queue.expire(newsletter_id=newsletter.pk, today=TUESDAY, now=NOW, actor="schedule") == []
    with pytest.raises(queue.LastDayPassedError, match="was 23 November 2026"):
        tips.approve(tip_id=over, now=NOW + timedelta(days=4), actor=ANNA)


def test_the_queue_s_plan_knows_of_what_went_out(newsletter, approved):
    approved("Sunscreen")
    publish(composed(newsletter))
    text = "As the last step of the morning put sunscreen on, and renew it at noon when you are outside."
    (again,) = approved("Sun", text=text, title="Again")
    slot = queue_plan(newsletter, now=NOW + timedelta(days=3)).slot_of(again)
    assert slot.local.date() >= TUESDAY + timedelta(days=90)


def test_a_correction_reaches_the_issue_that_is_to_bring_the_tip_again_and_takes_its_approval_back(
    newsletter, a_year_later
):
    tip_id, later = a_year_later
    issue = composed(newsletter, later)
    content = content_of(issue, public_url="https://newsletter.example")
    frozen = {"content": content, "html": "h", "text": "t", "frozen_hash": content.content_hash}
    issues.mark_approved(issue_id=issue.pk, **frozen, now=later, actor=ANNA)
    words = wording("Sunscreen", text="Put sunscreen on before you go out, and renew it at noon.")
    correct(tip_id=tip_id, wording=words, note="It was too late.", now=later, actor="Ben Reader")
    issue.refresh_from_db()
    assert (issue.state, issue.frozen_hash) == (IssueState.COMPOSED, "")
    (again,) = content_of(issue, public_url="https://newsletter.example").tips
    assert again.text == words.text


def test_what_is_waiting_for_its_last_day_is_passed_over_after_it(newsletter, approved):
    (last_day,) = approved("Sunscreen", not_after=date(2026, 11, 25))
    (free,) = approved("Sleep")
    issue = composed(newsletter, NOW + timedelta(days=4))
    assert [place.tip_id for place in issue.issue_tips.all()] == [free]
    assert issue.choice["passed_over"] == [{"tip": last_day, "why": "its last day was 25 November 2026"}]


@pytest.mark.parametrize("count", [1, 2, 4])
def test_suggestions_are_words_of_the_tips_that_the_guard_lets_pass(newsletter, approved, count):
    approved(*("Sunscreen", "Scars", "Sleep", "Cleansing")[:count])
    newsletter.tips_per_issue = count
    issue = composed(newsletter)
    found = suggestions(issue)
    source = " ".join(f"{place.revision.title} {place.revision.text}" for place in issue.issue_tips.all())
    known = set(re.findall(r"\w+", source.casefold()))
    assert found.subjects[0] == issue.subject
    for text in (*found.subjects, *found.preheaders):
        assert set(re.findall(r"\w+", text.casefold())) <= known
        assert not text.endswith("…")


def test_a_suggestion_never_promises_what_its_tip_does_not():
    titles, texts = ["May calm redness"], ["Azelaic acid may calm redness in some people. It is no cure."]
    assert subjects(titles, texts, region="eu") == ["May calm redness"]
    assert subjects(["Cures acne"], texts, region="eu") == []
    offered = preheaders(titles, texts, subject=titles[0], region="eu")
    assert offered[-1] == "Azelaic acid may calm redness in some people."


def test_an_issue_that_was_held_for_long_does_not_bring_a_tip_after_its_last_day(newsletter, approved):
    (tip_id,) = approved("Sunscreen", not_after=date(2026, 11, 25))
    (other,) = approved("Sleep")
    issue = composed(newsletter)
    later = NOW + timedelta(days=9)
    issues.make_due(issue_id=issue.pk, at=later, now=later, actor=ANNA)
    issue.refresh_from_db()
    content = content_of(issue, public_url="https://newsletter.example")
    frozen = {"content": content, "html": "h", "text": "t", "frozen_hash": content.content_hash}
    with pytest.raises(queue.LastDayPassedError, match=f"the last day of tip {tip_id} was 25 November 2026"):
        issues.mark_approved(issue_id=issue.pk, **frozen, now=later, actor=ANNA)
    issues.remove_tip(issue_id=issue.pk, tip_id=tip_id, now=later, actor=ANNA)
    assert [place.tip_id for place in issue.issue_tips.all()] == [other]
