"""Bounces and complaints that come by mail: believed for what only we can have made, stored once, applied once."""

import base64
import quopri
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audience.keys import keyring
from pipeline.audience.models import Suppression
from pipeline.audience.tokens import Purpose, make
from pipeline.delivery.actions import events
from pipeline.delivery.bounce_mail import read_bounce
from pipeline.delivery.bounces import report_of
from pipeline.delivery.event_rules import BouncePolicy, EventKind
from pipeline.delivery.models import Delivery, ProviderEvent
from pipeline.delivery.return_path import return_paths
from tests.delivery.bounce_mails import arf, dsn, in_words
from tests.delivery.scene import NOW, planned_message
from tests.delivery.test_events import accept_all

BOUNCES = "bounces+{token}@newsletter.example"
LATER = NOW + timedelta(days=1)


def path_of(delivery_id: int) -> str:
    return return_paths(BOUNCES)(delivery_id)


def told(data: bytes):
    return report_of(data, bounce_address=BOUNCES, now=LATER)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, EventKind.HARD_BOUNCE),
        ({"status": "5.2.2", "said": "552 5.2.2 mailbox full"}, EventKind.SOFT_BOUNCE),
        ({"status": "4.4.7", "said": "delivery time expired"}, EventKind.SOFT_BOUNCE),
        ({"status": "5.0.0", "said": "550 user unknown"}, EventKind.HARD_BOUNCE),
        ({"action": "delayed", "status": "4.4.1"}, EventKind.DEFERRED),
        ({"action": "delivered", "status": "2.0.0"}, EventKind.DELIVERED),
        ({"action": "Failed", "status": "5.7.1 (blocked)"}, EventKind.SOFT_BOUNCE),
    ],
)
def test_a_delivery_status_notification_is_what_its_action_and_status_say(fields, kind):
    report = told(dsn(path_of(42), **fields))
    assert (report.kind, report.delivery_id, report.provider) == (kind, 42, "bounces")
    assert report.occurred_at == datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert "@" not in report.said


def test_of_several_recipients_that_an_alias_stood_for_the_worst_counts():
    more = "\n\n        Final-Recipient: rfc822; b@example.org\n        Action: delivered\n        Status: 2.0.0\n"
    assert told(dsn(path_of(42), more=more)).kind is EventKind.HARD_BOUNCE


@pytest.mark.parametrize("action", ["relayed", "expanded", "made-up"])
def test_an_action_that_decides_nothing_is_no_event(action):
    assert told(dsn(path_of(42), action=action)) is None


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_a_status_that_was_encoded_against_the_rules_is_read_all_the_same(encoding):
    block = b"Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    encoded = base64.encodebytes(block) if encoding == "base64" else quopri.encodestring(block)
    data = (
        (
            f'To: {path_of(42)}\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            f"--b\r\nContent-Type: message/delivery-status\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
        ).encode()
        + encoded
        + b"\r\n--b--\r\n"
    )
    assert told(data).kind is EventKind.HARD_BOUNCE


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("550 5.1.1 <ada@example.org>: Recipient address rejected: User unknown", EventKind.HARD_BOUNCE),
        ("Remote host said: 550 sorry, no mailbox here by that name: unknown user", EventKind.HARD_BOUNCE),
        ("552 5.2.2 The mailbox is full", EventKind.SOFT_BOUNCE),
    ],
)
def test_a_bounce_in_a_servers_own_words_is_understood(text, kind):
    report = told(in_words(path_of(42), text))
    assert (report.kind, report.delivery_id) == (kind, 42)
    assert "@" not in report.said


@pytest.mark.parametrize(
    "data",
    [
        in_words(path_of(42), "I am away until 550 o'clock.", return_path="<ada@example.org>"),
        in_words(path_of(42), "I am away; call 555.", more="Auto-Submitted: auto-replied"),
        in_words(path_of(42), "Thank you for your mail."),
        b"", b"\xff\xfe\x00", b"Subject: hello\r\n\r\nIs this read by anyone?",
        b"Content-Type: multipart/report; report-type=feedback-report\r\n\r\n",
        arf(feedback="not-spam", mail_from=path_of(42)), arf(feedback="auth-failure", mail_from=path_of(42)),
    ],
)  # fmt: skip
def test_what_is_no_report_is_none(data):
    assert told(data) is None


@given(st.binary(max_size=300), st.integers(0, 2000))
def test_any_bytes_are_read_without_harm(noise, cut):
    read_bounce(noise)
    whole = dsn("bounces@newsletter.example")
    read_bounce(whole[:cut] + noise + whole[cut + 50 :])


@pytest.mark.parametrize(
    "to",
    ["bounces@newsletter.example", "bounces+16-aaaaaaaaaaaaaaaaaaaaaaaaaa@newsletter.example", "someone@else.example"],
)
def test_a_bounce_to_a_return_path_that_is_not_ours_names_nobody(to):
    assert told(dsn(to)) is None


def test_without_a_bounce_address_no_return_path_is_believed():
    assert report_of(dsn(path_of(42)), bounce_address="", now=LATER) is None


def test_a_date_that_is_none_or_to_come_is_now():
    for date in ("yesterday", "Tue, 24 Nov 2099 09:00:00 +0000", "Tue, 99 Nov 2026 99:00:00"):
        assert told(dsn(path_of(42), date=date)).occurred_at == LATER


@pytest.mark.django_db
def test_a_complaint_names_its_delivery_by_the_return_path_that_it_quotes():
    for fields in ({"mail_from": f"<{path_of(42)}>"}, {"return_path": f"<{path_of(42)}>"}):
        report = told(arf(**fields))
        assert (report.kind, report.delivery_id) == (EventKind.COMPLAINT, 42)
    assert told(arf(feedback="opt-out", mail_from=path_of(42))).kind is EventKind.UNSUBSCRIBED


@pytest.mark.django_db
def test_a_complaint_without_a_return_path_names_its_reader_by_the_signed_link():
    message = planned_message(2)
    one, two = accept_all(message)
    token = make(Purpose.UNSUBSCRIBE, list_id=message.mailing_list_id, subscriber_id=one.subscriber_id, keys=keyring())
    link = f"https://newsletter.example/unsubscribe/{token}/"
    own_id = f"<{one.pk}.{'0' * 32}@newsletter.example>"
    others_id = f"<{two.pk}.{'0' * 32}@newsletter.example>"
    for message_id in (own_id, others_id, ""):  # a Message-ID can be made up, and the link cannot
        assert told(arf(unsubscribe=link, message_id=message_id)).delivery_id == one.pk
    assert told(arf(unsubscribe=link.replace(token, "A" * 48))) is None
    assert told(arf(message_id=own_id)) is None


@pytest.mark.django_db
def test_the_same_bounce_told_again_and_in_another_order_counts_once():
    one = accept_all(planned_message(1))[0]
    first = dsn(path_of(one.pk))
    again = first.replace(b"Return-Path: <>", b"Return-Path: <>\r\nReceived: from elsewhere")
    late = dsn(path_of(one.pk), action="delayed", status="4.4.1")
    for data in (late, first, again, late, first):
        events.store(reports=[told(data)], now=LATER)
    applied = events.apply_stored(policy=BouncePolicy(3, 30), now=LATER)
    assert (ProviderEvent.objects.count(), applied.suppressed) == (2, 1)
    assert Delivery.objects.get().outcome == EventKind.HARD_BOUNCE
    assert Suppression.objects.get().reason == "hard_bounce"
