"""Amazon SES (API v2): up to 50 destinations a call with an inline template; nothing can be asked afterwards.

https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendBulkEmail.html (TemplateContent, ReplacementHeaders)
https://docs.aws.amazon.com/ses/latest/dg/send-personalized-email-advanced.html (Handlebars; nothing is escaped)
"""

from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

import orjson

from pipeline.config import Config
from pipeline.delivery.compiled import RecipientValues
from pipeline.delivery.parts import Parts, filled
from pipeline.delivery.providers._http import (
    LONGEST_CALL_SECONDS,
    Account,
    Caller,
    account,
    refusal,
    scrubbed,
    unreadable,
)
from pipeline.delivery.providers._sigv4 import Credentials, signed_headers
from pipeline.delivery.providers._syntax import Template, braces, header_words, metadata, substituted, to_field
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

_PATH = "/v2/email/outbound-bulk-emails"
# BulkEmailEntryResult.Status: what each that is not SUCCESS means for its recipient.
_LATER = frozenset({"ACCOUNT_THROTTLED", "ACCOUNT_DAILY_QUOTA_EXCEEDED", "TRANSIENT_FAILURE"})
_ABOUT_US = frozenset(
    {
        "MAIL_FROM_DOMAIN_NOT_VERIFIED",
        "CONFIGURATION_SET_NOT_FOUND",
        "TEMPLATE_NOT_FOUND",
        "ACCOUNT_SUSPENDED",
        "ACCOUNT_SENDING_PAUSED",
        "CONFIGURATION_SET_SENDING_PAUSED",
        "INVALID_SENDING_POOL_NAME",
    }
)


class Provider:
    """One account in one region; `configuration_set` in provider_options names the one whose events are wanted."""

    traits = ProviderTraits(
        name="ses",
        title="Amazon SES",
        window=50,
        longest_wait_seconds=LONGEST_CALL_SECONDS,
        can_settle=False,
        takes_unicode_mailboxes=False,
        settling=Settling.NONE,
        call_bytes_max=10_000_000,
        guarantee="Never twice; a call whose answer was lost leaves at most 50 mails that wait for a person's word.",
        account_notes=("Open and click tracking of the configuration set: leave both out of its event destinations.",),
        source="https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendBulkEmail.html",
    )

    def __init__(self, given: Account) -> None:
        self._region = given.options["region"]
        self._configuration_set = given.options.get("configuration_set", "")
        self._credentials = Credentials(given.key, given.secret, self._region, "ses")
        self._host = urlsplit(given.url).netloc
        self._caller = Caller(given.url, headers={"Content-Type": "application/json"})

    @classmethod
    def from_config(cls, config: Config) -> Self:
        region = config.provider_options.get("region", "")
        url = f"https://email.{region}.amazonaws.com"
        return cls(account(config, name="ses", url=url, needs=("region", "secret")))

    def compose(self, submission: Submission) -> bytes:
        parts, template = submission.parts, _template(submission.parts)
        content = {
            "Subject": template.plain(parts.subject),
            "Text": template.written(parts.text),
            "Html": template.written(parts.html),
        }
        empty = {f"{parts.token}{name}": "" for name in "dghup"} | _literals(parts, template)
        data = {
            "FromEmailAddress": mailbox("From", parts.from_name, parts.from_address)
            .decode("ascii")
            .replace("\r\n ", " "),
            **({"ReplyToAddresses": [parts.reply_to]} if parts.reply_to else {}),
            **({"ConfigurationSetName": self._configuration_set} if self._configuration_set else {}),
            "DefaultContent": {
                "Template": {
                    "TemplateContent": content,
                    "TemplateData": orjson.dumps(empty).decode(),
                }
            },
            "DefaultEmailTags": [{"Name": "batch", "Value": submission.key.hex}],
            "BulkEmailEntries": _entries(submission, _literals(parts, template)),
        }
        return orjson.dumps(data)

    def submit(
        self, submission: Submission, body: bytes, *, now: datetime, may_begin: MayBegin = always
    ) -> BatchAnswer:
        headers = signed_headers(
            self._credentials,
            method="POST",
            path=_PATH,
            headers={"host": self._host, "content-type": "application/json"},
            body=body,
            now=now,
        )
        answer = self._caller.call("POST", _PATH, body=body, headers=headers, may_begin=may_begin)
        if not answer.is_taken:
            return refusal(answer, now=now)
        given = answer.json()
        results = given.get("BulkEmailEntryResults") if isinstance(given, dict) else None
        if not isinstance(results, list) or len(results) != len(submission.recipients):
            return unreadable(answer)
        outcomes = [
            _outcome(values.delivery_id, result) for values, result in zip(submission.recipients, results, strict=True)
        ]
        return BatchAnswer(SendState.ACCEPTED, outcomes=tuple(outcomes))

    def find(self, submission: Submission, *, since: datetime, until: datetime) -> None:  # noqa: ARG002
        """SES cannot be asked what became of a call."""
        return

    def close(self) -> None:
        self._caller.close()


def _template(parts: Parts) -> Template:
    return braces(lambda name: "{{" + parts.token + name + "}}")


def _literals(parts: Parts, template: Template) -> dict[str, str]:
    return {f"{parts.token}{name}": character for name, character in template.values().items()}


def _entries(submission: Submission, literals: dict[str, str]) -> list[dict[str, Any]]:
    each = substituted(submission.recipients, lambda name: f"{submission.parts.token}{name}")
    return [
        _entry(submission, values, given | literals) for values, given in zip(submission.recipients, each, strict=True)
    ]


def _entry(submission: Submission, values: RecipientValues, data: dict[str, str]) -> dict[str, Any]:
    words = header_words(values)
    kept = submission.parts.headers_but("message-id", "feedback-id")
    headers = {name: filled(pieces, words) for name, pieces in kept} | {"X-Metadata": metadata(submission, values)}
    return {
        "Destination": {"ToAddresses": [to_field(values)]},
        "ReplacementEmailContent": {"ReplacementTemplate": {"ReplacementTemplateData": orjson.dumps(data).decode()}},
        "ReplacementHeaders": [{"Name": name, "Value": value} for name, value in headers.items()],
        "ReplacementTags": [{"Name": "delivery", "Value": str(values.delivery_id)}],
    }


def _outcome(delivery_id: int, result: dict[str, Any]) -> SendOutcome:
    status = str(result.get("Status", ""))
    if status == "SUCCESS":
        return SendOutcome(delivery_id, SendState.ACCEPTED, provider_message_id=str(result.get("MessageId", "")))
    reply = scrubbed(f"{status} {result.get('Error', '')}")
    if status in _ABOUT_US:
        return SendOutcome(delivery_id, SendState.HELD, reply, attempted=False)
    if status in _LATER:
        return SendOutcome(delivery_id, SendState.RETRY, reply, attempted=status == "TRANSIENT_FAILURE")
    return SendOutcome(delivery_id, SendState.REJECTED if status else SendState.IN_DOUBT, reply)
