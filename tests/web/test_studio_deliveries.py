"""The studio's page of deliveries: what is in doubt with the choice, what is held, what each provider promises."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pipeline.delivery import ledger, providers
from pipeline.delivery.actions import control
from pipeline.delivery.actions.messages import create_message, plan_issue
from pipeline.delivery.models import Batch, MessageKind
from pipeline.editorial.actions.newsletters import create_newsletter
from pipeline.editorial.models import Issue
from tests.delivery.scene import NOW, RENDERED, SENDER, states, subscribe

pytestmark = pytest.mark.django_db
PAGE = "/studio/deliveries/"


@pytest.fixture
def message():
    newsletter = create_newsletter(
        slug="skin", name="The Skin Letter", sender_name="S", sender_address="letter@newsletter.example",
        list_id="skin.newsletter.example", reason="You subscribed.", time_zone="Europe/Berlin", now=NOW, actor="ada",
    )  # fmt: skip
    issue = Issue.objects.create(
        newsletter=newsletter, number=3, slot_key="2026-11-24T09:00", slot_at=NOW, subject=RENDERED.subject,
        design="digest", content="{}", html=RENDERED.html, text=RENDERED.text, composed_at=NOW, frozen_hash="x",
    )  # fmt: skip
    for number in (1, 2):
        subscribe(newsletter.mailing_list, number)
    made = create_message(
        kind=MessageKind.ISSUE, key="issue:3", rendered=RENDERED, sender=SENDER, now=NOW, issue=issue,
        mailing_list=newsletter.mailing_list,
    )  # fmt: skip
    plan_issue(message=made, now=NOW)
    return made


@pytest.fixture
def doubtful(message):
    claim = ledger.claim(
        message_id=message.pk, limit=2, worker="gone", provider="smtp", now=NOW, lease=timedelta(minutes=1)
    )
    ledger.mark_submitting(claim, payload_hash="", now=NOW)
    ledger.expire(now=NOW, dead_workers=["gone"])
    return message


@pytest.fixture
def staff(monkeypatch):
    monkeypatch.setenv("PIPELINE_PROVIDER", "smtp")
    client = Client()
    client.force_login(User.objects.create_user("ada", is_staff=True))
    return client


def test_what_is_in_doubt_is_shown_with_the_choice(staff, doubtful):
    said = staff.get(PAGE).content.decode()
    assert "Issue 3" in said
    assert "2 mails, given to smtp" in said
    assert "It waits for a person&#x27;s word." in said
    for choice in ("They arrived", "Leave them", "Send once more"):
        assert choice in said


@pytest.mark.parametrize(("answer", "state"), [("arrived", "accepted"), ("leave", "rejected"), ("again", "planned")])
def test_a_persons_word_settles_it(staff, doubtful, answer, state):
    batch = Batch.objects.get()
    said = staff.post(f"{PAGE}{batch.pk}/settle/", {"answer": answer}, follow=True).content.decode()
    assert "Nothing is in doubt." in said
    assert states(doubtful) == {state: 2}
    again = staff.post(f"{PAGE}{batch.pk}/settle/", {"answer": answer}, follow=True).content.decode()
    assert "nothing to settle" in again


def test_an_answer_that_is_none_settles_nothing(staff, doubtful):
    staff.post(f"{PAGE}{Batch.objects.get().pk}/settle/", {"answer": "perhaps"})
    assert states(doubtful) == {"in_doubt": 2}


def test_what_is_held_is_shown_with_the_reason(staff, message):
    control.pause(message=message, now=NOW, actor="sender", reason="smtp refuses the sender: 535 no")
    assert "smtp refuses the sender: 535 no" in staff.get(PAGE).content.decode()


def test_every_provider_s_promise_is_shown_and_the_choice_is_said(staff, message, monkeypatch):
    said = staff.get(PAGE).content.decode()
    for name in providers.available():
        assert providers.traits(name).title in said
    assert "Nobody gets a mail twice." in said
    monkeypatch.setenv("PIPELINE_IN_DOUBT", "send_again")
    assert "A reader may get a mail twice." in staff.get(PAGE).content.decode()
