"""From django-anymail's normalised events to ours: what happened, to which delivery, told how often it may be.

Opens and clicks are not taken in, nor that a mail was queued. Whether a bounce is hard is the provider's own word,
where it says one; else the receiving server's words decide (event_rules.py).
"""

import hashlib
import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest

from pipeline.delivery.event_rules import EventKind, EventReport, bounce_kind, status_in
from pipeline.delivery.recognised import Named, recognised

logger = logging.getLogger(__name__)

_SAID_MAX, _KEY_MAX = 300, 180
_ADDRESS = re.compile(r"<?[^\s<>\"'\[\](),;:]+@[^\s<>\"'\[\](),;:]+>?")
_PLAIN = MappingProxyType(
    {
        "deferred": EventKind.DEFERRED,
        "delivered": EventKind.DELIVERED,
        "complained": EventKind.COMPLAINT,
        "unsubscribed": EventKind.UNSUBSCRIBED,
    }
)
# Why a provider would not even try: a reason of before says what was known of the address.
_REFUSED = MappingProxyType(
    {
        "bounced": EventKind.HARD_BOUNCE,
        "invalid": EventKind.HARD_BOUNCE,
        "spam": EventKind.HARD_BOUNCE,
        "unsubscribed": EventKind.UNSUBSCRIBED,
    }
)
_ABOUT_AN_ADDRESS = frozenset({EventKind.HARD_BOUNCE, EventKind.COMPLAINT})


class UnreadableCallError(Exception):
    """The call is the provider's, and nothing in it can be read."""


def events_in(view: Any, request: HttpRequest) -> list[Any]:
    """Anymail's events. Of a list of events, one that cannot be read is left out, and the others are heard. Raises
    UnreadableCallError.
    """
    faults = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, _anymail_error())
    try:
        return list(view.parse_events(request))
    except faults as error:
        fault = error
    events: list[Any] = []
    for part in _parts(request):
        try:
            events += view.parse_events(part)
        except faults as error:
            logger.warning("hooks.event_unreadable view=%s fault=%s", type(view).__name__, type(error).__name__)
    if not events:
        raise UnreadableCallError(type(fault).__name__) from fault
    return events


def _anymail_error() -> type[Exception]:
    from django.utils.module_loading import import_string

    kind: type[Exception] = import_string("anymail.exceptions.AnymailError")
    return kind


def _parts(request: HttpRequest) -> Iterable[HttpRequest]:
    """A call for each event of a list."""
    try:
        listed = json.loads(request.body)
    except (ValueError, RecursionError):
        return
    for one in listed if isinstance(listed, list) else []:
        part = copy(request)
        part._body = json.dumps([one]).encode()
        yield part


def reports(name: str, events: Iterable[Any], *, now: datetime) -> list[EventReport]:
    """Those of the events that mean something to us, each tied to its delivery if it is one of ours."""
    kinds = [(event, kind) for event in events if (kind := kind_of(name, event)) is not None]
    named = [_named(event) for event, _ in kinds]
    known = recognised([one for one in named if one is not None])
    seen: Counter[str] = Counter()
    made: list[EventReport] = []
    for (event, kind), one in zip(kinds, named, strict=True):
        key = _key(name, event, kind)
        seen[key] += 1
        ours = one is not None and one in known
        made.append(
            EventReport(
                provider=name,
                key=key if seen[key] == 1 else f"{key}#{seen[key]}",
                kind=kind,
                occurred_at=_time(event, now),
                delivery_id=one.delivery_id if one is not None and ours else None,
                address=str(event.recipient or "") if one is None and kind in _ABOUT_AN_ADDRESS else "",
                said=_said(event),
            )
        )
    return made


