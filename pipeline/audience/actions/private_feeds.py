"""A reader's own feed beside the mail, or in place of it: made, changed, and its address replaced by a new one.

The address holds the list, the reader and the number of the link, and is signed; only the latest number opens the
feed. Reading in place of the mail is the reader's choice, obeyed from the next claim on; leaving the list ends both.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from pipeline.audience.actions.subscriptions import READER, locked_subscription
from pipeline.audience.models import Channel, PrivateFeed, Subscription, SubscriptionState
from pipeline.audit.actions import record

MAX_TOPICS = 200


@transaction.atomic
def choose_feed(
    *, list_id: int, subscriber_id: int, topics: Iterable[str], instead_of_mail: bool, now: datetime
) -> PrivateFeed | None:
    """The reader's feed, made or changed: `topics` are slugs, none for all of them. None for who is not on the list."""
    subscription = _confirmed(list_id=list_id, subscriber_id=subscriber_id)
    if subscription is None:
        return None
    chosen = sorted(set(topics))[:MAX_TOPICS]
    feed, is_new = PrivateFeed.objects.get_or_create(
        subscription=subscription, defaults={"topics": chosen, "made_at": now}
    )
    if feed.topics != chosen:
        feed.topics = chosen
        feed.save(update_fields=["topics"])
    if is_new:
        _audit(subscription, "feed.made", now=now)
    _set_channel(subscription, Channel.FEED if instead_of_mail else Channel.MAIL, now=now)
    return feed


@transaction.atomic
def renew_feed(*, list_id: int, subscriber_id: int, now: datetime) -> PrivateFeed | None:
    """Give the feed a new address: the one before ends at once. None where there is no feed."""
    subscription = _confirmed(list_id=list_id, subscriber_id=subscriber_id)
    feed = PrivateFeed.objects.filter(subscription=subscription).first() if subscription is not None else None
    if subscription is None or feed is None:
        return None
    feed.number += 1
    feed.save(update_fields=["number"])
    _audit(subscription, "feed.renewed", now=now)
    return feed


def open_feed(*, list_id: int, subscriber_id: int, number: int) -> PrivateFeed | None:
    """The feed that a signed link leads to; None once it was replaced, and once the subscription ended."""
    return PrivateFeed.objects.filter(
        subscription__mailing_list=list_id,
        subscription__subscriber=subscriber_id,
        subscription__state=SubscriptionState.CONFIRMED,
        number=number,
    ).first()


def _confirmed(*, list_id: int, subscriber_id: int) -> Subscription | None:
    subscription = locked_subscription(list_id=list_id, subscriber_id=subscriber_id)
    is_on_list = subscription is not None and subscription.state == SubscriptionState.CONFIRMED
    return subscription if is_on_list else None


def _set_channel(subscription: Subscription, channel: Channel, *, now: datetime) -> None:
    if subscription.channel == channel:
        return
    before, subscription.channel = subscription.channel, channel
    subscription.save(update_fields=["channel"])
    _audit(subscription, "subscription.channel_changed", now=now, before=before, after=str(channel))


def _audit(subscription: Subscription, action: str, *, now: datetime, **details: str) -> None:
    record(
        now=now, actor=READER, action=action, subject_kind="subscription", subject_id=subscription.pk,
        mailing_list=subscription.mailing_list_id, **details,
    )  # fmt: skip
