"""The sending loop, against providers that do as they are told."""

import email
import email.policy

import pytest

from pipeline.delivery.actions.installation import adopt_if_new
from pipeline.delivery.providers.outbox import Provider as Outbox
from pipeline.delivery.sender import SenderSettings, send_open
from pipeline.delivery.sums import sums
from tests.delivery.scene import NOW, PUBLIC_URL, Clock, planned_message, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def settings_here(tmp_path):
    adopt_if_new(var=tmp_path, now=NOW)
    return SenderSettings(public_url=PUBLIC_URL, var=tmp_path, lease_seconds=900)


def mails(var):
    return sorted((var / "outbox").glob("*.eml"))


def test_every_reader_gets_one_mail_and_the_sum_adds_up(settings_here, tmp_path):
    message = planned_message(readers=250)
    report = send_open(provider=Outbox(tmp_path / "outbox"), settings=settings_here, now=Clock())
    assert (report.accepted, report.finished) == (250, [message.pk])
    recipients = {email.message_from_bytes(p.read_bytes(), policy=email.policy.default)["To"] for p in mails(tmp_path)}
    assert len(mails(tmp_path)) == len(recipients) == 250
    assert sums(message).adds_up
    assert states(message) == {"accepted": 250}
