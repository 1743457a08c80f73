"""A subscriber's own time zone, as they name it. Pure."""

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pipeline.audience.addresses import shown
from pipeline.errors import TipsheetError


class ZoneError(TipsheetError):
    """There is no such time zone."""


def clean_zone(text: str) -> str:
    """The IANA name of the zone; '' is one that was not given. Raises ZoneError."""
    name = text.strip()
    if not name:
        return ""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ZoneError(f"There is no time zone {shown(name)}. Use an IANA name, such as Europe/Berlin.") from error


@cache
def available_zones() -> tuple[str, ...]:
    """The zones that a person chooses from: Area/City, by name."""
    old = ("Etc/", "SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/")
    return tuple(sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(old)))
