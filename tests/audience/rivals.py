"""Two connections at the same rows, as only PostgreSQL has them: run by test_postgres.py, never by itself."""

from threading import Thread

import pytest
from django.db import connection, transaction

from pipeline.audience import actions
from pipeline.audience.addresses import parse
from pipeline.audience.models import MailingList, SubscriptionRequest
from tests.audience.people import NOW, WORDING

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_requests_of_one_address_that_are_handled_at_once_are_mailed_once():
    letter = MailingList.objects.create(name="The Skin Letter", slug="skin-letter", created_at=NOW)
    for _ in range(2):
        actions.record_request(
            mailing_list=letter, address=parse("ada@example.com"), wording=WORDING, ip="192.0.2.7", now=NOW
        )
    first, second = SubscriptionRequest.objects.order_by("pk")
    mailed = []

    def rival() -> None:
        try:
            mailed.append(actions.take_request(request_id=second.pk, now=NOW))
        finally:
            connection.close()

    with transaction.atomic():
        mailed.append(actions.take_request(request_id=first.pk, now=NOW))
        thread = Thread(target=rival, daemon=True)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive(), "it waits for what the first one comes to"
    thread.join(20)
    assert [subscription is not None for subscription in mailed] == [True, False]
    assert SubscriptionRequest.objects.exclude(handled_at=None).count() == 2
