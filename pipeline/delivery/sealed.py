"""Taking a stored message up again, with proof that its bytes are the ones that were made and approved."""

import hashlib
from dataclasses import dataclass

from pipeline.delivery.compiled import CompiledMessage
from pipeline.delivery.models import Message, MessageKind
from pipeline.editorial.hashing import frozen_hash
from pipeline.editorial.models import Issue
from pipeline.errors import TipsheetError


class SealBrokenError(TipsheetError):
    """What is stored is not what was approved: it is not mailed."""


@dataclass(frozen=True, slots=True)
class SealedMessage:
    """What the sender needs of a message. `list_pk` is 0 for one without a list."""

    message_id: int
    key: str
    kind: str
    list_pk: int
    language: str
    envelope_sender: str
    compiled: CompiledMessage
    compiled_hash: str

    @property
    def tag(self) -> str:
        """What the message goes by in a provider's log: an issue by its number, another by its kind alone, which names
        nobody and does not use up the tags that a provider keeps.
        """
        return self.key.replace(":", "-") if self.kind == MessageKind.ISSUE else self.kind


def unsealed(message_id: int) -> SealedMessage:
    """Raises SealBrokenError when the message's bytes, or its issue's, do not match their hashes."""
    message = Message.objects.select_related("issue").get(pk=message_id)
    data = bytes(message.compiled)
    if hashlib.sha256(data).hexdigest() != message.compiled_hash:
        raise SealBrokenError("its bytes were altered after they were compiled: restore the database, or cancel it")
    if message.issue is not None and not _is_as_approved(message.issue, message.frozen_hash):
        raise SealBrokenError("its issue is not the one that was approved: cancel it, and publish the issue again")
    return SealedMessage(
        message_id=message.pk,
        key=message.key,
        kind=message.kind,
        list_pk=message.mailing_list_id or 0,
        language=message.language,
        envelope_sender=message.envelope_sender,
        compiled=CompiledMessage.from_bytes(data),
        compiled_hash=message.compiled_hash,
    )


def _is_as_approved(issue: Issue, wanted: str) -> bool:
    return wanted == issue.frozen_hash == frozen_hash(issue.content, issue.html, issue.text)
