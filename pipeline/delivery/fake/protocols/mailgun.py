"""Mailgun's messages API, with recipient variables, and its log."""

import re
from base64 import b64decode
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from pipeline.delivery.fake.calls import Call, Known, Mail, Reply, Taken
from pipeline.delivery.fake.protocols._reading import mailbox, parsed

_PLACE = re.compile(r"%([A-Za-z_][\w.:-]*)%")
_OWN_WORDS = frozenset({"unsubscribe_url", "tag_unsubscribe_url", "mailing_list_unsubscribe_url", "recipient"})
_SWITCHES = ("o:tracking", "o:tracking-clicks", "o:tracking-opens")


class Protocol:
    refuses_alone = False
    replays = False

    def sends(self, call: Call) -> bool:
        return call.method == "POST" and call.path.startswith("/v3/") and call.path.endswith("/messages")

    def read(self, call: Call) -> Taken | Reply:
        if "revoked" in _password(call):
            return Reply(401, b"Forbidden")
        fields = _fields(call)
        recipients = default.header_factory("to", fields.get("to", "")).addresses
        variables = parsed(fields.get("recipient-variables", "{}"))
        if not recipients or len(recipients) > 1000 or not isinstance(variables, dict) or "from" not in fields:
            return self.refusal(400, "to, from and recipient-variables are needed, for at most 1000 recipients")
        once = {one.addr_spec.casefold(): one for one in recipients}
        mails = [
            _mail(fields, one.display_name, one.addr_spec, variables.get(one.addr_spec, {})) for one in once.values()
        ]
        left_on = tuple(name for name in _SWITCHES if fields.get(name) not in {"no", "false"})
        return Taken(mails, tag=fields.get("o:tag", ""), left_on=left_on)

    def answer(self, taken: Taken) -> Reply:
        return Reply(200, {"id": f"<{taken.mails[0].id}@mailgun.example>", "message": "Queued. Thank you."})

    def refusal(self, status: int, message: str) -> Reply:
        return Reply(status, {"message": message})

    def look_up(self, call: Call, known: Known) -> Reply:
        if call.path != "/v1/analytics/logs":
            return Reply(404, {"message": "Not Found"})
        asked = call.json()
        tag = asked["filter"]["AND"][0]["values"][0]["value"]
        limit, start = asked["pagination"]["limit"], int(asked["pagination"]["token"] or 0)
        items = [_logged(mail) for mail in known.mails("mailgun") if mail["tag"] == tag]
        page = items[start : start + limit]
        return Reply(200, {"items": page, "pagination": {"next": str(start + limit) if page else ""}})


def _password(call: Call) -> str:
    scheme, _, given = call.headers.get("authorization", "").partition(" ")
    return b64decode(given).decode() if scheme == "Basic" else "revoked"


def _fields(call: Call) -> dict[str, str]:
    """multipart/form-data, read by the standard library's parser of mail."""
    head = f"Content-Type: {call.headers.get('content-type', '')}\r\n\r\n".encode()
    message = BytesParser(policy=default).parsebytes(head + call.body)
    parts = [part for part in message.iter_parts() if isinstance(part, EmailMessage)]
    return {_name(part): _value(part) for part in parts}


def _name(part: EmailMessage) -> str:
    return str(part.get_param("name", "", "content-disposition"))


def _value(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    return content.decode() if isinstance(content, bytes) else ""


def _mail(fields: dict[str, str], name: str, address: str, variables: dict[str, str]) -> Mail:
    def substituted(text: str) -> str:
        return _PLACE.sub(lambda found: _substitute(found, variables), text)

    headers = {key[2:]: substituted(value) for key, value in fields.items() if key.startswith("h:")}
    return Mail(
        delivery=substituted(fields.get("v:delivery", "")),
        batch=substituted(fields.get("v:batch", "")),
        to=address,
        name=name,
        sender=mailbox(fields["from"])[0],
        subject=substituted(fields.get("subject", "")),
        headers=headers,
        text=substituted(fields.get("text", "")),
        html=substituted(fields.get("html", "")),
    )


def _substitute(found: "re.Match[str]", variables: dict[str, str]) -> str:
    word = found[1]
    if word.startswith("recipient."):
        return str(variables.get(word.removeprefix("recipient."), ""))
    return "[mailgun]" if word in _OWN_WORDS else found[0]


def _logged(mail: Any) -> dict[str, Any]:
    variables = {"delivery": mail["delivery"], "batch": mail["batch"]}
    return {"event": "accepted", "recipient": mail["to"], "tags": [mail["tag"]], "user-variables": variables}
