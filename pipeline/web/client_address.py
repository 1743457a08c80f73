"""Who is asking: the client's IP address, from configured proxies only."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's address. X-Forwarded-For is believed only as far as trusted proxies wrote it: it is read from the
    right, past `trusted_proxies`, to the first address that is not one of ours.
    """
    trusted = settings.CONFIG.trusted_proxies
    address = request.META.get("REMOTE_ADDR", "")
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    while address in trusted and forwarded:
        address = forwarded.pop()
    return address if _is_address(address) else ""


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
