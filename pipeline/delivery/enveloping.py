"""The mails of a window, one a recipient, for providers that take them one by one; batching.py has the others."""

import hashlib
from collections.abc import Callable, Sequence

from pipeline.delivery.ledger import ClaimedRow
from pipeline.delivery.personal import Personal, not_made
from pipeline.delivery.providers.base import Envelope, SendOutcome
from pipeline.delivery.sealed import SealedMessage
from pipeline.delivery.wire import MessageError


class Enveloping:
    """`return_path` gives the envelope sender of a delivery, '' for the message's own."""

    def __init__(self, personal: Personal, return_path: Callable[[int], str]) -> None:
        self._personal, self._return_path = personal, return_path

    def mails(
        self, message: SealedMessage, rows: Sequence[ClaimedRow]
    ) -> tuple[list[Envelope], str, list[SendOutcome]]:
        """The mails, the hash that says which bytes are about to leave, and for whom none can be made."""
        recipients, refused = self._personal.each(rows, list_id=message.list_pk, language=message.language)
        envelopes = []
        digest = hashlib.sha256(message.compiled_hash.encode("ascii"))
        for values in recipients:
            delivery_id, address = values[:2]
            try:
                parts, own, size_bytes, is_ascii = message.compiled.spliced(values)
            except MessageError as error:
                refused.append(not_made(delivery_id, error))
            else:
                digest.update(own)
                sender = self._return_path(delivery_id) or message.envelope_sender
                envelopes.append(Envelope(delivery_id, sender, address, parts, size_bytes, is_ascii, True))
        return envelopes, digest.hexdigest(), refused
