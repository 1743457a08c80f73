"""Postmark: up to 500 complete messages a call; a lost call is looked for by its metadata.

https://postmarkapp.com/developer/user-guide/send-email-with-api/batch-emails (500 messages, 50 MB; an answer for each)
https://postmarkapp.com/developer/api/messages-api#outbound-message-search (metadata_<name>; 45 days by default)
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
    scrubbed,
    unreadable,
)
from pipeline.delivery.providers._syntax import broken_up, to_field
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

_OWN_WORDS = re.compile(r"\{(?=\{\{?\s*pm:)", re.IGNORECASE)
# https://postmarkapp.com/developer/api/overview#error-codes: about the account, not the recipient.
_ABOUT_US = frozenset({10, 400, 401, 405, 412, 1235})
_LATER = frozenset({100, 429})
_PAGE = 500


class Provider:
    """One server; `stream` in provider_options is the message stream, a broadcast stream for a newsletter."""

    traits = ProviderTraits(
        name="postmark",
        title="Postmark",
        window=500,
        longest_wait_seconds=LONGEST_CALL_SECONDS,
        can_settle=False,
        takes_unicode_mailboxes=False,
        settling=Settling.SEARCH,
        call_bytes_max=45_000_000,  # of the 50 MB, for JSON escapes
        renders_here=True,
        settle_window_seconds=15 * 60,
        retention_seconds=7 * 24 * 60 * 60,  # the least that an account can set
        guarantee="Never twice; a call whose answer was lost is looked for in Postmark's messages until it is certain.",
        account_notes=(
            "Unsubscribe handling of the broadcast stream: set it to custom, or Postmark adds its own link.",
        ),
        source="https://postmarkapp.com/developer/user-guide/send-email-with-api/batch-emails",
    )

    def __init__(self, given: Account) -> None:
        self._stream = given.options.get("stream", "broadcast")
        headers = {
            "X-Postmark-Server-Token": given.key,
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        self._caller = Caller(given.url, headers=headers)

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(account(config, name="postmark", url="https://api.postmarkapp.com"))

    def compose(self, submission: Submission) -> bytes:
        return orjson.dumps([self._message(submission, values) for values in submission.recipients])

    def _message(self, submission: Submission, values: RecipientValues) -> dict[str, Any]:
        parts, words = submission.parts, spoken(values)
        headers = [{"Name": name, "Value": filled(pieces, words)} for name, pieces in parts.headers]
        return {
            "From": mailbox("From", parts.from_name, parts.from_address).decode("ascii").replace("\r\n ", " "),
            "To": to_field(values),
            **({"ReplyTo": parts.reply_to} if parts.reply_to else {}),
            "Subject": parts.subject,
            "TextBody": broken_up(filled(parts.text, words), _OWN_WORDS, html=False),
            "HtmlBody": broken_up(filled(parts.html, words), _OWN_WORDS, html=True),
            "Headers": [*headers, {"Name": "X-PM-KeepID", "Value": "true"}],
            "MessageStream": self._stream,
            "Tag": submission.tag,
            "TrackOpens": False,
            "TrackLinks": "None",
            "Metadata": {"delivery": str(values.delivery_id), "batch": submission.key.hex},
        }

    def submit(
        self, submission: Submission, body: bytes, *, now: datetime, may_begin: MayBegin = always
    ) -> BatchAnswer:
        answer = self._caller.call("POST", "/email/batch", body=body, may_begin=may_begin)
        if not answer.is_taken:
            return refusal(answer, now=now)
        results = answer.json()
        if not isinstance(results, list) or len(results) != len(submission.recipients):
            return unreadable(answer)
        outcomes = [
            _outcome(values.delivery_id, result) for values, result in zip(submission.recipients, results, strict=True)
        ]
        return BatchAnswer(SendState.ACCEPTED, outcomes=tuple(outcomes))

    def find(self, submission: Submission, *, since: datetime, until: datetime) -> frozenset[int] | None:  # noqa: ARG002
        found: set[int] = set()
        for offset in range(0, len(submission.recipients) + _PAGE, _PAGE):
            query = {"count": str(_PAGE), "offset": str(offset), "metadata_batch": submission.key.hex}
            answer = self._caller.call("GET", "/messages/outbound", query=query)
            page: Any = answer.json() if answer.is_taken else None
            if not isinstance(page, dict) or not isinstance(page.get("Messages"), list):
                return None
            found.update(int(message["Metadata"]["delivery"]) for message in page["Messages"])
            if len(page["Messages"]) < _PAGE:
                break
        return frozenset(found)

    def close(self) -> None:
        self._caller.close()


def _outcome(delivery_id: int, result: dict[str, Any]) -> SendOutcome:
    code = int(result.get("ErrorCode", 0))
    if code == 0 and result.get("MessageID"):
        return SendOutcome(delivery_id, SendState.ACCEPTED, provider_message_id=str(result["MessageID"]))
    reply = scrubbed(f"{code} {result.get('Message', '')}")
    if code in _ABOUT_US:
        return SendOutcome(delivery_id, SendState.HELD, reply, attempted=False)
    state = SendState.RETRY if code in _LATER else SendState.REJECTED if code else SendState.IN_DOUBT
    return SendOutcome(delivery_id, state, reply)
