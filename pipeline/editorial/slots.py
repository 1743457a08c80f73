"""When issues are due: a pure function of a rule and a time, with no clock and no zone of the machine's own.

A slot is named by its nominal local occurrence ("2026-03-29T02:30 Europe/Berlin"): editing a schedule cannot make a
second slot for an occurrence that was used. Two kinds of local time need a rule when the clocks change:

- skipped (the night in spring): the slot moves forward by as much as the clocks did, so 02:30 becomes 03:30;
- repeated (the night in autumn): the first of the two is the slot.

This is RFC 5545 §3.3.5's rule, and what `zoneinfo` answers for `fold=0`. Where a zone skipped a whole day (Apia,
30 December 2011), the slot of the missing day falls on the next day. If a moved slot meets one whose own time it is,
that one stays.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.editorial.recurrence_rules import Recurrence

_LONGEST_SHIFT = timedelta(days=2)  # a skipped day pushes its slots a day on


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

    @property
    def is_repeated(self) -> bool:
        """Whether the clocks show the nominal local time twice, so that the slot is the first of the two."""
        second = self.local.replace(fold=1)
        return self.local.fold == 0 and second.utcoffset() != self.local.utcoffset() and not self.is_shifted

    @property
    def note(self) -> str:
        """What a person should know of the clocks at this slot, or ''."""
        if self.is_shifted:
            return f"The clocks skip {self.nominal:%H:%M} that day: it goes out at {self.local:%H:%M}."
        if self.is_repeated:
            return f"The clocks show {self.nominal:%H:%M} twice that day: it goes out at the first."
        return ""


def slot_at(nominal: datetime, zone: str) -> Slot:
    """The slot of a nominal local time (naive) in an IANA `zone`, whether or not a rule has it."""
    at_utc = instant_of(nominal, zone)
    return Slot(f"{nominal:%Y-%m-%dT%H:%M} {zone}", nominal, at_utc.astimezone(ZoneInfo(zone)), at_utc)


def instant_of(nominal: datetime, zone: str) -> datetime:
    """The instant, aware UTC, at which it is `nominal` (naive) in `zone`: by the two rules above."""
    return nominal.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def slots_after(rule: Recurrence, after: datetime) -> Iterator[Slot]:
    """The slots strictly after `after` (aware), earliest first; without end, unless the rule has one."""
    earliest = after if rule.starts_at is None else max(after, rule.starts_at - timedelta(microseconds=1))
    first_day = (earliest.astimezone(ZoneInfo(rule.zone)) - _LONGEST_SHIFT).date()
    found: dict[datetime, Slot] = {}
    for nominal in rule.nominals_from(first_day):
        settled = _no_later_slot_before(nominal.date(), rule.zone)
        yield from (found.pop(at) for at in sorted(at for at in found if at < settled))
        slot = slot_at(nominal, rule.zone)
        if slot.at_utc > earliest and not (slot.is_shifted and slot.at_utc in found):
            found[slot.at_utc] = slot
    yield from (found[at] for at in sorted(found))


def next_slot(rule: Recurrence, after: datetime) -> Slot:
    """The first slot strictly after `after` (aware). Raises StopIteration where the rule has ended."""
    return next(slots_after(rule, after))


def last_slot(rule: Recurrence) -> Slot | None:
    """The last slot of a rule that ends, wherever it lies; None for one without an end."""
    nominal = rule.last_occurrence
    return None if nominal is None else slot_at(nominal, rule.zone)


def end_note(rule: Recurrence, now: datetime) -> str:
    """What a person should know of a rule that ends, as a sentence; '' for one that does not."""
    slot = last_slot(rule)
    if slot is None:
        return ""
    when = f"{slot.local:%A %Y-%m-%d %H:%M %Z}, which is {slot.at_utc:%Y-%m-%d %H:%M} UTC"
    if slot.at_utc <= now:
        return f"The last issue was due {when}; this schedule has ended."
    return f"The last issue is due {when}; then this schedule ends."


def _no_later_slot_before(day: date, zone: str) -> datetime:
    """An instant that no slot of `day`, or of a later day, comes before: clocks that skip move slots on, never back."""
    midnight = datetime.combine(day, time(0), tzinfo=ZoneInfo(zone))
    return min(midnight.astimezone(UTC), midnight.replace(fold=1).astimezone(UTC))
