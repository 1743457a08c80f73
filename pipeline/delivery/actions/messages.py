"""Making messages, planning who gets them, and finishing them when the sum adds up."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from pipeline.audience.models import MailingList, Subscriber
from pipeline.delivery import ledger
from pipeline.delivery.compiled import compile_message
from pipeline.delivery.models import Message, MessageKind, MessageState, MessageTip
from pipeline.delivery.sums import Sums, sums
from pipeline.delivery.wire import bare_address
from pipeline.editorial.models import Issue
from pipeline.editorial.newsletter_rules import NewsletterRules
from pipeline.editorial.queries import rules_of
from pipeline.editorial.timetables import local_instants
from pipeline.errors import TipsheetError
from pipeline.render.model import RenderedEmail


class PlanError(TipsheetError):
    """The recipients of a message cannot be planned."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a message is from. `list_id` (RFC 2919, without brackets) gives it the list's headers, with one-click
    unsubscribe; '' for a confirmation, a test or a staff mail. `language` is the greeting's.
    """

    name: str
    address: str
    reply_to: str = ""
    list_id: str = ""
    list_name: str = ""
    language: str = "en"


def create_message(
    *,
    kind: MessageKind,
    key: str,
    rendered: RenderedEmail,
    sender: Sender,
    now: datetime,
    issue: Issue | None = None,
    mailing_list: MailingList | None = None,
    tip_ids: Sequence[int] = (),
) -> Message:
    """The message of this key: compiled now, or as it was made before (the first one stands). `tip_ids` are what it
    brings; those of an issue are known.

    Raises MessageError (wire.py) for a header or a text that cannot be mailed.
    """
    if made := Message.objects.filter(key=key).first():
        return made
    values = _compiled_values(kind, key, rendered, sender, now=now, issue=issue) | {"mailing_list": mailing_list}
    with transaction.atomic():
        message, is_new = Message.objects.get_or_create(key=key, defaults=values)
        if is_new:
            brings = issue.issue_tips.values_list("tip_id", flat=True) if issue else tip_ids
            MessageTip.objects.bulk_create(MessageTip(message=message, tip_id=tip_id) for tip_id in brings)
    return message


def _compiled_values(
    kind: MessageKind, key: str, rendered: RenderedEmail, sender: Sender, *, now: datetime, issue: Issue | None
) -> dict[str, Any]:
    compiled = compile_message(
        rendered,
        from_name=sender.name,
        from_address=sender.address,
        reply_to=sender.reply_to,
        list_id=sender.list_id,
        list_name=sender.list_name,
        message_key=key,
        sent_date=now,
        auto_submitted=kind == MessageKind.CONFIRMATION,
    ).to_bytes()
    return {
        "kind": kind,
        "issue": issue,
        "envelope_sender": bare_address(sender.address),
        "language": sender.language,
        "compiled": compiled,
        "compiled_hash": hashlib.sha256(compiled).hexdigest(),
        "frozen_hash": issue.frozen_hash if issue else "",
        "sent_date": now,
        "created_at": now,
    }


def discard_unplanned(*, issue: Issue) -> None:
    """Throw away the message of an approval that was taken back: nobody was planned for it, and it was never sent.

    Planning takes the same lock, so that a message either goes before it is planned, or stays.
    """
    with transaction.atomic():
        held = Message.objects.select_for_update().filter(issue=issue).first()
        if held is not None and held.planned_at is None:
            held.delete()


def plan_issue(*, message: Message, now: datetime) -> Sums:
    """Plan every confirmed subscriber of the message's list, once, in one transaction; what was planned.

    Suppressed ones get their row too, with the reason; and so do those whom the newsletter's rules leave out: who had
    one of the tips before, and who is still being welcomed. Where the newsletter reaches each at their own local time,
    each row says when that is. A second call changes nothing.
    """
    if message.mailing_list_id is None:
        raise PlanError(f"Message {message.key} has no list: an issue is planned for the list it is published to")
    with transaction.atomic():
        held = Message.objects.select_for_update().get(pk=message.pk)
        if held.planned_at is None:
            newsletter = held.issue.newsletter if held.issue else None
            rules = rules_of(newsletter) if newsletter else NewsletterRules()
            waits = bool(rules.welcome_mails) and rules.welcome_pauses_issues
            held.planned_count = ledger.plan(
                message_id=held.pk,
                mailing_list_id=message.mailing_list_id,
                now=now,
                never_twice=rules.repeats == "never",
                welcome_of=newsletter.pk if newsletter and waits else None,
                due=local_instants(held.issue) if held.issue else None,
            )
            held.planned_at = now
            held.save(update_fields=["planned_at", "planned_count"])
    message.refresh_from_db(fields=["planned_at", "planned_count", "state"])
    return sums(message)


def plan_kept_list(*, message: Message, provider: str, now: datetime) -> Sums:
    """Plan one delivery for the whole list, which the provider keeps; what was planned. A second call changes nothing.

    Who of it is mailed is the provider's to know: there is no row for each reader.
    """
    with transaction.atomic():
        held = Message.objects.select_for_update().get(pk=message.pk)
        if held.planned_at is None:
            address = f"everyone@{provider}.invalid"
            held.planned_count = ledger.plan_one(message_id=held.pk, subscriber_id=None, address=address, now=now)
            held.planned_at = now
            held.save(update_fields=["planned_at", "planned_count"])
    message.refresh_from_db(fields=["planned_at", "planned_count", "state"])
    return sums(message)


def send_single(
    *,
    kind: MessageKind,
    key: str,
    rendered: RenderedEmail,
    sender: Sender,
    now: datetime,
    subscriber: Subscriber | None = None,
    address: str = "",
    mailing_list: MailingList | None = None,
) -> Message:
    """Make a message to one recipient and plan it, in one transaction; the next run of the sender mails it.

    Exactly one of `subscriber` and `address` is given. The same key again mails nothing again.
    """
    if (subscriber is None) == (not address):
        raise PlanError(f"Message {key} needs one recipient: a subscriber or an address")
    with transaction.atomic():
        message = create_message(
            kind=kind, key=key, rendered=rendered, sender=sender, now=now, mailing_list=mailing_list
        )
        held = Message.objects.select_for_update().get(pk=message.pk)
        if held.planned_at is None:
            recipient = subscriber.pk if subscriber else None
            bare = "" if subscriber else bare_address(address)
            held.planned_count = ledger.plan_one(message_id=held.pk, subscriber_id=recipient, address=bare, now=now)
            held.planned_at = now
            held.save(update_fields=["planned_at", "planned_count"])
    return held


def finish_decided(*, now: datetime) -> list[int]:
    """Finish each open message of which nothing waits and whose sum adds up; their ids."""
    finished = []
    for message_id in ledger.decided_messages():
        with transaction.atomic():
            message = Message.objects.select_for_update().get(pk=message_id)
            if message.state == MessageState.OPEN and sums(message).adds_up:
                message.state = MessageState.FINISHED
                message.finished_at = now
                message.save(update_fields=["state", "finished_at"])
                finished.append(message_id)
    return finished
