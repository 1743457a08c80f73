"""The providers that go through django-anymail (_anymail.py), as data: nothing is loaded for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.delivery.providers.base import ProviderTraits

_LONGEST_CALL_SECONDS = 195  # as _http.py has it


@dataclass(frozen=True, slots=True)
class Case:
    """`settings` are the backend's own, by where they come from: `key`, `secret`, `url` or one of provider_options.
    `switches` is whether open and click tracking can be switched off in the call.
    """

    title: str
    settings: Mapping[str, str]
    switches: bool = True
    metadata: bool = True


CASES: Mapping[str, Case] = {
    "mailersend": Case("MailerSend", {"api_token": "key"}, metadata=False),
    "mailjet": Case("Mailjet", {"api_key": "key", "secret_key": "secret"}),
    "mailtrap": Case("Mailtrap", {"api_token": "key"}, switches=False),
    "mandrill": Case("Mandrill", {"api_key": "key"}),
    "postal": Case("Postal", {"api_key": "key", "api_url": "url"}, switches=False, metadata=False),
    "scaleway": Case("Scaleway", {"secret_key": "key", "project_id": "project_id"}, switches=False),
    "sparkpost": Case("SparkPost", {"api_key": "key"}),
    "unisender_go": Case("Unisender Go", {"api_key": "key", "api_url": "url"}),
}


def traits(name: str) -> ProviderTraits:
    case = CASES[name]
    notes = () if case.switches else ("Open and click tracking: switch both off.",)
    return ProviderTraits(
        name=name,
        title=case.title,
        window=20,
        longest_wait_seconds=_LONGEST_CALL_SECONDS,
        can_settle=False,
        takes_unicode_mailboxes=False,
        guarantee="Never twice; a call whose answer was lost leaves one mail that waits for a person's word.",
        account_notes=notes,
        source=f"https://anymail.dev/en/stable/esps/{name}/",
    )
