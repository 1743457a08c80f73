"""What the provider tells of the mails that it took, on demand: several times over, out of order, and by somebody who
is not the provider. The shapes and proofs of the calls are in told.py.

A forged call tells of a complaint, which would do the most harm, and is sealed with another secret than the
provider's. It must be refused, and leave no trace.
"""

import random
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import requests

from pipeline.config import LOOPBACK_HOSTS
from pipeline.delivery.fake.told import KINDS, TELLS, HookCall, Mailed

FORGED_KIND = "complaint"
_FORGED_NUMBERS = 1_000_000_000  # an event of its own, which no true one hides
_CALL_TIMEOUT_SECONDS = 20
SPEAKS = frozenset({"brevo", "mailgun", "postmark", "resend"})
"""Whose calls are proved with a secret that we share; SendGrid and Amazon sign with keys that only they have."""


class TellingError(Exception):
    """What was asked for cannot be told."""


class Order(StrEnum):
    SENT = "sent"
    REVERSED = "reversed"
    SHUFFLED = "shuffled"


@dataclass(frozen=True, slots=True)
class Telling:
    """Each mail is told of as each of `kinds`, each call `times` times; `forged` adds a call of somebody else's for
    each mail.
    """

    kinds: tuple[str, ...] = ("delivered",)
    times: int = 1
    order: Order = Order.SENT
    forged: bool = False
    seed: int = 1

    @classmethod
    def asked(cls, given: Mapping[str, Any]) -> "Telling":
        """Raises TellingError for what is none."""
        words = dict(given)
        kinds, order = tuple(words.pop("kinds", ("delivered",))), words.pop("order", Order.SENT)
        try:
            made = cls(kinds=kinds, order=Order(order), **words)
        except (TypeError, ValueError) as error:
            raise TellingError(f"that cannot be told: {error}") from error
        if not set(made.kinds) <= set(KINDS) or not 1 <= made.times <= 100:
            raise TellingError(f"kinds are {', '.join(KINDS)}, and each call is made up to 100 times")
        return made


@dataclass(frozen=True, slots=True)
class Told:
    """One call; `is_forged` if the provider did not make it."""

    call: HookCall
    is_forged: bool = False


def calls(
    provider: str, mails: Iterable[Mapping[str, Any]], telling: Telling, *, now: datetime, secret: str
) -> list[Told]:
    """Raises TellingError for a provider that proves its calls otherwise than with a shared secret."""
    if provider not in SPEAKS:
        raise TellingError(f"{provider} cannot be played: its calls are signed with a key that it alone has")
    made = list(_made(provider, mails, telling, now, secret))
    if telling.order is Order.REVERSED:
        made.reverse()
    elif telling.order is Order.SHUFFLED:
        random.Random(telling.seed).shuffle(made)
    return made


def _made(
    provider: str, mails: Iterable[Mapping[str, Any]], telling: Telling, now: datetime, secret: str
) -> Iterator[Told]:
    make = TELLS[provider]
    for place, mail in enumerate(mails):
        known = Mailed(mail["delivery"], mail["batch"], mail["to"], mail["id"])
        for at, kind in enumerate(telling.kinds):
            call = make(known, kind, number=place * len(KINDS) + at, now=now, secret=secret)
            yield from [Told(call)] * telling.times
        if telling.forged:
            number, other = _FORGED_NUMBERS + place, _another(secret)
            yield Told(make(known, FORGED_KIND, number=number, now=now, secret=other), is_forged=True)


def _another(secret: str) -> str:
    """A secret of the same make."""
    return f"whsec_{b64encode(b'forged' * 4).decode('ascii')}" if secret.startswith("whsec_") else f"not-{secret}"


def told_over_http(url: str, told: Iterable[Told]) -> Counter[str]:
    """Make the calls to an address of this machine; how often which status came back: `200`, `forged 403`."""
    if urlsplit(url).hostname not in LOOPBACK_HOSTS:
        raise TellingError("calls are made to this machine alone")
    answers: Counter[str] = Counter()
    with requests.Session() as session:
        session.trust_env = False
        for one in told:
            answer = session.post(url, data=one.call.body, headers=one.call.headers, timeout=_CALL_TIMEOUT_SECONDS)
            answers[f"{'forged ' if one.is_forged else ''}{answer.status_code}"] += 1
    return answers
