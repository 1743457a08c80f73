"""Where bounces lie until they are read: a maildir, an IMAP folder, or one mail on standard input.

A mail is marked as read only after `take` was called with it and returned that it was a report: what is interrupted is
read again, and what is no report stays unread, for a person.
"""

import imaplib
import ssl
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipeline.config import LOOPBACK_HOSTS
from pipeline.errors import TipsheetError

_BYTES_MAX = 20 * 1024 * 1024
_TIMEOUT_SECONDS = 60

Take = Callable[[bytes], bool]


class MailboxError(TipsheetError):
    """The mailbox with the bounces cannot be read."""


def read_mailbox(place: str, *, password: str, take: Take) -> tuple[int, int]:
    """(reports, other mails) of a maildir's folder, or of `imaps://account@host/FOLDER`. Raises MailboxError."""
    if place.startswith(("imap:", "imaps:")):
        return read_imap(place, password=password, take=take)
    return read_maildir(Path(place), take=take)


def read_maildir(folder: Path, *, take: Take) -> tuple[int, int]:
    """Every mail in `new`, and those in `cur` that nobody has seen."""
    if not ((folder / "new").is_dir() and (folder / "cur").is_dir()):
        raise MailboxError(f"{folder} is no maildir: it has no folders new and cur")
    unread = sorted((folder / "new").iterdir())
    unread += sorted(path for path in (folder / "cur").iterdir() if "S" not in path.name.partition(":2,")[2])
    reports = others = 0
    for path in unread:
        try:
            with path.open("rb") as file:
                is_report = take(file.read(_BYTES_MAX))
        except FileNotFoundError:  # another reader was first
            continue
        except OSError as error:
            raise MailboxError(f"{path} cannot be read: {error.strerror}") from error
        if is_report:
            base, _, flags = path.name.partition(":2,")
            path.rename(folder / "cur" / f"{base}:2,{''.join(sorted({*flags, 'S'}))}")
        reports, others = reports + is_report, others + (not is_report)
    return reports, others


def read_imap(url: str, *, password: str, take: Take, tls: ssl.SSLContext | None = None) -> tuple[int, int]:
    """The unseen mails of a folder; over TLS, but for a server on this machine."""
    parts = urlsplit(url)
    host, folder = parts.hostname or "", unquote(parts.path.strip("/")) or "INBOX"
    if parts.scheme != "imaps" and host not in LOOPBACK_HOSTS:
        raise MailboxError(f"{host} would be spoken to without TLS: write imaps:// in bounce_mailbox")
    reports = others = 0
    try:
        with _connected(host, parts.port, parts.scheme == "imaps", tls) as server:
            server.login(unquote(parts.username or ""), password)
            if server.select(f'"{folder}"')[0] != "OK":
                raise MailboxError(f"{host} has no folder {folder}")
            for number in server.search(None, "UNSEEN")[1][0].split():
                is_report = take(_fetched(server, number))
                if is_report:
                    server.store(number, "+FLAGS", "(\\Seen)")
                reports, others = reports + is_report, others + (not is_report)
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxError(f"{host} cannot be read: {_without(password, str(error))}") from error
    return reports, others


def _connected(host: str, port: int | None, is_tls: bool, tls: ssl.SSLContext | None) -> imaplib.IMAP4:
    if is_tls:
        context = tls or ssl.create_default_context()
        return imaplib.IMAP4_SSL(host, port or 993, ssl_context=context, timeout=_TIMEOUT_SECONDS)
    return imaplib.IMAP4(host, port or 143, timeout=_TIMEOUT_SECONDS)


def _fetched(server: imaplib.IMAP4, number: bytes) -> bytes:
    _, found = server.fetch(number.decode("ascii"), f"(BODY.PEEK[]<0.{_BYTES_MAX}>)")
    return next((bytes(part[1]) for part in found if isinstance(part, tuple)), b"")


def _without(password: str, text: str) -> str:
    return text.replace(password, "…") if password else text
