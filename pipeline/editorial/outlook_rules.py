"""What the coming weeks bring: each slot with what would go out at it and why, and when which topic runs dry.

Pure: it joins the occurrences of a timetable with the issues that there are and with the plan that `queue_rules` makes
by the very choice that composes issues. Nothing is foretold by a second rule.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pipeline.editorial.queue_rules import QueuedTip, QueuePlan, SentTip
from pipeline.editorial.timetable_rules import ONCE, Occurrence


class Standing(StrEnum):
    """How it stands with a slot: it has an issue, one is foretold, too few tips are free by then, or nothing is due."""

    ISSUE = "issue"
    PLANNED = "planned"
    EMPTY = "empty"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class OutlookTip:
    """A tip that goes out, and why it was, or would be, chosen; `is_reused` if readers have it already."""

    tip_id: int
    title: str
    topic: str
    why: str
    is_reused: bool = False


@dataclass(frozen=True, slots=True)
class ComposedIssue:
    """An issue that there is for a slot. `local_at` and `at_utc` are its time, which a person may have changed;
    `is_to_come` says whether it is still to go out then.
    """

    number: int
    state: str
    subject: str
    slot_key: str
    local_at: datetime
    at_utc: datetime
    held_reason: str
    is_to_come: bool
    tips: tuple[OutlookTip, ...]


@dataclass(frozen=True, slots=True)
class OutlookSlot:
    """One slot of the outlook. `skipped` says why nothing is due at it; `notes` what a person should know."""

    key: str
    local_at: datetime
    at_utc: datetime
    standing: Standing
    issue: ComposedIssue | None = None
    tips: tuple[OutlookTip, ...] = ()
    skipped: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicOutlook:
    """How long a topic lasts: `coming` tips go out in the outlook, and `left` may go out after it. `dry_after` is the
    day of the last tip, past or to come; None while tips are left, or where no tip of the topic may go out at all.
    """

    topic: str
    coming: int
    left: int
    dry_after: date | None
    is_dry_now: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """The slots up to `until`, in their order, and the topics by name. `end_note` says when the schedule ends."""

    until: datetime
    slots: tuple[OutlookSlot, ...]
    topics: tuple[TopicOutlook, ...]
    end_note: str = ""


def outlook(
    occurrences: Iterable[Occurrence],
    *,
    until: datetime,
    plan: QueuePlan,
    queue: Sequence[QueuedTip],
    issues: Sequence[ComposedIssue],
    past: Mapping[int, SentTip],
    topics_known: Mapping[str, date],
    end_note: str = "",
) -> Outlook:
    """Everything that is due before `until`. `past` are tips that may be reused; `topics_known` are the topics that
    readers have had, each with the day of its last tip.
    """
    by_key = {issue.slot_key: issue for issue in issues}
    words = {tip.tip_id: (tip.title, tip.topic) for tip in past.values()}
    words |= {tip.tip_id: (tip.title, tip.topic) for tip in queue}
    planned = {
        issue.slot.key: tuple(
            OutlookTip(each.tip_id, *words[each.tip_id], each.why, each.is_reused) for each in issue.picks
        )
        for issue in plan.issues
    }
    slots: list[OutlookSlot] = []
    for each in occurrences:
        if each.slot.at_utc >= until:
            break
        issue = by_key.pop(each.slot.key, None)
        slots.append(_of_issue(issue, each) if issue else _foretold(each, planned.get(each.slot.key, ())))
    slots += [_of_issue(issue, None) for issue in by_key.values() if issue.is_to_come]
    slots.sort(key=lambda slot: (slot.at_utc, slot.key))
    return Outlook(until, tuple(slots), tuple(_topics(slots, queue, plan, topics_known)), end_note)


def _of_issue(issue: ComposedIssue, occurrence: Occurrence | None) -> OutlookSlot:
    notes = _notes(occurrence)
    if occurrence is None or occurrence.skipped:
        notes.append(f"The schedule has no slot here any more: issue {issue.number} was approved for this time.")
    if issue.held_reason:
        notes.append(f"Held: {issue.held_reason}")
    if occurrence is not None and not issue.is_to_come:
        slot = occurrence.slot
        return OutlookSlot(slot.key, slot.local, slot.at_utc, Standing.ISSUE, issue, notes=tuple(notes))
    return OutlookSlot(
        issue.slot_key, issue.local_at, issue.at_utc, Standing.ISSUE, issue, issue.tips, notes=tuple(notes)
    )


def _foretold(occurrence: Occurrence, tips: tuple[OutlookTip, ...]) -> OutlookSlot:
    slot, notes = occurrence.slot, _notes(occurrence)
    standing = Standing.PLANNED if tips else Standing.EMPTY
    if occurrence.skipped:
        standing, tips = Standing.SKIPPED, ()
    return OutlookSlot(slot.key, slot.local, slot.at_utc, standing, None, tips, occurrence.skipped, tuple(notes))


def _notes(occurrence: Occurrence | None) -> list[str]:
    if occurrence is None:
        return []
    moved = [f"Moved from {occurrence.moved_from}."] if occurrence.moved_from else []
    beside = ["Beside the schedule."] if occurrence.slot.key.startswith(ONCE) else []
    return moved + beside + ([occurrence.slot.note] if occurrence.slot.note and not occurrence.skipped else [])


def _topics(
    slots: Sequence[OutlookSlot], queue: Sequence[QueuedTip], plan: QueuePlan, topics_known: Mapping[str, date]
) -> Iterator[TopicOutlook]:
    names: dict[str, str] = {}
    days: dict[str, list[date]] = {}
    for slot in slots:
        for tip in slot.tips:
            names.setdefault(tip.topic.casefold(), tip.topic)
            if not tip.is_reused:
                days.setdefault(tip.topic.casefold(), []).append(slot.local_at.date())
    left = Counter(tip.topic.casefold() for tip in queue if tip.tip_id in plan.waiting and not tip.held)
    for name in [*(tip.topic for tip in queue), *topics_known]:
        names.setdefault(name.casefold(), name)
    last = {name.casefold(): day for name, day in topics_known.items()}
    for key in sorted(names):
        coming = days.get(key, [])
        dry_after = None if left[key] else max(coming, default=last.get(key))
        yield TopicOutlook(names[key], len(coming), left[key], dry_after, not coming and not left[key])
