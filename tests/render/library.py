"""A library in memory, for the tests of pages and feeds: all issues at once, and what became of their tips since.

It says a second time, from the frozen issues alone, what the database's library reads from rows that were kept up to
date; a test holds one against the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from pipeline.editorial.content import IssueContent
from pipeline.render.published import (
    Correction,
    Headed,
    PublishedTip,
    Withdrawal,
    has_left,
)

_STEP = timedelta(milliseconds=1)


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
    return _with_distinct_updates(_numbered(list(tips.values())))


def _as_issued(issues: Sequence[IssueContent]) -> dict[str, PublishedTip]:
    tips: dict[str, PublishedTip] = {}
    for issue in issues:
        for place, tip in enumerate(issue.tips):
            found = tips.get(tip.entry_id)
            if found is None:
                updated_at = issue.issued_at + (len(issue.tips) - 1 - place) * _STEP
                tips[tip.entry_id] = PublishedTip(tip, issue.number, issue.issued_at, updated_at, serial=len(tips) + 1)
            elif found.tip.revision_hash != tip.revision_hash:  # used again in other words
                tips[tip.entry_id] = _corrected(found, Correction(tip, issue.issued_at))
    return tips


def _corrected(found: PublishedTip, correction: Correction) -> PublishedTip:
    tip = replace(correction.tip, anchor=found.tip.anchor, permalink=found.tip.permalink)
    updated_at = max(found.updated_at, correction.corrected_at)
    return replace(found, tip=tip, correction=correction, updated_at=updated_at)


def _numbered(tips: list[PublishedTip]) -> list[PublishedTip]:
    """With a place in each tip's topic: in the order in which they came there."""
    counts: dict[str, int] = {}
    moved_last = sorted(tips, key=lambda item: (item.correction is not None and _moved(item), item.serial))
    made = {}
    for item in moved_last:
        counts[item.tip.topic_slug] = counts.get(item.tip.topic_slug, 0) + 1
        made[item.serial] = replace(item, topic_serial=counts[item.tip.topic_slug])
    return [made[item.serial] for item in tips]


def _moved(item: PublishedTip) -> bool:
    return False  # the tests that move a tip between topics use the database


def _with_distinct_updates(tips: list[PublishedTip]) -> list[PublishedTip]:
    """Latest change first, no two at the same instant: changes made at one moment are parted by milliseconds."""
    tips.sort(key=lambda item: (item.updated_at, item.tip.entry_id))
    for index in range(1, len(tips)):
        if tips[index].updated_at <= tips[index - 1].updated_at:
            tips[index] = replace(tips[index], updated_at=tips[index - 1].updated_at + _STEP)
    tips.reverse()
    return tips


class MemoryLibrary:
    """All issues, in any order; see `pipeline.render.published.Library` for what each method gives."""

    def __init__(
        self,
        issues: Sequence[IssueContent],
        corrections: Sequence[Correction] = (),
        withdrawals: Sequence[Withdrawal] = (),
    ) -> None:
        self._issues = sorted(issues, key=lambda issue: (issue.issued_at, issue.number), reverse=True)
        self._tips = published_tips(issues, corrections, withdrawals)
        self.newest_issued_at = self._issues[0].issued_at if self._issues else None
        self.last_number = max((issue.number for issue in issues), default=0)

    def issues(self, numbers):
        wanted = set(numbers)
        return sorted((issue for issue in self._issues if issue.number in wanted), key=lambda issue: issue.number)

    def numbers(self, first, last):
        return sorted(issue.number for issue in self._issues if first <= issue.number <= last)

    def newest_issues(self, count):
        return self._issues[:count]

    def newest_heads(self, count) -> list[Headed]:
        return self._issues[:count]

    def heads_numbered(self, first, last):
        return [issue for issue in self._issues if first <= issue.number <= last]

    def oldest_since(self, since):
        return next((issue for issue in self._issues[::-1] if since is None or issue.issued_at >= since), None)

    def heads_after(self, issue, count):
        oldest_first = self._issues[::-1]
        place = 0 if issue is None else next(n for n, o in enumerate(oldest_first, 1) if o.number == issue.number)
        return oldest_first[place : place + count]

    def neighbours(self, issue):
        place = next(place for place, other in enumerate(self._issues) if other.number == issue.number)
        after = self._issues[place - 1] if place else None
        return (self._issues[place + 1] if place + 1 < len(self._issues) else None), after

    def changed_at(self, first, last):
        tips = {item.tip.entry_id: item for item in self._tips}
        return {
            issue.number: max([issue.issued_at, *(tips[tip.entry_id].updated_at for tip in issue.tips)])
            for issue in self._issues
            if first <= issue.number <= last
        }

    def tips_in(self, issues):
        wanted = {tip.entry_id for issue in issues for tip in issue.tips}
        return {item.tip.entry_id: item for item in self._tips if item.tip.entry_id in wanted}

    def feed_tips(self, slug, *, count, after):
        found = [item for item in self._of(slug) if not self._has_left(item)]
        return [item for place, item in enumerate(found) if place < count or self._serial(item, slug) > after]

    def tips_numbered(self, slug, first, last):
        found = [item for item in self._of(slug) if first <= self._serial(item, slug) <= last]
        return sorted(found, key=lambda item: item.updated_at, reverse=True)

    def last_serial(self, slug):
        return max((self._serial(item, slug) for item in self._of(slug)), default=0)

    def standing_tips(self, slug, count):
        found = [item for item in self._of(slug) if item.withdrawal is None]
        newest = sorted(found, key=lambda item: item.topic_serial, reverse=True)[:count]
        return sorted(newest, key=lambda item: (-item.published_at.timestamp(), item.serial))

    def topics(self):
        shown = [item for item in self._tips if not self._has_left(item)]
        standing = [item for item in shown if item.withdrawal is None]
        named = [item for item in reversed(shown) if item.withdrawal] + list(reversed(standing))
        names = {item.tip.topic_slug: item.tip.topic for item in named if item.tip.topic_slug}
        return dict(sorted(names.items()))

    def _of(self, slug):
        return self._tips if slug is None else [item for item in self._tips if item.tip.topic_slug == slug]

    def _serial(self, item, slug):
        return item.serial if slug is None else item.topic_serial

    def _has_left(self, item):
        return self.newest_issued_at is not None and has_left(item, newest_issued_at=self.newest_issued_at)
