"""What the ledger has in doubt, batch by batch, for who settles it (settling.py)."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from pipeline.delivery import statements
from pipeline.delivery.dialect import as_instant, fetch
from pipeline.delivery.settle_rules import InDoubt


class Doubt(NamedTuple):
    """A batch with deliveries in doubt. `suppressed` are those of them that nobody may mail any more; `attempts` is
    the most that one of them has had; `kept` and `payload_hash` are as the batch was submitted. `finished_at` is when
    it was recorded, or taken from a worker: nobody begins a call for it after that.
    """

    batch_id: int
    message_id: int
    delivery_ids: list[int]
    batch_key: uuid.UUID
    submitted_at: datetime
    finished_at: datetime
    payload_hash: str
    kept: bytes | None
    suppressed: list[int]
    attempts: int

    @property
    def age(self) -> InDoubt:
        return InDoubt(self.submitted_at, self.finished_at, self.attempts)


def in_doubt(*, provider: str) -> Iterator[Doubt]:
    """What is in doubt with this provider, batch by batch."""
    for batch_id, message_id, key, submitted_at, finished_at, payload_hash, kept in fetch(
        statements.DOUBTS, (provider,)
    ):
        rows = fetch(statements.DOUBTFUL, (batch_id,))
        if rows:
            yield Doubt(
                batch_id,
                message_id,
                [row[0] for row in rows],
                key if isinstance(key, uuid.UUID) else uuid.UUID(key),
                as_instant(submitted_at),
                as_instant(finished_at),
                payload_hash,
                bytes(kept) if kept is not None else None,
                [row[0] for row in rows if row[5]],
                max(row[4] for row in rows),
            )
