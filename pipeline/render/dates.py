"""Dates for people: an instant, in a zone and a language that the caller names. Babel knows each language's manner."""

from datetime import datetime, tzinfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton


def long_date(instant: datetime, *, language: str, zone: tzinfo) -> str:
    """The day in full ("November 24, 2026"), in the manner of the BCP 47 `language`; English for an unknown one."""
    return str(format_date(instant.astimezone(zone).date(), "long", locale=_locale(language)))


def month(instant: datetime, *, language: str, zone: tzinfo) -> str:
    """The month and year ("November 2026")."""
    return str(format_skeleton("yMMMM", instant.astimezone(zone), locale=_locale(language)))


def machine_date(instant: datetime, *, zone: tzinfo) -> str:
    """The same day for programs: ISO 8601, as HTML's `time` and sitemaps take it."""
    return instant.astimezone(zone).date().isoformat()


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
