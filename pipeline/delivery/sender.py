"""Sending: works through the open messages, one window after the other, until nothing is due.

```
who died? ──► in doubt: ask the provider ──► [claim ──► assemble ──► commit submitting ──► send ──► record]* ──► finish
```

A window is as many deliveries as the provider takes between two commits of results. Whatever fails between the
commit of `submitting` and the record leaves the window in doubt; never does a delivery go out that the ledger does
not know of.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.delivery import ledger
from pipeline.delivery.actions import control
from pipeline.delivery.actions.installation import begin_run
from pipeline.delivery.actions.messages import finish_decided
from pipeline.delivery.installation import refuse_foreign_database
from pipeline.delivery.ledger import Claim
from pipeline.delivery.models import Message, MessageState
from pipeline.delivery.personal import Personal
from pipeline.delivery.presence import bury, dead_workers, present
from pipeline.delivery.providers.base import DeliveryProvider, Envelope, SendOutcome, SendState
from pipeline.delivery.sealed import SealBrokenError, SealedMessage, unsealed
from pipeline.delivery.wire import MessageError
from pipeline.errors import TipsheetError

log = logging.getLogger(__name__)

# So many refusals and nothing else is the message's doing, or the account's; a person looks before more are lost.
_TOO_MANY_TO_BE_CHANCE = 10


class LeaseTooShortError(TipsheetError):
    """A worker could lose its lease while it waits for one reply."""


@dataclass(frozen=True, slots=True)
class SenderSettings:
    """What the configuration says of sending. `public_url` has no closing slash; `var` is the private folder."""

    public_url: str
    var: Path
    lease_seconds: int


@dataclass(slots=True)
class SendReport:
    """What one run did. `settled` were in doubt before; `held` says, for a person, what waits and why; `put_off` is
    the provider's trouble that ended the run ('' for none).
    """

    accepted: int = 0
    rejected: int = 0
    retried: int = 0
    in_doubt: int = 0
    suppressed: int = 0
    settled: int = 0
    finished: list[int] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    put_off: str = ""

    @property
    def handled(self) -> int:
        """How many deliveries the run has dealt with, whatever came of them."""
        return self.accepted + self.rejected + self.retried + self.in_doubt + self.suppressed


Progress = Callable[[int, int], None]
"""Told how many deliveries a run has dealt with, of how many that were due when it began."""


def unwatched(done: int, total: int) -> None:
    """The progress that nobody looks at."""


def send_open(
    *,
    provider: DeliveryProvider,
    settings: SenderSettings,
    now: Callable[[], datetime],
    stop: Callable[[], bool] = lambda: False,
    progress: Progress = unwatched,
) -> SendReport:
    """Send what is due of every open message, and finish those whose sum adds up.

    Several may run at once, in any number of processes. Between two windows `stop` is asked, and `progress` is
    told. Raises
    InstallationError, before anything is mailed, for a database that does not belong to this workspace.
    """
    if settings.lease_seconds <= provider.traits.longest_wait_seconds:
        raise LeaseTooShortError(
            f"lease_seconds is {settings.lease_seconds}, and {provider.traits.name} may take "
            f"{provider.traits.longest_wait_seconds} s for one mail: set lease_seconds higher"
        )
    refuse_foreign_database(settings.var)
    run = _Run(provider, settings, now)
    run.recover()
    if ledger.next_message(now=now()) is not None:
        with present(settings.var) as worker:
            begin_run(var=settings.var)
            due = ledger.due_count(now=now())
            progress(0, due)
            while not stop() and run.window(worker):
                progress(run.report.handled, due)
    run.report.finished = finish_decided(now=now())
    return run.report


class _Run:
    """One run of the sender: its report, and the message that it is working on."""

    def __init__(self, provider: DeliveryProvider, settings: SenderSettings, now: Callable[[], datetime]) -> None:
        self.report = SendReport()
        self._provider, self._settings, self._now = provider, settings, now
        self._lease = timedelta(seconds=settings.lease_seconds)
        self._personal = Personal(settings.public_url)
        self._message: SealedMessage | None = None

    def recover(self) -> None:
        """Take up what dead workers left, and settle what is in doubt as far as the provider can tell."""
        dead = dead_workers(self._settings.var)
        expired = ledger.expire(now=self._now(), dead_workers=dead)
        bury(self._settings.var, dead)
        if expired.in_doubt:
            log.warning("delivery.in_doubt batches=%s", expired.in_doubt)
        if self._provider.traits.can_settle:
            self._settle()

    def _settle(self) -> None:
        name = self._provider.traits.name
        for doubt in ledger.in_doubt(provider=name):
            self.report.settled += ledger.settle(
                message_id=doubt.message_id,
                batch_id=doubt.batch_id,
                results=self._provider.settle(doubt.delivery_ids),
                reason=f"settled by asking {name}",
                now=self._now(),
            )

    def window(self, worker: str) -> bool:
        """Claim one window and send it; False when nothing is due, or nothing more can be sent now."""
        message_id = ledger.next_message(now=self._now())
        if message_id is None:
            return False
        message = self._unsealed(message_id)
        if message is None:
            return True
        traits = self._provider.traits
        claim = ledger.claim(
            message_id=message_id,
            limit=traits.window,
            worker=worker,
            provider=traits.name,
            now=self._now(),
            lease=self._lease,
        )
        if claim is not None:
            self.report.suppressed += claim.suppressed
            if claim.rows:
                self._send(message, claim)
        return not self.report.put_off

    def _unsealed(self, message_id: int) -> SealedMessage | None:
        """The message, its bytes proved to be the ones that were made; None after it was held because they are not."""
        if self._message is None or self._message.message_id != message_id:
            try:
                self._message = unsealed(message_id)
            except SealBrokenError as error:
                self._hold(message_id, str(error))
                return None
        return self._message

    def _send(self, message: SealedMessage, claim: Claim) -> None:
        envelopes, refused = self._assembled(message, claim)
        digest = hashlib.sha256()
        for envelope in envelopes:
            digest.update(envelope.data)
        if not ledger.mark_submitting(claim, payload_hash=digest.hexdigest(), now=self._now()):
            ledger.release(claim, now=self._now())
            return
        outcomes = list(refused)
        try:
            self._collect(claim, envelopes, outcomes)
        finally:  # after an exception too: what has no outcome is in doubt
            if ledger.record(claim, outcomes, now=self._now()):
                self._count(outcomes, len(claim.rows))
                log.info(
                    "delivery.sent message=%s batch=%s deliveries=%s", claim.message_id, claim.batch_id, len(outcomes)
                )
            else:
                log.warning("delivery.fenced batch=%s", claim.batch_id)
        self._react(claim.message_id, outcomes)

    def _assembled(self, message: SealedMessage, claim: Claim) -> tuple[list[Envelope], list[SendOutcome]]:
        envelopes, refused = [], []
        for row in claim.rows:
            try:
                values = self._personal.values(row, list_id=message.list_pk, language=message.language)
                data = message.compiled.assemble(values)
            except MessageError as error:
                refused.append(SendOutcome(row.delivery_id, SendState.REJECTED, str(error), attempted=False))
            else:
                envelopes.append(Envelope(row.delivery_id, message.envelope_sender, values.address, data))
        return envelopes, refused

    def _collect(self, claim: Claim, envelopes: Sequence[Envelope], outcomes: list[SendOutcome]) -> None:
        """Send, and hold the lease meanwhile; ends early when the batch was taken away."""
        renew_at = self._now() + self._lease / 3
        for outcome in self._provider.send(envelopes):
            outcomes.append(outcome)
            if self._now() >= renew_at:
                if not ledger.renew(claim, now=self._now()):
                    return
                renew_at = self._now() + self._lease / 3

    def _count(self, outcomes: Sequence[SendOutcome], claimed: int) -> None:
        for outcome in outcomes:
            if outcome.state is SendState.ACCEPTED:
                self.report.accepted += 1
            elif outcome.state is SendState.REJECTED:
                self.report.rejected += 1
            elif outcome.state in {SendState.RETRY, SendState.HELD}:
                self.report.retried += 1
            else:
                self.report.in_doubt += 1
        self.report.in_doubt += claimed - len(outcomes)

    def _react(self, message_id: int, outcomes: Sequence[SendOutcome]) -> None:
        """End the run when the provider is in trouble; hold the message when it refuses the sender, or everybody."""
        name = self._provider.traits.name
        tried = [outcome for outcome in outcomes if outcome.attempted]
        if len(tried) >= _TOO_MANY_TO_BE_CHANCE and all(outcome.state is SendState.REJECTED for outcome in tried):
            self._hold(message_id, f"{name} rejected each of {len(tried)} recipients in a row: {tried[-1].reply}")
        for outcome in outcomes:
            if outcome.state is SendState.HELD:
                self._hold(message_id, f"{name} refuses the sender: {outcome.reply}")
            if outcome.state is SendState.IN_DOUBT or (outcome.state is SendState.RETRY and not outcome.attempted):
                self.report.put_off = outcome.reply

    def _hold(self, message_id: int, reason: str) -> None:
        message = Message.objects.defer("compiled").get(pk=message_id)
        if message.state == MessageState.OPEN:
            control.pause(message=message, now=self._now(), actor="sender", reason=reason)
            self.report.held.append(f"{message.key}: {reason}")
            log.error("delivery.held message=%s", message_id)
