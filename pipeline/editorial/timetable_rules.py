"""From a rule to the slots that really come: days off, a pause, extra dates, and what was sent already.

Every occurrence of the rule is there, each with why nothing goes out at it, if so: a plan that shows only what happens
hides what does not. Three things keep a slot from coming:

- a day off: a blackout of the newsletter's own, or a holiday of its calendar. The slot is skipped, or moved to the next
  free day within a week that has no slot of its own, as the newsletter chose. It keeps its name;
- a pause;
- an issue of an earlier schedule. A schedule that is changed names its slots anew; each issue that was sent, or
  frozen, for a slot that the schedule does not know any more stands for one slot of the same stretch (the day, week or
  month that the rule repeats by), the first that has no issue of its own. So a change never makes a second issue for a
  stretch that had its issues.

A one-off is a date that a person chose beside the rule: neither a pause nor a day off keeps it back.
"""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import chain

from pipeline.editorial.holiday_rules import holiday_on
from pipeline.editorial.recurrence_rules import Recurrence
from pipeline.editorial.slots import Slot, instant_of, slot_at, slots_after

DAYS_MOVED_AT_MOST = 7
ONCE = "once "
EXTRA = "extra "
_STANDS_AT_MOST = timedelta(days=3700)  # longer than the longest stretch that a rule repeats by


class OnDayOff(StrEnum):
    """What becomes of a slot on a day off."""

    SKIP = "skip"
    NEXT_DAY = "next_day"


@dataclass(frozen=True, slots=True)
class Blackout:
    """Days, the last one included, on which nothing goes out, and why."""

    first_day: date
    last_day: date
    reason: str


@dataclass(frozen=True, slots=True)
class DaysOff:
    """The newsletter's own days off, and its holiday calendar ("DE-BY", '' for none)."""

    blackouts: tuple[Blackout, ...] = ()
    holidays: str = ""

    def reason(self, day: date) -> str:
        """Why nothing goes out on `day`; '' for a day like any other."""
        for blackout in self.blackouts:
            if blackout.first_day <= day <= blackout.last_day:
                return blackout.reason
        return holiday_on(self.holidays, day)


