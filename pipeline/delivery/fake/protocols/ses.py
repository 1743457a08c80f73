"""Amazon SES' SendBulkEmail: an inline template in Handlebars, a signature that is checked, a result for each."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pipeline.delivery.fake.calls import Call, Known, Mail, Reply, Taken
from pipeline.delivery.fake.protocols._reading import mailbox, parsed
from pipeline.delivery.providers._sigv4 import Credentials, signed_headers

KEY, SECRET, REGION = "AKIDFAKE", "fake-secret", "eu-central-1"
# Handlebars: \{{ is text, {{{x}}} and {{x}} are values, #, / and ! are blocks and comments.
_MUSTACHE = re.compile(r"\\\{\{|\{\{\{\s*([^{}]+?)\s*\}\}\}|\{\{\s*([^{}]+?)\s*\}\}(\})?")
_RESERVED_HEADERS = frozenset({"from", "to", "subject", "date", "message-id", "return-path", "feedback-id"})


class RenderingError(Exception):
    """The template cannot be rendered with this data."""


class Protocol:
    refuses_alone = True
    replays = False

    def sends(self, call: Call) -> bool:
        return call.method == "POST" and call.path == "/v2/email/outbound-bulk-emails"

    def read(self, call: Call) -> Taken | Reply:
        if not _is_signed(call):
            return self.refusal(403, "The request signature we calculated does not match")
        data = parsed(call.body)
        if not isinstance(data, dict) or not 1 <= len(data.get("BulkEmailEntries", [])) <= 50:
            return self.refusal(400, "between 1 and 50 entries are needed")
        mails = [_mail(data, one) for one in data["BulkEmailEntries"]]
        return Taken(mails, tag=mails[0].batch)

    def answer(self, taken: Taken) -> Reply:
        return Reply(200, {"BulkEmailEntryResults": [_result(mail) for mail in taken.mails]})

    def refusal(self, status: int, message: str) -> Reply:
        return Reply(status, {"message": message})

    def look_up(self, call: Call, known: Known) -> Reply:  # noqa: ARG002 - the seam's signature
        return self.refusal(404, "not found")


def _is_signed(call: Call) -> bool:
    stamp, given = call.headers.get("x-amz-date", ""), call.headers.get("authorization", "")
    names = re.search(r"SignedHeaders=([a-z;-]+)", given)
    if not stamp or names is None:
        return False
    at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    covered = {name: call.headers.get(name, "") for name in names[1].split(";") if name != "x-amz-date"}
    ours = signed_headers(
        Credentials(KEY, SECRET, REGION, "ses"), method=call.method, path=call.path, headers=covered, body=call.body,
        now=at,
    )  # fmt: skip
    return ours["Authorization"] == given


def _mail(data: dict[str, Any], one: dict[str, Any]) -> Mail:
    template = data["DefaultContent"]["Template"]
    replacement = one["ReplacementEmailContent"]["ReplacementTemplate"]["ReplacementTemplateData"]
    values = {**parsed(template["TemplateData"]), **parsed(replacement)}
    address, name = mailbox(one["Destination"]["ToAddresses"][0])
    headers = {header["Name"]: header["Value"] for header in one["ReplacementHeaders"]}
    metadata = parsed(headers.pop("X-Metadata", "{}"))
    reserved = sorted(name for name in headers if name.lower() in _RESERVED_HEADERS)
    if data.get("ReplyToAddresses"):
        headers["Reply-To"] = data["ReplyToAddresses"][0]
    render, content, refused = _rendering(values), template["TemplateContent"], ""
    try:
        bodies = {part: render(content[part]) for part in ("Subject", "Text", "Html")}
    except RenderingError as error:
        bodies, refused = {"Subject": "", "Text": "", "Html": ""}, f"rendering failed: {error}"
    return Mail(
        delivery=metadata.get("delivery", ""),
        batch=metadata.get("batch", ""),
        to=address,
        name=name,
        sender=mailbox(data["FromEmailAddress"])[0],
        subject=bodies["Subject"],
        headers=headers,
        text=bodies["Text"],
        html=bodies["Html"],
        refused=refused or (f"header {reserved[0]} cannot be set" if reserved else ""),
    )


def _rendering(values: dict[str, str]) -> Callable[[str], str]:
    def value(found: "re.Match[str]") -> str:
        if found[0] == "\\{{":
            return "{{"
        name = found[1] or found[2]
        if found[3] or name not in values:  # "}}}" after a plain place, or a name that the data lacks
            raise RenderingError(found[0])
        return values[name]

    def rendered(text: str) -> str:
        made = _MUSTACHE.sub(value, text)
        if re.search(r"\{\{[#/!>^&]", _MUSTACHE.sub("", text)):
            raise RenderingError("a block that is not closed")
        return made

    return rendered


def _result(mail: Mail) -> dict[str, Any]:
    if mail.refused:
        return {"Status": "INVALID_PARAMETER" if "rendering" in mail.refused else "FAILED", "Error": mail.refused}
    return {"Status": "SUCCESS", "MessageId": mail.id}
