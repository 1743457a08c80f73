"""Resend's batch of complete mails, under an idempotency key."""

import re
from typing import Any

from pipeline.delivery.fake.calls import Call, Known, Mail, Reply, Taken
from pipeline.delivery.fake.protocols._reading import mailbox, parsed

_OWN_WORDS = re.compile(r"\{\{\{?\s*(?:RESEND_\w+|contact\.\w+|FIRST_NAME|LAST_NAME|EMAIL)[^}]*\}?\}\}")
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Protocol:
    refuses_alone = True
    replays = True

    def sends(self, call: Call) -> bool:
        return call.method == "POST" and call.path == "/emails/batch"

    def read(self, call: Call) -> Taken | Reply:
        if "revoked" in call.headers.get("authorization", "revoked"):
            return self.refusal(401, "API key is invalid")
        data, key = parsed(call.body), call.headers.get("idempotency-key", "")
        if not isinstance(data, list) or not 1 <= len(data) <= 100 or len(key) > 256:
            return self.refusal(422, "between 1 and 100 emails are needed")
        if any(not _TAG.fullmatch(tag["value"]) for one in data for tag in one.get("tags", [])):
            return self.refusal(422, "a tag has letters, digits, underscores and dashes")
        return Taken([_mail(one) for one in data], key=key, tag=data[0]["tags"][0]["value"])

    def answer(self, taken: Taken) -> Reply:
        given = {"data": [{"id": mail.id} for mail in taken.mails if not mail.refused]}
        errors = [{"index": index, "message": mail.refused} for index, mail in enumerate(taken.mails) if mail.refused]
        return Reply(200, given | ({"errors": errors} if errors else {}))

    def refusal(self, status: int, message: str) -> Reply:
        name = {409: "invalid_idempotent_request", 429: "rate_limit_exceeded"}.get(status, "validation_error")
        return Reply(status, {"statusCode": status, "name": name, "message": message})

    def look_up(self, call: Call, known: Known) -> Reply:  # noqa: ARG002 - the seam's signature
        return self.refusal(404, "not found")


def _mail(one: dict[str, Any]) -> Mail:
    address, name = mailbox(one["to"][0])
    headers = dict(one.get("headers", {}))
    metadata = parsed(headers.pop("X-Metadata", "{}"))
    if "reply_to" in one:
        headers["Reply-To"] = one["reply_to"]
    return Mail(
        delivery=metadata.get("delivery", ""),
        batch=metadata.get("batch", ""),
        to=address,
        name=name,
        sender=mailbox(one["from"])[0],
        subject=one["subject"],
        headers=headers,
        text=_OWN_WORDS.sub("[resend]", one["text"]),
        html=_OWN_WORDS.sub("[resend]", one["html"]),
    )
