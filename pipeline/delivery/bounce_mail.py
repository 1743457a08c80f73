"""What a mail to the bounce address says: a delivery status notification (RFC 3464), an abuse report in ARF (RFC 5965),
a bounce in a server's own words, or none of these. Pure, and it takes nothing on trust: whom it speaks of is looked up
by `bounces.py`, from what only we can have made.
"""

import email
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.utils import getaddresses, parsedate_to_datetime

from pipeline.delivery.event_rules import RANK, EventKind, bounce_kind, status_in

_ADDRESSED = ("Delivered-To", "X-Original-To", "X-Envelope-To", "Envelope-To", "To")
_RETURNED = ("Return-Path", "X-Envelope-From", "Errors-To")
_ADDRESS = re.compile(r"<?[^\s<>;]+@[^\s<>;]+>?")
_FAILED = re.compile(r"\b5(?:\d\d|\.\d{1,3}\.\d{1,3})\b")
_WORDS_MAX, _SAID_MAX = 8_000, 250
# Feedback-Type → what it is to us; `auth-failure` and `not-spam` are nobody's complaint.
_FEEDBACK = {
    "abuse": EventKind.COMPLAINT, "fraud": EventKind.COMPLAINT, "virus": EventKind.COMPLAINT,
    "other": EventKind.COMPLAINT, "opt-out": EventKind.UNSUBSCRIBED, "opt-out-list": EventKind.UNSUBSCRIBED,
}  # fmt: skip
_ACTIONS = {"failed": None, "delayed": EventKind.DEFERRED, "delivered": EventKind.DELIVERED}


@dataclass(frozen=True, slots=True)
class BounceMail:
    """`return_paths` are the addresses among which a return path of ours may be; `original_id` and `unsubscribe_links`
    are those of the mail that it speaks of, '' and () where it quotes none. `said` holds no address.
    """

    kind: EventKind
    form: str
    return_paths: tuple[str, ...]
    original_id: str = ""
    unsubscribe_links: str = ""
    status: str = ""
    said: str = ""
    occurred_at: datetime | None = None


def read_bounce(data: bytes) -> BounceMail | None:
    """None for a mail that is no report: an answer of a person, a note of absence."""
    mail = email.message_from_bytes(data)
    report = str(mail.get_param("report-type", "")).lower()
    if mail.get_content_type() == "multipart/report" and report == "feedback-report":
        return _complaint(mail)
    if _part(mail, "message/delivery-status") is not None:
        return _notification(mail)
    return _in_its_own_words(mail)


def _complaint(mail: Message) -> BounceMail | None:
    part = _part(mail, "message/feedback-report")
    fields = _block(part)
    kind = _FEEDBACK.get(_field(fields, "Feedback-Type").lower()) if fields is not None else None
    if kind is None or fields is None:
        return None
    original = _original(mail)
    given = [_field(fields, "Original-Mail-From"), *(_field(original, name) for name in _RETURNED)]
    return BounceMail(
        kind=kind, form="arf", return_paths=_addresses([*given, *_headers(mail, _ADDRESSED)]),
        original_id=_field(original, "Message-ID"), unsubscribe_links=_field(original, "List-Unsubscribe"),
        said=_field(fields, "User-Agent")[:_SAID_MAX], occurred_at=_date(mail),
    )  # fmt: skip


def _notification(mail: Message) -> BounceMail | None:
    """One reader, so mostly one block; of several the worst counts."""
    blocks = [block for block in _blocks(_part(mail, "message/delivery-status")) if block.get("Action")]
    told = [(kind, block) for block in blocks if (kind := _kind_of(block)) is not None]
    if not told:
        return None
    kind, block = max(told, key=lambda each: RANK.get(each[0], 0))
    return BounceMail(
        kind=kind, form="dsn", return_paths=_addresses(_headers(mail, (*_ADDRESSED, *_RETURNED))),
        original_id=_field(_original(mail), "Message-ID"), status=status_in(_field(block, "Status")),
        said=_scrubbed(_field(block, "Diagnostic-Code").partition(";")[2] or _field(block, "Status")),
        occurred_at=_date(mail),
    )  # fmt: skip


