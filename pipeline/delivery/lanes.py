"""The lanes that windows leave on: one connection each, a thread each where there are several.

The ledger is written by the run's own thread alone: a lane is given a window that is `submitting` already, talks to
its server and hands the answers back. So one connection to the database serves any number of servers.

A provider without lanes of its own is one lane, which works in the caller's thread.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Self

from pipeline.delivery.batching import BatchCall
from pipeline.delivery.leases import TOO_LATE, Hold
from pipeline.delivery.ledger import Claim
from pipeline.delivery.providers.base import (
    BatchAnswer,
    BatchProvider,
    DeliveryProvider,
    Envelope,
    Lane,
    SendOutcome,
    SendState,
)
from pipeline.delivery.sealed import SealedMessage


@dataclass(slots=True)
class Window:
    """A claim on its way. `refused` are recipients for whom no mail can be made; `answers` fills as they come, and
    what has none in the end is in doubt. `is_lost` tells the lane to end early: others have decided in the meantime.

    For a provider with a native batch there is a `call` in place of envelopes; `rest` is its answer for everyone of
    whom nothing is said by itself, where it took the call. `hold` is how long its mails may begin to leave.
    """

    message: SealedMessage
    claim: Claim
    envelopes: Sequence[Envelope]
    payload_hash: str
    refused: Sequence[SendOutcome] = ()
    call: BatchCall | None = None
    rest: BatchAnswer | None = None
    started_at: datetime | None = None
    hold: Hold | None = None
    answers: list[SendOutcome] = field(default_factory=list)
    lane: Lane | BatchProvider | None = None
    is_lost: bool = False
    fault: BaseException | None = None

    @property
    def outcomes(self) -> list[SendOutcome]:
        return [*self.refused, *self.answers]

    def may_begin(self) -> bool:
        return self.hold is not None and self.hold.may_begin()

    @property
    def trouble(self) -> str | None:
        """The last word of a provider that was not reached, or was lost: it is not the recipient's doing. None where
        all is well.
        """
        return next((one.reply for one in reversed(self.answers) if _is_trouble(one)), None)

    @property
    def taken_together(self) -> int:
        """How many were accepted with the call as a whole."""
        return len(self.claim.rows) - len(self.outcomes) if self.rest is not None else 0


class Lanes:
    """The provider's lanes, and who of them is at work. A lane in trouble is left alone for the rest of the run."""

    def __init__(self, provider: DeliveryProvider | BatchProvider, *, beat: Callable[[Sequence[Window]], None]) -> None:
        self._provider, self._beat = provider, beat
        self._idle: list[Lane | BatchProvider] = list(getattr(provider, "lanes", None) or [provider])
        self.count = len(self._idle)
        self._threads = ThreadPoolExecutor(self.count, "lane") if self.count > 1 else None
        self._finished: SimpleQueue[Window] = SimpleQueue()
        self.at_work: list[Window] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._threads is not None:
            self._threads.shutdown()

    @property
    def has_threads(self) -> bool:
        return self._threads is not None

    def free(self) -> Lane | BatchProvider | None:
        """The lane that the next window is for, taken; None when none may have one now."""
        if not self._idle:
            return None
        pick = getattr(self._provider, "pick", None)
        lane: Lane | BatchProvider | None = pick(self._idle) if pick else self._idle[0]
        if lane is not None:
            self._idle.remove(lane)
        return lane

    def put_back(self, lane: Lane | BatchProvider) -> None:
        """A lane that was taken and is not needed, or has finished and may have the next window."""
        self._idle.append(lane)

    def give_back(self, window: Window) -> None:
        """The window's lane may have the next one."""
        if window.lane is not None:
            self._idle.append(window.lane)

    @property
    def trouble(self) -> str:
        """Why no lane may have a window now, though some are idle and none is at work; '' where it is not so."""
        return "" if self.at_work else str(getattr(self._provider, "trouble", ""))

    def start(self, window: Window) -> None:
        """Send the window on its lane. Without threads it is over when this returns."""
        self.at_work.append(window)
        if self._threads is None:
            self._send(window)
        else:
            self._threads.submit(self._send, window)

    def _send(self, window: Window) -> None:
        try:
            if window.call is not None and isinstance(window.lane, BatchProvider):
                window.answers, window.rest = window.call.made(
                    window.lane, now=window.started_at, may_begin=window.may_begin
                )
            elif window.lane is not None and not isinstance(window.lane, BatchProvider):
                self._mail(window, window.lane)
        except BaseException as fault:  # noqa: BLE001 - the run's own thread raises it again, once it is recorded
            window.fault = fault
        if len(window.claim.rows) == 1:
            window.answers = [_alone(outcome) for outcome in window.answers]
        self._finished.put(window)

    def _mail(self, window: Window, lane: Lane) -> None:
        """Mail after mail, as long as the next one may begin; what may not was not begun."""
        outcomes = iter(lane.send(window.envelopes))
        while window.may_begin():
            outcome = next(outcomes, None)
            if outcome is None:
                return
            window.answers.append(outcome)
            if self._threads is None:
                self._beat(self.at_work)
            if window.is_lost:
                return
        window.answers += [
            SendOutcome(envelope.delivery_id, SendState.RETRY, TOO_LATE, attempted=False)
            for envelope in window.envelopes[len(window.answers) :]
        ]

    def finished(self, *, timeout_seconds: float) -> list[Window]:
        """The windows that have come to their end; waits for the first, when any is at work."""
        done: list[Window] = []
        while self.at_work:
            try:
                done.append(self._finished.get(block=not done, timeout=timeout_seconds))
            except Empty:
                break
            self.at_work.remove(done[-1])
        return done


def _is_trouble(outcome: SendOutcome) -> bool:
    return outcome.state is SendState.IN_DOUBT or (outcome.state is SendState.RETRY and not outcome.attempted)


def _alone(outcome: SendOutcome) -> SendOutcome:
    """A call for one recipient cannot be split any further: that one is rejected."""
    if outcome.state is not SendState.SPLIT:
        return outcome
    return replace(outcome, state=SendState.REJECTED, attempted=True)
