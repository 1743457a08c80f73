"""Events: stored once, applied once, and in whatever order they come they end in one state."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from pipeline.audience.models import Subscription, Suppression
from pipeline.audit.models import AuditEntry
from pipeline.delivery import ledger
from pipeline.delivery.actions import control, events
from pipeline.delivery.complaints import open_stop
from pipeline.delivery.event_rules import (
    BouncePolicy,
    EventKind,
    EventReport,
    Standing,
    bounce_kind,
    standing,
    status_in,
)
from pipeline.delivery.models import Delivery, Message, ProviderEvent
from pipeline.delivery.providers.base import SendOutcome, SendState
from pipeline.delivery.sums import sums
from tests.delivery.scene import NOW, make_message, plan_issue, planned_message

POLICY = BouncePolicy(soft_limit=3, soft_days=30)


def report(delivery: Delivery, kind: EventKind, key: str = "", **more) -> EventReport:
    return EventReport("fake", key or f"{kind}-{delivery.pk}", kind, NOW, delivery_id=delivery.pk, **more)


def apply(*reports: EventReport) -> events.Applied:
    events.store(reports=reports, now=NOW)
    return events.apply_stored(policy=POLICY, now=NOW)


def accept_all(message: Message, state: SendState = SendState.ACCEPTED) -> list[Delivery]:
    claim = ledger.claim(
        message_id=message.pk, limit=5000, worker="w", provider="fake", now=NOW, lease=timedelta(hours=1)
    )
    ledger.mark_submitting(claim, payload_hash="", now=NOW)
    ledger.record(claim, [SendOutcome(row.delivery_id, state) for row in claim.rows], now=NOW)
    return list(Delivery.objects.filter(message=message).order_by("pk"))


@pytest.mark.django_db
def test_an_event_that_is_told_twice_is_stored_once_and_applied_once():
    one, _ = accept_all(planned_message(2))
    assert events.store(reports=[report(one, EventKind.COMPLAINT)] * 2, now=NOW) == 1
    assert events.store(reports=[report(one, EventKind.COMPLAINT)], now=NOW) == 0
    first, second = (events.apply_stored(policy=POLICY, now=NOW) for _ in range(2))
    assert (first.events, first.suppressed, second.events) == (1, 1, 0)
    assert ProviderEvent.objects.get().result == "suppressed"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "reason"), [(EventKind.HARD_BOUNCE, "hard_bounce"), (EventKind.COMPLAINT, "complaint")]
)
def test_a_hard_bounce_and_a_complaint_suppress_on_every_list_at_once(kind, reason):
    one, _ = accept_all(planned_message(2))
    apply(report(one, kind))
    suppression = Suppression.objects.get()
    assert (suppression.address_hash, suppression.reason) == (one.subscriber.address_hash, reason)
    assert suppression.mailing_list is None
    assert AuditEntry.objects.filter(action="address.suppressed", actor="event:fake").count() == 1


@pytest.mark.django_db
def test_soft_bounces_of_three_deliveries_within_the_days_suppress_and_repeats_of_one_do_not():
    first = accept_all(planned_message(1))[0]
    apply(*(report(first, EventKind.SOFT_BOUNCE, f"again-{n}") for n in range(5)))
    assert not Suppression.objects.exists()
    for number in (2, 3):
        message = make_message(first.message.mailing_list, f"issue:{number}")
        plan_issue(message=message, now=NOW)
        (delivery,) = accept_all(message)
        applied = apply(report(delivery, EventKind.SOFT_BOUNCE))
        assert applied.suppressed == (number == 3)


def test_soft_bounces_that_lie_far_apart_are_not_added_up():
    days = [NOW + timedelta(days=day) for day in (0, 31, 62, 63)]
    assert not POLICY.is_reached(days)
    assert POLICY.is_reached(reversed([*days, NOW + timedelta(days=90)]))
    assert not POLICY.is_reached([])


@pytest.mark.django_db
def test_the_providers_own_unsubscribe_button_ends_the_subscription():
    one, two = accept_all(planned_message(2))
    assert apply(report(one, EventKind.UNSUBSCRIBED)).unsubscribed == 1
    states = dict(Subscription.objects.values_list("subscriber_id", "state"))
    assert states == {one.subscriber_id: "unsubscribed", two.subscriber_id: "confirmed"}


@pytest.mark.django_db
def test_an_event_that_names_an_address_alone_suppresses_it_and_keeps_no_address():
    told = EventReport("fake", "k", EventKind.HARD_BOUNCE, NOW, address="Someone@Example.org")
    assert apply(told).suppressed == 1
    assert "xample" not in str(ProviderEvent.objects.values())


@pytest.mark.django_db
def test_an_event_that_names_nobody_is_kept_and_changes_nothing():
    told = [
        EventReport("fake", "a", EventKind.HARD_BOUNCE, NOW, delivery_id=999_999),
        EventReport("fake", "b", EventKind.COMPLAINT, NOW, address="not an address"),
    ]
    assert apply(*told).suppressed == 0
    assert set(ProviderEvent.objects.values_list("result", flat=True)) == {"it names nobody that is known"}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [EventKind.DELIVERED, EventKind.HARD_BOUNCE, EventKind.COMPLAINT])
def test_an_event_proves_that_a_delivery_in_doubt_was_accepted(kind):
    message = planned_message(2)
    one, two = accept_all(message, SendState.IN_DOUBT)
    assert apply(report(one, kind)).settled == 1
    assert apply(report(two, EventKind.DEFERRED)).settled == 0
    assert sums(message).describe() == "2 planned = 1 accepted + 1 in doubt"


@pytest.mark.django_db
def test_complaints_alert_at_one_in_a_thousand_and_stop_the_list_at_three():
    message = planned_message(1000)
    rows = accept_all(message)
    waiting = make_message(message.mailing_list, "issue:2")
    plan_issue(message=waiting, now=NOW)
    assert "1 of 1000 readers complained" in apply(report(rows[0], EventKind.COMPLAINT)).alerts[0]
    assert open_stop(message.mailing_list_id) is None
    said = apply(*(report(row, EventKind.COMPLAINT) for row in rows[1:3])).alerts
    assert said == ["issue-1: 3 of 1000 readers complained; its issues are held"]
    waiting.refresh_from_db()
    assert waiting.state == "paused"
    assert waiting.held_reason.startswith("3 of 1000 readers complained")
    events.lift_stop(mailing_list=message.mailing_list, now=NOW + timedelta(hours=1), actor="ada")
    assert open_stop(message.mailing_list_id) is None
    assert apply(report(rows[4], EventKind.COMPLAINT)).alerts == []  # counted anew
    control.resume(message=waiting, now=NOW, actor="ada")
    with pytest.raises(events.NoStopError, match="nothing to lift"):
        events.lift_stop(mailing_list=message.mailing_list, now=NOW, actor="ada")


@pytest.mark.parametrize(
    ("complaints", "accepted", "wanted"),
    [
        (0, 1000, Standing.GOOD), (1, 1001, Standing.GOOD), (1, 1000, Standing.ALERT), (2, 10, Standing.ALERT),
        (2, 1000, Standing.ALERT), (3, 1000, Standing.STOP), (3, 1001, Standing.ALERT), (3, 0, Standing.STOP),
    ],
)  # fmt: skip
def test_a_list_stands_as_its_complaints_say(complaints, accepted, wanted):
    assert standing(complaints=complaints, accepted=accepted) is wanted


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("550 5.1.1 no such user", EventKind.HARD_BOUNCE), ("550 5.1.10 null MX", EventKind.HARD_BOUNCE),
        ("550 5.2.1 mailbox disabled", EventKind.HARD_BOUNCE), ("552 5.2.2 mailbox full", EventKind.SOFT_BOUNCE),
        ("550 5.7.1 user unknown to our policy", EventKind.SOFT_BOUNCE), ("550 User unknown", EventKind.HARD_BOUNCE),
        ("550 Requested action not taken: mailbox unavailable", EventKind.HARD_BOUNCE),
        ("554 spam", EventKind.SOFT_BOUNCE), ("450 4.1.1 user unknown", EventKind.SOFT_BOUNCE),
        ("550 5.0.0 recipient not found", EventKind.HARD_BOUNCE),
    ],
)  # fmt: skip
def test_a_bounce_is_hard_when_the_mailbox_is_not_there(words, kind):
    assert bounce_kind(status_in(words), words) is kind


KINDS = [EventKind.DEFERRED, EventKind.DELIVERED, EventKind.SOFT_BOUNCE, EventKind.HARD_BOUNCE, EventKind.COMPLAINT]


class AnyOrder(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        told=st.lists(st.sampled_from(list(enumerate(KINDS))), min_size=1, max_size=8),
        cuts=st.lists(st.booleans(), min_size=8, max_size=8),
        recorded_after=st.integers(0, 8),
    )
    def test_repeated_reordered_and_early_events_end_in_the_state_of_the_weightiest(self, told, cuts, recorded_after):
        message = planned_message(1, key=f"issue:{next(_NUMBERS)}")
        claim = ledger.claim(
            message_id=message.pk, limit=1, worker="w", provider="fake", now=NOW, lease=timedelta(hours=1)
        )
        ledger.mark_submitting(claim, payload_hash="", now=NOW)
        delivery = Delivery.objects.get(message=message)
        for place, ((number, kind), cut) in enumerate(zip(told, cuts, strict=False)):
            if place == recorded_after:
                ledger.record(claim, [SendOutcome(delivery.pk, SendState.ACCEPTED)], now=NOW)
            events.store(reports=[report(delivery, kind, f"{delivery.pk}-{number}")], now=NOW)
            if cut:
                events.apply_stored(policy=POLICY, now=NOW)
        ledger.record(claim, [SendOutcome(delivery.pk, SendState.ACCEPTED)], now=NOW)
        events.apply_stored(policy=POLICY, now=NOW)
        delivery.refresh_from_db()
        heaviest = max(number for number, _ in told)
        assert (delivery.state, delivery.outcome) == ("accepted", KINDS[heaviest] if heaviest else None)
        reasons = set(
            Suppression.objects.filter(address_hash=delivery.subscriber.address_hash).values_list("reason", flat=True)
        )
        said = {kind for _, kind in told}
        wanted = {"hard_bounce"} if EventKind.HARD_BOUNCE in said else set()
        assert reasons == wanted | ({"complaint"} if EventKind.COMPLAINT in said else set())


_NUMBERS = itertools.count(100)
