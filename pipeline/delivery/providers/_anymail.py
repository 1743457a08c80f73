"""The providers that django-anymail knows and that have no adapter of their own here: one mail after the other.

Anymail builds and makes the call; the mail is read out of the frozen bytes, and what comes back is classified as for
every HTTP adapter. Nothing can be asked afterwards, so what is in doubt waits for a person. Their template syntaxes
are many and cannot all be switched off: what looks like one is broken up for good (_syntax.py).

https://anymail.dev/en/stable/esps/
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from importlib import import_module
from typing import Any

import requests
from anymail.exceptions import (
    AnymailConfigurationError,
    AnymailError,
    AnymailRecipientsRefused,
    AnymailSerializationError,
    AnymailUnsupportedFeature,
)
from django.core.mail import EmailMultiAlternatives

from pipeline.config import Config
from pipeline.delivery.providers._anymail_cases import CASES, traits
from pipeline.delivery.providers._http import (
    ANSWER_TIMEOUT_SECONDS,
    CONNECT_TIMEOUT_SECONDS,
    Answer,
    HttpSettingsError,
    account,
    lost,
    refusal,
    scrubbed,
)
from pipeline.delivery.providers._syntax import broken_up
from pipeline.delivery.providers.base import Envelope, SendOutcome, SendState

_TEMPLATE_WORDS = re.compile(r"\{(?=[{$%#])|\*(?=\|)|<(?=%)|\[(?=\[)")
_NOT_PASSED_ON = frozenset(
    {"from", "to", "subject", "reply-to", "date", "mime-version", "content-type", "content-transfer-encoding"}
)
_TAKEN = frozenset({"queued", "sent"})
_REFUSED = frozenset({"rejected", "invalid", "failed"})
_WRONG_ACCOUNT = re.compile(r"InvalidServerAPIKey|AccessDenied|ServerSuspended")


class Provider:
    """One account of one of CASES."""

    def __init__(self, name: str, settings: Mapping[str, str]) -> None:
        self.traits, self._case = traits(name), CASES[name]
        module = import_module(f"anymail.backends.{name}")
        timeout = (CONNECT_TIMEOUT_SECONDS, ANSWER_TIMEOUT_SECONDS)
        self._backend: Any = module.EmailBackend(timeout=timeout, fail_silently=False, **settings)

    @classmethod
    def named(cls, name: str, config: Config) -> "Provider":
        """Raises HttpSettingsError for a setting that is missing."""
        case = CASES[name]
        needs = tuple(place for place in case.settings.values() if place not in {"key", "url"})
        given = account(config, name=name, url="", needs=needs)
        places = {"key": given.key, "secret": given.secret, "url": given.url, **given.options}
        if "url" in case.settings.values() and not given.url:
            raise HttpSettingsError(f"provider is '{name}', which has an address for each account: set provider_url")
        settings = {setting: places[place] for setting, place in case.settings.items()}
        return cls(name, settings | ({"api_url": given.url} if given.url else {}))

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[SendOutcome]:
        """A provider in trouble is not tried again for the rest of the window."""
        put_off: SendOutcome | None = None
        for envelope in envelopes:
            if put_off is not None:
                yield SendOutcome(
                    envelope.delivery_id,
                    SendState.RETRY,
                    put_off.reply,
                    retry_after_seconds=put_off.retry_after_seconds,
                    attempted=False,
                )
                continue
            outcome = self._send(envelope)
            if outcome.state in {SendState.RETRY, SendState.HELD, SendState.IN_DOUBT}:
                put_off = outcome
            yield outcome

    def _send(self, envelope: Envelope) -> SendOutcome:
        mail = self._mail(envelope)
        self._backend.open()
        self._backend.session.trust_env = False
        try:
            self._backend.send_messages([mail])
        except AnymailRecipientsRefused as error:
            return SendOutcome(envelope.delivery_id, SendState.REJECTED, scrubbed(str(error)))
        except (AnymailConfigurationError, AnymailUnsupportedFeature, AnymailSerializationError) as error:
            return SendOutcome(envelope.delivery_id, SendState.HELD, scrubbed(str(error)), attempted=False)
        except (AnymailError, requests.RequestException, OSError) as error:
            return _outcome(envelope.delivery_id, error)
        except (KeyError, TypeError, ValueError) as error:  # an answer that Anymail does not understand
            reply = f"the answer cannot be read: {type(error).__name__}"
            return SendOutcome(envelope.delivery_id, SendState.IN_DOUBT, reply)
        return _said(envelope, mail)

    def _mail(self, envelope: Envelope) -> EmailMultiAlternatives:
        """The mail of the frozen bytes, as Django's mail has it."""
        parsed = message_from_bytes(envelope.data, policy=policy.default)
        if not isinstance(parsed, EmailMessage):
            raise TypeError("a mail is an EmailMessage")
        headers = {name: str(value) for name, value in parsed.items() if name.lower() not in _NOT_PASSED_ON}
        mail = EmailMultiAlternatives(
            subject=broken_up(str(parsed["Subject"]), _TEMPLATE_WORDS, html=False),
            body=broken_up(_body(parsed, "plain"), _TEMPLATE_WORDS, html=False),
            from_email=str(parsed["From"]),
            to=[str(parsed["To"])],
            reply_to=[str(parsed["Reply-To"])] if parsed["Reply-To"] else None,
            headers=headers,
        )
        if html := _body(parsed, "html"):
            mail.attach_alternative(broken_up(html, _TEMPLATE_WORDS, html=True), "text/html")
        extra: dict[str, Any] = {"track_opens": False, "track_clicks": False} if self._case.switches else {}
        if self._case.metadata:
            extra["metadata"] = {"delivery": str(envelope.delivery_id)}
        for name, value in extra.items():
            setattr(mail, name, value)
        return mail

    def settle(self, delivery_ids: Sequence[int]) -> dict[int, SendState]:  # noqa: ARG002 - the seam's signature
        """None of them can be asked."""
        return {}

    def close(self) -> None:
        self._backend.close()


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


