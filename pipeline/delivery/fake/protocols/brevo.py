"""Brevo's transactional mail with message versions, under an idempotency key that is refused when it comes again."""

import re
from collections.abc import Callable
from typing import Any

from pipeline.delivery.fake.calls import Call, Known, Mail, Reply, Taken
from pipeline.delivery.fake.protocols._reading import parsed

_PLACE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


class Protocol:
    refuses_alone = False
    replays = False

    def sends(self, call: Call) -> bool:
        return call.method == "POST" and call.path == "/v3/smtp/email"

    def read(self, call: Call) -> Taken | Reply:
        if call.headers.get("api-key", "revoked") == "revoked":
            return Reply(401, {"code": "unauthorized", "message": "Key not found"})
        data = parsed(call.body)
        if not isinstance(data, dict) or not 1 <= len(data.get("messageVersions", [])) <= 1000:
            return self.refusal(400, "between 1 and 1000 messageVersions are needed")
        key = data.get("headers", {}).get("idempotencyKey", "")
        return Taken([_mail(data, one) for one in data["messageVersions"]], key=key, tag=data["tags"][0])

    def answer(self, taken: Taken) -> Reply:
        return Reply(201, {"messageIds": [f"<{mail.id}@brevo.example>" for mail in taken.mails]})

    def refusal(self, status: int, message: str) -> Reply:
        if status == 409:
            return Reply(400, {"code": "duplicate_parameter", "message": "Idempotency key was used before"})
        return Reply(status, {"code": "invalid_parameter", "message": message})

    def look_up(self, call: Call, known: Known) -> Reply:  # noqa: ARG002 - the seam's signature
        return Reply(404, {"code": "document_not_found", "message": "not found"})


def _mail(data: dict[str, Any], one: dict[str, Any]) -> Mail:
    params: dict[str, str] = one.get("params", {})
    headers = {**data.get("headers", {}), **one.get("headers", {})}
    metadata = parsed(headers.pop("X-Mailin-custom", "{}"))
    headers.pop("idempotencyKey", None)
    if "replyTo" in data:
        headers["Reply-To"] = data["replyTo"]["email"]
    substituted = _substitution(params)
    return Mail(
        delivery=metadata.get("delivery", ""),
        batch=metadata.get("batch", ""),
        to=one["to"][0]["email"],
        name=one["to"][0].get("name", ""),
        sender=data["sender"]["email"],
        subject=substituted(data["subject"]),
        headers=headers,
        text=substituted(data["textContent"]),
        html=substituted(data["htmlContent"]),
    )


def _substitution(params: dict[str, str]) -> Callable[[str], str]:
    def substituted(text: str) -> str:
        return _PLACE.sub(lambda found: str(params.get((found[1] or "").removeprefix("params."), "")), text)

    return substituted
