"""SendGrid: up to 1,000 personalizations a call; a lost call is looked for by its custom arguments.

https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send (personalizations, substitutions, mail settings)
https://www.twilio.com/docs/sendgrid/api-reference/email-activity/filter-all-messages (asked for by unique_args; the
account needs the additional email activity history)
"""

import re
from datetime import datetime
from typing import Any, Self

import orjson

from pipeline.config import Config
from pipeline.delivery.compiled import Spot
from pipeline.delivery.parts import Parts, Pieces, filled
from pipeline.delivery.providers._http import LONGEST_CALL_SECONDS, Account, Caller, account, refusal
from pipeline.delivery.providers._syntax import Template, header_words, substituted
from pipeline.delivery.providers.base import (
    BatchAnswer,
    MayBegin,
    ProviderTraits,
    SendState,
    Settling,
    Submission,
    always,
)

_RISKY = re.compile(r"<(?=%)|\[(?=%)|\{(?=\{)")
_FOUND_MAX = 1000
_OFF = {
    "tracking_settings": {
        "click_tracking": {"enable": False, "enable_text": False},
        "open_tracking": {"enable": False},
        "subscription_tracking": {"enable": False},
        "ganalytics": {"enable": False},
    },
    "mail_settings": {"footer": {"enable": False}},
}


class Provider:
    """One account."""

    traits = ProviderTraits(
        name="sendgrid",
        title="SendGrid",
        window=1000,
        longest_wait_seconds=LONGEST_CALL_SECONDS,
        can_settle=False,
        takes_unicode_mailboxes=False,
        settling=Settling.SEARCH,
        call_bytes_max=30_000_000,
        settle_window_seconds=60 * 60,
        retention_seconds=3 * 24 * 60 * 60,
        guarantee="Never twice; a call whose answer was lost is looked for in SendGrid's activity until it is certain.",
        account_notes=(
            "The additional email activity history: without it a lost call waits for a person.",
            "Address whitelisting, BCC and legacy template settings of the account: switch them off.",
        ),
        source="https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send",
    )

    def __init__(self, given: Account) -> None:
        headers = {"Authorization": f"Bearer {given.key}", "Content-Type": "application/json"}
        self._caller = Caller(given.url, headers=headers)

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(account(config, name="sendgrid", url="https://api.sendgrid.com"))

    def compose(self, submission: Submission) -> bytes:
        parts, template = submission.parts, _template(submission.parts)
        own = [(name, pieces) for name, pieces in parts.headers if any(isinstance(one, Spot) for one in pieces)]
        shared = {name: filled(pieces, {}) for name, pieces in parts.headers if (name, pieces) not in own}
        data = {
            "from": _address(parts.from_address, parts.from_name),
            **({"reply_to": {"email": parts.reply_to}} if parts.reply_to else {}),
            "subject": template.plain(parts.subject),
            "content": [
                {"type": "text/plain", "value": template.written(parts.text)},
                {"type": "text/html", "value": template.written(parts.html)},
            ],
            "headers": shared,
            "categories": [submission.tag],
            "custom_args": {"batch": submission.key.hex},
            **_OFF,
        }
        return orjson.dumps(data | {"personalizations": _personalizations(submission, own, template.values())})

    def submit(
        self,
        submission: Submission,  # noqa: ARG002
        body: bytes,
        *,
        now: datetime,
        may_begin: MayBegin = always,
    ) -> BatchAnswer:
        answer = self._caller.call("POST", "/v3/mail/send", body=body, may_begin=may_begin)
        if not answer.is_taken:
            return refusal(answer, now=now)
        return BatchAnswer(SendState.ACCEPTED, provider_message_id=answer.header("X-Message-Id"))

    def find(self, submission: Submission, *, since: datetime, until: datetime) -> frozenset[int] | None:  # noqa: ARG002
        """By address: the activity does not repeat the custom arguments. Its answers end at 1,000, a call's size."""
        query = {"limit": str(_FOUND_MAX), "query": f"unique_args['batch']=\"{submission.key.hex}\""}
        answer = self._caller.call("GET", "/v3/messages", query=query)
        page: Any = answer.json() if answer.is_taken else None
        if not isinstance(page, dict) or not isinstance(page.get("messages"), list):
            return None
        known = {str(message.get("to_email", "")).casefold() for message in page["messages"]}
        return frozenset(values.delivery_id for values in submission.recipients if values.address.casefold() in known)

    def close(self) -> None:
        self._caller.close()


def _key(parts: Parts, name: str) -> str:
    return f"-{parts.token}{name}-"


def _template(parts: Parts) -> Template:
    return Template(lambda name: _key(parts, name), _RISKY, {"<": "z", "[": "y", "{": "x"})


def _address(email: str, name: str) -> dict[str, str]:
    return {"email": email, "name": name} if name else {"email": email}


def _personalizations(
    submission: Submission, own: list[tuple[str, Pieces]], literals: dict[str, str]
) -> list[dict[str, Any]]:
    parts, recipients = submission.parts, submission.recipients
    constant = {_key(parts, name): character for name, character in literals.items()}
    each = substituted(recipients, lambda name: _key(parts, name))
    return [
        {
            "to": [_address(values.address, values.name)],
            "headers": {name: filled(pieces, header_words(values)) for name, pieces in own},
            "substitutions": given | constant if constant else given,
            "custom_args": {"delivery": str(values.delivery_id)},
        }
        for values, given in zip(recipients, each, strict=True)
    ]
