"""The providers whose events can be heard: how each proves who is calling, and what to set at it. Pure.

An event's request is believed for one of two reasons: it is signed with a key that the provider and we share (or that
the provider published), or it brings a secret that only the provider was told. Amazon SNS brings both: its signature
says that Amazon speaks, and the secret that it speaks of our account.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

PREFIX = "hooks"
SECRET_MIN = 16  # characters of a secret that we make ourselves


class Proof(StrEnum):
    """How a call is told from a forged one."""

    SIGNATURE = "signature"
    SECRET = "secret"  # noqa: S105 - a kind of proof, not a secret
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class HookTraits:
    """What is known of a provider's calls. `secret` says what the setting holds, `where` where the URL is set at the
    provider. `tolerance_seconds` is how old a signed call may be, 0 where calls bear no signed time: as long as the
    provider tries again with the same signature, and no longer.
    """

    name: str
    title: str
    proof: Proof
    secret: str
    where: str
    source: str
    tolerance_seconds: int = 0

    @property
    def wants_secret(self) -> bool:
        """Whether the call must bring our own secret."""
        return self.proof is not Proof.SIGNATURE


_OWN = f"a secret of your own, {SECRET_MIN} characters or more"
_HOUR = 60 * 60
_ALL = (
    HookTraits(
        "brevo", "Brevo", Proof.SECRET, _OWN, "Transactional, Settings, Webhook",
        "https://developers.brevo.com/docs/transactional-webhooks",
    ),
    HookTraits(
        "mailersend", "MailerSend", Proof.SIGNATURE, "the webhook's signing secret", "Domains, Webhooks",
        "https://developers.mailersend.com/api/v1/webhooks.html",
    ),
    HookTraits(
        "mailgun", "Mailgun", Proof.SIGNATURE, "the HTTP webhook signing key", "Send, Webhooks",
        "https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks", 9 * _HOUR,
    ),
    HookTraits(
        "mailjet", "Mailjet", Proof.SECRET, _OWN, "Account, Event notifications",
        "https://dev.mailjet.com/email/guides/webhooks/",
    ),
    HookTraits(
        "mailtrap", "Mailtrap", Proof.SIGNATURE, "the webhook's signature secret", "Sending, Webhooks",
        "https://docs.mailtrap.io/email-api-smtp/advanced/webhooks",
    ),
    HookTraits(
        "mandrill", "Mandrill", Proof.SIGNATURE, "the webhook's key", "Settings, Webhooks",
        "https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/",
    ),
    HookTraits(
        "postal", "Postal", Proof.SIGNATURE, "the server's public key (one line, without BEGIN and END)", "Webhooks",
        "https://docs.postalserver.io/developer/webhooks",
    ),
    HookTraits(
        "postmark", "Postmark", Proof.SECRET, _OWN, "Servers, your server, the message stream, Webhooks",
        "https://postmarkapp.com/developer/webhooks/webhooks-overview",
    ),
    HookTraits(
        "resend", "Resend", Proof.SIGNATURE, "the webhook's signing secret (whsec_…)", "Webhooks",
        "https://docs.svix.com/receiving/verifying-payloads/how-manual", 5 * 60,
    ),
    HookTraits(
        "sendgrid", "SendGrid", Proof.SIGNATURE, "the verification key of the signed event webhook",
        "Settings, Mail settings, Event webhooks, with the signature switched on",
        "https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features",
        25 * _HOUR,
    ),
    HookTraits(
        "ses", "Amazon SES", Proof.BOTH, _OWN,
        "an SNS topic that the configuration set's events are published to, with an HTTPS subscription",
        "https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html", 2 * _HOUR,
    ),
    HookTraits(
        "sparkpost", "SparkPost", Proof.SECRET, _OWN, "Configuration, Webhooks",
        "https://developers.sparkpost.com/api/webhooks/",
    ),
    HookTraits(
        "unisender_go", "Unisender Go", Proof.SIGNATURE, "the API key", "Settings, Webhooks",
        "https://godocs.unisender.ru/web-api-ref#callback-format",
    ),
)  # fmt: skip
HOOKS: Mapping[str, HookTraits] = MappingProxyType({traits.name: traits for traits in _ALL})


def hook_url(public_url: str, name: str) -> str:
    """Where the provider is to send its events; a shared secret goes with it as the password of basic
    authentication, or as the last part of the address.
    """
    return f"{public_url}/{PREFIX}/{name}/"


def is_fresh(stamp_seconds: float, now_seconds: float, tolerance_seconds: int) -> bool:
    """Whether a signed time is neither too old nor from the future (five minutes are forgiven to a clock)."""
    return -300 <= now_seconds - stamp_seconds <= tolerance_seconds


def same(given: str, wanted: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())


def parsed_secrets(text: str) -> dict[str, str]:
    """`name=secret` pairs, apart by white space. Raises ValueError, which never quotes a secret."""
    secrets: dict[str, str] = {}
    for number, pair in enumerate(text.split(), 1):
        name, _, secret = pair.partition("=")
        if name not in HOOKS or not secret:
            raise ValueError(f"entry {number} is no name=secret with one of the names {', '.join(HOOKS)}")
        if HOOKS[name].wants_secret and len(secret) < SECRET_MIN:
            raise ValueError(f"the secret of {name} is shorter than {SECRET_MIN} characters")
        secrets[name] = secret
    return secrets
