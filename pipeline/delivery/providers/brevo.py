"""Brevo: up to 1,000 message versions a call; a lost call is made again under its idempotency key, within 15 minutes.

https://developers.brevo.com/docs/batch-send-transactional-emails (messageVersions, params)
https://developers.brevo.com/docs/heterogenous-versions-batch-emails (idempotencyKey among the body's headers, a UUID;
the guide says 30 minutes and the announcement 15; a key that was used is refused with `duplicate_parameter`)
"""

import re
from datetime import datetime
from typing import Any, Self

import orjson

from pipeline.config import Config
from pipeline.delivery.compiled import Spot
from pipeline.delivery.parts import Parts, filled
from pipeline.delivery.providers._http import LONGEST_CALL_SECONDS, Account, Caller, account, refusal, unreadable
from pipeline.delivery.providers._syntax import Template, braces, header_words, metadata, substituted
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

_SPECIAL = re.compile(r'[^\x00-\x7f].*[()<>@,;:\\".\[\]]|[()<>@,;:\\".\[\]].*[^\x00-\x7f]')


class Provider:
    """One account."""

    traits = ProviderTraits(
        name="brevo",
        title="Brevo",
        window=1000,
        longest_wait_seconds=LONGEST_CALL_SECONDS,
        can_settle=False,
        takes_unicode_mailboxes=False,
        settling=Settling.KEY,
        call_bytes_max=20_000_000,
        key_life_seconds=15 * 60,
        guarantee="Never twice; a call whose answer was lost is made again under its key, for 15 minutes.",
        account_notes=(
            "Open and click tracking of transactional mail: switch both off.",
            "The unsubscribe link and List-Unsubscribe header that Brevo adds to transactional mail: switch them off.",
        ),
        source="https://developers.brevo.com/docs/batch-send-transactional-emails",
    )

    def __init__(self, given: Account) -> None:
        headers = {"api-key": given.key, "Content-Type": "application/json", "Accept": "application/json"}
        self._caller = Caller(given.url, headers=headers)

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(account(config, name="brevo", url="https://api.brevo.com"))

    def compose(self, submission: Submission) -> bytes:
        parts, template = submission.parts, _template(submission.parts)
        own = [(name, one) for name, one in _headers(parts) if any(isinstance(piece, Spot) for piece in one)]
        shared = {name: filled(one, {}) for name, one in _headers(parts) if (name, one) not in own}
        data = {
            "sender": {"email": parts.from_address, **({"name": parts.from_name} if parts.from_name else {})},
            **({"replyTo": {"email": parts.reply_to}} if parts.reply_to else {}),
            "subject": template.plain(parts.subject),
            "textContent": template.written(parts.text),
            "htmlContent": template.written(parts.html),
            "headers": shared | {"idempotencyKey": str(submission.key)},
            "tags": [submission.tag],
        }
        return orjson.dumps(data | {"messageVersions": _versions(submission, own, template.values())})

    def submit(
        self, submission: Submission, body: bytes, *, now: datetime, may_begin: MayBegin = always
    ) -> BatchAnswer:
        answer = self._caller.call("POST", "/v3/smtp/email", body=body, may_begin=may_begin)
        given = answer.json()
        if answer.status == 400 and isinstance(given, dict) and _is_known_key(given):
            return BatchAnswer(SendState.ACCEPTED, "the call had been taken before")
        if not answer.is_taken:
            return refusal(answer, now=now)
        ids = given.get("messageIds") if isinstance(given, dict) else None
        if not isinstance(ids, list) or len(ids) != len(submission.recipients):
            return unreadable(answer)
        outcomes = [
            SendOutcome(values.delivery_id, SendState.ACCEPTED, provider_message_id=str(given_id))
            for values, given_id in zip(submission.recipients, ids, strict=True)
        ]
        return BatchAnswer(SendState.ACCEPTED, outcomes=tuple(outcomes))

    def find(self, submission: Submission, *, since: datetime, until: datetime) -> None:  # noqa: ARG002
        """Brevo is asked by its key."""
        return

    def close(self) -> None:
        self._caller.close()


def _template(parts: Parts) -> Template:
    return braces(lambda name: "{{params." + parts.token + name + "}}")


def _headers(parts: Parts) -> list[tuple[str, Any]]:
    return [
        (name, one) for name, one in parts.headers_but("message-id") if all(str(piece).isascii() for piece in one)
    ]  # others would leave as raw bytes


def _is_known_key(given: dict[str, Any]) -> bool:
    return given.get("code") == "duplicate_parameter" and "idempotency" in str(given.get("message", "")).lower()


def _versions(submission: Submission, own: list[tuple[str, Any]], literals: dict[str, str]) -> list[dict[str, Any]]:
    token, recipients = submission.parts.token, submission.recipients
    constant = {f"{token}{name}": character for name, character in literals.items()}
    each = substituted(recipients, lambda name: f"{token}{name}")
    return [
        {
            "to": [{"email": values.address, **({"name": _name(values.name)} if values.name else {})}],
            "params": given | constant,
            "headers": {name: filled(pieces, header_words(values)) for name, pieces in own}
            | {"X-Mailin-custom": metadata(submission, values)},
        }
        for values, given in zip(recipients, each, strict=True)
    ]


def _name(name: str) -> str:
    """Brevo loses a name that is outside ASCII and has a comma or the like: then it goes without that."""
    return re.sub(r'[()<>@,;:\\".\[\]]', " ", name).strip() if _SPECIAL.search(name) else name
