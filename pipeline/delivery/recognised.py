"""Whether a delivery that somebody names is one of ours: one account may serve several installations."""

import uuid
from collections.abc import Collection, Iterable
from itertools import islice
from typing import NamedTuple

from pipeline.audience.addresses import AddressError, parse
from pipeline.audience.keys import address_hash
from pipeline.delivery.models import Batch, Delivery

_AT_ONCE = 500


class Named(NamedTuple):
    """A delivery as it was named: its number, and what only we can have said of it: the key of a batch that it left
    in ('' where there was none), and the address that it went to.
    """

    delivery_id: int
    batch: str
    address: str


def recognised(named: Collection[Named]) -> set[Named]:
    """Those that are ours: the batch's key is one of the delivery's message, or, without a key, the address its
    reader's.
    """
    ours: set[Named] = set()
    rest = iter(set(named))
    while some := list(islice(rest, _AT_ONCE)):
        rows = Delivery.objects.filter(pk__in={one.delivery_id for one in some})
        readers = {
            pk: (message, hashed or _hashed(address))
            for pk, message, hashed, address in rows.values_list(
                "pk", "message_id", "subscriber__address_hash", "address"
            )
        }
        messages = dict(Batch.objects.filter(key__in=list(_keys(some))).values_list("key", "message_id"))
        for one in some:
            message, hashed = readers.get(one.delivery_id, (None, ""))
            if message is None:
                continue
            key = _key(one.batch)
            if messages.get(key) == message if key else not one.batch and hashed and hashed == _hashed(one.address):
                ours.add(one)
    return ours


def _keys(named: Iterable[Named]) -> Iterable[uuid.UUID]:
    return (key for key in (_key(one.batch) for one in named) if key is not None)


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _hashed(address: str) -> str:
    try:
        return address_hash(parse(address, unicode_mailboxes=True).key)
    except AddressError:
        return ""
