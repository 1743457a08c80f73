from datetime import timedelta

import pytest

from pipeline.audience import actions
from pipeline.audience.actions import Confirmation, LeftError, SuppressedError
from pipeline.audience.actions.subscriptions import UNDO_HOURS
from pipeline.audience.addresses import PersonNameError, parse
from pipeline.audience.keys import address_hash
from pipeline.audience.models import Consent, Subscriber, Subscription, SubscriptionRequest, Suppression
from pipeline.audit.models import AuditEntry
from tests.audience.people import NOW, WORDING, add, ask, ids, leave, state_of


def confirm(subscription, *, now=NOW, ip="192.0.2.9"):
    return actions.confirm(**ids(subscription), ip=ip, now=now)


def suppress(address="ada@example.com", reason="complaint", mailing_list=None):
    return actions.suppress(
        address_hash=address_hash(address), reason=reason, mailing_list=mailing_list, now=NOW, actor="provider"
    )


def test_a_request_waits_until_its_reader_confirms_it(letter):
    pending = ask(letter)
    assert state_of(pending) == "pending"
    assert confirm(pending, now=NOW + timedelta(hours=1)) is Confirmation.CONFIRMED
    assert state_of(pending) == "confirmed"


def test_the_consent_says_what_was_agreed_to_when_and_from_where_and_who_confirmed_it(letter):
    confirm(ask(letter), now=NOW + timedelta(hours=1))
    consent = Consent.objects.get()
    assert (consent.mechanism, consent.wording, consent.ip) == ("form", WORDING, "192.0.2.7")
    assert (consent.recorded_at, consent.confirmed_at) == (NOW, NOW + timedelta(hours=1))
    assert consent.confirmed_ip == "192.0.2.9"
    assert len(consent.wording_version) == 12


def test_another_wording_is_another_version(letter):
    ask(letter, "ada@example.com")
    actions.request_subscription(
        mailing_list=letter, address=parse("bob@example.com"), wording=f"{WORDING} Twice.", ip=None,
        requested_at=NOW, now=NOW,
    )  # fmt: skip
    assert len(set(Consent.objects.values_list("wording_version", flat=True))) == 2


def test_confirming_twice_shows_success_and_changes_nothing(letter):
    pending = ask(letter)
    confirm(pending)
    lines = AuditEntry.objects.count()
    assert confirm(pending, now=NOW + timedelta(days=1), ip="198.51.100.1") is Confirmation.CONFIRMED
    assert Consent.objects.get().confirmed_at == NOW
    assert AuditEntry.objects.count() == lines


def test_an_old_confirmation_does_not_bring_back_a_reader_who_left(letter):
    pending = ask(letter)
    confirm(pending)
    leave(pending)
    assert confirm(pending) is Confirmation.LEFT
    assert state_of(pending) == "unsubscribed"


def test_a_reader_who_left_can_ask_again(letter):
    subscription = add(letter)
    leave(subscription)
    assert ask(letter) == subscription
    assert state_of(subscription) == "pending"
    assert confirm(subscription) is Confirmation.CONFIRMED


def test_asking_while_confirmed_changes_nothing(letter):
    subscription = add(letter)
    assert ask(letter) is None
    assert state_of(subscription) == "confirmed"
    assert Consent.objects.count() == 1


def test_a_suppressed_address_that_asks_leaves_no_trace(letter):
    suppress()
    assert ask(letter) is None
    assert not Subscriber.objects.exists()


def test_leaving_twice_is_leaving_once(letter):
    subscription = add(letter)
    assert leave(subscription) is True
    assert leave(subscription, now=NOW + timedelta(days=1)) is False
    assert Subscription.objects.get().state_changed_at == NOW


def test_leaving_one_list_leaves_the_other_alone(letter, other_letter):
    one, other = add(letter), add(other_letter)
    leave(one)
    assert (state_of(one), state_of(other)) == ("unsubscribed", "confirmed")


def test_leaving_is_undone_with_a_consent_of_its_own(letter):
    subscription = add(letter)
    leave(subscription)
    assert actions.resubscribe(**ids(subscription), ip="192.0.2.9", now=NOW + timedelta(minutes=5)) is True
    assert state_of(subscription) == "confirmed"
    undone = Consent.objects.order_by("pk").last()
    assert (undone.mechanism, undone.wording, undone.confirmed_ip) == ("undo", WORDING, "192.0.2.9")


def test_undoing_twice_is_undoing_once(letter):
    subscription = add(letter)
    leave(subscription)
    for _ in range(2):
        assert actions.resubscribe(**ids(subscription), ip=None, now=NOW) is True
    assert Consent.objects.filter(mechanism="undo").count() == 1


def test_a_link_found_a_day_later_cannot_put_a_reader_back(letter):
    subscription = add(letter)
    leave(subscription)
    late = NOW + timedelta(hours=UNDO_HOURS, seconds=1)
    assert actions.resubscribe(**ids(subscription), ip=None, now=late) is False
    assert state_of(subscription) == "unsubscribed"


def test_undoing_confirms_nobody_who_had_not_confirmed(letter):
    pending = ask(letter)
    leave(pending)
    assert actions.resubscribe(**ids(pending), ip=None, now=NOW) is False
    assert state_of(pending) == "unsubscribed"