def _kind_of(block: Message) -> EventKind | None:
    action = _field(block, "Action").lower()
    if action != "failed":
        return _ACTIONS.get(action)
    return bounce_kind(status_in(_field(block, "Status")), _field(block, "Diagnostic-Code"))


def _in_its_own_words(mail: Message) -> BounceMail | None:
    """A bounce as servers write them without a form: from nobody, not an automatic answer, with a code of failure."""
    is_from_nobody = _field(mail, "Return-Path") == "<>" or _field(mail, "From").lower().startswith("mailer-daemon")
    if not is_from_nobody or _field(mail, "Auto-Submitted").lower().startswith("auto-replied"):
        return None
    text = next((_text(part) for part in mail.walk() if part.get_content_type() == "text/plain"), "")[:_WORDS_MAX]
    found = _FAILED.search(text)
    if found is None:
        return None
    line = " ".join(text[found.start() :].split())
    status = status_in(line[:100])
    return BounceMail(
        kind=bounce_kind(status, line[:400]), form="words", return_paths=_addresses(_headers(mail, _ADDRESSED)),
        status=status, said=_scrubbed(line), occurred_at=_date(mail),
    )  # fmt: skip


def _part(mail: Message, content_type: str) -> Message | None:
    return next((part for part in mail.walk() if part.get_content_type() == content_type), None)


def _blocks(part: Message | None) -> list[Message]:
    """The groups of fields of a report; as text where it was encoded, which the standard forbids and servers do."""
    payload = part.get_payload() if part is not None else ""
    groups = [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []
    if any(block.get("Action") for block in groups):
        return groups
    encoding = str(part.get("Content-Transfer-Encoding", "")) if part is not None else ""
    inside = EmailMessage()
    inside["Content-Transfer-Encoding"] = encoding or "7bit"
    inside.set_payload("\n\n".join(str(block) for block in groups).strip() if groups else str(payload))
    text = _text(inside)
    return [email.message_from_string(block) for block in re.split(r"\r?\n\s*\n", text) if block.strip()]


def _block(part: Message | None) -> Message | None:
    """A feedback report is one group of fields, as text or as the message that some parsers make of it."""
    if part is None:
        return None
    payload = part.get_payload()
    if isinstance(payload, list):
        return payload[0] if payload and isinstance(payload[0], Message) else None
    return email.message_from_string(_text(part).lstrip())


def _original(mail: Message) -> Message | None:
    """The mail that it speaks of, or its headers alone."""
    for part in mail.walk():
        if part.get_content_type() == "message/rfc822":
            payload = part.get_payload()
            if isinstance(payload, list) and payload and isinstance(payload[0], Message):
                return payload[0]
        if part.get_content_type() in {"text/rfc822-headers", "message/rfc822-headers"}:
            return email.message_from_string(_text(part))
    return None


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _field(block: Message | None, name: str) -> str:
    return " ".join(str(block.get(name, "")).split()) if block is not None else ""


def _headers(mail: Message, names: Iterable[str]) -> list[str]:
    return [str(value) for name in names for value in mail.get_all(name, [])]


def _addresses(values: Iterable[str]) -> tuple[str, ...]:
    found = [address for _, address in getaddresses([value for value in values if value.strip()])]
    return tuple(dict.fromkeys(address for address in found if "@" in address))


def _scrubbed(text: str) -> str:
    return _ADDRESS.sub("…", " ".join(text.split()))[:_SAID_MAX]


def _date(mail: Message) -> datetime | None:
    try:
        at = parsedate_to_datetime(_field(mail, "Date"))
    except (ValueError, TypeError, OverflowError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
