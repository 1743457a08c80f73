"""What goes out next, and why: a pure choice from the queue, that says its reason in words for each tip.

In the queue's order, a higher priority first (or by how long a tip waits, where the newsletter asks for that); one
tip for each topic while other topics wait, then again in that order. A tip is passed over while it is held, before its
first day, after its last, and while the same advice is in the issue or went out within the newsletter's time. Because
the first free tip is always taken, a tip that had to wait for its topic's turn moves up and goes out.

When too few are free, the newsletter's rule decides: a shorter issue, none, tips of long ago again, or a person.
`plan` asks the same choice for one slot after the other, each issue leaving the queue as the next one finds it.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from math import inf

from pipeline.editorial.slots import Slot

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
PRIORITIES: Mapping[int, str] = {1: "high", 0: "normal", -1: "low"}


@dataclass(frozen=True, slots=True)
class QueuedTip:
    """A place in the queue, as the choice sees it. `rank` counts from 1; `alike` are the tips of the same advice."""

    tip_id: int
    rank: int
    title: str
    topic: str
    held: bool = False
    not_before: date | None = None
    not_after: date | None = None
    priority: int = 0
    queued_at: datetime | None = None
    alike: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class SentTip:
    """A tip that readers have; `sent_on` is the day on which it last went out, or is to go out.

    One that was withdrawn, or is still on its way, is known but never reused.
    """

    tip_id: int
    title: str
    topic: str
    sent_on: date
    alike: frozenset[int] = frozenset()
    may_be_reused: bool = True


@dataclass(frozen=True, slots=True)
class Policy:
    """What the newsletter's rules say of the choice; see `newsletter_rules.NewsletterRules`."""

    count: int
    order: str = "queue"
    spread_topics: bool = True
    same_advice_days: int = 0
    short_queue: str = "shorter"
    reuse_after_months: int = 12


