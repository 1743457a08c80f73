"""What people decide about a message on its way: pause, resume, cancel, and what becomes of a delivery in doubt."""

import logging
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from pipeline.audit.actions import record as audit
from pipeline.delivery import ledger
from pipeline.delivery.models import Delivery, DeliveryState, Message, MessageState
from pipeline.delivery.providers.base import SendState
from pipeline.delivery.sums import Sums, sums
from pipeline.errors import TipsheetError

log = logging.getLogger(__name__)

_ANSWERS: Mapping[DeliveryState, SendState] = {
    DeliveryState.ACCEPTED: SendState.ACCEPTED,
    DeliveryState.REJECTED: SendState.REJECTED,
    DeliveryState.PLANNED: SendState.RETRY,
}


class MessageStateError(TipsheetError):
    """The message is in no state for this."""


class SettleError(TipsheetError):
    """The delivery cannot be settled so."""


def pause(*, message: Message, now: datetime, actor: str, reason: str = "") -> None:
    """Stop claims; what is submitting is still recorded. Pausing a paused message changes nothing.

    `reason` is for a pause that the machine made (a refused login, altered bytes): it is shown until resumed.
    """
    with transaction.atomic():
        held = _locked(message)
        if held.state == MessageState.PAUSED:
            return
        _refuse_unless(held, MessageState.OPEN, "paused")
        _move(held, MessageState.PAUSED, now=now, actor=actor, action="message.paused", reason=reason)
    log.info("delivery.paused message=%s", message.pk)


def resume(*, message: Message, now: datetime, actor: str) -> None:
    """Let claims go on, from what is planned."""
    with transaction.atomic():
        held = _locked(message)
        if held.state == MessageState.OPEN:
            return
        _refuse_unless(held, MessageState.PAUSED, "resumed")
        _move(held, MessageState.OPEN, now=now, actor=actor, action="message.resumed")
    log.info("delivery.resumed message=%s", message.pk)


def cancel(*, message: Message, now: datetime, actor: str, reason: str) -> Sums:
    """Cancel every delivery that is not submitting; those keep their result when it comes. The sum as it stands."""
    with transaction.atomic():
        held = _locked(message)
        if held.state == MessageState.CANCELLED:
            return sums(held)
        if held.state == MessageState.FINISHED:
            raise MessageStateError(f"Message {held.key} is finished: there is nothing left to cancel")
        _move(held, MessageState.CANCELLED, now=now, actor=actor, action="message.cancelled")
        ledger.cancel(message_id=held.pk, reason=reason, now=now)
    log.info("delivery.cancelled message=%s", message.pk)
    return sums(held)


def settle(*, delivery: Delivery, state: DeliveryState, actor: str, now: datetime) -> None:
    """A person's word on a delivery in doubt: ACCEPTED (it arrived), REJECTED (leave it), PLANNED (send it again)."""
    if state not in _ANSWERS:
        allowed = ", ".join(sorted(_ANSWERS))
        raise SettleError(f"Delivery {delivery.pk} cannot become '{state}': choose one of {allowed}")
    if delivery.state != DeliveryState.IN_DOUBT or delivery.batch_id is None:
        raise SettleError(f"Delivery {delivery.pk} is '{delivery.state}', not in doubt: there is nothing to settle")
    with transaction.atomic():
        settled = ledger.settle(
            message_id=delivery.message_id,
            batch_id=delivery.batch_id,
            results={delivery.pk: _ANSWERS[state]},
            reason=f"settled by {actor}",
            now=now,
        )
        if not settled:
            raise SettleError(f"Delivery {delivery.pk} was settled by someone else just now: look again")
        audit(
            now=now, actor=actor, action="delivery.settled", subject_kind="delivery", subject_id=delivery.pk,
            state=str(state),
        )  # fmt: skip
    log.info("delivery.settled delivery=%s state=%s", delivery.pk, state)


def _locked(message: Message) -> Message:
    return Message.objects.select_for_update().get(pk=message.pk)


def _refuse_unless(message: Message, wanted: MessageState, verb: str) -> None:
    if message.state != wanted:
        raise MessageStateError(f"Message {message.key} is {message.state}: only one that is {wanted} can be {verb}")


def _move(message: Message, state: MessageState, *, now: datetime, actor: str, action: str, reason: str = "") -> None:
    message.state, message.held_reason = state, reason[:500]
    message.save(update_fields=["state", "held_reason"])
    audit(
        now=now, actor=actor, action=action, subject_kind="message", subject_id=message.pk,
        **({"reason": reason} if reason else {}),
    )  # fmt: skip