def test_undoing_does_not_revive_who_complained(letter):
    subscription = add(letter)
    leave(subscription)
    suppress()
    assert actions.resubscribe(**ids(subscription), ip=None, now=NOW) is False


def test_staff_add_a_reader_with_the_consent_that_they_hold(letter):
    subscription = add(letter, name="Ada  Lovelace ")
    assert subscription.subscriber.name == "Ada Lovelace"
    consent = Consent.objects.get()
    assert (consent.mechanism, consent.source, consent.confirmed_at) == ("staff", "the shop", NOW)


def test_adding_twice_changes_nothing_however_it_is_spelled(letter):
    add(letter, "Ada@Example.com", name="Ada")
    add(letter, "ada@example.COM", name="Somebody else")
    assert Subscriber.objects.get().address == "Ada@example.com"
    assert Subscriber.objects.get().name == "Ada"
    assert Consent.objects.count() == 1


def test_staff_cannot_put_back_who_left_nor_press_the_button_for_who_has_not(letter, other_letter):
    leave(add(letter))
    with pytest.raises(LeftError, match="only they can come back"):
        add(letter)
    ask(other_letter)
    with pytest.raises(LeftError, match="has not pressed its button"):
        add(other_letter)


@pytest.mark.parametrize("reason", ["complaint", "erased", "hard_bounce", "global_unsubscribe"])
def test_staff_cannot_add_a_suppressed_address(letter, reason):
    suppress(reason=reason)
    with pytest.raises(SuppressedError) as caught:
        add(letter)
    assert caught.value.reason == reason
    assert not Subscriber.objects.exists()


def test_a_suppression_on_one_list_leaves_the_others_open(letter, other_letter):
    suppress(reason="hard_bounce", mailing_list=letter)
    add(other_letter)
    with pytest.raises(SuppressedError):
        add(letter)


def test_the_strongest_reason_is_the_one_that_is_said(letter):
    for reason in ("hard_bounce", "complaint", "global_unsubscribe"):
        suppress(reason=reason)
    with pytest.raises(SuppressedError, match="reported a mail as spam"):
        add(letter)


def test_suppressing_twice_is_suppressing_once(letter):
    assert suppress() is True
    assert suppress() is False
    assert Suppression.objects.count() == 1


def test_a_name_is_changed_and_taken_away(letter):
    person = add(letter, name="Ada").subscriber
    for name in ("Ada King", ""):
        assert actions.change_name(subscriber_id=person.pk, name=name, now=NOW, actor="subscriber") is True
        assert Subscriber.objects.get().name == name
    assert actions.change_name(subscriber_id=person.pk, name="", now=NOW, actor="subscriber") is False


def test_a_name_that_would_break_a_header_is_refused_where_it_is_typed(letter):
    person = add(letter).subscriber
    with pytest.raises(PersonNameError, match="line break"):
        actions.change_name(subscriber_id=person.pk, name="Ada\r\nBcc: eve@example.com", now=NOW, actor="subscriber")


def test_erasure_leaves_a_keyed_hash_and_nothing_else_of_the_person(letter):
    subscription = add(letter, name="Ada")
    actions.record_request(mailing_list=letter, address=parse("ada@example.com"), wording=WORDING, ip=None, now=NOW)
    assert actions.erase(subscriber_id=subscription.subscriber_id, now=NOW, actor="editor") is True
    person = Subscriber.objects.get()
    assert (person.address, person.address_key, person.name, person.erased_at) == (None, None, "", NOW)
    assert not Subscription.objects.exists()
    assert not Consent.objects.exists()
    assert not SubscriptionRequest.objects.exists()
    assert Suppression.objects.get().address_hash == address_hash("ada@example.com")


def test_erasing_twice_is_erasing_once_and_nobody_brings_the_address_back(letter):
    person = add(letter).subscriber
    actions.erase(subscriber_id=person.pk, now=NOW, actor="editor")
    assert actions.erase(subscriber_id=person.pk, now=NOW, actor="editor") is False
    with pytest.raises(SuppressedError, match="asked to be erased"):
        add(letter)
    assert ask(letter) is None


def test_links_of_an_erased_reader_do_nothing_and_are_no_error(letter):
    subscription = add(letter)
    names = ids(subscription)
    actions.erase(subscriber_id=subscription.subscriber_id, now=NOW, actor="editor")
    assert actions.confirm(**names, ip=None, now=NOW) is Confirmation.UNKNOWN
    assert actions.unsubscribe(**names, now=NOW) is False
    assert actions.resubscribe(**names, ip=None, now=NOW) is False
    assert actions.change_name(subscriber_id=names["subscriber_id"], name="Eve", now=NOW, actor="subscriber") is False


def test_the_audit_log_tells_the_whole_story_without_an_address(letter):
    pending = ask(letter)
    confirm(pending)
    leave(pending)
    actions.resubscribe(**ids(pending), ip=None, now=NOW)
    actions.change_name(subscriber_id=pending.subscriber_id, name="Ada", now=NOW, actor="subscriber")
    actions.erase(subscriber_id=pending.subscriber_id, now=NOW, actor="editor")
    told = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert told == [
        "subscription.requested", "subscription.confirmed", "subscription.left", "subscription.undone",
        "subscriber.renamed", "address.suppressed", "subscriber.erased",
    ]  # fmt: skip
    everything = " ".join(str(row) for row in AuditEntry.objects.values_list())
    assert "@" not in everything
    assert "Ada" not in everything
