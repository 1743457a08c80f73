"""Two connections at the same rows, as only PostgreSQL has them: run by test_postgres.py, never by itself."""

from contextlib import suppress
from threading import Event, Thread

import pytest
from django.db import Error, connection, transaction

from pipeline.delivery import dialect
from pipeline.delivery.actions.messages import discard_unplanned, plan_issue
from pipeline.delivery.models import Delivery, Message
from pipeline.editorial.models import Issue
from tests.delivery.scene import NOW, make_message, subscribe
from tests.editorial.conftest import make_newsletter

pytestmark = pytest.mark.django_db(transaction=True)


def beside(work) -> Thread:
    """`work` in a thread with a connection of its own, which it closes."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=run, daemon=True)
    thread.start()
    return thread


def test_an_approval_that_is_taken_back_cannot_delete_a_message_while_it_is_planned():
    newsletter = make_newsletter()
    subscribe(newsletter.mailing_list, 1)
    issue = Issue.objects.create(newsletter=newsletter, number=1, slot_key="s", slot_at=NOW, composed_at=NOW)
    message = make_message(newsletter.mailing_list)
    Message.objects.filter(pk=message.pk).update(issue=issue)
    with transaction.atomic():
        plan_issue(message=message, now=NOW)
        began = Event()
        rival = beside(lambda: (began.set(), discard_unplanned(issue=issue)))
        began.wait(10)
        rival.join(0.5)
        assert rival.is_alive(), "it waits for the planning to end"
    rival.join(20)
    assert Message.objects.filter(pk=message.pk).exists()
    assert list(Delivery.objects.values_list("message_id", flat=True)) == [message.pk]


def test_who_stands_still_within_a_transaction_lets_go_of_its_rows(monkeypatch):
    monkeypatch.setattr(dialect, "IDLE_SECONDS_MOST", 1)
    message = make_message(make_newsletter().mailing_list)
    has_it, goes_on = Event(), Event()

    def stands_still() -> None:
        dialect.let_go_of_locks()
        with suppress(Error), transaction.atomic():
            Message.objects.select_for_update().get(pk=message.pk)
            has_it.set()
            goes_on.wait(60)
            Message.objects.count()  # its connection is gone

    rival = beside(stands_still)
    assert has_it.wait(10)
    with transaction.atomic():
        assert Message.objects.select_for_update().get(pk=message.pk) == message
    assert rival.is_alive(), "it still stands, and nobody had to wait for it"
    goes_on.set()
    rival.join(20)
