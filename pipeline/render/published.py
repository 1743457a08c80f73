"""What readers have been given, as it stands now, and how the pages and feeds ask for it: piece by piece.

Issues are frozen, and so is a tip in them. Afterwards a tip can be used again, corrected or withdrawn; it keeps the
entry id, the place and the date of its first issue for ever. However much has been published, a page or a feed needs
a small part of it: `Library` is the list of what is asked for, and whoever holds the issues answers it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from pipeline.editorial.content import IssueContent, TipContent

WITHDRAWAL_DAYS = 7  # how long a withdrawn tip stays in the feeds to say so, counted to the newest issue


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
    readers who sort by it keep the issue's order. `serial` is its place among all tips that ever appeared,
    `topic_serial` among those of its topic, both from 1 and for ever.
    """

    tip: TipContent
    issue_number: int
    published_at: datetime
    updated_at: datetime
    correction: Correction | None = None
    withdrawal: Withdrawal | None = None
    serial: int = 0
    topic_serial: int = 0

    @property
    def is_changed(self) -> bool:
        return self.correction is not None or self.withdrawal is not None


class Headed(Protocol):
    """An issue as a list names it."""

    @property
    def number(self) -> int: ...

    @property
    def subject(self) -> str: ...

    @property
    def issued_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class IssueHead:
    """The part of an issue that lists and neighbours show."""

    number: int
    subject: str
    issued_at: datetime


class Library(Protocol):
    """Everything that was published, for whoever lays it out. Issues go by (`issued_at`, `number`); `slug` is a
    topic's, None for all tips.
    """

    @property
    def newest_issued_at(self) -> datetime | None:
        """When the newest issue appeared; None before the first."""

    @property
    def last_number(self) -> int:
        """The highest number of an issue; 0 before the first."""

    def issues(self, numbers: Iterable[int]) -> Sequence[IssueContent]:
        """These issues, by number; numbers that readers never saw are passed over."""

    def numbers(self, first: int, last: int) -> Sequence[int]:
        """The numbers that there are from `first` to `last`."""

    def newest_issues(self, count: int) -> Sequence[IssueContent]: ...

    def newest_heads(self, count: int) -> Sequence[Headed]: ...

    def heads_numbered(self, first: int, last: int) -> Sequence[Headed]:
        """The issues from number `first` to `last`, newest first."""

    def oldest_since(self, since: datetime | None) -> Headed | None:
        """The first issue that appeared at or after `since`; the very first without."""

    def heads_after(self, issue: Headed | None, count: int) -> Sequence[Headed]:
        """The next issues after this one, oldest first; from the very first without."""

    def neighbours(self, issue: Headed) -> tuple[Headed | None, Headed | None]:
        """The issue before and the issue after."""

    def changed_at(self, first: int, last: int) -> Mapping[int, datetime]:
        """When the page of each issue from number `first` to `last` last changed."""

    def tips_in(self, issues: Iterable[IssueContent]) -> Mapping[str, PublishedTip]:
        """The issues' tips as they stand now, by entry id."""

    def feed_tips(self, slug: str | None, *, count: int, after: int) -> Sequence[PublishedTip]:
        """The `count` tips that changed last, and every one whose serial is above `after`; the latest change first.
        Withdrawn ones that have left the feeds are passed over.
        """

    def tips_numbered(self, slug: str | None, first: int, last: int) -> Sequence[PublishedTip]:
        """The tips whose serials are from `first` to `last`, the latest change first."""

    def last_serial(self, slug: str | None) -> int: ...

    def standing_tips(self, slug: str, count: int) -> Sequence[PublishedTip]:
        """The topic's newest tips that were not withdrawn, in the order of their appearance, newest issue first."""

    def topics(self) -> Mapping[str, str]:
        """The names of topics that have something to show, by slug, as each one's newest tip spells it."""


def has_left(published: PublishedTip, *, newest_issued_at: datetime) -> bool:
    """Whether a withdrawn tip has been in the feeds long enough for readers to hear of it."""
    withdrawal = published.withdrawal
    return withdrawal is not None and newest_issued_at >= withdrawal.withdrawn_at + timedelta(days=WITHDRAWAL_DAYS)
