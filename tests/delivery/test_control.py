"""Pause, resume, cancel, settle: what people decide, and what it may not touch."""

from datetime import timedelta

import pytest

from pipeline.audit.models import AuditEntry
from pipeline.delivery import ledger
from pipeline.delivery.actions import control
from pipeline.delivery.models import Batch, Delivery, DeliveryState, MessageState
from pipeline.delivery.providers.base import SendOutcome, SendState
from pipeline.delivery.sums import sums
from tests.delivery.scene import NOW, planned_message, states

pytestmark = pytest.mark.django_db


def claim(message, limit=10):
    return ledger.claim(
        message_id=message.pk, limit=limit, worker="w", provider="smtp", now=NOW, lease=timedelta(minutes=15)
    )


def submitting(message, limit=10):
    claimed = claim(message, limit)
    assert ledger.mark_submitting(claimed, payload_hash="", now=NOW)
    return claimed


def accepted(claimed):
    return [SendOutcome(row.delivery_id, SendState.ACCEPTED) for row in claimed.rows]


def test_a_paused_message_is_not_claimed_and_a_resumed_one_goes_on_from_what_is_planned():
    message = planned_message(readers=4)
    first = submitting(message, 2)
    control.pause(message=message, now=NOW, actor="ada")
    assert claim(message) is None
    assert ledger.record(first, accepted(first), now=NOW)
    control.resume(message=message, now=NOW, actor="ada")
    assert {row.delivery_id for row in claim(message).rows}.isdisjoint(row.delivery_id for row in first.rows)


def test_pausing_and_resuming_twice_changes_nothing_and_is_logged_once():
    message = planned_message(readers=1)
    for _ in range(2):
        control.pause(message=message, now=NOW, actor="ada")
    for _ in range(2):
        control.resume(message=message, now=NOW, actor="ada")
    logged = AuditEntry.objects.filter(subject_kind="message").values_list("action", "actor")
    assert list(logged) == [("message.paused", "ada"), ("message.resumed", "ada")]


@pytest.mark.parametrize("state", [MessageState.CANCELLED, MessageState.FINISHED])
def test_what_is_over_cannot_be_paused_or_resumed(state):
    message = planned_message(readers=1)
    type(message).objects.update(state=state)
    for decide in (control.pause, control.resume):
        with pytest.raises(control.MessageStateError, match=str(state)):
            decide(message=message, now=NOW, actor="ada")


def test_a_cancelled_message_says_so_of_everyone_who_was_not_mailed():
    message = planned_message(readers=4)
    first = submitting(message, 1)
    ledger.record(first, accepted(first), now=NOW)
    total = control.cancel(message=message, now=NOW, actor="ada", reason="wrong picture")
    assert total.describe() == "4 planned = 1 accepted + 3 cancelled"
    assert total.adds_up
    assert set(Delivery.objects.filter(state="cancelled").values_list("reason", flat=True)) == {"wrong picture"}


def test_cancelling_takes_claims_back_and_never_touches_what_is_submitting():
    message = planned_message(readers=4)
    leaving, waiting = submitting(message, 2), claim(message, 1)
    control.cancel(message=message, now=NOW, actor="ada", reason="stop")
    assert states(message) == {"planned": 2, "cancelled": 2}
    assert not ledger.mark_submitting(waiting, payload_hash="", now=NOW)
    assert list(Batch.objects.order_by("pk").values_list("state", "fence")) == [("submitting", 1), ("released", 2)]
    assert not sums(message).adds_up
    assert ledger.record(leaving, accepted(leaving), now=NOW)
    assert states(message) == {"accepted": 2, "cancelled": 2}
    assert sums(message).adds_up


def test_what_was_submitting_and_is_put_off_after_a_cancel_is_not_sent_again():
    message = planned_message(readers=1)
    leaving = submitting(message)
    control.cancel(message=message, now=NOW, actor="ada", reason="stop")
    ledger.record(leaving, [SendOutcome(leaving.rows[0].delivery_id, SendState.RETRY, "450")], now=NOW)
    assert claim(message) is None
    assert ledger.next_message(now=NOW + timedelta(days=1)) is None
    assert states(message) == {"cancelled": 1}
    assert sums(message).adds_up


def test_what_is_found_absent_after_a_cancel_is_not_sent_again():
    message = planned_message(readers=1)
    leaving = submitting(message)
    control.cancel(message=message, now=NOW, actor="ada", reason="stop")
    ledger.record(leaving, [], now=NOW)
    assert states(message) == {"in_doubt": 1}
    control.settle(delivery=Delivery.objects.get(), state=DeliveryState.PLANNED, actor="ada", now=NOW)
    assert states(message) == {"cancelled": 1}
    assert sums(message).adds_up


def test_a_cancelled_message_stays_cancelled_and_a_finished_one_cannot_be():
    message = planned_message(readers=1)
    control.cancel(message=message, now=NOW, actor="ada", reason="stop")
    control.cancel(message=message, now=NOW, actor="bob", reason="again")
    assert Delivery.objects.get().reason == "stop"
    type(message).objects.update(state=MessageState.FINISHED)
    with pytest.raises(control.MessageStateError, match="nothing left to cancel"):
        control.cancel(message=message, now=NOW, actor="ada", reason="late")


@pytest.fixture
def doubtful():
    claimed = submitting(planned_message(readers=1))
    ledger.record(claimed, [], now=NOW)
    return Delivery.objects.get()


@pytest.mark.parametrize("state", [DeliveryState.ACCEPTED, DeliveryState.REJECTED, DeliveryState.PLANNED])
def test_a_person_can_settle_a_delivery_in_doubt(doubtful, state):
    control.settle(delivery=doubtful, state=state, actor="ada", now=NOW)
    doubtful.refresh_from_db()
    assert (doubtful.state, doubtful.reason) == (state, "settled by ada")
    assert Batch.objects.get().state == "done"
    entry = AuditEntry.objects.get(action="delivery.settled")
    assert (entry.actor, entry.detail) == ("ada", {"state": str(state)})


@pytest.mark.parametrize("state", [DeliveryState.SUPPRESSED, DeliveryState.IN_DOUBT, DeliveryState.RETRY_AT])
def test_in_doubt_cannot_become_just_anything(doubtful, state):
    with pytest.raises(control.SettleError, match="choose one of accepted, planned, rejected"):
        control.settle(delivery=doubtful, state=state, actor="ada", now=NOW)


def test_only_what_is_in_doubt_can_be_settled_and_only_once(doubtful):
    stale = Delivery.objects.get()
    control.settle(delivery=doubtful, state=DeliveryState.ACCEPTED, actor="ada", now=NOW)
    with pytest.raises(control.SettleError, match="by someone else"):
        control.settle(delivery=stale, state=DeliveryState.PLANNED, actor="bob", now=NOW)
    stale.refresh_from_db()
    with pytest.raises(control.SettleError, match="not in doubt"):
        control.settle(delivery=stale, state=DeliveryState.PLANNED, actor="bob", now=NOW)
    assert stale.state == "accepted"