def _said(envelope: Envelope, mail: Any) -> SendOutcome:
    """The status that Anymail made of the answer, for the one recipient."""
    found = next(iter(mail.anymail_status.recipients.values()), None)
    status, message_id = (found.status, found.message_id) if found else (None, None)
    if status in _TAKEN:
        return SendOutcome(envelope.delivery_id, SendState.ACCEPTED, provider_message_id=str(message_id or ""))
    state = SendState.REJECTED if status in _REFUSED else SendState.IN_DOUBT
    return SendOutcome(envelope.delivery_id, state, f"the provider says '{status}'")


def _outcome(delivery_id: int, error: Exception) -> SendOutcome:
    response = getattr(error, "response", None)
    if response is None:
        answer = refusal(lost(error.__cause__ or error))
    elif 200 <= response.status_code < 300:  # Postal says no with 200; another answer that is not understood is doubt
        return _no_with_200(delivery_id, response)
    else:
        answer = refusal(Answer(response.status_code, response.content, response.headers))
    state = SendState.REJECTED if answer.state is SendState.SPLIT else answer.state
    is_ours = state in {SendState.REJECTED, SendState.IN_DOUBT}
    return SendOutcome(
        delivery_id, state, answer.reply, retry_after_seconds=answer.retry_after_seconds, attempted=is_ours
    )


def _no_with_200(delivery_id: int, response: Any) -> SendOutcome:
    text = response.text[:2000]
    if '"status":"error"' not in text.replace(" ", "") and '"parameter-error"' not in text:
        return SendOutcome(delivery_id, SendState.IN_DOUBT, f"the answer cannot be read: {scrubbed(text)}")
    if _WRONG_ACCOUNT.search(text):
        return SendOutcome(delivery_id, SendState.HELD, scrubbed(text), attempted=False)
    return SendOutcome(delivery_id, SendState.REJECTED, scrubbed(text))
