"""The published content of one newsletter, read from the database piece by piece: what pages and feeds are made from.

Words come from where they are frozen: a tip's from its first issue's content, a corrected tip's from its approved
revision, whose hash is held to its words once more. Every question is answered from an index, and reads no more rows
than it returns.
"""

import uuid
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Max, Q, QuerySet

from pipeline.editorial.content import IssueContent, TipContent
from pipeline.editorial.issue_content import tip_content
from pipeline.editorial.issue_rules import IssueState
from pipeline.editorial.models import Issue, Newsletter, PublicTip
from pipeline.editorial.revisions import check_intact
from pipeline.render.published import WITHDRAWAL_DAYS, Correction, Headed, IssueHead, PublishedTip, Withdrawal

PUBLIC_STATES = (IssueState.PUBLISHING, IssueState.PUBLISHED)

_KEPT_ISSUES = 256  # whose content is kept for the next question; a run makes several feeds from the same few


class FeedsLibrary:
    """See `pipeline.render.published.Library` for what each method gives."""

    def __init__(self, newsletter: Newsletter) -> None:
        self.newsletter = newsletter
        self._issued: OrderedDict[int, tuple[int, Mapping[str, TipContent]]] = OrderedDict()

    @cached_property
    def newest_issued_at(self) -> datetime | None:
        newest = self._newest_first().values_list("slot_at", flat=True)[:1]
        return next(iter(newest), None)

    @cached_property
    def last_number(self) -> int:
        found = self._public().order_by("-number").values_list("number", flat=True)[:1]
        return next(iter(found), 0)

    def issues(self, numbers: Iterable[int]) -> list[IssueContent]:
        return self._contents(self._public().filter(number__in=list(numbers)).order_by("number"))

    def numbers(self, first: int, last: int) -> list[int]:
        found = self._public().filter(number__gte=first, number__lte=last).order_by("number")
        return list(found.values_list("number", flat=True))

    def newest_issues(self, count: int) -> list[IssueContent]:
        return self._contents(self._newest_first()[:count])

    def newest_heads(self, count: int) -> list[IssueHead]:
        return _heads(self._newest_first()[:count])

    def heads_numbered(self, first: int, last: int) -> list[IssueHead]:
        return _heads(self._newest_first().filter(number__gte=first, number__lte=last))

    def oldest_since(self, since: datetime | None) -> IssueHead | None:
        found = self._public() if since is None else self._public().filter(slot_at__gte=since)
        return next(iter(_heads(found.order_by("slot_at", "number")[:1])), None)

    def heads_after(self, issue: Headed | None, count: int) -> list[IssueHead]:
        later = self._public()
        if issue is not None:
            at, number = issue.issued_at, issue.number
            later = later.filter(Q(slot_at=at, number__gt=number) | Q(slot_at__gt=at), slot_at__gte=at)
        return _heads(later.order_by("slot_at", "number")[:count])

    def neighbours(self, issue: Headed) -> tuple[IssueHead | None, IssueHead | None]:
        at, number = issue.issued_at, issue.number
        before = self._newest_first().filter(Q(slot_at=at, number__lt=number) | Q(slot_at__lt=at), slot_at__lte=at)
        return next(iter(_heads(before[:1])), None), next(iter(self.heads_after(issue, 1)), None)

    def changed_at(self, first: int, last: int) -> dict[int, datetime]:
        rows = (
            self._public()
            .filter(number__gte=first, number__lte=last)
            .order_by("number")
            .annotate(tips_changed_at=Max("issue_tips__tip__public__updated_at"))
            .values_list("number", "slot_at", "tips_changed_at")
        )
        return {number: max(slot_at, changed_at or slot_at) for number, slot_at, changed_at in rows}

    def tips_in(self, issues: Iterable[IssueContent]) -> dict[str, PublishedTip]:
        ids = {uuid.UUID(tip.entry_id) for issue in issues for tip in issue.tips}
        return {item.tip.entry_id: item for item in self._published(self._rows().filter(tip__entry_id__in=ids))}

    def feed_tips(self, slug: str | None, *, count: int, after: int) -> list[PublishedTip]:
        shown = self._rows(slug).filter(self._in_feeds()).order_by("-updated_at")
        field = _serial_field(slug)
        newest = list(shown[:count])
        open_ones = shown.filter(**{f"{field}__gt": after}).exclude(pk__in=[row.pk for row in newest])
        return self._published(sorted([*newest, *open_ones], key=lambda row: row.updated_at, reverse=True))

    def tips_numbered(self, slug: str | None, first: int, last: int) -> list[PublishedTip]:
        field = _serial_field(slug)
        rows = self._rows(slug).filter(**{f"{field}__gte": first, f"{field}__lte": last}).order_by("-updated_at")
        return self._published(rows)

    def last_serial(self, slug: str | None) -> int:
        field = _serial_field(slug)
        return next(iter(self._rows(slug).order_by(f"-{field}").values_list(field, flat=True)[:1]), 0)

    def standing_tips(self, slug: str, count: int) -> list[PublishedTip]:
        standing = self._rows(slug).filter(withdrawn_at=None).order_by("-topic_serial")[:count]
        return self._published(sorted(standing, key=lambda row: (-row.published_at.timestamp(), row.serial)))

    def tips_with(self, words: Iterable[str], *, first: int, count: int) -> list[PublishedTip]:
        """Standing tips in whose folded words all of `words` occur, newest first, `count` of them from `first` on."""
        rows = self._rows().filter(withdrawn_at=None)
        for word in words:
            rows = rows.filter(search_text__contains=word)
        return self._published(rows.order_by("-serial")[first : first + count])

    def topics(self) -> dict[str, str]:
        found: dict[str, str] = {}
        slug = self._next_slug("")
        while slug:
            shown = self._rows(slug).filter(self._in_feeds()).order_by("-updated_at")
            for rows in (shown.filter(withdrawn_at=None), shown):
                named = next(iter(rows.values_list("revision__topic", flat=True)[:1]), None)
                if named is not None:
                    found[slug] = named
                    break
            slug = self._next_slug(slug)
        return found

    def _next_slug(self, slug: str) -> str:
        """The first topic's slug after `slug`: from index entry to index entry, whatever each topic holds."""
        found = PublicTip.objects.filter(newsletter=self.newsletter, topic_slug__gt=slug).order_by("topic_slug")
        return next(iter(found.values_list("topic_slug", flat=True)[:1]), "")

    def _public(self) -> QuerySet[Issue]:
        return Issue.objects.filter(newsletter=self.newsletter, state__in=PUBLIC_STATES)

    def _newest_first(self) -> QuerySet[Issue]:
        return self._public().order_by("-slot_at", "-number")

    def _rows(self, slug: str | None = None) -> QuerySet[PublicTip]:
        rows = PublicTip.objects.filter(newsletter=self.newsletter).select_related("tip")
        return rows if slug is None else rows.filter(topic_slug=slug)

    def _in_feeds(self) -> Q:
        """Standing, or withdrawn so lately that the feeds still say so."""
        if self.newest_issued_at is None:
            return Q()
        left_before = self.newest_issued_at - timedelta(days=WITHDRAWAL_DAYS)
        return Q(withdrawn_at=None) | Q(withdrawn_at__gt=left_before)

    def _published(self, rows: Iterable[PublicTip]) -> list[PublishedTip]:
        """The rows as values, in their order."""
        found = list(rows)
        issued = self._issued_in({row.issue_id for row in found})
        return [_value(row, *issued[row.issue_id]) for row in found]

    def _issued_in(self, issue_ids: set[int]) -> dict[int, tuple[int, Mapping[str, TipContent]]]:
        """(number, tips as they were frozen, by entry id) of each issue, by its row's id."""
        missing = issue_ids - self._issued.keys()
        rows = Issue.objects.filter(pk__in=missing).values_list("pk", "number", "content") if missing else ()
        read = {pk: (number, _tips(IssueContent.from_json(content))) for pk, number, content in rows}
        found = {pk: read.get(pk) or self._issued[pk] for pk in issue_ids}
        self._keep(read)
        return found

    def _contents(self, rows: QuerySet[Issue]) -> list[IssueContent]:
        """The issues' content, in the rows' order; kept, as their tips are asked for next."""
        found = {pk: IssueContent.from_json(content) for pk, content in rows.values_list("pk", "content")}
        self._keep({pk: (issue.number, _tips(issue)) for pk, issue in found.items()})
        return list(found.values())

    def _keep(self, read: Mapping[int, tuple[int, Mapping[str, TipContent]]]) -> None:
        self._issued.update(read)
        while len(self._issued) > _KEPT_ISSUES:
            self._issued.popitem(last=False)


def _tips(issue: IssueContent) -> Mapping[str, TipContent]:
    return {tip.entry_id: tip for tip in issue.tips}


def _value(row: PublicTip, number: int, issued: Mapping[str, TipContent]) -> PublishedTip:
    tip, correction = issued[f"urn:uuid:{row.tip.entry_id}"], None
    if row.corrected_at is not None:
        tip = _corrected(row, tip)
        correction = Correction(tip, row.corrected_at, row.correction_note)
    withdrawal = Withdrawal(tip.entry_id, row.withdrawn_at, row.withdrawal_note) if row.withdrawn_at else None
    return PublishedTip(
        tip, number, row.published_at, row.updated_at, correction, withdrawal, row.serial, row.topic_serial
    )


def _corrected(row: PublicTip, issued: TipContent) -> TipContent:
    check_intact(row.revision)
    return tip_content(row.tip, row.revision, permalink=issued.permalink)


def _serial_field(slug: str | None) -> str:
    return "serial" if slug is None else "topic_serial"


def _heads(rows: QuerySet[Issue]) -> list[IssueHead]:
    return [IssueHead(*values) for values in rows.values_list("number", "subject", "slot_at")]