def kind_of(name: str, event: Any) -> EventKind | None:
    """What the event means; None for one that is not taken in."""
    if event.event_type in _PLAIN:
        return _PLAIN[event.event_type]
    words = str(event.mta_response or event.description or "")
    if event.event_type == "rejected":
        is_hard = _hardness(name, event)
        if is_hard:
            return EventKind.HARD_BOUNCE
        return _REFUSED.get(str(event.reject_reason), EventKind.SOFT_BOUNCE)
    if event.event_type not in ("bounced", "failed"):
        return None
    is_hard = _hardness(name, event)
    if is_hard is None:
        return bounce_kind(status_in(words), words)
    return EventKind.HARD_BOUNCE if is_hard else EventKind.SOFT_BOUNCE


def _hardness(name: str, event: Any) -> bool | None:
    """Whether the provider itself calls the bounce hard; None where it says neither."""
    read, given = _HARD.get(name), event.esp_event
    try:
        return read(given) if read is not None else None
    except (KeyError, TypeError, AttributeError):
        return None


def _either(word: object, hard: str, soft: str) -> bool | None:
    return True if word == hard else False if word == soft else None


def _mailgun_hardness(given: Any) -> bool | None:
    data = given["event-data"]
    if data.get("reason") == "suppress-bounce":
        return True
    return _either(data["delivery-status"].get("bounce-type"), "hard", "soft")


_HARD: Mapping[str, Callable[[Any], bool | None]] = MappingProxyType(
    {
        "brevo": lambda given: given["event"] in ("hard_bounce", "invalid_email"),
        "mailersend": lambda given: _either(given["data"]["type"], "hard_bounced", "soft_bounced"),
        "mailgun": _mailgun_hardness,
        "mailjet": lambda given: bool(given["hard_bounce"]),
        "mailtrap": lambda given: given["event"] == "bounce",
        "mandrill": lambda given: _either(given["event"], "hard_bounce", "soft_bounce"),
        "postmark": lambda given: (
            given.get("Type", given.get("SuppressionReason")) in ("HardBounce", "BadEmailAddress")
        ),
        "resend": lambda given: given["data"]["bounce"]["type"] == "Permanent",
        "sendgrid": lambda given: _either(given["type"], "bounce", "blocked") if given["event"] == "bounce" else None,
        "ses": lambda given: given["bounce"]["bounceType"] == "Permanent",
        "unisender_go": lambda given: _either(given["status"], "hard_bounced", "soft_bounced"),
    }
)


def _named(event: Any) -> Named | None:
    """The delivery that the event names, as our adapters wrote it into the mail; None where it names none."""
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    if "delivery" not in metadata:
        metadata = _ses_tags(event.esp_event)
    delivery = str(metadata.get("delivery", ""))
    if not (delivery.isascii() and delivery.isdigit() and len(delivery) <= 18):
        return None
    return Named(int(delivery), str(metadata.get("batch", "")), str(event.recipient or ""))


def _ses_tags(given: Any) -> dict[str, Any]:
    """SES leaves the headers out where there are too many; its tags stay."""
    try:
        tags = given["mail"]["tags"]
        return {name: tags[name][0] for name in ("delivery", "batch")}
    except (KeyError, TypeError, IndexError):
        return {}


def _key(name: str, event: Any, kind: EventKind) -> str:
    """The provider's own id of the event, where it lasts through its retries; else a hash of what was told."""
    if name == "mailgun":  # anymail takes the call's token, which is another one each time
        data = event.esp_event["event-data"]
        told = f"{data.get('id', '')}-{data.get('timestamp', '')}" if data.get("id") else ""
    else:
        told = str(event.event_id or "")
    if not told or len(told) > _KEY_MAX - 20:
        whole = told or json.dumps(event.esp_event, sort_keys=True, default=str)
        told = hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()
    return f"{kind}:{told}"


def _time(event: Any, now: datetime) -> datetime:
    at = event.timestamp
    if not isinstance(at, datetime):
        return now
    return min(at if at.tzinfo else at.replace(tzinfo=UTC), now)


def _said(event: Any) -> str:
    """The receiving server's words, or the provider's, on one line and without addresses."""
    words = str(event.mta_response or event.description or event.reject_reason or "")
    return _ADDRESS.sub("…", " ".join(words.replace("\x00", "").split()))[:_SAID_MAX]
