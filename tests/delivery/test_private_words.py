"""Logs and the audit log speak of people by number: no address, no name, no token, whatever happens to them."""

import json
import logging

import pytest

from pipeline.audience import actions
from pipeline.audience.addresses import parse
from pipeline.audience.models import SubscriptionRequest, SuppressionReason
from pipeline.audit.models import AuditEntry
from pipeline.delivery.actions import control
from pipeline.delivery.actions.installation import adopt, adopt_if_new
from pipeline.delivery.models import Delivery, DeliveryState, Message
from pipeline.delivery.providers.base import SendOutcome, SendState
from pipeline.delivery.sender import SenderSettings, send_open
from tests.audience.people import add, ask, export_text, ids, import_text, leave
from tests.delivery.scene import NOW, PUBLIC_URL, Clock, make_list, planned_message
from tests.delivery.test_sender import Told, always

pytestmark = pytest.mark.django_db

ADDRESS, NAME = "ida.berg@private.example", "Ida Berg"


@pytest.fixture
def said(caplog):
    """said() → every log line of any level and every audit entry, as one text."""
    caplog.set_level(logging.DEBUG, logger="pipeline")

    def _said() -> str:
        entries = AuditEntry.objects.values_list("actor", "action", "subject_kind", "subject_id", "detail")
        return "\n".join([caplog.text, *(json.dumps(entry) for entry in entries)])

    return _said


def test_nothing_that_a_subscriber_does_or_suffers_names_them(said):
    letter, other = make_list("skin"), make_list("other")
    actions.record_request(mailing_list=letter, address=parse(ADDRESS), wording="Yes", ip="192.0.2.7", now=NOW)
    subscription = actions.take_request(request_id=SubscriptionRequest.objects.get().pk, now=NOW)
    actions.confirm(**ids(subscription), ip="192.0.2.7", now=NOW)
    actions.change_name(subscriber_id=subscription.subscriber_id, name=NAME, now=NOW, actor="reader")
    leave(subscription)
    actions.resubscribe(**ids(subscription), ip="192.0.2.7", now=NOW)
    import_text(f"email,name\n{ADDRESS},{NAME}\nno address of {NAME}\n", other)
    export_text(letter)
    hashed = subscription.subscriber.address_hash
    actions.suppress(address_hash=hashed, reason=SuppressionReason.COMPLAINT, now=NOW, actor="provider")
    with pytest.raises(actions.SuppressedError) as refused:
        add(letter, ADDRESS)
    assert ask(letter, ADDRESS) is None
    actions.erase(subscriber_id=subscription.subscriber_id, now=NOW, actor="editor")
    assert AuditEntry.objects.count() >= 8
    for private in (ADDRESS, "ida.berg", "private.example", NAME, "192.0.2.7"):
        assert private not in said()
        assert private not in str(refused.value)


@pytest.mark.parametrize("state", list(SendState))
def test_no_way_that_a_mail_can_go_names_its_reader(said, tmp_path, state):
    adopt_if_new(var=tmp_path, now=NOW)
    message = planned_message(readers=12)
    provider = Told(always(state, reply="550 said the server"))
    settings = SenderSettings(public_url=PUBLIC_URL, var=tmp_path, lease_seconds=900)
    send_open(provider=provider, settings=settings, now=Clock())
    assert provider.given, "something was sent, or tried"
    for envelope in provider.given:
        assert envelope.recipient not in said()
    assert "example.org" not in said()
    assert "Reader" not in said()
    assert "/unsubscribe/" not in said()
    assert f"delivery.sent message={message.pk}" in said()


def test_what_people_decide_about_a_message_is_logged_by_numbers(said, tmp_path):
    adopt_if_new(var=tmp_path, now=NOW)
    message = planned_message(readers=3)
    settings = SenderSettings(public_url=PUBLIC_URL, var=tmp_path, lease_seconds=900)
    doubt = Told(lambda envelope: SendOutcome(envelope.delivery_id, SendState.IN_DOUBT, "no answer"))
    send_open(provider=doubt, settings=settings, now=Clock())
    in_doubt = Delivery.objects.filter(state=DeliveryState.IN_DOUBT).first()
    control.settle(delivery=in_doubt, state=DeliveryState.ACCEPTED, actor="anna", now=NOW)
    control.pause(message=message, now=NOW, actor="anna")
    control.resume(message=message, now=NOW, actor="anna")
    control.cancel(message=message, now=NOW, actor="anna", reason="wrong picture")
    adopt(var=tmp_path, now=NOW, actor="anna")
    assert Message.objects.get().state == "cancelled"
    assert "example.org" not in said()
    assert "Reader" not in said()
    assert {
        "message.paused",
        "message.resumed",
        "message.cancelled",
        "delivery.settled",
        "installation.adopted",
    } <= set(AuditEntry.objects.values_list("action", flat=True))
