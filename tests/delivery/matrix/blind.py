"""A provider that can tell nothing, in the sender's own process: it writes down each mail in one system call."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.delivery.providers.base import Envelope, SendOutcome, SendState
from pipeline.delivery.providers.outbox import Provider as Outbox


class Blind:
    traits = replace(Outbox.traits, name="blind", can_settle=False, settling="none")

    def __init__(self, truth: Path) -> None:
        self.truth = truth

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[SendOutcome]:
        for envelope in envelopes:
            mail = {"mails": [{"delivery": str(envelope.delivery_id)}]}
            with self.truth.open("ab", buffering=0) as log:
                log.write(json.dumps(mail).encode() + b"\n")
            yield SendOutcome(envelope.delivery_id, SendState.ACCEPTED)

    def settle(self, delivery_ids: Sequence[int]) -> dict[int, SendState]:  # noqa: ARG002 - the seam's signature
        return {}

    def close(self) -> None:
        pass
