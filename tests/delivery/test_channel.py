"""Who reads their own feed in place of the mail is left out of issues, from the next claim on."""

from datetime import timedelta

import pytest

from pipeline.audience.models import Subscription, SubscriptionState, SuppressionReason
from pipeline.delivery import ledger
from pipeline.delivery.actions.messages import plan_issue, send_single
from pipeline.delivery.models import Delivery, MessageKind
from pipeline.delivery.statements import READS_FEED
from pipeline.delivery.sums import sums
from tests.delivery.scene import NOW, RENDERED, SENDER, make_list, make_message, planned_message, subscribe, suppress

pytestmark = pytest.mark.django_db


def reads_by(channel, subscriber):
    Subscription.objects.filter(subscriber=subscriber).update(channel=channel)


def claimed(message):
    return ledger.claim(
        message_id=message.pk, limit=10, worker="w", provider="outbox", now=NOW, lease=timedelta(minutes=15)
    )


def decided(subscriber):
    return Delivery.objects.values_list("state", "reason").get(subscriber=subscriber)


def test_planning_excludes_who_reads_the_feed_with_the_reason_and_the_sum_holds():
    mailing_list = make_list()
    by_mail, by_feed = subscribe(mailing_list, 1), subscribe(mailing_list, 2)
    reads_by("feed", by_feed)
    message = make_message(mailing_list)
    plan_issue(message=message, now=NOW)
    assert decided(by_feed) == ("excluded", READS_FEED)
    assert [row.subscriber_id for row in claimed(message).rows] == [by_mail.pk]
    assert (sums(message).planned, sums(message).excluded) == (2, 1)


def test_a_choice_between_planning_and_claiming_is_obeyed():
    message = planned_message(readers=2)
    first, second = (delivery.subscriber for delivery in Delivery.objects.order_by("pk"))
    reads_by("feed", first)
    assert [row.subscriber_id for row in claimed(message).rows] == [second.pk]
    assert decided(first) == ("excluded", READS_FEED)


def test_who_goes_back_to_the_mail_is_mailed_the_next_issue():
    message = planned_message(readers=1)
    reader = Delivery.objects.get().subscriber
    for channel in ("feed", "mail"):
        reads_by(channel, reader)
    assert len(claimed(message).rows) == 1


def test_a_weightier_reason_than_the_readers_choice_is_the_one_that_is_told():
    mailing_list = make_list()
    reader = subscribe(mailing_list, 1)
    reads_by("feed", reader)
    suppress(reader, SuppressionReason.COMPLAINT)
    plan_issue(message=make_message(mailing_list), now=NOW)
    assert decided(reader) == ("suppressed", "complaint")


def test_a_confirmation_is_mailed_whatever_the_channel():
    mailing_list = make_list()
    reader = subscribe(mailing_list, 1, state=SubscriptionState.PENDING)
    reads_by("feed", reader)
    message = send_single(
        kind=MessageKind.CONFIRMATION, key="confirm:1", rendered=RENDERED, sender=SENDER, now=NOW,
        mailing_list=mailing_list, subscriber=reader,
    )  # fmt: skip
    assert len(claimed(message).rows) == 1
