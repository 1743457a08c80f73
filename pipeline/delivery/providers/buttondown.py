"""Buttondown keeps the list itself: an issue is made there as one email, and mailed by it to its own subscribers.

```
looked for by our key ── there ──────────► queued? ── yes ──► accepted
        └── not there ──► made as a draft ──► queued (PATCH), read back ──► accepted
```

Making a draft mails nobody, and to queue what is queued already changes nothing; so every step can be made again, and
a call whose answer was lost simply is (for as long as KEY_LIFE). Who of the list got the mail is known there alone:
the ledger has one row for the whole list. Confirmations, tests and staff mail cannot go this way.

https://docs.buttondown.com/api-emails-create, …-update, …-status, api-idempotency-keys; since version 2025-06-01 drafts
are listed too.
"""

import re
from datetime import datetime
from typing import Any, Self

import orjson

from pipeline.config import Config
from pipeline.delivery.compiled import Spot
from pipeline.delivery.parts import filled, spoken
from pipeline.delivery.providers._http import (
    LONGEST_CALL_SECONDS,
    Account,
    Answer,
    Caller,
    account,
    refusal,
    scrubbed,
    unreadable,
)
from pipeline.delivery.providers._syntax import broken_up
from pipeline.delivery.providers.base import (
    BatchAnswer,
    MayBegin,
    ProviderTraits,
    SendState,
    Settling,
    Submission,
    always,
)

_OWN_WORDS = re.compile(r"\{(?=[{%#])")
_PAGES_MAX = 20  # of a hundred emails each, the newest first
_ON_ITS_WAY = frozenset({"about_to_send", "in_flight", "sent", "scheduled", "resending", "throttled"})
_NOT_QUEUED = "draft"
_LINKS = {
    Spot.HTML_UNSUBSCRIBE_URL: "{{ unsubscribe_url }}",
    Spot.HTML_PREFERENCES_URL: "{{ manage_subscription_url }}",
}


class Provider:
    """One newsletter there; `template` in provider_options is the one that wraps the mail, `naked` without it."""

    traits = ProviderTraits(
        name="buttondown",
        title="Buttondown",
        window=1,
        longest_wait_seconds=4 * LONGEST_CALL_SECONDS,
        can_settle=False,
        takes_unicode_mailboxes=False,
        settling=Settling.KEY,
        call_bytes_max=5_000_000,
        key_life_seconds=30 * 24 * 60 * 60,
        keeps_list=True,
        guarantee="One email there for each issue, whatever happens; who got it is known there alone.",
        account_notes=(
            "Who subscribes and leaves is kept there, and confirmations are sent there: the pages here reach nobody.",
            "Open and click tracking of the newsletter: switch both off.",
        ),
        source="https://docs.buttondown.com/api-emails-create",
    )

    def __init__(self, given: Account) -> None:
        self._template = given.options.get("template", "naked")
        headers = {
            "Authorization": f"Token {given.key}",
            "Content-Type": "application/json",
            "X-API-Version": "2025-06-01",
        }
        self._caller = Caller(given.url, headers=headers)

    @classmethod
    def from_config(cls, config: Config) -> Self:
        return cls(account(config, name="buttondown", url="https://api.buttondown.com"))

    def compose(self, submission: Submission) -> bytes:
        parts, (reader, *_) = submission.parts, submission.recipients
        return orjson.dumps(
            {
                "subject": broken_up(parts.subject, _OWN_WORDS, html=False),
                "body": _html(submission),
                "status": _NOT_QUEUED,
                "template": self._template,
                "metadata": {
                    "tipsheet": _key(submission),
                    "delivery": str(reader.delivery_id),
                    "batch": submission.key.hex,
                },
            }
        )

    def submit(
        self, submission: Submission, body: bytes, *, now: datetime, may_begin: MayBegin = always
    ) -> BatchAnswer:
        if not submission.tag.startswith("issue-"):
            return BatchAnswer(SendState.SPLIT, "Buttondown mails an issue to its own list, and nothing else")
        found = self._made(_key(submission))
        if isinstance(found, BatchAnswer):
            return found
        if found is None:
            key = {"X-Idempotency-Key": _key(submission)}
            answer = self._caller.call("POST", "/v1/emails", body=body, headers=key, may_begin=may_begin)
            found = answer.json() if answer.is_taken else None
            if not isinstance(found, dict) or not found.get("id"):
                return unreadable(answer) if answer.is_taken else refusal(answer, now=now)
        return self._queued(found, now, may_begin)

    def _queued(self, email: dict[str, Any], now: datetime, may_begin: MayBegin) -> BatchAnswer:
        if email.get("status") == _NOT_QUEUED:
            asked = orjson.dumps({"status": "about_to_send"})
            answer = self._caller.call("PATCH", f"/v1/emails/{email['id']}", body=asked, may_begin=may_begin)
            if not answer.is_taken:
                return refusal(answer, now=now)
            email = self._read_back(str(email["id"])) or {}
        status = str(email.get("status", ""))
        if status in _ON_ITS_WAY:
            return BatchAnswer(SendState.ACCEPTED, f"Buttondown says '{status}'", str(email.get("id", "")))
        if not status:
            return BatchAnswer(SendState.IN_DOUBT, "Buttondown does not say what became of the email")
        why = scrubbed(str(email.get("suppression_reason") or ""))
        return BatchAnswer(SendState.HELD, f"the email is '{status}' at Buttondown {why}".strip())

    def _made(self, key: str) -> dict[str, Any] | BatchAnswer | None:
        """The email that was made for this issue; None where there is none; an answer where that cannot be known."""
        for page in range(1, _PAGES_MAX + 1):
            query = {"ordering": "-creation_date", "page": str(page), "page_size": "100"}
            answer = self._caller.call("GET", "/v1/emails", query=query)
            listed = answer.json() if answer.is_taken else None
            if not isinstance(listed, dict) or not isinstance(listed.get("results"), list):
                return _not_known(answer)
            for email in listed["results"]:
                if (email.get("metadata") or {}).get("tipsheet") == key and email.get("status") != "deleted":
                    return dict(email)
            if not listed.get("next"):
                break
        return None

    def _read_back(self, email_id: str) -> dict[str, Any] | None:
        given = self._caller.call("GET", f"/v1/emails/{email_id}").json()
        return given if isinstance(given, dict) else None

    def find(self, submission: Submission, *, since: datetime, until: datetime) -> None:  # noqa: ARG002
        """Looked for by every call, before anything is made."""
        return

    def close(self) -> None:
        self._caller.close()


def _key(submission: Submission) -> str:
    """The issue's own, the same for every batch that is ever claimed for it."""
    return f"{submission.tag}-{submission.parts.token}"


def _html(submission: Submission) -> str:
    """The frozen HTML, with Buttondown's own links in the places of ours."""
    words = spoken(submission.recipients[0])
    pieces = (
        piece if isinstance(piece, Spot) else broken_up(piece, _OWN_WORDS, html=True) for piece in submission.parts.html
    )
    return filled(tuple(pieces), words | _LINKS)


def _not_known(answer: Answer) -> BatchAnswer:
    """Nothing was made or queued by a look that failed: it is tried again, or the account is wrong."""
    said = refusal(answer) if not answer.is_taken else unreadable(answer)
    is_ours = said.state in {SendState.HELD, SendState.RETRY}
    return said if is_ours else BatchAnswer(SendState.RETRY, said.reply)
