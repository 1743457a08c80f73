"""One call to a provider with a native batch: made of a claim, made again to the byte, and its answer read.

What a call needs beside the frozen message is whom it is for: the claim's rows. They are kept with the batch while it
may be in doubt (`kept`), so that the very same call can be made again, or its recipients looked for in a log, whatever
has become of the subscribers since. Greetings and links follow from the rows.
"""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from pipeline.delivery.compiled import RecipientValues
from pipeline.delivery.ledger import ClaimedRow
from pipeline.delivery.parts import Parts, parts_of
from pipeline.delivery.personal import Personal, not_made
from pipeline.delivery.providers.base import (
    BatchAnswer,
    BatchProvider,
    MayBegin,
    SendOutcome,
    SendState,
    Settling,
    Submission,
)
from pipeline.delivery.sealed import SealedMessage
from pipeline.delivery.wire import MessageError, refuse_controls

_KEEPS = frozenset({Settling.KEY, Settling.SEARCH})


@dataclass(frozen=True, slots=True)
class BatchCall:
    """A submission and its bytes."""

    submission: Submission
    body: bytes

    @property
    def payload_hash(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    def made(
        self, provider: BatchProvider, *, now: datetime | None, may_begin: MayBegin
    ) -> tuple[list[SendOutcome], BatchAnswer | None]:
        """Make the call: what was said of single deliveries, and the answer for the rest where they were taken."""
        if now is None:
            raise ValueError("a call is made at an instant")
        if not self.submission.recipients:
            return [], None
        answer = provider.submit(self.submission, self.body, now=now, may_begin=may_begin)
        if answer.state is SendState.ACCEPTED:
            return list(answer.outcomes), answer
        return self.spread(answer), None

    def spread(self, answer: BatchAnswer) -> list[SendOutcome]:
        """One outcome for each delivery."""
        single = {outcome.delivery_id: outcome for outcome in answer.outcomes}
        return [
            single.get(values.delivery_id)
            or SendOutcome(
                values.delivery_id,
                answer.state,
                answer.reply,
                retry_after_seconds=answer.retry_after_seconds,
                attempted=answer.state is SendState.IN_DOUBT,
            )
            for values in self.submission.recipients
        ]


class Batching:
    """Makes calls for one provider; remembers the parts of the message that it is working on."""

    def __init__(self, provider: BatchProvider, personal: Personal) -> None:
        self._provider, self._personal = provider, personal
        self._parts: tuple[int, Parts] | None = None

    def limit(self, message: SealedMessage) -> int:
        """How many deliveries of the message go into one call."""
        return self._provider.traits.limit(self.parts(message).size_bytes)

    def parts(self, message: SealedMessage) -> Parts:
        if self._parts is None or self._parts[0] != message.message_id:
            self._parts = (message.message_id, parts_of(message.compiled))
        return self._parts[1]

    def call(
        self, message: SealedMessage, rows: Iterable[ClaimedRow], key: uuid.UUID
    ) -> tuple[BatchCall, list[SendOutcome]]:
        """The call, and the recipients for whom none can be made."""
        given = list(rows)
        try:
            recipients, refused = self._all(message, given), list[SendOutcome]()
        except MessageError:  # for one of them: who it is, is found one by one
            recipients, refused = self._one_by_one(message, given)
        submission = Submission(self.parts(message), recipients, key, message.tag)
        return BatchCall(submission, self._provider.compose(submission)), refused

    def _all(self, message: SealedMessage, rows: Sequence[ClaimedRow]) -> list[RecipientValues]:
        """Everyone's values, looked at together. Raises MessageError when there is anything wrong with any."""
        recipients = self._personal.many(rows, list_id=message.list_pk, language=message.language)
        if not "".join([values.address for values in recipients]).isascii():
            raise MessageError(f"{self._provider.traits.title} takes no mailbox with letters outside ASCII")
        refuse_controls("A name", " ".join([values.name for values in recipients]))
        refuse_controls("A greeting", " ".join([values.greeting for values in recipients]))
        return recipients

    def _one_by_one(
        self, message: SealedMessage, rows: Iterable[ClaimedRow]
    ) -> tuple[list[RecipientValues], list[SendOutcome]]:
        recipients: list[RecipientValues] = []
        refused: list[SendOutcome] = []
        for row in rows:
            try:
                recipients += self._all(message, [row])
            except MessageError as error:
                refused.append(not_made(row.delivery_id, error))
        return recipients, refused

    def kept(self, rows: Iterable[ClaimedRow]) -> bytes | None:
        """What is stored of whom a call is for; None where the provider could not use it."""
        if self._provider.traits.settling not in _KEEPS:
            return None
        return orjson.dumps([row[:4] for row in rows])

    def again(self, message: SealedMessage, kept: bytes, key: uuid.UUID) -> BatchCall:
        """The call as it was made, out of what was kept."""
        return self.call(message, [ClaimedRow._make([*row, 0]) for row in orjson.loads(kept)], key)[0]