@dataclass(frozen=True, slots=True)
class Timetable:
    """All that decides when a newsletter is due. `issues` are the keys of the slots that have an issue, and whether it
    was, or will be, sent (a cancelled one gave its slot up, and stands for no other). `zones` are the subscribers' own,
    for a newsletter that reaches each at their own local time: a slot then begins in the first of them.
    """

    rule: Recurrence | None
    days_off: DaysOff = DaysOff()
    on_day_off: OnDayOff = OnDayOff.SKIP
    is_paused: bool = False
    paused_until: datetime | None = None
    one_offs: tuple[Slot, ...] = ()
    issues: Mapping[str, bool] = field(default_factory=dict)
    zones: tuple[str, ...] = ()

    @property
    def is_running(self) -> bool:
        """Whether the rule makes slots, now or when a pause ends."""
        return self.rule is not None and not (self.is_paused and self.paused_until is None)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A slot of the timetable. `skipped` says why nothing goes out at it, or is ''; `moved_from` the day off that it
    left, with its reason.
    """

    slot: Slot
    skipped: str = ""
    moved_from: str = ""


def occurrences(timetable: Timetable, after: datetime) -> Iterator[Occurrence]:
    """Every occurrence after `after` (aware), the skipped ones too, in the order of their instants."""
    one_offs = (Occurrence(slot) for slot in timetable.one_offs if slot.at_utc > after)
    of_rule = iter(()) if timetable.rule is None else _of_rule(timetable, timetable.rule, after)
    return heapq.merge(of_rule, one_offs, key=lambda each: each.slot.at_utc)


def coming_slots(timetable: Timetable, after: datetime) -> Iterator[Slot]:
    """The slots after `after` at which something is due, whether or not there is an issue for them."""
    if not timetable.is_running:
        return (slot for slot in timetable.one_offs if slot.at_utc > after)
    return (each.slot for each in occurrences(timetable, after) if not each.skipped)


def free_slots(timetable: Timetable, after: datetime) -> Iterator[Slot]:
    """The coming slots that no issue was made for yet."""
    return (slot for slot in coming_slots(timetable, after) if slot.key not in timetable.issues)


def one_off(nominal: datetime, zone: str) -> Slot:
    """A slot beside the rule, at a nominal local time (naive) in an IANA `zone`."""
    slot = slot_at(nominal, zone)
    return replace(slot, key=f"{ONCE}{slot.key}")


def _of_rule(timetable: Timetable, rule: Recurrence, after: datetime) -> Iterator[Occurrence]:
    stood_for = _stood_for(timetable, rule, since=(after - _STANDS_AT_MOST).date())
    slots = slots_after(rule, after - timedelta(days=DAYS_MOVED_AT_MOST + 1))
    for slot in slots:
        placed = _begun_in_first_zone(_placed(timetable, rule, slot), timetable.zones)
        if placed.slot.at_utc <= after:
            continue
        if not placed.skipped and slot.key in stood_for:
            placed = replace(placed, skipped=f"an issue of the schedule before stands for it: {stood_for[slot.key]}")
        elif not placed.skipped and _is_paused_at(timetable, placed.slot.at_utc):
            until = timetable.paused_until
            placed = replace(placed, skipped=f"paused until {until:%Y-%m-%d %H:%M} UTC" if until else "paused")
        yield placed


def _placed(timetable: Timetable, rule: Recurrence, slot: Slot) -> Occurrence:
    """The slot on its day, or off it where that is a day off."""
    reason = timetable.days_off.reason(slot.nominal.date())
    if not reason:
        return Occurrence(slot)
    if timetable.on_day_off is OnDayOff.SKIP:
        return Occurrence(slot, skipped=reason)
    for days in range(1, DAYS_MOVED_AT_MOST + 1):
        nominal = slot.nominal + timedelta(days=days)
        if any(rule.has(datetime.combine(nominal.date(), at)) for at in rule.times):
            return Occurrence(slot, skipped=f"{reason}; the next slot comes before a free day")
        if not timetable.days_off.reason(nominal.date()):
            moved = replace(slot_at(nominal, rule.zone), key=slot.key)
            return Occurrence(moved, moved_from=f"{slot.nominal:%Y-%m-%d}: {reason}")
    return Occurrence(slot, skipped=f"{reason}; no free day within {DAYS_MOVED_AT_MOST} days")


def _begun_in_first_zone(placed: Occurrence, zones: tuple[str, ...]) -> Occurrence:
    if not zones:
        return placed
    first = min(chain((instant_of(placed.slot.nominal, zone) for zone in zones), (placed.slot.at_utc,)))
    return replace(placed, slot=replace(placed.slot, at_utc=first))


def _is_paused_at(timetable: Timetable, at: datetime) -> bool:
    return timetable.is_paused and (timetable.paused_until is None or at < timetable.paused_until)


def _stood_for(timetable: Timetable, rule: Recurrence, *, since: date) -> dict[str, str]:
    """By the key of a slot, the key of the issue of an earlier schedule, not before `since`, that stands for it."""
    strangers: dict[tuple[int, int], list[str]] = {}
    for key, is_sent in sorted(timetable.issues.items()):
        nominal = nominal_of(key)
        if is_sent and nominal is not None and nominal.date() >= since and not _is_occurrence(key, nominal, rule):
            strangers.setdefault(rule.period_of(nominal.date()), []).append(key)
    stood_for: dict[str, str] = {}
    for keys in strangers.values():
        nominal = nominal_of(keys[0])
        free = [] if nominal is None else _unissued(timetable, rule, nominal.date())
        stood_for.update(zip(free, keys, strict=False))
    return stood_for


def nominal_of(key: str) -> datetime | None:
    """The nominal local time, naive, that a slot's key names; None for one beside the schedule."""
    if key.startswith((ONCE, EXTRA)):
        return None
    return datetime.fromisoformat(key.partition(" ")[0])


def _is_occurrence(key: str, nominal: datetime, rule: Recurrence) -> bool:
    return key.endswith(f" {rule.zone}") and rule.has(nominal)


def _unissued(timetable: Timetable, rule: Recurrence, day: date) -> list[str]:
    """The keys of the slots of the stretch around `day` that have no issue and do not fall away, earliest first."""
    stretch = rule.period_of(day)
    first = day
    while rule.period_of(first - timedelta(days=1)) == stretch:
        first -= timedelta(days=1)
    keys: list[str] = []
    while rule.period_of(first) == stretch:
        for nominal in (datetime.combine(first, at) for at in rule.times):
            slot = slot_at(nominal, rule.zone)
            if not rule.has(nominal):
                continue
            if slot.key not in timetable.issues and not _placed(timetable, rule, slot).skipped:
                keys.append(slot.key)
        first += timedelta(days=1)
    return keys
