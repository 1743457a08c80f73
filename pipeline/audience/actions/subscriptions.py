"""Joining and leaving a list.

    (nothing) ──► pending ──► confirmed ◄──► unsubscribed
                     └────────────────────────────▲

`pending` waits for the double opt-in. Only the reader goes from `unsubscribed` back: by the form, or by undoing it.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from pipeline.audience.actions.suppression import SuppressedError
from pipeline.audience.addresses import Address, clean_name
from pipeline.audience.keys import address_hash
from pipeline.audience.models import (
    Channel,
    Consent,
    ConsentMechanism,
    MailingList,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from pipeline.audience.suppressions import reasons_for
from pipeline.audience.wording import wording_version
from pipeline.audit.actions import record
from pipeline.errors import TipsheetError

# How long the reader who left can undo it on the page; a link that is found later cannot put them back.
UNDO_HOURS = 24
# Why staff and imports leave a subscription alone: whoever left may have asked again, so that pending is theirs too.
NOT_FOR_STAFF: dict[str, str] = {
    SubscriptionState.UNSUBSCRIBED: "this reader left the list; only they can come back, by the subscribe form",
    SubscriptionState.PENDING: "this reader was sent a confirmation and has not pressed its button yet",
}
READER = "subscriber"  # the audit log's actor when a reader acts for themselves


class LeftError(TipsheetError):
    """Staff cannot put a reader back, nor press the confirmation's button for them."""


class Confirmation(StrEnum):
    """What came of opening a confirmation link and pressing its button."""

    CONFIRMED = "confirmed"
    LEFT = "left"  # they have unsubscribed since: the old link does not bring them back
    UNKNOWN = "unknown"  # erased since


@transaction.atomic
def add_subscriber(
    *,
    mailing_list: MailingList,
    address: Address,
    source: str,
    wording: str,
    now: datetime,
    actor: str,
    name: str = "",
) -> tuple[Subscription, bool]:
    """Add a reader whose consent staff hold; confirmed at once. (subscription, whether anything changed).

    Raises SuppressedError and LeftError: neither is ever brought back by staff.
    """
    name = clean_name(name)
    refuse_suppressed(address=address, mailing_list=mailing_list)
    subscriber = subscriber_for(address=address, now=now, name=name)
    subscription, is_new = Subscription.objects.select_for_update().get_or_create(
        subscriber=subscriber,
        mailing_list=mailing_list,
        defaults={"state": SubscriptionState.CONFIRMED, "state_changed_at": now, "created_at": now},
    )
    if subscription.state in NOT_FOR_STAFF:
        raise LeftError(f"This address cannot be added: {NOT_FOR_STAFF[subscription.state]}.")
    if not is_new:
        return subscription, False
    _set_state(subscription, SubscriptionState.CONFIRMED, now=now, actor=actor, action="subscription.added")
    Consent.objects.create(
        subscription=subscription,
        mechanism=ConsentMechanism.STAFF,
        wording=wording,
        wording_version=wording_version(wording),
        source=source,
        recorded_at=now,
        confirmed_at=now,
    )
    return subscription, True


@transaction.atomic
def confirm(*, list_id: int, subscriber_id: int, ip: str | None, now: datetime) -> Confirmation:
    """The reader pressed the button of their confirmation mail. Doing it again changes nothing, and is no error."""
    subscription = locked_subscription(list_id=list_id, subscriber_id=subscriber_id)
    if subscription is None:
        return Confirmation.UNKNOWN
    if subscription.state == SubscriptionState.UNSUBSCRIBED:
        return Confirmation.LEFT
    if subscription.state == SubscriptionState.PENDING:
        subscription.channel = Channel.MAIL  # who subscribes wants the mail, whatever they chose when they left
        subscription.save(update_fields=["channel"])
        _set_state(subscription, SubscriptionState.CONFIRMED, now=now, actor=READER, action="subscription.confirmed")
        subscription.consents.filter(confirmed_at=None).update(confirmed_at=now, confirmed_ip=ip)
    return Confirmation.CONFIRMED


@transaction.atomic
def unsubscribe(*, list_id: int, subscriber_id: int, now: datetime, actor: str = READER) -> bool:
    """Leave the list; from here on no batch is claimed for this reader. False if they were not on it any more."""
    subscription = locked_subscription(list_id=list_id, subscriber_id=subscriber_id)
    if subscription is None or subscription.state == SubscriptionState.UNSUBSCRIBED:
        return False
    _set_state(subscription, SubscriptionState.UNSUBSCRIBED, now=now, actor=actor, action="subscription.left")
    return True


@transaction.atomic
def resubscribe(*, list_id: int, subscriber_id: int, ip: str | None, now: datetime) -> bool:
    """Undo an unsubscription within UNDO_HOURS, back to what it was before. Doing it again is no error.

    False if there is nothing to undo any more: too late, erased, or suppressed for another reason.
    """
    subscription = locked_subscription(list_id=list_id, subscriber_id=subscriber_id)
    if subscription is None or reasons_for([subscription.subscriber.address_hash], subscription.mailing_list):
        return False
    if subscription.state != SubscriptionState.UNSUBSCRIBED:
        return True
    consent = subscription.consents.exclude(confirmed_at=None).order_by("pk").last()
    if now - subscription.state_changed_at > timedelta(hours=UNDO_HOURS) or consent is None:
        return False
    _set_state(subscription, SubscriptionState.CONFIRMED, now=now, actor=READER, action="subscription.undone")
    Consent.objects.create(
        subscription=subscription,
        mechanism=ConsentMechanism.UNDO,
        wording=consent.wording,
        wording_version=consent.wording_version,
        source=consent.source,
        recorded_at=now,
        ip=ip,
        confirmed_at=now,
        confirmed_ip=ip,
    )
    return True


def refuse_suppressed(*, address: Address, mailing_list: MailingList) -> None:
    """Raise SuppressedError if the address may not be mailed on this list."""
    reasons = reasons_for([address_hash(address.key)], mailing_list)
    for reason in reasons.values():
        raise SuppressedError(reason)


def subscriber_for(*, address: Address, now: datetime, name: str = "") -> Subscriber:
    """The subscriber with this address, made if there is none. A name that is there already stays."""
    subscriber, _ = Subscriber.objects.get_or_create(
        address_key=address.key,
        defaults={
            "address": address.address,
            "address_hash": address_hash(address.key),
            "name": name,
            "created_at": now,
        },
    )
    return subscriber


def locked_subscription(*, list_id: int, subscriber_id: int) -> Subscription | None:
    """The subscription in whatever state, for the caller's transaction alone."""
    return (
        Subscription.objects.select_for_update(of=("self",))
        .select_related("subscriber", "mailing_list")
        .filter(mailing_list_id=list_id, subscriber_id=subscriber_id)
        .first()
    )


def _set_state(subscription: Subscription, state: SubscriptionState, *, now: datetime, actor: str, action: str) -> None:
    before, subscription.state, subscription.state_changed_at = subscription.state, state, now
    subscription.save(update_fields=["state", "state_changed_at"])
    record(
        now=now,
        actor=actor,
        action=action,
        subject_kind="subscription",
        subject_id=subscription.pk,
        mailing_list=subscription.mailing_list_id,
        before=before,
        after=str(state),
    )
