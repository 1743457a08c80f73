"""Who is calling: django-anymail's signature checks, what they leave out, and the secret of the rest.

| provider | the call is believed because | and is refused when |
|---|---|---|
| SendGrid | its body is signed (anymail) | it is older than SendGrid tries again |
| MailerSend, Mailtrap, Mandrill, Postal, Unisender Go | its body is signed (anymail) | |
| Mailgun | a token in it is signed (anymail) | it is too old, or the token came with other words before |
| Resend | its body is signed (svix.py) | it is older than five minutes |
| Amazon SES | Amazon signed it (sns.py), and it brings our secret | it is older than SNS tries again |
| Brevo, Mailjet, Postmark, SparkPost | it brings our secret | |
"""

import binascii
import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from cryptography.hazmat.primitives import serialization
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.module_loading import import_string

from pipeline.delivery.hook_rules import HookTraits, is_fresh, same
from pipeline.errors import TipsheetError
from pipeline.web.hooks import sns, svix

# The readers of the normalised events; loaded when the provider calls for the first time.
_VIEWS = MappingProxyType(
    {
        "brevo": "brevo.BrevoTrackingWebhookView",
        "mailersend": "mailersend.MailerSendTrackingWebhookView",
        "mailgun": "mailgun.MailgunTrackingWebhookView",
        "mailjet": "mailjet.MailjetTrackingWebhookView",
        "mailtrap": "mailtrap.MailtrapTrackingWebhookView",
        "mandrill": "mandrill.MandrillCombinedWebhookView",
        "postal": "postal.PostalTrackingWebhookView",
        "postmark": "postmark.PostmarkTrackingWebhookView",
        "resend": "resend.ResendTrackingWebhookView",
        "sendgrid": "sendgrid.SendGridTrackingWebhookView",
        "ses": "amazon_ses.AmazonSESTrackingWebhookView",
        "sparkpost": "sparkpost.SparkPostTrackingWebhookView",
        "unisender_go": "unisender_go.UnisenderGoTrackingWebhookView",
    }
)


class HookSecretError(TipsheetError):
    """The secret that is configured for a provider cannot be used."""


class RefusedCallError(Exception):
    """The call does not prove who is calling. `asks` is whether it may bring the secret after all."""

    def __init__(self, why: str, *, asks: bool = False) -> None:
        super().__init__(why)
        self.asks = asks


def reader(traits: HookTraits, secret: str, url: str) -> Any:
    """Anymail's view of the provider's events, made without its settings: its checks and its reading are used, and
    nothing that it would do with a request.
    """
    kind = import_string(f"anymail.webhooks.{_VIEWS[traits.name]}")
    core = import_string("anymail.webhooks.base.AnymailCoreWebhookView")
    made = kind.__new__(kind)
    core.__init__(made)
    made.basic_auth = []  # looked at here, for every provider alike
    for name, value in _ATTRIBUTES.get(traits.name, _nothing)(secret, url).items():
        setattr(made, name, value)
    return made


def prove(request: HttpRequest, traits: HookTraits, view: Any, *, secret: str, told: str, now: datetime) -> str:
    """Raises RefusedCallError unless the call is the provider's. What comes back is the token that may come with
    these words alone, '' where the signature covers the words. `told` is the secret in the address, if any.
    """
    if traits.wants_secret and not _brings_secret(request, secret, told):
        raise RefusedCallError("it does not bring the secret", asks=True)
    try:
        view.run_validators(request)
    except _errors() as error:
        raise RefusedCallError(type(error).__name__) from error
    check = _CHECKS.get(traits.name)
    return check(request, traits, secret, now) if check else ""


def _errors() -> tuple[type[Exception], ...]:
    """What anymail's checks raise for a call that is not in order, or not as its provider makes them."""
    return (import_string("anymail.exceptions.AnymailError"), ValueError, KeyError, TypeError, AttributeError,
            RecursionError)  # fmt: skip


