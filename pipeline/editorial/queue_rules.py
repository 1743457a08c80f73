"""What goes out next, and why: a pure choice from the queue, that says its reason in words for each tip.

The policy: in the queue's order; one tip per topic while other topics wait, then again in the queue's order. A tip
is passed over while it is held, before its first day, and after its last. Because the first free tip is always taken,
a tip that had to wait for its topic's turn moves up and goes out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.editorial.slots import Slot

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class QueuedTip:
    """A place in the queue, as the choice sees it. `rank` counts from 1."""

    tip_id: int
    rank: int
    title: str
    topic: str
    held: bool = False
    not_before: date | None = None
    not_after: date | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """A tip that an issue takes, and why."""

    tip_id: int
    why: str


@dataclass(frozen=True, slots=True)
class PlannedIssue:
    """What an issue for `slot` would take, if nothing changed until then."""

    slot: Slot
    picks: tuple[Pick, ...]


@dataclass(frozen=True, slots=True)
class QueuePlan:
    """The coming issues; by tip, the slot that takes it and why, or why it waits."""

    issues: tuple[PlannedIssue, ...]
    waiting: Mapping[int, str]
    taken: Mapping[int, tuple[Slot, str]]

    def slot_of(self, tip_id: int) -> Slot | None:
        """The slot for which the tip would be taken, if there is one."""
        return self.taken[tip_id][0] if tip_id in self.taken else None

    def why(self, tip_id: int) -> str:
        """Why the tip goes out then, or why it waits; '' for a tip that is not in the queue."""
        return self.taken[tip_id][1] if tip_id in self.taken else self.waiting.get(tip_id, "")


def pick(queue: Sequence[QueuedTip], *, on: date, count: int) -> list[Pick]:
    """Up to `count` tips from `queue` (in its order) for an issue on the local day `on`, in the issue's order."""
    chosen: list[Pick] = []
    put_off: list[QueuedTip] = []  # their topic is in the issue already
    topics: set[str] = set()
    for tip in queue:
        if len(chosen) == count:
            break
        if obstacle(tip, on):
            continue
        if tip.topic.casefold() in topics:
            put_off.append(tip)
            continue
        topics.add(tip.topic.casefold())
        chosen.append(Pick(tip.tip_id, _why_new_topic(tip, is_lead=not chosen, put_off=put_off)))
    fill_up = put_off[: count - len(chosen)]
    return chosen + [Pick(tip.tip_id, f"number {tip.rank} in the queue; no other topic was waiting") for tip in fill_up]


def obstacle(tip: QueuedTip, on: date) -> str:
    """Why `tip` cannot go out on the local day `on`, or ''."""
    if tip.held:
        return "held"
    if tip.not_before and on < tip.not_before:
        return f"not before {in_words(tip.not_before)}"
    if tip.not_after and on > tip.not_after:
        return f"its last day was {in_words(tip.not_after)}"
    return ""


def plan(queue: Sequence[QueuedTip], slots: Iterable[Slot], *, count: int) -> QueuePlan:
    """What the issues for `slots`, in their order, would take. Ends when no tip is left that could go out."""
    left = list(queue)
    issues: list[PlannedIssue] = []
    last: date | None = None
    for slot in slots:
        last = slot.local.date()
        if not any(_may_still_go(tip, last) for tip in left):
            break
        picks = pick(left, on=last, count=count)
        if picks:
            issues.append(PlannedIssue(slot, tuple(picks)))
        gone = {chosen.tip_id for chosen in picks}
        left = [tip for tip in left if tip.tip_id not in gone]
    taken = {chosen.tip_id: (issue.slot, chosen.why) for issue in issues for chosen in issue.picks}
    return QueuePlan(tuple(issues), {tip.tip_id: _why_waiting(tip, last) for tip in left}, taken)


def in_words(day: date) -> str:
    """A date as a person reads it, the same in every locale: "3 December 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _may_still_go(tip: QueuedTip, on: date) -> bool:
    return not tip.held and not (tip.not_after and on > tip.not_after)


def _why_waiting(tip: QueuedTip, last: date | None) -> str:
    if last is None:
        return "held" if tip.held else "no slot is coming: the schedule is paused, or there is none"
    reason = obstacle(tip, last)
    return reason or f"not reached by {in_words(last)}: others go first"


def _why_new_topic(tip: QueuedTip, *, is_lead: bool, put_off: Sequence[QueuedTip]) -> str:
    if is_lead:
        return "first in the queue" if tip.rank == 1 else f"number {tip.rank} in the queue; none before it is free"
    if put_off:
        return f"number {tip.rank} in the queue; first on {tip.topic}, so that the issue has more than one topic"
    return f"number {tip.rank} in the queue"
