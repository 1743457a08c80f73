"""The double opt-in, from the form to the pending subscription.

The form and the rest are two steps, so that nobody can find out by the form who subscribes: `record_request` does the
same work for every address, and `take_request`, later and elsewhere, looks the address up.

Limits: a network may ask so many times an hour; an address is mailed one confirmation in 24 hours, whoever asks.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.db import transaction
from django.db.models import Q

from pipeline.audience.actions.subscriptions import READER, subscriber_for
from pipeline.audience.addresses import Address
from pipeline.audience.keys import address_hash
from pipeline.audience.models import (
    Consent,
    ConsentMechanism,
    MailingList,
    Subscription,
    SubscriptionRequest,
    SubscriptionState,
)
from pipeline.audience.suppressions import reasons_for
from pipeline.audience.wording import wording_version
from pipeline.audit.actions import record
from pipeline.errors import TipsheetError

# A household or a shop's counter stays below these; a script does not.
REQUESTS_PER_IP_PER_HOUR = 10
REQUESTS_PER_NETWORK_PER_HOUR = 20
BETWEEN_CONFIRMATIONS = timedelta(hours=24)
KEPT_FOR = timedelta(days=2)


class TooManyRequestsError(TipsheetError):
    """One network has asked too often."""


@transaction.atomic
def record_request(*, mailing_list: MailingList, address: Address, wording: str, ip: str | None, now: datetime) -> None:
    """Take in what the form was sent. The work is the same whether the address is known or not.

    Raises TooManyRequestsError, which depends on the network alone.
    """
    network = _network(ip)
    _refuse_flood(ip=ip, network=network, now=now)
    SubscriptionRequest.objects.create(
        mailing_list=mailing_list,
        address=address.address,
        address_key=address.key,
        address_hash=address_hash(address.key),
        wording=wording,
        ip=ip,
        network=network,
        requested_at=now,
        due_at=now,
    )


@transaction.atomic
def take_request(*, request_id: int, now: datetime) -> Subscription | None:
    """Handle one request: the pending subscription to mail a confirmation for, or None if no mail is to go.

    An address that was mailed less than 24 hours ago gets no second mail for the same list; for another list, its
    request waits until it may be mailed again. Two requests of one address are handled one after the other.
    """
    request = _locked_with_its_address(request_id)
    if request is None:
        return None
    recent = SubscriptionRequest.objects.filter(
        address_hash=request.address_hash, mailed_at__gt=now - BETWEEN_CONFIRMATIONS
    ).order_by("mailed_at")
    last = recent.last()
    if last is not None and last.mailed_at is not None and last.mailing_list_id != request.mailing_list_id:
        request.due_at = last.mailed_at + BETWEEN_CONFIRMATIONS
        request.save(update_fields=["due_at"])
        return None
    pending = None if last is not None else _pending(request, now=now)
    request.address = request.address_key = ""
    request.handled_at = now
    request.mailed_at = now if pending else None
    request.save(update_fields=["address", "address_key", "handled_at", "mailed_at"])
    return pending


def _locked_with_its_address(request_id: int) -> SubscriptionRequest | None:
    """The request, if it was not handled, and with it every other of its address: their mails count for this one."""
    of_address = SubscriptionRequest.objects.filter(pk=request_id).values("address_hash")
    locked = SubscriptionRequest.objects.select_for_update(of=("self",)).select_related("mailing_list")
    for request in locked.filter(address_hash__in=of_address).order_by("pk"):
        if request.pk == request_id:
            return request if request.handled_at is None else None
    return None


def _pending(request: SubscriptionRequest, *, now: datetime) -> Subscription | None:
    return request_subscription(
        mailing_list=request.mailing_list,
        address=Address(request.address, request.address_key),
        wording=request.wording,
        ip=request.ip,
        requested_at=request.requested_at,
        now=now,
    )


@transaction.atomic
def request_subscription(
    *,
    mailing_list: MailingList,
    address: Address,
    wording: str,
    ip: str | None,
    requested_at: datetime,
    now: datetime,
) -> Subscription | None:
    """Make the subscription pending, with the consent as it was given by the form; a reader who left may ask again.

    None, and nothing changed, for an address that is confirmed already or suppressed.
    """
    if reasons_for([address_hash(address.key)], mailing_list):
        return None
    subscription, _ = Subscription.objects.select_for_update().get_or_create(
        subscriber=subscriber_for(address=address, now=now),
        mailing_list=mailing_list,
        defaults={"state": SubscriptionState.PENDING, "state_changed_at": now, "created_at": now},
    )
    if subscription.state == SubscriptionState.CONFIRMED:
        return None
    before, subscription.state, subscription.state_changed_at = subscription.state, SubscriptionState.PENDING, now
    subscription.save(update_fields=["state", "state_changed_at"])
    subscription.consents.filter(confirmed_at=None).delete()  # an earlier request that was never confirmed
    Consent.objects.create(
        subscription=subscription,
        mechanism=ConsentMechanism.FORM,
        wording=wording,
        wording_version=wording_version(wording),
        recorded_at=requested_at,
        ip=ip,
    )
    record(
        now=now,
        actor=READER,
        action="subscription.requested",
        subject_kind="subscription",
        subject_id=subscription.pk,
        mailing_list=mailing_list.pk,
        before=before,
        after=str(SubscriptionState.PENDING),
    )
    return subscription


@transaction.atomic
def forget_requests(*, now: datetime) -> int:
    """Delete the handled requests that no limit counts any more; how many."""
    deleted, _ = SubscriptionRequest.objects.filter(
        Q(mailed_at=None) | Q(mailed_at__lt=now - BETWEEN_CONFIRMATIONS),
        handled_at__isnull=False,
        requested_at__lt=now - KEPT_FOR,
    ).delete()
    return deleted


def _refuse_flood(*, ip: str | None, network: str, now: datetime) -> None:
    lately = SubscriptionRequest.objects.filter(requested_at__gt=now - timedelta(hours=1))
    if ip and lately.filter(ip=ip).count() >= REQUESTS_PER_IP_PER_HOUR:
        raise _too_many()
    if network and lately.filter(network=network).count() >= REQUESTS_PER_NETWORK_PER_HOUR:
        raise _too_many()


def _too_many() -> TooManyRequestsError:
    return TooManyRequestsError("There were many requests from your network just now. Please try again in an hour.")


def _network(ip: str | None) -> str:
    """The /64 of an IPv6 address: one household's, so that its 2^64 addresses count as one. '' for IPv4."""
    if ip is None or not isinstance(ip_address(ip), IPv6Address):
        return ""
    return str(IPv6Network((ip, 64), strict=False))
