"""Where a link may lead: what a reader may follow from a mail, and what is readable on the way there."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

_UNFIT = re.compile(r"[\s<>\"\\^`{|}\x00-\x1f\x7f]")


def target_or_nothing(url: str) -> str:
    """The address if it is absolute http, https or mailto; '' otherwise."""
    url = url.strip()
    parts = split(url)
    if parts is None or _UNFIT.search(url):
        return ""
    followable = bool(parts.hostname) if parts.scheme in {"http", "https"} else parts.scheme == "mailto"
    return url if followable else ""


def is_open_http(url: str) -> bool:
    """Whether it is http to a machine other than this one: readable by everyone on the way."""
    parts = split(url)
    return parts is not None and parts.scheme == "http" and not _is_loopback(parts.hostname or "")


def split(url: str) -> SplitResult | None:
    """The parts of an address, None for one that cannot be taken apart."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - a port that is no number shows only when it is read
    except ValueError:
        return None
    return parts


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
