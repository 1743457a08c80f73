"""The embedded provider: each mail becomes a file in `var/outbox/`, named by its delivery's id.

A file appears under its name in one step and complete, or not at all; so its presence proves that the delivery was
accepted, and its absence that it was not. There can never be two for one delivery.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from pipeline.config import Config
from pipeline.delivery.providers.base import Envelope, ProviderTraits, SendOutcome, SendState, Settling


class Provider:
    """Writes into `folder` (0700: the mails hold addresses and live links)."""

    traits = ProviderTraits(
        name="outbox",
        title="Outbox",
        settling=Settling.PRESENCE,
        window=100,
        longest_wait_seconds=30,
        can_settle=True,
        takes_unicode_mailboxes=False,
        guarantee="Exactly one file for each delivery, whatever happens.",
    )

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(config.var / "outbox")

    def path(self, delivery_id: int) -> Path:
        """Where the delivery's mail is, or would be."""
        return self._folder / f"{delivery_id}.eml"

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[SendOutcome]:
        """The outcomes come when the folder itself is on the disk. A disk that is full puts off the rest."""
        outcomes: list[SendOutcome] = []
        trouble = ""
        for envelope in envelopes:
            trouble = trouble or self._write(envelope)
            state = SendState.RETRY if trouble else SendState.ACCEPTED
            outcomes.append(SendOutcome(envelope.delivery_id, state, trouble, attempted=not trouble))
        self._sync_folder()
        yield from outcomes

    def _write(self, envelope: Envelope) -> str:
        """'' when the file is there, whoever wrote it; else what went wrong."""
        path = self.path(envelope.delivery_id)
        if path.exists():
            return ""
        made = path.with_name(f".{path.stem}.{os.getpid()}.tmp")
        try:
            with open(made, "wb", opener=_private) as file:
                file.write(envelope.data)
                file.flush()
                os.fsync(file.fileno())
            made.rename(path)
        except OSError as error:
            made.unlink(missing_ok=True)
            return f"the outbox cannot be written: {error.strerror}"
        return ""

    def settle(self, delivery_ids: Sequence[int]) -> dict[int, SendState]:
        """Certain both ways."""
        settled = {}
        for delivery_id in delivery_ids:
            path = self.path(delivery_id)
            settled[delivery_id] = SendState.ACCEPTED if path.exists() else SendState.RETRY
            for left in self._folder.glob(f".{path.stem}.*.tmp"):
                left.unlink(missing_ok=True)
        self._sync_folder()
        return settled

    def _sync_folder(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Nothing is held between two calls."""


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
