"""What readers have been given, as it stands now: every tip of every published issue, once.

Issues are frozen, and so is a tip in them. Afterwards a tip can be used again, corrected or withdrawn; `published_tips`
lays those over each other, and both the archive and the feeds are made from what it returns. A tip keeps the entry
id, the place and the date of its first issue for ever.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.editorial.content import IssueContent, TipContent

_STEP = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Correction:
    """New words for a published tip, approved at `corrected_at`. `tip.entry_id` says which; `note` may be ''."""

    tip: TipContent
    corrected_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A published tip that no longer stands; `note` tells readers why and may be ''."""

    entry_id: str
    withdrawn_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class PublishedTip:
    """A tip as readers should see it now. `issue_number` is its first issue, `published_at` that issue's instant.

    `updated_at` differs between any two tips (by milliseconds within an issue, the first tip's the latest), so that
    readers who sort by it keep the issue's order.
    """

    tip: TipContent
    issue_number: int
    published_at: datetime
    updated_at: datetime
    correction: Correction | None = None
    withdrawal: Withdrawal | None = None

    @property
    def is_changed(self) -> bool:
        return self.correction is not None or self.withdrawal is not None


def published_tips(
    issues: Iterable[IssueContent], corrections: Sequence[Correction] = (), withdrawals: Sequence[Withdrawal] = ()
) -> list[PublishedTip]:
    """Every published tip once, the latest change first."""
    tips = _as_issued(sorted(issues, key=lambda issue: (issue.issued_at, issue.number)))
    for correction in sorted(corrections, key=lambda item: item.corrected_at):
        if found := tips.get(correction.tip.entry_id):
            tips[correction.tip.entry_id] = _corrected(found, correction)
    for withdrawal in withdrawals:
        if found := tips.get(withdrawal.entry_id):
            tips[withdrawal.entry_id] = replace(
                found, withdrawal=withdrawal, updated_at=max(found.updated_at, withdrawal.withdrawn_at)
            )
    return _with_distinct_updates(list(tips.values()))


def _as_issued(issues: Sequence[IssueContent]) -> dict[str, PublishedTip]:
    tips: dict[str, PublishedTip] = {}
    for issue in issues:
        for place, tip in enumerate(issue.tips):
            found = tips.get(tip.entry_id)
            if found is None:
                updated_at = issue.issued_at + (len(issue.tips) - 1 - place) * _STEP
                tips[tip.entry_id] = PublishedTip(tip, issue.number, issue.issued_at, updated_at)
            elif found.tip.revision_hash != tip.revision_hash:  # used again in other words
                tips[tip.entry_id] = _corrected(found, Correction(tip, issue.issued_at))
    return tips


def _corrected(found: PublishedTip, correction: Correction) -> PublishedTip:
    tip = replace(correction.tip, anchor=found.tip.anchor, permalink=found.tip.permalink)
    updated_at = max(found.updated_at, correction.corrected_at)
    return replace(found, tip=tip, correction=correction, updated_at=updated_at)


def _with_distinct_updates(tips: list[PublishedTip]) -> list[PublishedTip]:
    """Latest change first, no two at the same instant: changes made at one moment are parted by milliseconds."""
    tips.sort(key=lambda item: (item.updated_at, item.tip.entry_id))
    for index in range(1, len(tips)):
        if tips[index].updated_at <= tips[index - 1].updated_at:
            tips[index] = replace(tips[index], updated_at=tips[index - 1].updated_at + _STEP)
    tips.reverse()
    return tips
