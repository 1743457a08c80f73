"""The calls that providers make to tell of a mail: in their own shape, with their own proof.

Played for the six adapters; the keys are the caller's. Postmark and Brevo sign nothing: they bring the secret.
"""

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

KINDS = ("delivered", "soft_bounce", "hard_bounce", "complaint")


class Signs(Protocol):
    """A private key that signs for SendGrid or SNS: returns the signature."""

    def __call__(self, words: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class HookCall:
    """One POST; `headers` with the content's type."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mailed:
    """A mail that was taken, as the provider knows it."""

    delivery: str
    batch: str
    to: str
    id: str

    @property
    def metadata(self) -> dict[str, str]:
        return {"delivery": self.delivery, "batch": self.batch}


def mailgun(mail: Mailed, kind: str, *, number: int, now: datetime, secret: str) -> HookCall:
    """`number` tells one event from the next; the token is another one with each call."""
    events = {"delivered": "delivered", "complaint": "complained"}
    data: dict[str, Any] = {
        "id": f"event-{number}",
        "event": events.get(kind, "failed"),
        "timestamp": now.timestamp(),
        "recipient": mail.to,
        "message": {"headers": {"message-id": mail.id}},
        "user-variables": mail.metadata,
        "delivery-status": _status(kind),
    }
    if kind.endswith("bounce"):
        data["severity"] = "permanent"
    stamp, token = str(int(now.timestamp())), hashlib.sha256(f"{number}-{now}".encode()).hexdigest()[:50]
    signature = hmac.new(secret.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    signed = {"timestamp": stamp, "token": token, "signature": signature}
    return _json({"signature": signed, "event-data": data})


def _status(kind: str) -> dict[str, Any]:
    return {
        "hard_bounce": {"code": 550, "message": "550 5.1.1 no such user", "bounce-type": "hard"},
        "soft_bounce": {"code": 552, "message": "552 5.2.2 mailbox full", "bounce-type": "soft"},
    }.get(kind, {"code": 250, "message": "OK"})


def sendgrid(mail: Mailed, kind: str, *, number: int, now: datetime, sign: Signs) -> HookCall:
    event = {"delivered": "delivered", "complaint": "spamreport"}.get(kind, "bounce")
    data = {
        "email": mail.to,
        "event": event,
        "timestamp": int(now.timestamp()),
        "sg_event_id": f"event-{number}",
        "sg_message_id": mail.id,
        **mail.metadata,
    }
    if event == "bounce":
        data |= {"type": "bounce" if kind == "hard_bounce" else "blocked", "reason": _status(kind)["message"]}
    body, stamp = json.dumps([data]).encode(), str(int(now.timestamp()))
    signature = b64encode(sign(stamp.encode() + body)).decode("ascii")
    prefix = "X-Twilio-Email-Event-Webhook"
    return HookCall(body, {**_JSON, f"{prefix}-Signature": signature, f"{prefix}-Timestamp": stamp})


def resend(mail: Mailed, kind: str, *, number: int, now: datetime, secret: str) -> HookCall:
    event = {"delivered": "delivered", "complaint": "complained"}.get(kind, "bounced")
    headers = [{"name": "X-Metadata", "value": json.dumps(mail.metadata)}]
    data: dict[str, Any] = {"email_id": mail.id, "to": [mail.to], "headers": headers}
    if event == "bounced":
        kinds = {"hard_bounce": "Permanent", "soft_bounce": "Transient"}
        data["bounce"] = {"type": kinds[kind], "message": "The recipient's email provider sent a bounce message."}
    body = json.dumps({"type": f"email.{event}", "created_at": now.isoformat(), "data": data}).encode()
    name, stamp = f"msg_{number}", str(int(now.timestamp()))
    key = b64decode(secret.removeprefix("whsec_"))
    signature = b64encode(hmac.digest(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256)).decode("ascii")
    return HookCall(
        body, {**_JSON, "svix-id": name, "svix-timestamp": stamp, "svix-signature": f"v1,{'A' * 43}= v1,{signature}"}
    )


def postmark(mail: Mailed, kind: str, *, number: int, now: datetime, secret: str) -> HookCall:
    records = {"delivered": "Delivery", "complaint": "SpamComplaint"}
    types = {"hard_bounce": "HardBounce", "soft_bounce": "SoftBounce", "complaint": "SpamComplaint"}
    data: dict[str, Any] = {"RecordType": records.get(kind, "Bounce"), "MessageID": mail.id, "Metadata": mail.metadata}
    if kind == "delivered":
        data |= {"Recipient": mail.to, "DeliveredAt": now.isoformat(), "Details": "250 OK"}
    else:
        data |= {"ID": number, "Type": types[kind], "Email": mail.to, "BouncedAt": now.isoformat()}
        data |= {"Description": "", "Details": str(_status(kind)["message"])}
    return _with_secret(data, secret)


def brevo(mail: Mailed, kind: str, *, number: int, now: datetime, secret: str) -> HookCall:
    data = {
        "event": {"complaint": "spam"}.get(kind, kind),
        "email": mail.to,
        "id": number,
        "ts_epoch": int(now.timestamp() * 1000),
        "message-id": mail.id,
        "reason": str(_status(kind)["message"]),
        "X-Mailin-custom": json.dumps(mail.metadata),
    }
    return _with_secret(data, secret)


def ses(mail: Mailed, kind: str, *, number: int, now: datetime, secret: str, sign: Signs, certificate: str) -> HookCall:
    """An SNS notification of a configuration set's event; `certificate` is the address of the key's certificate."""
    objects: dict[str, tuple[str, dict[str, Any]]] = {
        "delivered": ("Delivery", {"recipients": [mail.to], "smtpResponse": "250 OK"}),
        "complaint": ("Complaint", {"complainedRecipients": [{"emailAddress": mail.to}]}),
        "hard_bounce": ("Bounce", _ses_bounce(mail, kind, "Permanent")),
        "soft_bounce": ("Bounce", _ses_bounce(mail, kind, "Transient")),
    }
    event, given = objects[kind]
    headers = [{"name": "X-Metadata", "value": json.dumps(mail.metadata)}]
    about = {"messageId": mail.id, "destination": [mail.to], "headers": headers}
    words = json.dumps({"eventType": event, "mail": about, event.lower(): given})
    return sns("Notification", words, number=number, now=now, secret=secret, sign=sign, certificate=certificate)


def _ses_bounce(mail: Mailed, kind: str, bounce: str) -> dict[str, Any]:
    said = [{"emailAddress": mail.to, "diagnosticCode": f"smtp; {_status(kind)['message']}"}]
    return {"bounceType": bounce, "bounceSubType": "General", "bouncedRecipients": said}


def sns(
    kind: str,
    words: str,
    *,
    number: int,
    now: datetime,
    secret: str,
    sign: Signs,
    certificate: str,
    subscribe: str = "",
) -> HookCall:
    """A message of SNS, signed (version 2) by `sign`."""
    message = {
        "Type": kind,
        "MessageId": f"00000000-0000-4000-8000-{number:012d}",
        "TopicArn": "arn:aws:sns:eu-central-1:123456789012:events",
        "Message": words,
        "Timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        **({"Token": "f00d", "SubscribeURL": subscribe} if subscribe else {}),
    }
    signed = "".join(f"{name}\n{message[name]}\n" for name in sorted(message))
    message |= {"SignatureVersion": "2", "SigningCertURL": certificate}
    message["Signature"] = b64encode(sign(signed.encode())).decode("ascii")
    headers = {"x-amz-sns-message-type": kind, "x-amz-sns-message-id": message["MessageId"]}
    return HookCall(json.dumps(message).encode(), {**_basic(secret), **headers, "Content-Type": "text/plain"})


Tells = Callable[..., HookCall]
TELLS: Mapping[str, Tells] = {
    "brevo": brevo,
    "mailgun": mailgun,
    "postmark": postmark,
    "resend": resend,
    "sendgrid": sendgrid,
    "ses": ses,
}
_JSON = {"Content-Type": "application/json"}


def _json(data: Any, **headers: str) -> HookCall:
    return HookCall(json.dumps(data).encode(), {**_JSON, **headers})


def _with_secret(data: Any, secret: str) -> HookCall:
    return _json(data, **_basic(secret))


def _basic(secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'hooks:{secret}'.encode()).decode('ascii')}"}
