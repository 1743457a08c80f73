"""From the ledger over SMTP to a real server on loopback, with what goes wrong there; and what each side says of it."""

from contextlib import closing

import pytest

from pipeline.audience.models import Subscriber
from pipeline.delivery.actions import control
from pipeline.delivery.actions.installation import adopt_if_new
from pipeline.delivery.models import Batch, Delivery, Message
from pipeline.delivery.providers.smtp import Provider, SmtpServer
from pipeline.delivery.sender import SenderSettings, send_open
from pipeline.delivery.sums import sums
from tests.delivery.scene import NOW, PUBLIC_URL, Clock, planned_message
from tests.delivery.smtp_server import smtp_server
from tests.delivery.strict_smtp import Strict, listening

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(tmp_path):
    """(the server's truth, run the sender once, the clock)."""
    adopt_if_new(var=tmp_path, now=NOW)
    settings_here, clock = SenderSettings(PUBLIC_URL, tmp_path, lease_seconds=900), Clock()
    with (
        smtp_server() as truth,
        closing(Provider(SmtpServer("127.0.0.1", truth.port, "none", timeout_seconds=5))) as smtp,
    ):
        yield truth, lambda: send_open(provider=smtp, settings=settings_here, now=clock), clock


def recipients(truth) -> list[str]:
    return [recipient for recipient, _ in truth.taken]


def test_sixty_readers_get_their_mail_over_one_connection(post):
    truth, send, _ = post
    message = planned_message(readers=60)
    assert send().finished == [message.pk]
    assert sorted(recipients(truth)) == sorted(f"reader{number}@example.org" for number in range(1, 61))
    assert truth.sessions == 1
    assert Batch.objects.count() == 2
    assert set(Delivery.objects.values_list("reason", flat=True)) == {"250 2.0.0 queued as 42"}


def test_each_reader_is_recorded_with_what_the_server_said(post):
    truth, send, clock = post
    message = planned_message(readers=5)
    truth.rcpt_replies = {"reader2@example.org": "550 5.1.1 gone", "reader3@example.org": "450 4.2.1 grey"}
    report = send()
    assert (report.accepted, report.rejected, report.retried, report.finished) == (3, 1, 1, [])
    truth.rcpt_replies.clear()
    clock.pass_time(minutes=1)
    assert send().finished == [message.pk]
    assert sums(Message.objects.get()).describe() == "5 planned = 4 accepted + 1 rejected"
    assert len(recipients(truth)) == len(set(recipients(truth))) == 4


def test_a_connection_lost_after_a_mail_leaves_that_one_in_doubt_and_the_rest_go_a_minute_later(post):
    truth, send, clock = post
    message = planned_message(readers=4)
    truth.drop_at["reader2@example.org"] = "before_reply"
    report = send()
    assert (report.accepted, report.in_doubt, report.retried) == (1, 1, 2)
    assert report.put_off
    clock.pass_time(minutes=1)
    assert send().finished == [message.pk]
    assert sums(Message.objects.get()).describe() == "4 planned = 3 accepted + 1 in doubt"
    assert len(recipients(truth)) == 4  # the server had taken it after all: nobody got it twice
    control.settle(delivery=Delivery.objects.get(state="in_doubt"), state="accepted", actor="ada", now=NOW)
    assert sums(Message.objects.get()).describe() == "4 planned = 4 accepted"


@pytest.mark.parametrize("is_taken", [True, False])
def test_a_mailbox_outside_ascii_is_mailed_where_the_servers_take_it_and_else_refused_alone(tmp_path, is_taken):
    adopt_if_new(var=tmp_path, now=NOW)
    message = planned_message(readers=2)
    Subscriber.objects.filter(address_key="reader1@example.org").update(address="zoë@example.org", name="Zoë")
    strict, here = Strict(), SenderSettings(PUBLIC_URL, tmp_path, lease_seconds=900)
    with listening(strict, "8BITMIME", "SMTPUTF8") as port:
        smtp = Provider(SmtpServer("127.0.0.1", port, "none", timeout_seconds=5), unicode_mailboxes=is_taken)
        send_open(provider=smtp, settings=here, now=Clock())
        smtp.close()
    assert strict.breaches == []
    told = dict(strict.taken)
    assert set(told) == ({"zoë@example.org"} if is_taken else set()) | {"reader2@example.org"}
    if is_taken:
        assert "?=\r\n <zoë@example.org>\r\n".encode() in told["zoë@example.org"]
        assert any(line.endswith("BODY=8BITMIME SMTPUTF8") for line in strict.commands)
    assert sums(message).describe() == ("2 planned = 2 accepted" if is_taken else "2 planned = 1 accepted + 1 rejected")
