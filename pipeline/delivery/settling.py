"""Settling what is in doubt without a person, as far as the provider can tell (settle_rules.py says how)."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from pipeline.delivery import ledger
from pipeline.delivery.batching import Batching
from pipeline.delivery.doubts import Doubt, in_doubt
from pipeline.delivery.leases import Hold
from pipeline.delivery.models import Message, MessageState
from pipeline.delivery.personal import Personal
from pipeline.delivery.providers.base import BatchProvider, DeliveryProvider, SendState
from pipeline.delivery.sealed import SealBrokenError, SealedMessage, unsealed
from pipeline.delivery.settle_rules import Step, next_step, repeat_seconds

log = logging.getLogger(__name__)

_ASKED_FROM = timedelta(minutes=5)  # the provider's clock is not ours
_SENT_AGAIN = "in doubt, and sent again as the configuration says"


class Settler:
    """Settles the doubts of one provider; `settled` counts the deliveries."""

    def __init__(
        self,
        provider: DeliveryProvider | BatchProvider,
        *,
        public_url: str,
        at_least_once: bool,
        now: Callable[[], datetime],
    ) -> None:
        self._provider, self._now, self._at_least_once = provider, now, at_least_once
        self._batching = Batching(provider, Personal(public_url)) if isinstance(provider, BatchProvider) else None
        self.settled = 0

    def run(self) -> None:
        """One look at everything that is in doubt with the provider."""
        for doubt in in_doubt(provider=self._provider.traits.name):
            results, reason = self._decided(doubt)
            if results:
                self.settled += ledger.settle(
                    message_id=doubt.message_id,
                    batch_id=doubt.batch_id,
                    results=results,
                    reason=reason,
                    now=self._now(),
                )

    def _decided(self, doubt: Doubt) -> tuple[dict[int, SendState], str]:
        step = next_step(self._provider.traits, doubt.age, now=self._now(), at_least_once=self._at_least_once)
        asked = f"settled by asking {self._provider.traits.name}"
        if step is Step.HOLD:
            return {}, ""
        if step is Step.SEND_AGAIN:
            return dict.fromkeys(doubt.delivery_ids, SendState.RETRY), _SENT_AGAIN
        if not isinstance(self._provider, BatchProvider):
            return self._provider.settle(doubt.delivery_ids), asked
        message = _sealed(doubt)
        if message is None or doubt.kept is None:
            return {}, ""
        if step is Step.REPEAT:
            return self._repeated(doubt, message), f"settled by making the call to {self._provider.traits.name} again"
        return self._found(doubt, message, is_absence_proof=step is Step.BELIEVE), asked

    def _found(self, doubt: Doubt, message: SealedMessage, *, is_absence_proof: bool) -> dict[int, SendState]:
        if self._batching is None or not isinstance(self._provider, BatchProvider) or doubt.kept is None:
            return {}
        call = self._batching.again(message, doubt.kept, doubt.batch_key)
        found = self._provider.find(call.submission, since=doubt.submitted_at - _ASKED_FROM, until=self._now())
        if found is None:
            log.warning("delivery.cannot_ask batch=%s", doubt.batch_id)
            return {}
        known = {one: SendState.ACCEPTED for one in doubt.delivery_ids if one in found}
        absent = {one: SendState.RETRY for one in doubt.delivery_ids if one not in found}
        return known | absent if is_absence_proof else known

    def _repeated(self, doubt: Doubt, message: SealedMessage) -> dict[int, SendState]:
        """The very same call under the very same key. Not made where it would mail somebody who may not be mailed any
        more, or where its bytes cannot be made again (a key of ours was rotated): then a person decides.
        """
        if self._batching is None or not isinstance(self._provider, BatchProvider) or doubt.kept is None:
            return {}
        call = self._batching.again(message, doubt.kept, doubt.batch_key)
        if doubt.suppressed or call.payload_hash != doubt.payload_hash:
            log.warning("delivery.not_repeated batch=%s suppressed=%s", doubt.batch_id, len(doubt.suppressed))
            return {}
        seconds = repeat_seconds(self._provider.traits, doubt.age, now=self._now())
        hold = Hold(seconds, now=self._now)
        answer = self._provider.submit(call.submission, call.body, now=self._now(), may_begin=hold.may_begin)
        if answer.state is not SendState.ACCEPTED:
            return {}
        said = {outcome.delivery_id: outcome.state for outcome in answer.outcomes}
        states = {one: said.get(one, SendState.ACCEPTED) for one in doubt.delivery_ids}
        sure = {SendState.ACCEPTED, SendState.REJECTED, SendState.RETRY}
        return {one: state for one, state in states.items() if state in sure}


def _sealed(doubt: Doubt) -> SealedMessage | None:
    """The doubt's message, unless it may not be mailed now: it was cancelled or paused, or its bytes were altered."""
    state = Message.objects.values_list("state", flat=True).get(pk=doubt.message_id)
    if state in {MessageState.CANCELLED, MessageState.PAUSED}:
        return None
    try:
        return unsealed(doubt.message_id)
    except SealBrokenError as error:
        log.error("delivery.seal_broken message=%s error=%s", doubt.message_id, type(error).__name__)
        return None
