"""Sending: works through the open messages, one window after the other, until nothing is due.

```
who died? ──► in doubt: ask the provider ──► [claim ──► assemble ──► commit submitting ──► send ──► record]* ──► finish
```

A window is as many deliveries as the provider takes between two commits of results. Whatever fails between the
commit of `submitting` and the record leaves the window in doubt; never does a delivery go out that the ledger does
not know of.

A provider with several lanes (lanes.py) is given a window on each: while they are on their way the next ones are
claimed and assembled, and one commit records what came back and lets what is next begin.
"""

import logging
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.collecting import fewer_collections
from pipeline.delivery import ledger
from pipeline.delivery.actions import control, events
from pipeline.delivery.actions.installation import begin_run
from pipeline.delivery.actions.messages import finish_decided
from pipeline.delivery.batching import Batching
from pipeline.delivery.complaints import open_stop, stop_reason
from pipeline.delivery.dialect import in_one_transaction, let_go_of_locks
from pipeline.delivery.enveloping import Enveloping
from pipeline.delivery.event_rules import EventKind, EventReport
from pipeline.delivery.installation import refuse_foreign_database
from pipeline.delivery.lanes import Lanes, Window
from pipeline.delivery.leases import Hold
from pipeline.delivery.ledger import Claim, Recorded, Submitting
from pipeline.delivery.models import Message, MessageKind, MessageState
from pipeline.delivery.personal import Personal
from pipeline.delivery.presence import bury, dead_workers, present
from pipeline.delivery.providers.base import BatchProvider, DeliveryProvider, SendState
from pipeline.delivery.return_path import return_paths
from pipeline.delivery.sealed import SealBrokenError, SealedMessage, unsealed
from pipeline.delivery.settling import Settler
from pipeline.delivery.share import Share
from pipeline.delivery.warm_up_rules import WarmUp
from pipeline.errors import TipsheetError

log = logging.getLogger(__name__)

# So many refusals and nothing else is the message's doing, or the account's; a person looks before more are lost.
_TOO_MANY_TO_BE_CHANCE = 10
_WINDOWS_AHEAD = 4  # claimed and assembled while the lanes are at work: their mails are held in memory
_LOOK_AROUND_SECONDS = 5.0  # how often a run that waits for its lanes renews leases, and asks whether to stop


class LeaseTooShortError(TipsheetError):
    """A worker could lose its lease while it waits for one reply."""


@dataclass(frozen=True, slots=True)
class SenderSettings:
    """What the configuration says of sending. `public_url` has no closing slash; `var` is the private folder;
    `bounce_address` where bounces go, with its place for the token (return_path.py), '' for the message's own sender;
    `at_least_once` sends what is in doubt again, where the provider cannot tell; `warm_up` holds issues back while the
    sending domain is new.
    """

    public_url: str
    var: Path
    lease_seconds: int
    bounce_address: str = ""
    at_least_once: bool = False
    warm_up: WarmUp | None = None


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
    provider: DeliveryProvider | BatchProvider,
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
    let_go_of_locks()
    run = _Run(provider, settings, now)
    run.recover()
    if ledger.next_message(now=now()) is not None:
        with present(settings.var) as worker:
            begin_run(var=settings.var, now=now())
            due = ledger.due_count(now=now())
            progress(0, due)
            with fewer_collections(), Lanes(provider, beat=run.beat) as lanes:
                run.work(lanes, worker, stop=stop, progress=lambda handled: progress(handled, due))
    run.report.finished = finish_decided(now=now())
    return run.report


def settle_in_doubt(
    *, provider: DeliveryProvider | BatchProvider, settings: SenderSettings, now: Callable[[], datetime]
) -> int:
    """Take up what dead workers left, and settle what is in doubt as far as the provider can tell; how many were."""
    run = _Run(provider, settings, now)
    run.recover()
    return run.report.settled