def _brings_secret(request: HttpRequest, secret: str, told: str) -> bool:
    """In the address, as a bearer token, or as the password of basic authentication (under any name)."""
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    words = [told]
    if kind.lower() == "bearer":
        words.append(given.strip())
    elif kind.lower() == "basic":
        try:
            words.append(b64decode(given.strip(), validate=True).decode("utf-8", "replace").partition(":")[2])
        except (binascii.Error, ValueError):
            return False
    return any(same(word, secret) for word in words)


def _stamp(text: str, traits: HookTraits, now: datetime) -> None:
    """Raises RefusedCallError for a signed time, in seconds of the epoch, that is too old or none."""
    try:
        seconds = float(text)
    except ValueError as error:
        raise RefusedCallError("its time is none") from error
    if not is_fresh(seconds, now.timestamp(), traits.tolerance_seconds):
        raise RefusedCallError("it is too old, or from the future")


def _mailgun(request: HttpRequest, traits: HookTraits, secret: str, now: datetime) -> str:  # noqa: ARG001
    if request.content_type != "application/json":
        raise RefusedCallError("it is of the kind that Mailgun gave up in 2018")
    signature = json.loads(request.body)["signature"]
    _stamp(str(signature["timestamp"]), traits, now)
    return str(signature["token"])


def _sendgrid(request: HttpRequest, traits: HookTraits, secret: str, now: datetime) -> str:  # noqa: ARG001
    _stamp(request.headers.get("X-Twilio-Email-Event-Webhook-Timestamp", ""), traits, now)
    return ""


def _resend(request: HttpRequest, traits: HookTraits, secret: str, now: datetime) -> str:
    try:
        is_signed = svix.is_signed(request.body, request.headers, secret)
    except svix.SvixKeyError as error:
        raise HookSecretError(str(error)) from error
    if not is_signed:
        raise RefusedCallError("its signature is wrong")
    _stamp(request.headers.get("svix-timestamp", ""), traits, now)
    return ""


def _ses(request: HttpRequest, traits: HookTraits, secret: str, now: datetime) -> str:  # noqa: ARG001
    message = json.loads(request.body)
    if not sns.is_signed(message, now=now):
        raise RefusedCallError("Amazon did not sign it")
    at = parse_datetime(str(message.get("Timestamp", "")))
    if at is None:
        raise RefusedCallError("its time is none")
    _stamp(str((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()), traits, now)
    return ""


def _public_key(text: str, title: str) -> Any:
    try:
        return serialization.load_pem_public_key(
            f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----".encode()
        )
    except ValueError as error:
        raise HookSecretError(f"{title}'s key for events is no public key: copy it anew, on one line") from error


def _nothing(secret: str, url: str) -> Mapping[str, object]:  # noqa: ARG001 - the table's signature
    return {}


_Check = Callable[[HttpRequest, HookTraits, str, datetime], str]
_CHECKS: Mapping[str, _Check] = MappingProxyType(
    {"mailgun": _mailgun, "resend": _resend, "sendgrid": _sendgrid, "ses": _ses}
)
# What each reader holds in place of anymail's settings, from (secret, url).
_ATTRIBUTES: Mapping[str, Callable[[str, str], Mapping[str, object]]] = MappingProxyType(
    {
        "mailersend": lambda secret, _: {"signing_secret": secret.encode(), "_secret_setting_name": ""},
        "mailgun": lambda secret, _: {"webhook_signing_key": secret.encode()},
        "mailtrap": lambda secret, _: {"signing_secret": secret.encode(), "_secret_setting_name": ""},
        "mandrill": lambda secret, url: {"webhook_key": secret.encode(), "webhook_url": url},
        "postal": lambda secret, _: {"webhook_key": secret},
        "resend": lambda _, __: {"_svix_webhook": None},
        "sendgrid": lambda secret, _: {"webhook_verification_key": _public_key(secret, "SendGrid")},
        "ses": lambda _, __: {"auto_confirm_enabled": False},
        "unisender_go": lambda secret, _: {"api_key_bytes": secret.encode()},
    }
)
