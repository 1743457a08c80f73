"""When issues are due: a pure function of a rule and a time, with no clock and no zone of the machine's own.

A slot is named by its nominal local occurrence ("2026-03-29T02:30 Europe/Berlin"): editing a schedule cannot make a
second slot for an occurrence that was used. Two kinds of local time need a rule when the clocks change:

- skipped (the night in spring): the slot moves forward by as much as the clocks did, so 02:30 becomes 03:30;
- repeated (the night in autumn): the first of the two is the slot.

This is RFC 5545 §3.3.5's rule, and what `zoneinfo` answers for `fold=0`. Where a zone skipped a whole day (Apia,
30 December 2011), the slot of the missing day falls on the next day; if that day has a slot of its own, that one stays.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.errors import TipsheetError

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # RFC 5545 §3.3.10, Monday being 0 as in datetime
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class ScheduleError(TipsheetError):
    """A schedule names a day, a time or a zone that there is not."""


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """Weekly on `weekdays` (0 is Monday) at `local_time` in an IANA `zone`, from `starts_at` (aware) on."""

    weekdays: frozenset[int]
    local_time: time
    zone: str
    starts_at: datetime | None = None

    @classmethod
    def parse(
        cls, *, weekdays: str, local_time: time | str, zone: str, starts_at: datetime | None = None
    ) -> "WeeklyRule":
        """From the stored form ("TU,FR", 09:00, "Europe/Berlin"). Raises ScheduleError."""
        return cls(_weekdays(weekdays), _local_time(local_time), zone_of(zone).key, starts_at)

    def describe(self) -> str:
        """The rule in words: "every Tuesday and Friday at 09:00 (Europe/Berlin)"."""
        names = [_DAY_NAMES[day] for day in sorted(self.weekdays)]
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        days = "day" if len(names) == 7 else listed
        return f"every {days} at {self.local_time:%H:%M} ({self.zone})"


@dataclass(frozen=True, slots=True)
class Slot:
    """One due occurrence. `nominal` is the local time as the rule says it, naive; `local` what the clocks there show
    at that instant, aware; `at_utc` the instant, aware UTC.
    """

    key: str
    nominal: datetime
    local: datetime
    at_utc: datetime

    @property
    def is_shifted(self) -> bool:
        """Whether the nominal local time is skipped by the clocks, so that the slot moved forward."""
        return self.local.replace(tzinfo=None, fold=0) != self.nominal


def zone_of(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises ScheduleError."""
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ScheduleError(f"There is no time zone '{name}'. Use an IANA name, such as Europe/Berlin.") from error
    return zone


def slot_on(day: date, rule: WeeklyRule) -> Slot:
    """The slot whose nominal occurrence is on `day`, whether or not the rule has that weekday."""
    zone = ZoneInfo(rule.zone)
    nominal = datetime.combine(day, rule.local_time)
    at_utc = nominal.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return Slot(f"{nominal:%Y-%m-%dT%H:%M} {rule.zone}", nominal, at_utc.astimezone(zone), at_utc)


def slots_after(rule: WeeklyRule, after: datetime) -> Iterator[Slot]:
    """The slots strictly after `after` (aware), earliest first, without end."""
    pending: Slot | None = None
    for slot in _occurrences(rule, after):
        if pending is not None and pending.at_utc != slot.at_utc:
            yield pending
        pending = slot


def next_slot(rule: WeeklyRule, after: datetime) -> Slot:
    """The first slot strictly after `after` (aware)."""
    return next(slots_after(rule, after))


def slots_between(rule: WeeklyRule, start: datetime, end: datetime) -> Iterator[Slot]:
    """The slots with `start` <= instant < `end`, both aware."""
    for slot in slots_after(rule, start - timedelta(microseconds=1)):
        if slot.at_utc >= end:
            return
        yield slot


def _occurrences(rule: WeeklyRule, after: datetime) -> Iterator[Slot]:
    """The rule's slots after `after` and not before its start, in the order of their nominal days."""
    first = after if rule.starts_at is None else max(after, rule.starts_at - timedelta(microseconds=1))
    day = first.astimezone(ZoneInfo(rule.zone)).date() - timedelta(days=2)  # a skipped day can push a slot a day on
    while True:
        if day.weekday() in rule.weekdays:
            slot = slot_on(day, rule)
            if slot.at_utc > first:
                yield slot
        day += timedelta(days=1)


def _weekdays(text: str) -> frozenset[int]:
    codes = [code.strip().upper() for code in text.split(",") if code.strip()]
    unknown = [code for code in codes if code not in WEEKDAYS]
    if unknown or not codes:
        named = f"'{unknown[0]}' is no weekday" if unknown else "The schedule has no weekday"
        raise ScheduleError(f"{named}. Use {', '.join(WEEKDAYS)}, separated by commas.")
    return frozenset(WEEKDAYS.index(code) for code in codes)


def _local_time(value: time | str) -> time:
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0, tzinfo=None)
    try:
        return datetime.strptime(value.strip(), "%H:%M").time()  # noqa: DTZ007 - a wall time; its zone is beside it
    except ValueError as error:
        raise ScheduleError(f"'{value}' is no time of day. Write it as 09:00.") from error
