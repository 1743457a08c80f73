"""Whatever happens in whatever order: nobody is mailed who did not agree; nobody is brought back but by themselves."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from pipeline.audience import actions
from pipeline.audience.actions import LeftError, SuppressedError
from pipeline.audience.addresses import parse
from pipeline.audience.keys import address_hash
from pipeline.audience.models import MailingList, Subscriber, Subscription, SubscriptionRequest, Suppression
from pipeline.audit.models import AuditEntry
from tests.audience.people import NOW, add, ids, import_text

waits = st.sampled_from([0, 1, 21, 25])
people = st.sampled_from(["ada@example.com", "bob@example.com"])
unlucky = st.just("bob@example.com")  # suppressed and erased alone, so that much can happen to the other


class Readers(RuleBasedStateMachine):
    """Two people, one list, and everything that readers, staff and providers do. What readers want is kept beside."""

    @initialize()
    def start(self):
        for model in (Subscription, SubscriptionRequest, Subscriber, Suppression, MailingList, AuditEntry):
            model.objects.all().delete()
        self.letter = MailingList.objects.create(name="Letter", slug="letter", created_at=NOW)
        self.now = NOW
        self.agreed: set[str] = set()
        self.left: set[str] = set()
        self.suppressed: set[str] = set()
        self.mailed_at: dict[str, list] = {}
        self.staff_add_them("bob@example.com")

    def subscription(self, address):
        return Subscription.objects.filter(subscriber__address_key=address).first()

    @rule(address=people, hours=waits)
    def the_form_is_sent_and_a_tick_looks(self, address, hours):
        self.now += timedelta(hours=hours)
        actions.record_request(mailing_list=self.letter, address=parse(address), wording="Yes", ip=None, now=self.now)
        for request in SubscriptionRequest.objects.filter(handled_at=None, due_at__lte=self.now):
            if actions.take_request(request_id=request.pk, now=self.now) is not None:
                assert address not in self.suppressed
                self.mailed_at.setdefault(address, []).append(self.now)

    @rule(address=people)
    def the_reader_confirms(self, address):
        subscription = self.subscription(address)
        if subscription is not None:
            was_waiting = subscription.state == "pending"
            actions.confirm(**ids(subscription), ip=None, now=self.now)
            if was_waiting:
                self.agreed.add(address)
                self.left.discard(address)

    @rule(address=people)
    def the_reader_leaves(self, address):
        subscription = self.subscription(address)
        if subscription is not None:
            actions.unsubscribe(**ids(subscription), now=self.now)
            self.left.add(address)
            self.agreed.discard(address)

    @rule(address=people, hours=waits)
    def the_reader_undoes_it(self, address, hours):
        self.now += timedelta(hours=hours)
        subscription = self.subscription(address)
        if subscription is not None and subscription.state == "unsubscribed":
            left_at = subscription.state_changed_at
            if actions.resubscribe(**ids(subscription), ip=None, now=self.now):
                assert address not in self.suppressed
                assert self.now - left_at <= timedelta(hours=24)
                self.agreed.add(address)
                self.left.discard(address)

    @rule(address=people)
    def staff_add_them(self, address):
        try:
            add(self.letter, address, now=self.now)
        except (LeftError, SuppressedError):
            return
        self.agreed.add(address)

    @rule()
    def staff_import_everybody(self):
        before = set(Subscription.objects.filter(state="confirmed").values_list("subscriber__address_key", flat=True))
        import_text("email\nada@example.com\nbob@example.com\n", self.letter, now=self.now)
        after = set(Subscription.objects.filter(state="confirmed").values_list("subscriber__address_key", flat=True))
        self.agreed |= after - before

    @rule(address=unlucky, reason=st.sampled_from(["complaint", "hard_bounce", "global_unsubscribe"]))
    def the_address_is_suppressed(self, address, reason):
        actions.suppress(address_hash=address_hash(address), reason=reason, now=self.now, actor="provider")
        self.suppressed.add(address)

    @rule(address=unlucky)
    def the_person_is_erased(self, address):
        subscriber = Subscriber.objects.filter(address_key=address).first()
        if subscriber is not None:
            actions.erase(subscriber_id=subscriber.pk, now=self.now, actor="editor")
            self.suppressed.add(address)
            self.agreed.discard(address)

    @invariant()
    def only_who_agreed_is_confirmed_and_the_proof_is_there(self):
        for subscription in Subscription.objects.filter(state="confirmed").select_related("subscriber"):
            assert subscription.subscriber.address_key in self.agreed
            assert subscription.consents.exclude(confirmed_at=None).exists()

    @invariant()
    def nobody_who_left_is_confirmed(self):
        confirmed = Subscription.objects.filter(state="confirmed").values_list("subscriber__address_key", flat=True)
        assert not self.left & set(confirmed)

    @invariant()
    def an_address_is_mailed_one_confirmation_in_a_day(self):
        for times in self.mailed_at.values():
            assert all(later - earlier >= timedelta(hours=24) for earlier, later in pairwise(times))

    @invariant()
    def the_audit_log_holds_no_address(self):
        assert not any("@" in str(row) for row in AuditEntry.objects.values_list())


class TestReaders(TestCase):
    def test_nobody_is_mailed_who_did_not_agree_whatever_happens(self):
        run_state_machine_as_test(Readers, settings=settings(max_examples=60, stateful_step_count=30, deadline=None))