@dataclass(frozen=True, slots=True)
class Pick:
    """A tip that an issue takes, and why; `is_reused` if readers have it already."""

    tip_id: int
    why: str
    is_reused: bool = False


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A tip that an issue did not take though its turn had come, and why not."""

    tip_id: int
    why: str


class Verdict(StrEnum):
    """What is made of a choice: an issue, nothing, or an issue that is held for a person."""

    ISSUE = "issue"
    SKIP = "skip"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Choice:
    """What one issue takes and passes over. `not_reached` tips stood behind the last that was looked at; `shortage`
    says in words that too few were free, and what the rule makes of it, or ''.
    """

    picks: tuple[Pick, ...]
    passed_over: tuple[PassedOver, ...] = ()
    not_reached: int = 0
    verdict: Verdict = Verdict.ISSUE
    shortage: str = ""


@dataclass(frozen=True, slots=True)
class PlannedIssue:
    """What an issue for `slot` would take, if nothing changed until then; `choice` says what it passes over."""

    slot: Slot
    picks: tuple[Pick, ...]
    choice: Choice = field(default_factory=lambda: Choice(()))


@dataclass(frozen=True, slots=True)
class QueuePlan:
    """The coming issues; by tip, the slot that takes it and why, or why it waits. `first_short` is the first slot for
    which too few tips are free, None if there is none among the slots that were asked for.
    """

    issues: tuple[PlannedIssue, ...]
    waiting: Mapping[int, str]
    taken: Mapping[int, tuple[Slot, str]]
    first_short: Slot | None = None

    def slot_of(self, tip_id: int) -> Slot | None:
        """The slot for which the tip would be taken, if there is one."""
        return self.taken[tip_id][0] if tip_id in self.taken else None

    def why(self, tip_id: int) -> str:
        """Why the tip goes out then, or why it waits; '' for a tip that is not in the queue."""
        return self.taken[tip_id][1] if tip_id in self.taken else self.waiting.get(tip_id, "")


def choose(queue: Sequence[QueuedTip], *, on: date, policy: Policy, sent: Sequence[SentTip] = ()) -> Choice:
    """The tips for an issue on the local day `on`, in the issue's order, and what the rules say of it.

    `sent` are tips that readers have: those of the same-advice window, and those that may be reused.
    """
    picker = _Picker(on, policy, sent)
    not_reached = 0
    for tip in in_order(queue, policy):
        if picker.is_full:
            not_reached += 1
        else:
            picker.look_at(tip)
    picker.fill_up()
    return _weighed(picker, not_reached, policy, sent)


def in_order(queue: Sequence[QueuedTip], policy: Policy) -> list[QueuedTip]:
    """The queue as the choice goes through it: by priority, then by place, or by how long each waits."""
    if policy.order == "oldest":
        return sorted(queue, key=_by_age)
    return sorted(queue, key=lambda tip: (-tip.priority, tip.rank))


def _by_age(tip: QueuedTip) -> tuple[int, float, int]:
    return -tip.priority, tip.queued_at.timestamp() if tip.queued_at else inf, tip.rank


def _weighed(picker: "_Picker", not_reached: int, policy: Policy, sent: Sequence[SentTip]) -> Choice:
    free = len(picker.picks)
    if free < policy.count and policy.short_queue == "reuse":
        picker.reuse(sent)
    choice = Choice(tuple(picker.picks), tuple(picker.passed_over), not_reached)
    if free == policy.count:
        return choice
    short = f"{free} of {policy.count} tips were free in the queue"
    if policy.short_queue == "ask":
        return replace(choice, verdict=Verdict.ASK, shortage=f"{short}; a person decides what goes out.")
    if policy.short_queue == "skip" or not picker.picks:
        return replace(choice, verdict=Verdict.SKIP, shortage=f"{short}; the slot is skipped.")
    reused = len(picker.picks) - free
    filled = f"{reused} that went out long ago fill up" if reused else "the issue is shorter"
    return replace(choice, shortage=f"{short}; {filled}.")


class _Picker:
    """One issue while it is being put together."""

    def __init__(self, on: date, policy: Policy, sent: Sequence[SentTip]) -> None:
        self.picks: list[Pick] = []
        self.passed_over: list[PassedOver] = []
        self._on, self._policy = on, policy
        self._put_off: list[QueuedTip] = []  # their topic is in the issue already
        self._topics: set[str] = set()
        self._chosen: dict[int, str] = {}
        # A day that is still to come counts as well: an issue may be composed before the one in front of it is out.
        self._recent = {
            tip.tip_id: tip for tip in sent if abs((on - tip.sent_on).days) < max(policy.same_advice_days, 0)
        }

    @property
    def is_full(self) -> bool:
        return len(self.picks) == self._policy.count

    def look_at(self, tip: QueuedTip) -> None:
        why_not = obstacle(tip, self._on) or self._said_already(tip.tip_id, tip.alike)
        if why_not:
            self.passed_over.append(PassedOver(tip.tip_id, why_not))
        elif self._policy.spread_topics and tip.topic.casefold() in self._topics:
            self._put_off.append(tip)
        else:
            self._take(tip, _why_new_topic(tip, is_lead=not self.picks, put_off=self._put_off))

    def fill_up(self) -> None:
        """Topics again, where none is left that the issue does not have."""
        for tip in self._put_off:
            why_not = self._said_already(tip.tip_id, tip.alike)
            if not why_not and self.is_full:
                why_not = f"the issue has a tip on {tip.topic} already, and other topics were waiting"
            if why_not:
                self.passed_over.append(PassedOver(tip.tip_id, why_not))
            else:
                self._take(tip, f"number {tip.rank} in the queue; no other topic was waiting")

    def reuse(self, sent: Sequence[SentTip]) -> None:
        """Tips that went out long enough ago, the longest ago first; new topics before those that the issue has."""
        before = months_before(self._on, self._policy.reuse_after_months)
        old = [tip for tip in sent if tip.may_be_reused and tip.sent_on <= before]
        old.sort(key=lambda tip: (tip.sent_on, tip.tip_id))
        again = [tip for tip in old if self._policy.spread_topics and tip.topic.casefold() in self._topics]
        for tip in [*(tip for tip in old if tip not in again), *again]:
            if self.is_full:
                return
            if tip.tip_id not in self._chosen and not self._said_already(tip.tip_id, tip.alike):
                self._note(tip.tip_id, tip.title, tip.topic)
                why = f"reused: it last went out on {in_words(tip.sent_on)}, and the queue is short"
                self.picks.append(Pick(tip.tip_id, why, is_reused=True))

    def _take(self, tip: QueuedTip, why: str) -> None:
        self._note(tip.tip_id, tip.title, tip.topic)
        self.picks.append(Pick(tip.tip_id, why))

    def _note(self, tip_id: int, title: str, topic: str) -> None:
        self._topics.add(topic.casefold())
        self._chosen[tip_id] = title

    def _said_already(self, tip_id: int, alike: frozenset[int]) -> str:
        """Which tip of the issue, or of those that went out lately, gives this advice; '' if none does."""
        if self._policy.same_advice_days <= 0:
            return ""
        for other in sorted(alike & self._chosen.keys()):
            return f"the same advice as tip {other}, which is in the issue"
        for other in sorted((alike & self._recent.keys()) - {tip_id}):
            return f"the same advice as tip {other}, of {in_words(self._recent[other].sent_on)}"
        return ""


def obstacle(tip: QueuedTip, on: date) -> str:
    """Why `tip` cannot go out on the local day `on`, or ''."""
    if tip.held:
        return "held"
    if tip.not_before and on < tip.not_before:
        return f"not before {in_words(tip.not_before)}"
    if tip.not_after and on > tip.not_after:
        return f"its last day was {in_words(tip.not_after)}"
    return ""


def plan(
    queue: Sequence[QueuedTip], slots: Iterable[Slot], *, policy: Policy, sent: Sequence[SentTip] = ()
) -> QueuePlan:
    """What the issues for `slots`, in their order, would take.

    Ends when no tip is left that could go out. Where slots can pass without an issue, or tips are reused, it goes
    through all of `slots`, which must end then.
    """
    plans = _Planner(queue, policy, sent)
    for slot in slots:
        if not plans.go_on(slot):
            break
    return plans.made()


class _Planner:
    """The queue and what readers have, as they are from one slot to the next."""

    def __init__(self, queue: Sequence[QueuedTip], policy: Policy, sent: Sequence[SentTip]) -> None:
        self._left, self._policy = list(queue), policy
        self._sent = {tip.tip_id: tip for tip in sent}
        self._issues: list[PlannedIssue] = []
        self._why_not: dict[int, str] = {}
        self._last: date | None = None
        self._first_short: Slot | None = None

    def go_on(self, slot: Slot) -> bool:
        """Plan the issue for the slot; False if no later slot can have one either."""
        self._last = on = slot.local.date()
        if self._policy.short_queue != "reuse" and not any(_may_still_go(tip, on) for tip in self._left):
            self._first_short = self._first_short or slot
            return False
        choice = choose(self._left, on=on, policy=self._policy, sent=list(self._sent.values()))
        if choice.shortage:
            self._first_short = self._first_short or slot
        self._why_not = {each.tip_id: each.why for each in choice.passed_over}
        if choice.verdict is Verdict.SKIP:
            self._why_not |= dict.fromkeys((each.tip_id for each in choice.picks), choice.shortage.removesuffix("."))
        elif choice.picks:
            self._issues.append(PlannedIssue(slot, choice.picks, choice))
            self._send(choice, on)
        return True

    def _send(self, choice: Choice, on: date) -> None:
        gone = {each.tip_id for each in choice.picks}
        for tip in self._left:
            if tip.tip_id in gone:
                self._sent[tip.tip_id] = SentTip(tip.tip_id, tip.title, tip.topic, on, tip.alike)
        for tip_id in gone & self._sent.keys():
            self._sent[tip_id] = replace(self._sent[tip_id], sent_on=on)
        self._left = [tip for tip in self._left if tip.tip_id not in gone]

    def made(self) -> QueuePlan:
        taken = {
            each.tip_id: (issue.slot, each.why) for issue in self._issues for each in issue.picks if not each.is_reused
        }
        waiting = {tip.tip_id: _why_waiting(tip, self._last, self._why_not) for tip in self._left}
        return QueuePlan(tuple(self._issues), waiting, taken, self._first_short)


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def in_words(day: date) -> str:
    """A date as a person reads it, the same in every locale: "3 December 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _may_still_go(tip: QueuedTip, on: date) -> bool:
    return not tip.held and not (tip.not_after and on > tip.not_after)


def _why_waiting(tip: QueuedTip, last: date | None, why_not: Mapping[int, str]) -> str:
    if last is None:
        return "held" if tip.held else "no slot is coming: the schedule is paused, or there is none"
    reason = obstacle(tip, last) or why_not.get(tip.tip_id, "")
    return reason or f"not reached by {in_words(last)}: others go first"


def _why_new_topic(tip: QueuedTip, *, is_lead: bool, put_off: Sequence[QueuedTip]) -> str:
    if is_lead and tip.rank == 1:
        return "first in the queue"
    place = f"{'high priority, ' if tip.priority > 0 else ''}number {tip.rank} in the queue"
    if is_lead:
        return f"{place}; none before it is free"
    if put_off:
        return f"{place}; first on {tip.topic}, so that the issue has more than one topic"
    return place
