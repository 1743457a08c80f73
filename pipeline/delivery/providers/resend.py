"""Resend: up to 100 complete mails a call; a lost call is made again under its idempotency key, within 24 hours.

https://resend.com/docs/api-reference/emails/send-batch-emails (permissive validation: errors by index)
https://resend.com/docs/dashboard/emails/idempotency-keys (the same key and the same body give the same answer)
"""

import re
from datetime import datetime
from typing import Any, Self

import orjson

from pipeline.config import Config
from pipeline.delivery.compiled import RecipientValues
from pipeline.delivery.parts import filled, spoken
from pipeline.delivery.providers._http import (
    LONGEST_CALL_SECONDS,
    Account,
    Caller,
    account,
    refusal,
    said,
    scrubbed,
    unreadable,
)
from pipeline.delivery.providers._syntax import broken_up, metadata, to_field
from pipeline.delivery.providers.base import (
    BatchAnswer,
    MayBegin,
    ProviderTraits,
    SendOutcome,
    SendState,
    Settling,
    Submission,
    always,
)
from pipeline.delivery.wire import mailbox

_OWN_WORDS = re.compile(r"\{(?=\{\{?\s*(?:RESEND_|contact\.|FIRST_NAME|LAST_NAME|EMAIL))", re.IGNORECASE)


class Provider:
    """One account."""

    traits = ProviderTraits(
        name="resend",
        title="Resend",
        window=100,
        longest_wait_seconds=LONGEST_CALL_SECONDS,
        can_settle=False,
        takes_unicode_mailboxes=False,
        settling=Settling.KEY,
        call_bytes_max=38_000_000,
        renders_here=True,
        calls_per_second=2,
        key_life_seconds=24 * 60 * 60,
        guarantee="Never twice; a call whose answer was lost is made again under its key, for 24 hours.",
        account_notes=("Open and click tracking of the domain: switch both off.",),
        source="https://resend.com/docs/api-reference/emails/send-batch-emails",
    )

    def __init__(self, given: Account) -> None:
        headers = {
            "Authorization": f"Bearer {given.key}",
            "Content-Type": "application/json",
            "x-batch-validation": "permissive",
        }
        rate = float(given.options.get("calls_per_second", self.traits.calls_per_second))
        self._caller = Caller(given.url, headers=headers, calls_per_second=rate)

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(account(config, name="resend", url="https://api.resend.com"))

    def compose(self, submission: Submission) -> bytes:
        return orjson.dumps([_mail(submission, values) for values in submission.recipients])

    def submit(
        self, submission: Submission, body: bytes, *, now: datetime, may_begin: MayBegin = always
    ) -> BatchAnswer:
        key = {"Idempotency-Key": submission.key.hex}
        answer = self._caller.call("POST", "/emails/batch", body=body, headers=key, may_begin=may_begin)
        if answer.status == 409:  # the first call under this key is still at work, or was another
            return BatchAnswer(SendState.IN_DOUBT, said(answer))
        if not answer.is_taken:
            return refusal(answer, now=now)
        return _read(submission, answer.json()) or unreadable(answer)

    def find(self, submission: Submission, *, since: datetime, until: datetime) -> None:  # noqa: ARG002
        """Resend is asked by its key."""
        return

    def close(self) -> None:
        self._caller.close()


def _mail(submission: Submission, values: RecipientValues) -> dict[str, Any]:
    parts, words = submission.parts, spoken(values)
    headers = {name: filled(pieces, words) for name, pieces in parts.headers_but("message-id")}
    return {
        "from": mailbox("From", parts.from_name, parts.from_address).decode("ascii").replace("\r\n ", " "),
        "to": [to_field(values)],
        **({"reply_to": parts.reply_to} if parts.reply_to else {}),
        "subject": parts.subject,
        "text": broken_up(filled(parts.text, words), _OWN_WORDS, html=False),
        "html": broken_up(filled(parts.html, words), _OWN_WORDS, html=True),
        "headers": headers | {"X-Metadata": metadata(submission, values)},
        "tags": [{"name": "issue", "value": re.sub(r"[^A-Za-z0-9_-]", "-", submission.tag)}],
    }


def _read(submission: Submission, given: Any) -> BatchAnswer | None:
    """`data` holds the ids of what was taken, in order; `errors` what was not, by index. None for anything else."""
    if not isinstance(given, dict) or not isinstance(given.get("data"), list):
        return None
    refused = {int(error["index"]): scrubbed(str(error.get("message", ""))) for error in given.get("errors") or []}
    taken = iter(given["data"])
    if len(given["data"]) + len(refused) != len(submission.recipients):
        return None
    outcomes = [
        SendOutcome(values.delivery_id, SendState.REJECTED, refused[index])
        if index in refused
        else SendOutcome(values.delivery_id, SendState.ACCEPTED, provider_message_id=str(next(taken)["id"]))
        for index, values in enumerate(submission.recipients)
    ]
    return BatchAnswer(SendState.ACCEPTED, outcomes=tuple(outcomes))