class _Run:
    """One run of the sender: its report, the message that it is working on, and the windows that are claimed."""

    def __init__(
        self, provider: DeliveryProvider | BatchProvider, settings: SenderSettings, now: Callable[[], datetime]
    ) -> None:
        self.report = SendReport()
        self._provider, self._settings, self._now = provider, settings, now
        self._lease = timedelta(seconds=settings.lease_seconds)
        self._begin_seconds = settings.lease_seconds - provider.traits.longest_wait_seconds  # so that it ends in time
        self._renew_every = timedelta(seconds=min(settings.lease_seconds / 3, self._begin_seconds / 2))
        personal = Personal(settings.public_url, unicode_mailboxes=provider.traits.takes_unicode_mailboxes)
        self._enveloping = Enveloping(personal, return_paths(settings.bounce_address))
        self._batching = Batching(provider, personal) if isinstance(provider, BatchProvider) else None
        self._share = Share()
        self._message: SealedMessage | None = None
        self._waiting: deque[Window] = deque()
        self._renew_at = now()

    def recover(self) -> None:
        """Take up what dead workers left, and settle what is in doubt as far as the provider can tell."""
        dead = dead_workers(self._settings.var)
        expired = ledger.expire(now=self._now(), dead_workers=dead)
        bury(self._settings.var, dead)
        if expired.in_doubt:
            log.warning("delivery.in_doubt batches=%s", expired.in_doubt)
        settler = Settler(
            self._provider,
            public_url=self._settings.public_url,
            at_least_once=self._settings.at_least_once,
            now=self._now,
        )
        settler.run()
        self.report.settled += settler.settled + events.settle_proved(now=self._now())

    def work(self, lanes: Lanes, worker: str, *, stop: Callable[[], bool], progress: Callable[[int], None]) -> None:
        """Windows onto lanes, until nothing is due, no lane can take more, or `stop` says so."""
        done: list[Window] = []
        try:
            while True:
                news = bool(done)
                if self._react(done, lanes) or not self._waiting:
                    self._turn(done, [], lanes)
                starting = [] if stop() else self._next(lanes, worker)
                self._turn(done, starting, lanes)
                if news:
                    progress(self.report.handled)
                ahead = min(lanes.count, _WINDOWS_AHEAD)
                if lanes.has_threads and len(self._waiting) < ahead and not stop():
                    self._claim(worker, ahead)
                if not lanes.at_work:
                    break
                done += lanes.finished(timeout_seconds=_LOOK_AROUND_SECONDS)
                self.beat(lanes.at_work)
        finally:
            self._wind_up(lanes, done)

    def _next(self, lanes: Lanes, worker: str) -> list[Window]:
        """A window for each lane that is free, claimed where none waits."""
        starting: list[Window] = []
        while (lane := lanes.free()) is not None:
            if not self._waiting and not self._claim(worker, 1):
                lanes.put_back(lane)
                break
            starting.append(self._waiting.popleft())
            starting[-1].lane = lane
        self.report.put_off = self.report.put_off or lanes.trouble
        return starting

    def _claim(self, worker: str, count: int) -> bool:
        """Claim up to `count` windows of what is due, and make their mails ready; False when there is nothing."""
        while (message_id := ledger.next_message(now=self._now())) is not None:
            message = self._unsealed(message_id)
            if message is None:
                continue
            traits = self._provider.traits
            claims = ledger.claim_windows(
                message_id=message_id,
                window=self._share.of(self._batching.limit(message) if self._batching else traits.window),
                count=count,
                worker=worker,
                provider=traits.name,
                now=self._now(),
                lease=self._lease,
                daily_cap=self._cap(message),
            )
            self.report.suppressed += sum(claim.suppressed for claim in claims)
            self._waiting += [self._assembled(message, claim) for claim in claims if claim.rows]
            if self._waiting:
                return True
        return False

    def _cap(self, message: SealedMessage) -> int | None:
        """The warm-up's cap of today; single mails, which people wait for, go beside it."""
        warm_up = self._settings.warm_up
        return warm_up.cap_at(self._now()) if warm_up and message.kind == MessageKind.ISSUE else None

    def _unsealed(self, message_id: int) -> SealedMessage | None:
        """The message, its bytes proved to be the ones that were made; None after it was held, because they are not,
        or because too many of the list's readers complained.
        """
        if self._message is None or self._message.message_id != message_id:
            try:
                self._message = unsealed(message_id)
            except SealBrokenError as error:
                self._hold(message_id, str(error))
                return None
            if self._message.kind == MessageKind.ISSUE and (stop := open_stop(self._message.list_pk)):
                self._message = None
                self._hold(message_id, stop_reason(stop))
        return self._message

    def _assembled(self, message: SealedMessage, claim: Claim) -> Window:
        if self._batching is not None:
            call, unmade = self._batching.call(message, claim.rows, claim.batch_key)
            return Window(message, claim, [], call.payload_hash, unmade, call)
        envelopes, payload_hash, refused = self._enveloping.mails(message, claim.rows)
        return Window(message, claim, envelopes, payload_hash, refused)

    def _turn(self, done: list[Window], starting: Sequence[Window], lanes: Lanes) -> None:
        """One commit: what came back is recorded, what is next is submitting; then that begins."""
        if not done and not starting:
            return
        for window in starting:
            window.hold = Hold(self._begin_seconds, now=self._now)
        with in_one_transaction():
            kept, began = ledger.turn(
                recorded=[Recorded(window.claim, window.outcomes, window.rest) for window in done],
                submitting=[Submitting(one.claim, one.payload_hash, self._kept(one.claim)) for one in starting],
                now=self._now(),
            )
            self._note_gone([window for window, is_kept in zip(done, kept, strict=True) if is_kept])
        recorded = done.copy()
        done.clear()
        for window, is_kept in zip(recorded, kept, strict=True):
            self._count(window, is_kept=is_kept)
        self._renew_at = self._now() + self._renew_every
        for window, has_begun in zip(starting, began, strict=True):
            if has_begun:
                window.started_at = self._now()
                lanes.start(window)
            else:
                ledger.release(window.claim, now=self._now())
                lanes.give_back(window)
        for window in recorded:
            for reason in self._refusals(window):
                self._hold(window.claim.message_id, reason)
        for fault in [window.fault for window in recorded if window.fault is not None]:
            raise fault

    def _kept(self, claim: Claim) -> bytes | None:
        return self._batching.kept(claim.rows) if self._batching is not None else None

    def _note_gone(self, windows: Sequence[Window]) -> None:
        """A server that said at once that there is no such mailbox has bounced the mail: the same event, told early."""
        name, now = self._provider.traits.name, self._now()
        gone = [outcome for window in windows for outcome in window.answers if outcome.address_is_gone]
        reports = [
            EventReport(
                provider=name, key=f"reply:{outcome.delivery_id}", kind=EventKind.HARD_BOUNCE, occurred_at=now,
                delivery_id=outcome.delivery_id, said=outcome.reply,
            )
            for outcome in gone
        ]  # fmt: skip
        if reports:
            events.store(reports=reports, now=now)

    def beat(self, windows: Sequence[Window]) -> None:
        """Hold the leases of what is on its way; a window whose batch was taken away ends early."""
        if self._now() >= self._renew_at:
            self._renew_at = self._now() + self._renew_every
            for window in windows:
                since = Hold.moment(self._now)
                window.is_lost = not ledger.renew(window.claim, now=since[1])
                if window.hold is not None and not window.is_lost:
                    window.hold.prolong(since)

    def _wind_up(self, lanes: Lanes, done: list[Window]) -> None:
        """Whatever ended the run: what is on its way is waited for and recorded, what is only claimed is given back."""
        while lanes.at_work:
            done += lanes.finished(timeout_seconds=_LOOK_AROUND_SECONDS)
            self.beat(lanes.at_work)
        for window in self._waiting:
            ledger.release(window.claim, now=self._now())
        self._waiting.clear()
        self._turn(done, [], lanes)

    def _count(self, window: Window, *, is_kept: bool) -> None:
        claim, outcomes = window.claim, window.outcomes
        if not is_kept:
            log.warning("delivery.fenced batch=%s", claim.batch_id)
            return
        states = Counter(outcome.state for outcome in outcomes)
        together = window.taken_together
        self.report.accepted += states[SendState.ACCEPTED] + together
        self.report.rejected += states[SendState.REJECTED]
        self.report.retried += states[SendState.RETRY] + states[SendState.HELD]
        self._share.learn(states, taken=states[SendState.ACCEPTED] + together)
        unanswered = len(claim.rows) - len(outcomes) - together
        self.report.in_doubt += states[SendState.IN_DOUBT] + unanswered
        log.info("delivery.sent message=%s batch=%s deliveries=%s", claim.message_id, claim.batch_id, len(outcomes))

    def _react(self, done: Sequence[Window], lanes: Lanes) -> bool:
        """A lane in trouble is left alone for the rest of the run, the others may go on; whether what came back is to
        be recorded, and a message held, before anything more begins.
        """
        for window in done:
            if window.trouble is not None:
                self.report.put_off = window.trouble
            else:
                lanes.give_back(window)
        return any(window.fault is not None or self._refusals(window) for window in done)

    def _refusals(self, window: Window) -> list[str]:
        """Why the message is to be held: its provider refuses the sender, or everybody."""
        name = self._provider.traits.name
        tried = [outcome for outcome in window.answers if outcome.attempted]
        alone = self._share.refused_in_a_row
        refusals = [o.reply for o in window.answers if o.state is SendState.HELD]
        said = [f"{name} refuses the sender: {reply}" for reply in refusals[:1]]
        if (
            not window.rest
            and len(tried) >= _TOO_MANY_TO_BE_CHANCE
            and all(outcome.state is SendState.REJECTED for outcome in tried)
        ):
            said.append(f"{name} rejected each of {len(tried)} recipients in a row: {tried[-1].reply}")
        elif alone >= _TOO_MANY_TO_BE_CHANCE and tried:
            said.append(f"{name} rejected each of {alone} recipients in a row: {tried[-1].reply}")
        return said

    def _hold(self, message_id: int, reason: str) -> None:
        message = Message.objects.defer("compiled").get(pk=message_id)
        if message.state == MessageState.OPEN:
            control.pause(message=message, now=self._now(), actor="sender", reason=reason)
            self.report.held.append(f"{message.key}: {reason}")
            log.error("delivery.held message=%s", message_id)
