"""Making and planning messages: once for each key, whatever is asked how often."""

import hashlib

import pytest

from pipeline.delivery.actions.messages import (
    PlanError,
    create_message,
    discard_unplanned,
    finish_decided,
    plan_issue,
    send_single,
)
from pipeline.delivery.models import Delivery, Message, MessageKind, MessageState
from pipeline.delivery.sums import sums
from pipeline.delivery.wire import MessageError
from pipeline.editorial.models import Issue
from pipeline.render.model import RenderedEmail
from tests.delivery.scene import NOW, RENDERED, SENDER, make_list, make_message, planned_message, subscribe
from tests.editorial.conftest import make_newsletter

pytestmark = pytest.mark.django_db


def test_the_same_key_makes_one_message_and_the_first_stands():
    first = make_message(make_list())
    second = create_message(
        kind=MessageKind.ISSUE, key="issue:1", rendered=RenderedEmail("Other", "<p>x</p>", "x"), sender=SENDER, now=NOW
    )
    assert second.pk == first.pk
    assert Message.objects.count() == 1
    assert bytes(second.compiled) == bytes(first.compiled)


def test_a_message_is_sealed_with_the_hash_of_its_bytes():
    message = make_message(make_list())
    assert message.compiled_hash == hashlib.sha256(bytes(message.compiled)).hexdigest()
    assert message.envelope_sender == "hello@newsletter.example"


def test_a_message_that_cannot_be_mailed_is_refused_when_it_is_made():
    with pytest.raises(MessageError, match="Subject"):
        create_message(
            kind=MessageKind.ISSUE, key="k", rendered=RenderedEmail("a\r\nBcc: x", "", ""), sender=SENDER, now=NOW
        )
    assert Message.objects.count() == 0


def test_only_a_confirmation_says_that_it_is_automatic():
    made = {
        kind: b"Auto-Submitted: auto-generated" in bytes(make_message(None, key=kind, kind=kind).compiled)
        for kind in MessageKind.values
    }
    assert [kind for kind, says in made.items() if says] == ["confirmation"]


def test_an_issue_without_a_list_cannot_be_planned():
    with pytest.raises(PlanError, match="no list"):
        plan_issue(message=make_message(None), now=NOW)


def test_an_issue_without_readers_is_finished_and_its_sum_adds_up():
    message = make_message(make_list())
    assert plan_issue(message=message, now=NOW).describe() == "0 planned = 0 accepted"
    assert finish_decided(now=NOW) == [message.pk]


def test_a_message_is_not_finished_while_its_sum_does_not_add_up():
    message = planned_message(readers=2)
    Delivery.objects.update(state="accepted")
    Delivery.objects.first().delete()
    assert finish_decided(now=NOW) == []
    message.refresh_from_db()
    assert message.state == MessageState.OPEN


def test_a_single_mail_is_planned_for_one_reader_once():
    reader = subscribe(make_list(), 1)
    for _ in range(2):
        message = send_single(
            kind=MessageKind.WELCOME, key="welcome:1", rendered=RENDERED, sender=SENDER, now=NOW, subscriber=reader
        )
    assert list(Delivery.objects.values_list("message", "subscriber", "address")) == [(message.pk, reader.pk, "")]
    assert sums(message).planned == 1


def test_an_address_with_an_international_domain_is_kept_as_it_is_mailed():
    send_single(kind=MessageKind.TEST, key="t", rendered=RENDERED, sender=SENDER, now=NOW, address="a@bücher.example")
    assert Delivery.objects.get().address == "a@xn--bcher-kva.example"


def test_an_address_that_is_none_is_refused_and_leaves_nothing_behind():
    with pytest.raises(MessageError, match="no mail address"):
        send_single(kind=MessageKind.TEST, key="t", rendered=RENDERED, sender=SENDER, now=NOW, address="nobody")
    assert Message.objects.count() == 0


def test_a_single_mail_needs_exactly_one_recipient():
    reader = subscribe(make_list(), 1)
    for recipient in ({}, {"subscriber": reader, "address": "a@b.example"}):
        with pytest.raises(PlanError, match="one recipient"):
            send_single(kind=MessageKind.TEST, key="t", rendered=RENDERED, sender=SENDER, now=NOW, **recipient)


def test_a_message_whose_recipients_are_planned_is_not_discarded():
    issue = Issue.objects.create(newsletter=make_newsletter(), number=1, slot_key="s", slot_at=NOW, composed_at=NOW)
    planned = planned_message(2)
    Message.objects.filter(pk=planned.pk).update(issue=issue)
    discard_unplanned(issue=issue)
    assert Delivery.objects.filter(message=planned).count() == 2


def test_a_message_that_nobody_was_planned_for_is_discarded_with_its_approval():
    issue = Issue.objects.create(newsletter=make_newsletter(), number=1, slot_key="s", slot_at=NOW, composed_at=NOW)
    message = make_message(make_list())
    Message.objects.filter(pk=message.pk).update(issue=issue)
    discard_unplanned(issue=issue)
    discard_unplanned(issue=issue)
    assert not Message.objects.filter(pk=message.pk).exists()
