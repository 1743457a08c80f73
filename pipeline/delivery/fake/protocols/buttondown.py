"""Buttondown's emails: made as drafts, queued by a change of status, listed with their metadata."""

import itertools
import threading
from typing import Any

from pipeline.delivery.fake.calls import Call, Known, Mail, Reply, Taken
from pipeline.delivery.fake.protocols._reading import parsed

_PAGE = 100


class Protocol:
    """Only what queues an email sends. A draft that is made twice is two drafts, but for the idempotency key."""

    refuses_alone = False
    replays = False

    def __init__(self) -> None:
        self._emails: dict[str, dict[str, Any]] = {}
        self._by_key: dict[str, str] = {}
        self._numbers, self._lock = itertools.count(1), threading.Lock()

    def sends(self, call: Call) -> bool:
        return call.method == "PATCH" and call.path.startswith("/v1/emails/")

    def makes(self, call: Call) -> bool:
        return call.method == "POST" and call.path == "/v1/emails"

    def read(self, call: Call) -> Taken | Reply:
        if "revoked" in call.headers.get("authorization", "revoked"):
            return self.refusal(403, "Invalid token")
        email = self._emails.get(call.path.rpartition("/")[2])
        if email is None or (parsed(call.body) or {}).get("status") != "about_to_send":
            return self.refusal(404, "Not found")
        if email["status"] != "draft":
            return Reply(200, email)
        metadata = email["metadata"]
        mail = Mail(
            delivery=metadata["delivery"], batch=metadata["batch"], to="everyone", name="", sender="",
            subject=email["subject"], headers={"id": email["id"]}, text="", html=email["body"],
        )  # fmt: skip
        return Taken([mail], tag=metadata["tipsheet"])

    def answer(self, taken: Taken) -> Reply:
        email = self._emails[taken.mails[0].headers["id"]]
        email["status"] = "about_to_send"
        return Reply(200, email)

    def refusal(self, status: int, message: str) -> Reply:
        return Reply(status, {"code": "refused", "detail": message})

    def look_up(self, call: Call, known: Known) -> Reply:  # noqa: ARG002 - the seam's signature
        if "revoked" in call.headers.get("authorization", "revoked"):
            return self.refusal(403, "Invalid token")
        if self.makes(call):
            return self._make(call)
        if call.path == "/v1/emails":
            start = (int(call.query.get("page", 1)) - 1) * _PAGE
            newest = list(reversed(self._emails.values()))
            more = start + _PAGE < len(newest)
            return Reply(200, {"results": newest[start : start + _PAGE], "next": "more" if more else None})
        email = self._emails.get(call.path.rpartition("/")[2])
        return Reply(200, email) if email else self.refusal(404, "Not found")

    def _make(self, call: Call) -> Reply:
        data, key = parsed(call.body), call.headers.get("x-idempotency-key", "")
        if not isinstance(data, dict) or data.get("status") != "draft":
            return self.refusal(400, "sending_requires_confirmation")
        with self._lock:
            if key and key in self._by_key:
                return Reply(201, self._emails[self._by_key[key]])
            email = {"id": f"email-{next(self._numbers)}", **data}
            self._emails[email["id"]] = email
            self._by_key[key] = email["id"]
        return Reply(201, email)
