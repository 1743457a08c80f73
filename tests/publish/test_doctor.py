"""`doctor` finds what stands between the workspace and its readers, and says what to do."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from pydantic import SecretStr

from pipeline.audience.models import Subscriber, Suppression, SuppressionReason
from pipeline.delivery.models import ComplaintStop, Message
from pipeline.editorial.actions import newsletters
from pipeline.mail_config import SmtpServerConfig
from pipeline.publish.doctor import examine
from pipeline.publish.previews import expected_deliveries
from pipeline.publish.publishing import publish_now
from pipeline.publish.ticks import tick
from tests.publish.conftest import EDITOR, SUNDAY, TUESDAY_SLOT, subscribe

pytestmark = pytest.mark.django_db


def found(config, grade):
    return {finding.subject: finding for finding in examine(config=config, now=SUNDAY) if finding.grade == grade}


def test_a_workspace_in_order_has_nothing_bad(newsletter, queue, config):
    queue(4)
    config.var.chmod(0o700)
    assert found(config, "bad") == {}


def test_a_missing_output_folder_is_bad(newsletter, config):
    config.output.rmdir()
    assert "run.py init" in found(config, "bad")["output/"].remedy


def test_private_files_that_others_can_read_are_bad(newsletter, config):
    config.var.chmod(0o755)
    assert "chmod" in found(config, "bad")["var/"].remedy


def test_a_newsletter_without_a_postal_address_is_bad(newsletter, config):
    newsletters.update_newsletter(newsletter=newsletter, changes={"postal_address": ""}, now=SUNDAY, actor=EDITOR)
    assert "postal address" in found(config, "bad")["skin-letter"].message


def test_a_copied_database_is_bad(newsletter, config):
    (config.var / "installation").unlink()
    assert "run.py adopt" in found(config, "bad")["installation"].message


def test_an_unknown_provider_is_bad(newsletter, config):
    config = config.model_copy(update={"provider": "pigeon"})
    assert "pigeon" in found(config, "bad")["provider"].message


def test_an_smtp_server_that_does_not_answer_is_bad(newsletter, config):
    config = config.model_copy(update={"provider": "smtp", "smtp_host": "127.0.0.1", "smtp_port": 1})
    assert "does not answer" in found(config, "bad")["provider"].message


def notes(config):
    return [finding.message for finding in examine(config=config, now=SUNDAY) if finding.grade == "note"]


def test_a_queue_that_runs_dry_is_worth_a_look(newsletter, queue, config):
    queue(1)
    assert "1 tip waits in the queue: enough for 0 issues" in notes(config)


def test_a_list_without_readers_is_worth_a_look_and_one_with_readers_is_counted(newsletter, queue, config):
    queue(4)
    assert "nobody would be mailed" in notes(config)
    subscribe(newsletter, "ada@reader.example")
    messages = [finding.message for finding in examine(config=config, now=SUNDAY) if finding.grade == "good"]
    assert "1 reader would be mailed" in messages


def test_readers_who_may_not_be_mailed_are_not_counted(newsletter, readers, config):
    for subscriber in Subscriber.objects.order_by("pk")[:2]:
        Suppression.objects.create(
            address_hash=subscriber.address_hash, reason=SuppressionReason.COMPLAINT, created_at=SUNDAY
        )
    assert expected_deliveries(newsletter) == 3


def test_an_issue_that_is_held_is_told_with_its_reason(newsletter, readers, queue, config, clock):
    queue(2)
    updated = {"approval": "required"}
    newsletters.update_newsletter(newsletter=newsletter, changes=updated, now=SUNDAY, actor=EDITOR)
    clock.move_to(TUESDAY_SLOT)
    tick(config=config, clock=clock)
    assert "issue 1 is held: Its time came before a person approved it." in notes(config)


def test_mail_that_is_paused_is_told(newsletter, readers, queue, config, clock):
    queue(2)
    publish_now(newsletter, config=config, clock=clock, actor=EDITOR)
    Message.objects.update(state="paused", held_reason="the server refuses the sender")
    assert "the mail of issue 1 is paused: the server refuses the sender" in notes(config)


def test_a_database_that_can_only_be_read_is_bad(newsletter, config, monkeypatch):
    def refuse():
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr("pipeline.publish.doctor.transaction.atomic", refuse)
    assert "cannot be written" in found(config, "bad")["database"].message


def webhooks(config):
    return [line for line in examine(config=config, now=SUNDAY) if line.subject == "webhooks"]


def test_a_provider_that_could_tell_of_bounces_and_is_not_heard_is_worth_a_look(newsletter, config):
    (unheard,) = webhooks(config.model_copy(update={"provider": "mailgun"}))
    assert unheard.grade == "note"
    assert f"{config.public_url}/hooks/mailgun/" in unheard.remedy
    assert "signing key" in unheard.remedy


def test_whose_secret_is_set_is_told_with_the_address_and_a_wrong_secret_is_bad(newsletter, config):
    heard = config.model_copy(update={"webhook_secrets": SecretStr("mailgun=kept-to-ourselves")})
    (line,) = webhooks(heard)
    assert line.grade == "good"
    assert f"{config.public_url}/hooks/mailgun/" in line.message
    assert "kept-to-ourselves" not in line.message
    (wrong,) = webhooks(config.model_copy(update={"webhook_secrets": SecretStr("postmark=short")}))
    assert (wrong.grade, "short " in wrong.message) == ("bad", False)


def test_the_outbox_and_smtp_have_nothing_to_be_heard_with(newsletter, config):
    assert webhooks(config) == []


def test_every_smtp_server_is_called_and_those_that_are_silent_are_named(newsletter, config):
    servers = [SmtpServerConfig(host="127.0.0.1", port=port, security="none") for port in (1, 2)]
    config = config.model_copy(update={"provider": "smtp", "smtp_servers": servers})
    said = found(config, "bad")["provider"].message
    assert "127.0.0.1:1 does not answer" in said
    assert "127.0.0.1:2 does not answer" in said


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "nobody hears which addresses are gone"),
        ({"bounce_address": "b+{token}@n.example"}, "it is not said where they lie"),
        ({"bounce_address": "b+{token}@n.example", "bounce_mailbox": "/var/mail/b"}, ""),
        ({"provider": "outbox"}, ""),
    ],
)
def test_over_smtp_it_is_said_when_nobody_hears_of_bounces(newsletter, config, settings, said):
    config = config.model_copy(update={"provider": "smtp", **settings})
    seen = [finding.message for finding in examine(config=config, now=SUNDAY) if finding.subject == "bounces"]
    assert (len(seen), said in "".join(seen)) == (1 if said else 0, True)


def test_a_warm_up_says_todays_cap_and_its_end(newsletter, config):
    config = config.model_copy(
        update={"warm_up_from": SUNDAY.date() - timedelta(days=1), "warm_up_caps": [50, 1000, 9]}
    )
    assert found(config, "note")["warm-up"].message.startswith("today each receiving domain gets 1,000 mails of issues")
    later = examine(config=config, now=SUNDAY + timedelta(days=9))
    assert not [finding for finding in later if finding.subject == "warm-up"]


def test_a_newsletter_that_is_stopped_for_complaints_is_bad(newsletter, config):
    ComplaintStop.objects.create(mailing_list=newsletter.mailing_list, complaints=3, accepted=900, stopped_at=SUNDAY)
    bad = [finding for finding in examine(config=config, now=SUNDAY) if finding.grade == "bad"]
    assert "run.py bounces lift" in next(f.remedy for f in bad if f.message == "its issues are not mailed")
