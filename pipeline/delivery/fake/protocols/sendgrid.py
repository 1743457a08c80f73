"""SendGrid's v3 mail send, with substitutions, and its email activity."""

import re
from typing import Any

from pipeline.delivery.fake.calls import Call, Known, Mail, Reply, Taken
from pipeline.delivery.fake.protocols._reading import parsed

_OWN_WORDS = re.compile(r"<%.*?%>|\[%.*?%\]", re.DOTALL)
_ASKED = re.compile(r"unique_args\['batch'\]=\"([0-9a-f]+)\"")
_TRACKING = ("click_tracking", "open_tracking", "subscription_tracking", "ganalytics")
_SUBSTITUTIONS_BYTES_MAX = 10_000


class Protocol:
    refuses_alone = False
    replays = False

    def sends(self, call: Call) -> bool:
        return call.method == "POST" and call.path == "/v3/mail/send"

    def read(self, call: Call) -> Taken | Reply:
        if "revoked" in call.headers.get("authorization", "revoked"):
            return self.refusal(401, "The provided authorization grant is invalid, expired, or revoked")
        data = parsed(call.body)
        if not isinstance(data, dict) or not 1 <= len(data.get("personalizations", [])) <= 1000:
            return self.refusal(400, "between 1 and 1000 personalizations are needed")
        if any(len(str(one.get("substitutions"))) > _SUBSTITUTIONS_BYTES_MAX for one in data["personalizations"]):
            return self.refusal(413, "substitutions of a personalization are too large")
        settings = data.get("tracking_settings", {})
        left_on = tuple(name for name in _TRACKING if settings.get(name, {}).get("enable", True))
        if data.get("mail_settings", {}).get("footer", {}).get("enable", True):
            left_on += ("footer",)
        mails = [_mail(data, one) for one in data["personalizations"]]
        return Taken(mails, tag=data.get("categories", [""])[0], left_on=left_on)

    def answer(self, taken: Taken) -> Reply:
        return Reply(202, b"", {"X-Message-Id": taken.mails[0].id})

    def refusal(self, status: int, message: str) -> Reply:
        return Reply(status, {"errors": [{"message": message, "field": None, "help": None}]})

    def look_up(self, call: Call, known: Known) -> Reply:
        found = _ASKED.fullmatch(call.query.get("query", ""))
        if call.path != "/v3/messages" or found is None:
            return self.refusal(400, "the query is not understood")
        mails = [mail for mail in known.mails("sendgrid") if mail["batch"] == found[1]]
        shown = [{"to_email": mail["to"], "msg_id": mail["id"], "status": "processed"} for mail in mails]
        return Reply(200, {"messages": shown[: int(call.query.get("limit", 10))]})


def _mail(data: dict[str, Any], one: dict[str, Any]) -> Mail:
    substitutions: dict[str, str] = one.get("substitutions", {})

    def substituted(text: str) -> str:
        text = _OWN_WORDS.sub("[sendgrid]", text)
        for key, value in substitutions.items():  # one after the other: a value can be substituted in again
            text = text.replace(key, value)
        return text

    bodies = {part["type"]: substituted(part["value"]) for part in data["content"]}
    arguments = {**data.get("custom_args", {}), **one.get("custom_args", {})}
    headers = {**data.get("headers", {}), **one.get("headers", {})}
    if "reply_to" in data:
        headers["Reply-To"] = data["reply_to"]["email"]
    return Mail(
        delivery=arguments.get("delivery", ""),
        batch=arguments.get("batch", ""),
        to=one["to"][0]["email"],
        name=one["to"][0].get("name", ""),
        sender=data["from"]["email"],
        subject=substituted(data["subject"]),
        headers=headers,
        text=bodies.get("text/plain", ""),
        html=bodies.get("text/html", ""),
    )
