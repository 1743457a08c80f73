"""Postmark's batch of complete messages, with an answer for each, and its outbound messages."""

import re
from typing import Any

from pipeline.delivery.fake.calls import Call, Known, Mail, Reply, Taken
from pipeline.delivery.fake.protocols._reading import mailbox, parsed

_OWN_WORDS = re.compile(r"\{\{\{?\s*pm:\w+\s*\}?\}\}", re.IGNORECASE)
_INVALID_ADDRESS = 300


class Protocol:
    refuses_alone = True
    replays = False

    def sends(self, call: Call) -> bool:
        return call.method == "POST" and call.path == "/email/batch"

    def read(self, call: Call) -> Taken | Reply:
        if call.headers.get("x-postmark-server-token", "revoked") == "revoked":
            return self.refusal(401, "No Account or Server API tokens were supplied", code=10)
        data = parsed(call.body)
        if not isinstance(data, list) or not 1 <= len(data) <= 500:
            return self.refusal(422, "between 1 and 500 messages are needed")
        mails = [_mail(one) for one in data]
        left_on = {
            name
            for one in data
            for name, off in (("TrackOpens", False), ("TrackLinks", "None"))
            if one.get(name) != off
        }
        return Taken(mails, tag=data[0].get("Tag", ""), left_on=tuple(sorted(left_on)))

    def answer(self, taken: Taken) -> Reply:
        return Reply(200, [_result(mail) for mail in taken.mails])

    def refusal(self, status: int, message: str, *, code: int = 402) -> Reply:
        return Reply(status, {"ErrorCode": code, "Message": message})

    def look_up(self, call: Call, known: Known) -> Reply:
        if call.path != "/messages/outbound":
            return self.refusal(404, "not found")
        batch, start = call.query.get("metadata_batch", ""), int(call.query["offset"])
        mails = [mail for mail in known.mails("postmark") if mail["batch"] == batch]
        shown = [
            {
                "MessageID": mail["id"],
                "Recipients": [mail["to"]],
                "Metadata": {"delivery": mail["delivery"], "batch": mail["batch"]},
            }
            for mail in mails[start : start + int(call.query["count"])]
        ]
        return Reply(200, {"TotalCount": len(mails), "Messages": shown})


def _mail(one: dict[str, Any]) -> Mail:
    address, name = mailbox(one["To"])
    headers = {header["Name"]: header["Value"] for header in one.get("Headers", [])}
    if one.get("ReplyTo"):
        headers["Reply-To"] = one["ReplyTo"]
    return Mail(
        delivery=one["Metadata"]["delivery"],
        batch=one["Metadata"]["batch"],
        to=address,
        name=name,
        sender=mailbox(one["From"])[0],
        subject=one["Subject"],
        headers=headers,
        text=_OWN_WORDS.sub("[postmark]", one["TextBody"]),
        html=_OWN_WORDS.sub("[postmark]", one["HtmlBody"]),
    )


def _result(mail: Mail) -> dict[str, Any]:
    if mail.refused:
        return {"ErrorCode": _INVALID_ADDRESS, "Message": f"Invalid 'To' address: {mail.refused}"}
    return {"To": mail.to, "MessageID": mail.id, "ErrorCode": 0, "Message": "OK"}
