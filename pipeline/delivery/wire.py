"""Text to the bytes of a mail: quoted-printable bodies, mailboxes, header fields. Pure, and nothing is guessed:
what cannot stand in a header is refused here, once more, whatever was checked where it was typed.

Two properties hold for all that leaves this module, and the sender rests on them: no line is longer than its limit
(76 octets in a body, 998 in a header), and no line begins with a dot, so that SMTP's transparency (RFC 5321 §4.5.2)
finds nothing to do.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence

import idna

from pipeline.errors import TipsheetError

CRLF = b"\r\n"
SOFT_BREAK = b"=\r\n"
HEADER_LINE_MAX = 998
URL_MAX = 900
_ADDRESS_MAX = 320

# A line's content stops at 73 octets: two more for a guarded first character, one for the "=" of a soft break.
_CONTENT_MAX = 73
_TOKENS = tuple(chr(b) if (33 <= b <= 126 and b != 61) or b in {9, 32} else f"={b:02X}" for b in range(256))
_Q_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")  # RFC 2047 §5 (3)
_Q_TOKENS = tuple("_" if b == 32 else chr(b) if b in _Q_PLAIN else f"={b:02X}" for b in range(256))
_PLAIN = re.compile(r"[ -<>-~]*")
_BARE = re.compile(r"[ !#-%(-;?-~]{1,146}")  # neither quoted (=) nor escaped (& < > " '): two lines at the most
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_URL = re.compile(r"https?://[!#-;=?-~]+")
_LOCAL = r"""(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*|"(?:[ !#-\[\]-~]|\\[ -~])*")"""
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_DOMAIN = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f.:IPv]+\])"
_ADDRESS = re.compile(f"{_LOCAL}@{_DOMAIN}")
_ADDRESS_LINES = re.compile(f"(?>{_LOCAL}@{_DOMAIN}\n)*+")
_ATOM = r"[^\x00- \"(),.:;<>@\[\\\]\x7f-\xa0]+"  # RFC 6532 §3.2: letters of any script
_UNICODE_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_DOMAIN}")
_QUOTABLE = re.compile(r"[ -~]{1,60}")


class MessageError(TipsheetError):
    """A message, or one recipient's values, cannot be made into a mail that is right."""


def refuse_controls(what: str, value: str) -> str:
    """The value itself; raises MessageError when it holds a line break or another control character."""
    if found := _CONTROLS.search(value):
        raise MessageError(
            f"{what} holds the control character U+{ord(found[0]):04X} at position {found.start() + 1}: take it out"
        )
    return value


def bare_address(address: str, *, unicode_mailboxes: bool = False) -> str:
    """The address with its domain in A-labels (IDNA 2008); in ASCII, but for a mailbox with letters outside it where
    `unicode_mailboxes` allows that (RFC 6531). Raises MessageError for what no header can carry.
    """
    if _ADDRESS.fullmatch(address) and len(address) <= _ADDRESS_MAX:
        return address
    refuse_controls("An address", address)
    local, _, domain = address.rpartition("@")
    try:
        encoded = f"{local}@{domain if domain.isascii() else idna.encode(domain, uts46=True).decode('ascii')}"
    except idna.IDNAError:
        encoded = ""
    allowed = _UNICODE_ADDRESS if unicode_mailboxes else _ADDRESS
    if not allowed.fullmatch(encoded) or len(encoded.encode()) > _ADDRESS_MAX:
        kind = "its mailbox has letters outside ASCII" if local and not local.isascii() else "it is no mail address"
        raise MessageError(f"This address cannot be mailed: {kind}. Correct it at the subscriber")
    return encoded


def bare_addresses(addresses: Sequence[str], *, unicode_mailboxes: bool = False) -> list[str]:
    """`bare_address` of each; where all are plain, with one look at them together."""
    lines = "\n".join([*addresses, ""])
    if (
        lines.count("\n") == len(addresses)  # none of them has a line break of its own
        and max(map(len, addresses), default=0) <= _ADDRESS_MAX
        and _ADDRESS_LINES.fullmatch(lines)
    ):
        return list(addresses)
    return [bare_address(address, unicode_mailboxes=unicode_mailboxes) for address in addresses]


def mailbox(header: str, name: str, address: str, *, unicode_mailboxes: bool = False) -> bytes:
    """`"Name" <address>` for a header field, folded where an encoded name needs it (RFC 5322 §3.4, RFC 2047)."""
    bare = bare_address(address, unicode_mailboxes=unicode_mailboxes)
    if not name.strip():
        return bare.encode()
    if _QUOTABLE.fullmatch(name) and "=?" not in name and name == name.strip():
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{bare}>'.encode()
    return encoded_mailbox(header, name, bare, unicode_mailboxes=unicode_mailboxes)


