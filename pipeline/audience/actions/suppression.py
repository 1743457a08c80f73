"""Suppression: from now on this address is not mailed, on one list or on any."""

from datetime import datetime

from django.db import transaction

from pipeline.audience.models import MailingList, Suppression, SuppressionReason
from pipeline.audience.suppressions import WORDS
from pipeline.audit.actions import record
from pipeline.errors import TipsheetError


class SuppressedError(TipsheetError):
    """The address is suppressed, and nobody but its owner can change that."""

    def __init__(self, reason: SuppressionReason) -> None:
        super().__init__(f"This address is not mailed: {WORDS[reason]}. It cannot be added.")
        self.reason = reason


@transaction.atomic
def suppress(
    *,
    address_hash: str,
    reason: SuppressionReason,
    now: datetime,
    actor: str,
    mailing_list: MailingList | None = None,
) -> bool:
    """Suppress the address on `mailing_list`, or on every list without one. False if it was, for the same reason."""
    suppression, is_new = Suppression.objects.get_or_create(
        address_hash=address_hash, mailing_list=mailing_list, reason=reason, defaults={"created_at": now}
    )
    if is_new:
        record(
            now=now,
            actor=actor,
            action="address.suppressed",
            subject_kind="suppression",
            subject_id=suppression.pk,
            reason=str(reason),
            mailing_list=mailing_list.pk if mailing_list else None,
        )
    return is_new
