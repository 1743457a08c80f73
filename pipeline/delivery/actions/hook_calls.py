"""Taking in what a provider called us with: its events, and the token that may come with these words alone."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from pipeline.delivery.actions import events
from pipeline.delivery.event_rules import EventReport
from pipeline.delivery.models import HookToken
from pipeline.errors import TipsheetError


class ReplayedCallError(TipsheetError):
    """A signed token came again, with other words than the first time."""


def take_in(*, provider: str, reports: Sequence[EventReport], token: str, words: bytes, now: datetime) -> int:
    """Store the call's events, in one transaction with its token; how many are new. The same call again changes
    nothing. Raises ReplayedCallError.
    """
    with transaction.atomic():
        if token:
            digest = hashlib.sha256(words).hexdigest()
            known, _ = HookToken.objects.get_or_create(
                provider=provider,
                token_hash=hashlib.sha256(token.encode("utf-8", "replace")).hexdigest(),
                defaults={"words_hash": digest, "received_at": now},
            )
            if known.words_hash != digest:
                raise ReplayedCallError(f"A call that {provider} signed came before, with other words")
        return events.store(reports=reports, now=now) if reports else 0


def forget_tokens(*, now: datetime, keep: timedelta = timedelta(days=3)) -> int:
    """Drop tokens whose calls would be refused for their age by now; how many."""
    return HookToken.objects.filter(received_at__lt=now - keep).delete()[0]