def encoded_mailbox(header: str, name: str, address: str, *, unicode_mailboxes: bool = False) -> bytes:
    """The same with the name in encoded words, whatever it is made of."""
    refuse_controls(f"The name in {header}", name)
    bare = bare_address(address, unicode_mailboxes=unicode_mailboxes)
    return f"{_encoded_words(header, name)}\r\n <{bare}>".encode()


def unstructured(header: str, value: str) -> bytes:
    """A field of free text (Subject): as it is when it is plain ASCII, else in encoded words."""
    refuse_controls(f"The header {header}", value)
    is_plain = value.isascii() and "=?" not in value and value == value.strip()
    if is_plain and len(header) + 2 + len(value) <= HEADER_LINE_MAX:
        return value.encode("ascii")
    return _encoded_words(header, value).encode("ascii")


def _encoded_words(header: str, value: str) -> str:
    """Encoded words on lines of at most 76 octets, no character split between two (RFC 2047 §2, §5): Q where most of
    it is ASCII, B for other scripts.
    """
    first_room, room = 76 - len(header) - 14, 62  # "Name: =?utf-8?q?…?=", and the same after a space
    quoted = ["".join(_Q_TOKENS[byte] for byte in character.encode()).encode("ascii") for character in value]
    if sum(map(len, quoted)) <= len(value.encode()) * 4 / 3:
        words = [f"=?utf-8?q?{word.decode('ascii')}?=" for word in _packed(quoted, first_room, room)]
    else:
        encoded = [character.encode() for character in value]
        packed = _packed(encoded, first_room // 4 * 3, room // 4 * 3)
        words = [f"=?utf-8?b?{b64encode(word).decode('ascii')}?=" for word in packed]
    return "\r\n ".join(words)


def _packed(pieces: Iterable[bytes], first_room: int, room: int) -> list[bytes]:
    """The pieces in their order, in as few words as the room allows, none of them cut."""
    words = [b""]
    for piece in pieces:
        if len(words[-1]) + len(piece) > (first_room if len(words) == 1 else room):
            words.append(b"")
        words[-1] += piece
    return words


def https_url(what: str, url: str) -> str:
    """The URL itself; raises MessageError unless it can stand bare in a header: absolute, ASCII, at most 900 long, and
    nothing in it that a reader takes for an encoded word.
    """
    if not _URL.fullmatch(url) or len(url) > URL_MAX or "=?" in url:
        raise MessageError(f"{what} is no absolute web address in ASCII of at most {URL_MAX} characters")
    return url


def quoted_text(text: str) -> bytes:
    """Text with its line breaks, as quoted-printable (RFC 2045 §6.7). What follows the last line break is left
    open: a place, or nothing, comes after it.
    """
    *lines, last = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    quoted = [_wrapped(_tokens(line, closes=True)) for line in lines]
    return CRLF.join([*quoted, _wrapped(_tokens(last, closes=False))])


def quoted_value(value: str) -> bytes:
    """One recipient's value as quoted-printable: it stands between two soft line breaks, on lines of its own."""
    if not _PLAIN.fullmatch(value):
        return _wrapped(_tokens(value, closes=False))
    pieces = [value[at : at + _CONTENT_MAX] for at in range(0, len(value), _CONTENT_MAX)]
    return "=\r\n".join(map(_guarded, pieces)).encode("ascii")


def plain_lines(value: str) -> bytes:
    """What `quoted_value` makes of a value, and of the same value escaped for HTML, where that is seen at one look:
    one or two lines on which nothing is quoted, escaped or guarded. b"" for any other.
    """
    if (
        not _BARE.fullmatch(value)
        or "From " in value
        or value[:1] == "."
        or value[_CONTENT_MAX : _CONTENT_MAX + 1] == "."
    ):
        return b""
    first, rest = value[:_CONTENT_MAX], value[_CONTENT_MAX:]
    return (f"{first}=\r\n{rest}" if rest else first).encode("ascii")


def _tokens(line: str, *, closes: bool) -> list[str]:
    try:
        tokens = [_TOKENS[byte] for byte in line.encode()]
    except UnicodeEncodeError as error:
        raise MessageError(f"The text holds half a character (U+{ord(line[error.start]):04X}): take it out") from error
    if closes and tokens and tokens[-1] in {" ", "\t"}:  # white space before a hard line break would be lost
        tokens[-1] = f"={ord(tokens[-1]):02X}"
    return tokens


def _wrapped(tokens: Iterable[str]) -> bytes:
    lines: list[str] = []
    line: list[str] = []
    width = 0
    for token in tokens:
        if width + len(token) > _CONTENT_MAX:
            lines.append(_guarded("".join(line)))
            line, width = [], 0
        line.append(token)
        width += len(token)
    lines.append(_guarded("".join(line)))
    return "=\r\n".join(lines).encode("ascii")


def _guarded(line: str) -> str:
    """A line that begins neither with a dot (SMTP) nor with "From " (mbox)."""
    if line.startswith("."):
        return "=2E" + line[1:]
    return "=46rom " + line[5:] if line.startswith("From ") else line
