"""Public holidays by country and region, from the `holidays` package. Pure: a day's name follows from the day alone.

A calendar is named by ISO 3166 codes: "DE" is Germany's common holidays, "DE-BY" those of Bavaria, "US-CA" those of
California.
"""

from datetime import date
from functools import lru_cache

import holidays

from pipeline.editorial.recurrence_rules import ScheduleError


def holiday_calendar(code: str) -> str:
    """The calendar's code as it is stored; '' for none. Raises ScheduleError for one that is not known."""
    wanted = code.strip().upper().replace("_", "-")
    if not wanted:
        return ""
    country, _, region = wanted.partition("-")
    supported = holidays.list_supported_countries(include_aliases=False)
    if country not in supported:
        raise ScheduleError(f"There is no holiday calendar '{code}'. Use a country's code, such as DE, GB or US.")
    if region and region not in supported[country]:
        known = ", ".join(supported[country]) or "none"
        raise ScheduleError(f"The holiday calendar of {country} has no region '{region}'. Its regions: {known}.")
    return wanted


def holiday_on(code: str, day: date) -> str:
    """The name, in English where there is one, of the public holiday on `day`; '' for a working day or no calendar."""
    return _year(code, day.year).get(day, "") if code else ""


@lru_cache(maxsize=128)
def _year(code: str, year: int) -> dict[date, str]:
    country, _, region = code.partition("-")
    kind = holidays.country_holidays(country)
    english = [language for language in kind.supported_languages if language.startswith("en")]
    language = "en_US" if "en_US" in english else next(iter(english), None)
    return dict(holidays.country_holidays(country, subdiv=region or None, years=year, language=language, expand=False))
