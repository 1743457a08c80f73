"""Erasing a person: what the audience knows of them, and the copies of their mails that the outbox keeps."""

from datetime import datetime
from itertools import islice

from pipeline.audience import actions
from pipeline.audience.models import Subscriber
from pipeline.config import Config
from pipeline.delivery.models import Delivery
from pipeline.delivery.providers.outbox import Provider as Outbox
from pipeline.publish.confirmations import parse_address

_AT_ONCE = 500


def erase_address(*, address: str, config: Config, now: datetime, actor: str) -> int | None:
    """Forget the person with this address; how many copies of mails went with them. None if nobody has it.

    The ledger's rows stay, without address or name. The files go last: should that be interrupted, the person is
    erased already, and the next erasure of anybody takes along what was left.
    """
    subscriber = Subscriber.objects.filter(address_key=parse_address(address, config=config).key).first()
    if subscriber is None:
        return None
    actions.erase(subscriber_id=subscriber.pk, now=now, actor=actor)
    return _remove_outbox_copies(config)


def _remove_outbox_copies(config: Config) -> int:
    """Remove the mails to whoever is erased; a file that is missing was never written, or is gone already."""
    folder = config.var / "outbox"
    if not folder.is_dir():
        return 0
    outbox, removed = Outbox(folder), 0
    kept = (int(path.stem) for path in folder.glob("*.eml") if path.stem.isdigit())
    while some := list(islice(kept, _AT_ONCE)):
        of_erased = Delivery.objects.filter(pk__in=some, subscriber__erased_at__isnull=False)
        for delivery_id in of_erased.values_list("pk", flat=True):
            outbox.path(delivery_id).unlink(missing_ok=True)
            removed += 1
    return removed
