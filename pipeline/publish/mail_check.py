"""Whether mail providers will take the newsletter's mail: one mail sent to look at, that mail read when it has arrived,
and what the sender's domain says in DNS.

What Gmail, Yahoo and Microsoft ask of whoever sends many mails: SPF or DKIM aligned with the From domain (RFC 7208,
6376, 7489 §3.1), a DMARC record, and one-click unsubscribe whose two header fields the DKIM signature covers
(RFC 8058 §4). Only an arrived mail shows what the server in between signed, so a file of it is what is read.
"""

import email
import re
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from email import policy
from email.message import Message as ParsedMail
from email.utils import getaddresses
from html import escape
from typing import TYPE_CHECKING

from pipeline.audience import addresses
from pipeline.config import Config
from pipeline.delivery.actions import messages
from pipeline.delivery.models import Delivery, DeliveryState, MessageKind
from pipeline.editorial.models import Newsletter
from pipeline.errors import TipsheetError
from pipeline.publish import mailing
from pipeline.publish.findings import DoctorFinding
from pipeline.render.model import Place, RenderedEmail

if TYPE_CHECKING:
    from dns.resolver import Resolver

DNS_TIMEOUT_SECONDS = 3.0
ONE_CLICK = "List-Unsubscribe=One-Click"
COVERED = ("from", "list-unsubscribe", "list-unsubscribe-post")

_NOT_IN_DNS = re.compile(r"(^|\.)(example|test|invalid|localhost|local|internal)$|^[^.]*$")
_VERDICT = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*(\w+)", re.IGNORECASE)


class NotAMailError(TipsheetError):
    """A file holds no mail."""


def send_check(newsletter: Newsletter, *, address: str, config: Config, clock: Callable[[], datetime]) -> str:
    """Mail one short letter with the newsletter's sender and headers; what became of it, in words.

    Raises AddressError and what the sender raises.
    """
    recipient = addresses.parse(address)
    message = messages.send_single(
        kind=MessageKind.TEST,
        key=f"check:{uuid.uuid4()}",
        rendered=_letter(newsletter),
        sender=messages.Sender(
            newsletter.sender_name, newsletter.sender_address, newsletter.reply_to, newsletter.list_id, newsletter.name
        ),
        address=recipient.address,
        now=clock(),
    )
    mailing.send(config=config, clock=clock)
    delivery = Delivery.objects.get(message=message)
    if delivery.state != DeliveryState.ACCEPTED:
        return f"The mail is {delivery.state.replace('_', ' ')}: {delivery.reason}"
    place = f" ({config.var / 'outbox' / f'{delivery.pk}.eml'})" if config.provider == "outbox" else ""
    return (
        f"The mail was taken by {config.provider}{place}. When it has arrived, save it as a file with all of its "
        "headers (“show original”), and run: run.py doctor --received FILE"
    )


def _letter(newsletter: Newsletter) -> RenderedEmail:
    words = (
        f"This mail from {newsletter.name} was sent to see how it arrives. Save it as a file, with all of its headers, "
        "and run: run.py doctor --received FILE"
    )
    leave = Place.UNSUBSCRIBE_URL.marker
    html = (
        '<!doctype html><html lang="en" dir="ltr"><head><meta charset="utf-8"><title>A mail to look at</title></head>'
        f'<body><p>{escape(words)}</p><p><a href="{leave}">Unsubscribe</a></p></body></html>\n'
    )
    return RenderedEmail("A mail to look at", html, f"{words}\n\nUnsubscribe: {leave}\n")


def read_received(data: bytes) -> Iterator[DoctorFinding]:
    """What an arrived mail's headers say. Raises NotAMailError."""
    mail = email.message_from_bytes(data, policy=policy.compat32)
    senders = [address for _, address in getaddresses(_all(mail, "From")) if "@" in address]
    if not senders:
        raise NotAMailError(
            "This file holds no mail with a sender. Save the mail as it arrived, with all of its headers."
        )
    domain = senders[0].rpartition("@")[2].lower()
    yield from _unsubscribe(mail)
    yield _dkim(mail, domain)
    yield from _verdicts(mail)


def _all(mail: ParsedMail, name: str) -> list[str]:
    return [" ".join(str(value).split()) for value in mail.get_all(name, [])]


