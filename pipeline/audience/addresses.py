"""Email addresses and names as people type them, and the two forms that the rest of the project works with.

An address has a `key`, by which two spellings of one mailbox are one subscriber, and a keyed hash of that key, by
which a mailbox stays suppressed after its address has been erased. Pure: no database, no DNS, no settings.

Whatever reaches a mail header is refused here if it could break one: line breaks of every kind (LF, CR, VT, FF, NEL,
U+2028, U+2029) and all other control characters.
"""

import hmac
import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from pipeline.audience.characters import REORDERING, is_unseen
from pipeline.errors import TipsheetError

NAME_MAX_CHARS = 120
ADDRESS_MAX_CHARS = 254  # RFC 5321 §4.5.3.1.3, less the angle brackets


class AddressError(TipsheetError):
    """What was typed is not an address that mail can be sent to."""


class PersonNameError(TipsheetError):
    """What was typed cannot stand as a name in a mail."""


@dataclass(frozen=True, slots=True)
class Address:
    """`address` is fit for an envelope and for display: the mailbox as typed, its domain in A-labels. `key` is the
    same in lower case, so that one mailbox is one subscriber however it was spelled.
    """

    address: str
    key: str


def parse(text: str, *, unicode_mailboxes: bool = False) -> Address:
    """The address in `text`; spaces around it are dropped. The domain goes to A-labels by IDNA 2008 (UTS #46).

    `unicode_mailboxes`: whether a mailbox outside ASCII is taken (RFC 6531; few providers can deliver to one).
    Raises AddressError, which says what is wrong.
    """
    text = text.strip(" ")
    if not text:
        raise AddressError("The address is empty. Write it as name@example.com.")
    refused = _refused_character(text)
    if refused:
        raise AddressError(f"{shown(text)} holds {refused}. Write the address on one line, without it.")
    if len(text) > ADDRESS_MAX_CHARS:
        raise AddressError(f"{shown(text)} is longer than the {ADDRESS_MAX_CHARS} characters an address can have.")
    return _address(_validated(text, unicode_mailboxes=unicode_mailboxes))


def _validated(text: str, *, unicode_mailboxes: bool) -> ValidatedEmail:
    try:
        # test_environment allows the reserved domain .test; nothing is ever asked of the DNS.
        found = validate_email(text, check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError as error:
        raise AddressError(f"{shown(text)} is not an email address: {error}") from error
    if found.ascii_local_part is None and not unicode_mailboxes:
        raise AddressError(
            f"{shown(text)} has characters before the @ that the mail provider cannot deliver to: only plain "
            "letters, digits and signs. Ask for another address of this person."
        )
    return found


def _address(found: ValidatedEmail) -> Address:
    local_part, domain = found.local_part or "", found.ascii_domain or ""
    key = unicodedata.normalize("NFC", local_part.lower())
    return Address(f"{local_part}@{domain}", f"{key}@{domain.lower()}")


def hash_key(key: str, secret: bytes) -> str:
    """The keyed hash (HMAC-SHA-256, hex) of an address key: it cannot be turned back, nor guessed without `secret`."""
    return hmac.digest(secret, key.encode(), "sha256").hex()


def clean_name(text: str) -> str:
    """The name with runs of spaces as one; '' is a name that was not given.

    Raises PersonNameError for a character that cannot stand in a header, and for more than NAME_MAX_CHARS characters.
    """
    refused = _refused_character(text)
    if refused or not REORDERING.isdisjoint(text):
        raise PersonNameError(
            f"The name {shown(text)} holds {refused or 'a character that reverses text'}. Leave it out."
        )
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if len(name) > NAME_MAX_CHARS:
        raise PersonNameError(f"The name {shown(name)} is longer than {NAME_MAX_CHARS} characters. Shorten it.")
    return name


def shown(text: str) -> str:
    """The text as a message can show it: escaped, and cut at 60 characters."""
    cut = text if len(text) <= 60 else f"{text[:59]}…"
    return "'" + "".join(char if char.isprintable() else ascii(char)[1:-1] for char in cut) + "'"


def _refused_character(text: str) -> str:
    for char in text:
        if is_unseen(char):
            if unicodedata.category(char) == "Cs":
                return "a byte that is not UTF-8"
            what = "a line break" if char in "\n\r\v\f\x85\u2028\u2029" else "a control character"
            return f"{what} (U+{ord(char):04X})"
    return ""
