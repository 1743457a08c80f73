"""The ledger under any order of events: workers that claim, send, die or come late, people who pause, cancel and
leave, leases that lapse. Whatever happens, nobody is mailed twice, and in the end everybody is accounted for.
"""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from pipeline.audience.models import MailingList, Subscriber, Subscription, SubscriptionState
from pipeline.delivery import doubts, ledger
from pipeline.delivery.actions import control
from pipeline.delivery.actions.messages import finish_decided
from pipeline.delivery.models import Batch, Delivery, Message, MessageState
from pipeline.delivery.providers.base import SendOutcome, SendState
from pipeline.delivery.sums import sums
from tests.delivery.scene import Clock, planned_message

READERS = 6
LEASE = timedelta(minutes=15)
FATES = ["accepted", "taken, no answer", "lost on the way", "rejected", "put off", "held"]
ANSWERS = {
    "accepted": SendState.ACCEPTED, "rejected": SendState.REJECTED, "put off": SendState.RETRY, "held": SendState.HELD,
}  # fmt: skip
TAKEN = {"accepted", "taken, no answer"}


class LedgerMachine(RuleBasedStateMachine):
    """`wire` is the truth: how often the provider took each delivery."""

    claims = Bundle("claims")
    sent = Bundle("sent")

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.message = planned_message(readers=READERS)
        self.wire: Counter[int] = Counter()

    @rule(target=claims, limit=st.integers(1, READERS))
    def claim(self, limit):
        return ledger.claim(
            message_id=self.message.pk, limit=limit, worker="w", provider="p", now=self.clock(), lease=LEASE
        )

    @rule(target=sent, claimed=consumes(claims), fates=st.lists(st.sampled_from(FATES), min_size=6, max_size=6))
    def send(self, claimed, fates):
        """Commit submitting and, if that may be, hand over; each mail has its fate."""
        if claimed is None or not claimed.rows:
            return None
        if not ledger.mark_submitting(claimed, payload_hash="", now=self.clock()):
            ledger.release(claimed, now=self.clock())
            return None
        outcomes = []
        for row, fate in zip(claimed.rows, fates, strict=False):
            self.wire[row.delivery_id] += fate in TAKEN
            if fate in ANSWERS:
                outcomes.append(SendOutcome(row.delivery_id, ANSWERS[fate], fate))
        return claimed, outcomes

    @rule(work=consumes(sent))
    def record(self, work):
        """Also long after the lease has lapsed."""
        if work is not None:
            ledger.record(*work, now=self.clock())

    @rule(claimed=consumes(claims))
    def die_before_sending(self, claimed):
        pass

    @rule(work=consumes(sent))
    def die_before_recording(self, work):
        pass

    @rule(minutes=st.integers(1, 30))
    def pass_time(self, minutes):
        self.clock.pass_time(minutes=minutes)
        ledger.expire(now=self.clock())

    @rule()
    def ask_the_provider(self):
        for doubt in doubts.in_doubt(provider="p"):
            results = {pk: SendState.ACCEPTED if self.wire[pk] else SendState.RETRY for pk in doubt.delivery_ids}
            ledger.settle(
                message_id=doubt.message_id, batch_id=doubt.batch_id, results=results, reason="asked", now=self.clock()
            )

    @rule(number=st.integers(1, READERS))
    def leave(self, number):
        Subscription.objects.filter(subscriber__address_key=f"reader{number}@example.org").update(
            state=SubscriptionState.UNSUBSCRIBED
        )

    @rule()
    def pause_or_resume(self):
        state = Message.objects.get().state
        if state == MessageState.OPEN:
            control.pause(message=self.message, now=self.clock(), actor="ada")
        elif state == MessageState.PAUSED:
            control.resume(message=self.message, now=self.clock(), actor="ada")

    @rule(really=st.integers(0, 4))
    def cancel(self, really):
        if really == 0 and Message.objects.get().state != MessageState.FINISHED:
            control.cancel(message=self.message, now=self.clock(), actor="ada", reason="stop")

    @rule()
    def finish(self):
        finish_decided(now=self.clock())

    @invariant()
    def nobody_is_mailed_twice(self):
        assert all(count <= 1 for count in self.wire.values())

    @invariant()
    def everyone_has_one_row_and_the_rows_say_what_is_true(self):
        rows = dict(Delivery.objects.values_list("pk", "state"))
        assert len(rows) == sums(self.message).planned == READERS
        taken = {pk for pk, count in self.wire.items() if count}
        assert {pk for pk, state in rows.items() if state == "accepted"} <= taken
        assert not taken & {pk for pk, state in rows.items() if state in {"suppressed", "cancelled", "rejected"}}

    @invariant()
    def a_finished_message_adds_up(self):
        if Message.objects.get().state == MessageState.FINISHED:
            assert sums(self.message).adds_up

    def teardown(self) -> None:
        """Everybody goes home; one last worker finishes the job, and then nothing is open."""
        self.clock.pass_time(days=2)
        ledger.expire(now=self.clock())
        if Message.objects.get().state == MessageState.PAUSED:
            control.resume(message=self.message, now=self.clock(), actor="ada")
        self.ask_the_provider()
        while ledger.next_message(now=self.clock()) is not None:
            self.record(self.send(self.claim(READERS), ["accepted"] * READERS))
        finish_decided(now=self.clock())
        self.nobody_is_mailed_twice()
        total = sums(self.message)
        assert total.adds_up, total.describe()
        assert total.in_doubt == 0
        assert total.accepted == sum(self.wire.values())
        assert Message.objects.get().state in {MessageState.FINISHED, MessageState.CANCELLED}
        for model in (Delivery, Batch, Message, Subscription, Subscriber, MailingList):
            model.objects.all().delete()


@pytest.mark.django_db
def test_whatever_happens_in_whatever_order_nobody_is_mailed_twice_and_everybody_is_accounted_for():
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