def _unsubscribe(mail: ParsedMail) -> Iterator[DoctorFinding]:
    links, posts = _all(mail, "List-Unsubscribe"), _all(mail, "List-Unsubscribe-Post")
    web = re.findall(r"<(https?://[^<>]+)>", links[0]) if len(links) == 1 else []
    if len(web) == 1 and web[0].startswith("https://") and "=?" not in links[0]:
        yield DoctorFinding("good", "List-Unsubscribe", "one https link to leave")
    else:
        said = "; ".join(links) or "none"
        yield DoctorFinding(
            "bad", "List-Unsubscribe", f"there has to be one field with one https link; there is: {said}",
            "Switch off the provider's own unsubscribe handling, and set an https public_url.",
        )  # fmt: skip
    if posts == [ONE_CLICK]:
        yield DoctorFinding("good", "List-Unsubscribe-Post", "one click is enough to leave (RFC 8058)")
    else:
        yield DoctorFinding(
            "bad", "List-Unsubscribe-Post",
            f"there has to be exactly {ONE_CLICK}; there is: {'; '.join(posts) or 'none'}",
            "Let the provider pass the field on as it is.",
        )  # fmt: skip


def _dkim(mail: ParsedMail, domain: str) -> DoctorFinding:
    """The best signature: aligned with the From domain, and over the sender and both fields to leave by."""
    remedy = (
        f"Let your provider sign with {domain} (it tells you the DNS record), and let the signature cover "
        "List-Unsubscribe and List-Unsubscribe-Post."
    )
    signatures = [_tags(value) for value in _all(mail, "DKIM-Signature")]
    if not signatures:
        return DoctorFinding("bad", "DKIM", "the mail carries no signature", remedy)
    faults = []
    for tags in signatures:
        signer = tags.get("d", "").lower()
        signed = {name.strip().lower() for name in tags.get("h", "").split(":")}
        lacking = [name for name in COVERED if name not in signed]
        if not lacking and aligned(signer, domain):
            return DoctorFinding("good", "DKIM", f"signed by {signer}, over both fields to leave by")
        why = f"does not cover {', '.join(lacking)}" if lacking else f"is not of {domain}, which the mail is from"
        faults.append(f"the signature of {signer or 'nobody'} {why}")
    return DoctorFinding("bad", "DKIM", "; ".join(faults), remedy)


def _tags(value: str) -> dict[str, str]:
    """The tags of a signature (RFC 6376 §3.2)."""
    pairs = (part.partition("=") for part in value.split(";") if "=" in part)
    return {name.strip().lower(): "".join(text.split()) for name, _, text in pairs}


def _verdicts(mail: ParsedMail) -> Iterator[DoctorFinding]:
    """What the receiving server found (RFC 8601): its own field stands first, and others prove nothing."""
    results = _all(mail, "Authentication-Results")
    if not results:
        yield DoctorFinding(
            "note", "Authentication-Results", "the receiving server does not say what it found",
            "Look at a mail that arrived at Gmail, Yahoo or Outlook.",
        )  # fmt: skip
        return
    found: dict[str, str] = {}
    for method, verdict in _VERDICT.findall(results[0]):
        if found.get(method.lower()) != "pass":
            found[method.lower()] = verdict.lower()
    for method in ("spf", "dkim", "dmarc"):
        verdict = found.get(method, "none")
        if verdict == "pass":
            yield DoctorFinding("good", method.upper(), "the receiving server lets it pass")
        else:
            yield DoctorFinding(
                "bad" if method != "spf" else "note", method.upper(), f"the receiving server says: {verdict}",
                "See what `run.py doctor` says of the domain, and your provider's page on sending domains.",
            )  # fmt: skip


def aligned(signer: str, domain: str) -> bool:
    """Whether two domains belong to one organisation (RFC 7489 §3.1.1, relaxed)."""
    from checkdmarc.utils import get_base_domain

    return bool(signer) and get_base_domain(signer) == get_base_domain(domain)


def examine_domain(domain: str, *, resolver: "Resolver | None" = None) -> Iterator[DoctorFinding]:
    """What the From domain says in DNS, and what to publish there; nothing for a domain that no DNS knows."""
    if _NOT_IN_DNS.search(domain):
        return
    from checkdmarc.dmarc import check_dmarc
    from checkdmarc.spf import check_spf

    asked = {"resolver": resolver, "timeout": DNS_TIMEOUT_SECONDS}
    spf, dmarc = dict(check_spf(domain, **asked)), dict(check_dmarc(domain, **asked))
    yield _record(
        "SPF", domain, spf,
        f'Publish a TXT record at {domain}: "v=spf1 include:YOUR-PROVIDER ~all", with the name that it gives you.',
    )  # fmt: skip
    yield _record(
        "DMARC", domain, dmarc,
        f'Publish a TXT record at _dmarc.{domain}: "v=DMARC1; p=none; rua=mailto:postmaster@{domain}"; '
        "once the reports are clean, p=quarantine.",
    )  # fmt: skip


def _record(name: str, domain: str, answer: dict[str, object], remedy: str) -> DoctorFinding:
    if answer.get("record") and answer.get("valid"):
        return DoctorFinding("good", name, f"{domain} publishes {answer['record']}")
    said = str(answer.get("error") or "there is none").rstrip(".")
    return DoctorFinding("note", name, f"{domain}: {said}", remedy)
