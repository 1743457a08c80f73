"""Mailgun: up to 1,000 recipients a call, their values as recipient variables; a lost call is looked for in its log.

https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages/post-v3--domain-name--messages
(batch sending: recipient-variables; one id for the whole batch; any address that is none refuses the call).
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Self
from urllib.parse import quote

import orjson
from urllib3.filepost import encode_multipart_formdata

from pipeline.config import Config
from pipeline.delivery.parts import Parts
from pipeline.delivery.providers._http import LONGEST_CALL_SECONDS, Account, Caller, account, refusal, unreadable
from pipeline.delivery.providers._syntax import Template, substituted, to_fields
from pipeline.delivery.providers.base import (
    BatchAnswer,
    MayBegin,
    ProviderTraits,
    SendState,
    Settling,
    Submission,
    always,
)
from pipeline.delivery.wire import mailbox

_PLACEHOLDER = re.compile(r"%(?=[A-Za-z_][\w.:-]*%)")
_LOG_PAGE, _LOG_PAGES_MAX = 300, 400


class Provider:
    """One account; `domain` in provider_options is the sending domain where it is not the sender's own."""

    traits = ProviderTraits(
        name="mailgun",
        title="Mailgun",
        window=1000,
        longest_wait_seconds=LONGEST_CALL_SECONDS,
        can_settle=False,
        takes_unicode_mailboxes=False,
        settling=Settling.SEARCH,
        call_bytes_max=25_000_000,
        settle_window_seconds=15 * 60,
        retention_seconds=24 * 60 * 60,
        guarantee="Never twice; a call whose answer was lost is looked for in Mailgun's log until it is certain.",
        account_notes=("Unsubscribe tracking of the domain, which would add a second way out: switch it off.",),
        source="https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/batch-sending",
    )

    def __init__(self, given: Account) -> None:
        self._domain = given.options.get("domain", "")
        self._caller = Caller(given.url, headers={"Authorization": _basic("api", given.key)})

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(account(config, name="mailgun", url="https://api.mailgun.net"))

    def compose(self, submission: Submission) -> bytes:
        parts, template = submission.parts, _template(submission.parts)
        bodies = {
            "subject": template.plain(parts.subject),
            "text": template.written(parts.text),
            "html": template.written(parts.html),
            **{f"h:{name}": template.written(pieces) for name, pieces in parts.headers},
            **({"h:Reply-To": template.plain(parts.reply_to)} if parts.reply_to else {}),
        }
        fields: list[tuple[str, str | bytes]] = [
            ("from", mailbox("From", parts.from_name, parts.from_address).decode("ascii").replace("\r\n ", " ")),
            ("to", ", ".join(to_fields(submission.recipients, _PLACEHOLDER))),
            *bodies.items(),
            ("o:tag", submission.tag),
            *[(name, "no") for name in ("o:tracking", "o:tracking-clicks", "o:tracking-opens")],
            ("v:delivery", f"%recipient.{parts.token}d%"),
            ("v:batch", submission.key.hex),
            ("recipient-variables", orjson.dumps(_variables(submission, template.values()))),
        ]
        return encode_multipart_formdata(fields, boundary=_boundary(submission))[0]

    def submit(
        self, submission: Submission, body: bytes, *, now: datetime, may_begin: MayBegin = always
    ) -> BatchAnswer:
        if len({values.address.casefold() for values in submission.recipients}) < len(submission.recipients):
            return BatchAnswer(SendState.SPLIT, "one address stands twice in the call, and would be mailed once")
        domain = self._domain or submission.parts.from_address.rpartition("@")[2]
        kind = f"multipart/form-data; boundary={_boundary(submission)}"
        path = f"/v3/{quote(domain, safe='')}/messages"
        answer = self._caller.call("POST", path, body=body, headers={"Content-Type": kind}, may_begin=may_begin)
        if not answer.is_taken:
            return refusal(answer, now=now)
        taken = answer.json()
        if not isinstance(taken, dict) or not taken.get("id"):  # a wrong path is answered with 200 too
            return unreadable(answer)
        return BatchAnswer(SendState.ACCEPTED, provider_message_id=str(taken["id"]))

    def find(self, submission: Submission, *, since: datetime, until: datetime) -> frozenset[int] | None:
        found: set[int] = set()
        token = ""
        for _ in range(_LOG_PAGES_MAX):
            page = self._log_page(submission.tag, token, since, until)
            if page is None:
                return None
            items = page.get("items") or []
            found.update(_deliveries(items, submission.key.hex))
            token = (page.get("pagination") or {}).get("next") or ""
            if len(items) < _LOG_PAGE or not token:
                return frozenset(found)
        return None  # a log that does not end proves nothing

    def _log_page(self, tag: str, token: str, since: datetime, until: datetime) -> dict[str, Any] | None:
        asked = {
            "start": format_datetime(since),
            "end": format_datetime(until),
            "events": ["accepted"],
            "filter": {"AND": [{"attribute": "tag", "comparator": "=", "values": [{"label": tag, "value": tag}]}]},
            "include_totals": False,
            "pagination": {"sort": "timestamp:asc", "limit": _LOG_PAGE, "token": token},
        }
        answer = self._caller.call(
            "POST", "/v1/analytics/logs", body=orjson.dumps(asked), headers={"Content-Type": "application/json"}
        )
        page = answer.json() if answer.is_taken else None
        return page if isinstance(page, dict) else None

    def close(self) -> None:
        self._caller.close()


def _template(parts: Parts) -> Template:
    return Template(lambda name: f"%recipient.{parts.token}{name}%", _PLACEHOLDER, {"%": "z"}, opening="%")


def _variables(submission: Submission, literals: dict[str, str]) -> dict[str, dict[str, str]]:
    """By address; the few characters that stand for themselves go with everyone."""
    token, recipients = submission.parts.token, submission.recipients
    each = substituted(recipients, lambda name: f"{token}{name}")
    if literals:
        constant = {f"{token}{name}": character for name, character in literals.items()}
        each = [values | constant for values in each]
    return {values.address: own for values, own in zip(recipients, each, strict=True)}


def _boundary(submission: Submission) -> str:
    return f"tipsheet-{submission.key.hex}"


def _deliveries(items: list[dict[str, Any]], batch: str) -> Iterator[int]:
    """The deliveries of the batch among the log's items; its variables come as an object or as JSON in a string."""
    for item in items:
        given = item.get("user-variables") or {}
        variables = orjson.loads(given) if isinstance(given, str) else given
        if variables.get("batch") == batch and str(variables.get("delivery", "")).isdigit():
            yield int(variables["delivery"])


def _basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode('ascii')}"
