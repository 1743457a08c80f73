"""Nobody is sent a tip twice unless the newsletter's rule says so, and nobody gets an issue while being welcomed."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.audience.models import SuppressionReason
from pipeline.delivery import ledger
from pipeline.delivery.actions.messages import create_message, plan_issue
from pipeline.delivery.models import Delivery, Message, MessageKind, MessageTip, WelcomeSequence
from pipeline.delivery.sums import sums
from pipeline.editorial.actions.newsletters import create_newsletter
from pipeline.editorial.models import Newsletter, Tip
from tests.delivery.scene import NOW, RENDERED, SENDER, make_list, subscribe, suppress

pytestmark = pytest.mark.django_db
HAD, WELCOMED = "had one of the tips before", "is still being welcomed"


@pytest.fixture
def newsletter():
    return make_newsletter()


def make_newsletter():
    return create_newsletter(
        slug="skin", name="Skin", sender_name="Skin", sender_address="skin@newsletter.example",
        list_id="skin.newsletter.example", reason="You subscribed.", time_zone="UTC", now=NOW, actor="cli",
    )  # fmt: skip


def tip(newsletter: Newsletter) -> int:
    return Tip.objects.create(newsletter=newsletter, origin="studio", created_at=NOW).pk


def message(mailing_list, key, *tip_ids) -> Message:
    return create_message(
        kind=MessageKind.ISSUE, key=key, rendered=RENDERED, sender=SENDER, now=NOW, mailing_list=mailing_list,
        tip_ids=tip_ids,
    )  # fmt: skip


def planned(made: Message, **rules) -> dict[int, tuple[str, str]]:
    """Plan the message, and give each reader's state and reason."""
    made.planned_count = ledger.plan(message_id=made.pk, mailing_list_id=made.mailing_list_id, now=NOW, **rules)
    made.planned_at = NOW
    made.save()
    rows = Delivery.objects.filter(message=made).values_list("subscriber_id", "state", "reason")
    return {reader: (state, reason) for reader, state, reason in rows}


@pytest.mark.parametrize(
    ("before", "excluded"),
    [("accepted", True), ("in_doubt", True), ("planned", True), ("retry_at", True), ("rejected", False),
     ("suppressed", False), ("excluded", False), ("cancelled", False)],
)  # fmt: skip
def test_who_had_a_tip_or_may_have_it_is_left_out_with_the_reason(newsletter, before, excluded):
    here = newsletter.mailing_list
    had, new = subscribe(here, 1), subscribe(here, 2)
    shared, other = tip(newsletter), tip(newsletter)
    first = message(here, "issue:1", shared)
    planned(first)
    Delivery.objects.filter(message=first, subscriber=had).update(state=before)
    Delivery.objects.filter(message=first, subscriber=new).update(state="rejected")
    found = planned(message(here, "issue:2", other, shared), never_twice=True)
    assert found == {had.pk: ("excluded", HAD) if excluded else ("planned", ""), new.pk: ("planned", "")}


def test_the_sum_counts_who_is_left_out_and_adds_up(newsletter):
    here, shared = newsletter.mailing_list, tip(newsletter)
    subscribe(here, 1)
    first = message(here, "issue:1", shared)
    planned(first)
    again = message(here, "issue:2", shared)
    planned(again, never_twice=True)
    assert sums(again).describe() == "1 planned = 1 excluded"
    assert sums(again).adds_up


def test_where_the_rule_allows_it_everybody_gets_it_again(newsletter):
    here, shared = newsletter.mailing_list, tip(newsletter)
    reader = subscribe(here, 1)
    planned(message(here, "issue:1", shared))
    assert planned(message(here, "issue:2", shared))[reader.pk] == ("planned", "")


def test_other_tips_leave_nobody_out(newsletter):
    here = newsletter.mailing_list
    reader = subscribe(here, 1)
    planned(message(here, "issue:1", tip(newsletter)))
    assert planned(message(here, "issue:2", tip(newsletter)), never_twice=True)[reader.pk] == ("planned", "")


def test_suppression_is_the_weightier_reason(newsletter):
    here, shared = newsletter.mailing_list, tip(newsletter)
    reader = subscribe(here, 1)
    planned(message(here, "issue:1", shared))
    suppress(reader, SuppressionReason.HARD_BOUNCE)
    again = planned(message(here, "issue:2", shared), never_twice=True)
    assert again[reader.pk] == ("suppressed", "hard_bounce")


@pytest.mark.parametrize(("next_at", "state"), [(NOW, ("excluded", WELCOMED)), (None, ("planned", ""))])
def test_who_is_still_being_welcomed_waits_for_the_issues_where_the_newsletter_says_so(newsletter, next_at, state):
    here = newsletter.mailing_list
    reader = subscribe(here, 1)
    WelcomeSequence.objects.create(newsletter=newsletter, subscriber=reader, started_at=NOW, next_at=next_at)
    assert planned(message(here, "issue:1", tip(newsletter)), welcome_of=newsletter.pk)[reader.pk] == state
    assert planned(message(here, "issue:2", tip(newsletter)))[reader.pk] == ("planned", "")


def test_a_welcome_to_another_newsletter_leaves_nobody_out(newsletter):
    reader = subscribe(newsletter.mailing_list, 1)
    WelcomeSequence.objects.create(newsletter=newsletter, subscriber=reader, started_at=NOW, next_at=NOW)
    found = planned(message(newsletter.mailing_list, "issue:1"), welcome_of=newsletter.pk + 1)
    assert found[reader.pk] == ("planned", "")


def test_a_message_without_an_issue_is_planned_as_ever():
    here = make_list()
    subscribe(here, 1)
    assert plan_issue(message=message(here, "issue:1"), now=NOW).planned == 1


def test_a_message_brings_each_of_its_tips_once_however_often_it_is_asked_for(newsletter):
    one, two = tip(newsletter), tip(newsletter)
    for _ in range(2):
        message(newsletter.mailing_list, "issue:1", one, two)
    assert list(MessageTip.objects.order_by("pk").values_list("tip_id", flat=True)) == [one, two]


issues = st.lists(st.tuples(st.sets(st.integers(0, 3), min_size=1), st.integers(0, 3)), min_size=1, max_size=6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(issues=issues)
def test_whatever_issues_come_nobody_is_ever_planned_for_a_tip_twice(newsletter, issues):
    Delivery.objects.all().delete()
    MessageTip.objects.all().delete()
    Message.objects.all().delete()
    here = newsletter.mailing_list
    here.subscriptions.all().delete()
    tip_ids = [tip(newsletter) for _ in range(4)]
    for number, (brings, joins) in enumerate(issues):
        for reader in range(joins):
            if not here.subscriptions.filter(subscriber__address=f"reader{reader}@example.org").exists():
                subscribe(here, reader)
        planned(message(here, f"issue:{number}", *(tip_ids[each] for each in sorted(brings))), never_twice=True)
    got = [
        (delivery.subscriber_id, each.tip_id)
        for delivery in Delivery.objects.filter(state="planned")
        for each in MessageTip.objects.filter(message=delivery.message_id)
    ]
    assert len(got) == len(set(got))
