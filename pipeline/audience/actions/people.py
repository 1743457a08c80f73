"""What a subscriber may change about themselves, and erasure."""

from datetime import datetime

from django.db import transaction

from pipeline.audience.actions.suppression import suppress
from pipeline.audience.addresses import clean_name
from pipeline.audience.models import Subscriber, Subscription, SubscriptionRequest, SuppressionReason
from pipeline.audience.zones import clean_zone
from pipeline.audit.actions import record


@transaction.atomic
def change_name(*, subscriber_id: int, name: str, now: datetime, actor: str) -> bool:
    """Change the name that mails greet with; '' takes it away. False if it was so, or the subscriber is erased.

    Raises PersonNameError for a name that cannot stand in a mail.
    """
    name = clean_name(name)
    changed = Subscriber.objects.filter(pk=subscriber_id, erased_at=None).exclude(name=name).update(name=name)
    if changed:
        record(now=now, actor=actor, action="subscriber.renamed", subject_kind="subscriber", subject_id=subscriber_id)
    return bool(changed)


@transaction.atomic
def change_time_zone(*, subscriber_id: int, time_zone: str, now: datetime, actor: str) -> bool:
    """Change whose clocks the subscriber's mail goes by; '' is the newsletter's zone. False if it was so, or erased.

    Raises ZoneError for a zone that there is not.
    """
    zone = clean_zone(time_zone)
    changed = Subscriber.objects.filter(pk=subscriber_id, erased_at=None).exclude(time_zone=zone).update(time_zone=zone)
    if changed:
        record(
            now=now, actor=actor, action="subscriber.moved", subject_kind="subscriber", subject_id=subscriber_id
        )  # fmt: skip
    return bool(changed)


@transaction.atomic
def erase(*, subscriber_id: int, now: datetime, actor: str) -> bool:
    """Forget a person: address, name, subscriptions, consents and requests go. False if they were erased before.

    The row stays, nameless, so that the sums of what was sent hold; its keyed hash stays as a suppression, so that no
    import brings the address back.
    """
    subscriber = Subscriber.objects.select_for_update().filter(pk=subscriber_id, erased_at=None).first()
    if subscriber is None:
        return False
    suppress(address_hash=subscriber.address_hash, reason=SuppressionReason.ERASED, now=now, actor=actor)
    Subscription.objects.filter(subscriber=subscriber).delete()  # consents go with them
    SubscriptionRequest.objects.filter(address_hash=subscriber.address_hash).delete()
    subscriber.address = subscriber.address_key = None
    subscriber.name = subscriber.language = subscriber.time_zone = ""
    subscriber.erased_at = now
    subscriber.save(update_fields=["address", "address_key", "name", "language", "time_zone", "erased_at"])
    record(now=now, actor=actor, action="subscriber.erased", subject_kind="subscriber", subject_id=subscriber_id)
    return True
