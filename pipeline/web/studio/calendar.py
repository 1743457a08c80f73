"""The calendar: a month of slots, with what went out at each, or would; and when topics run dry."""

import calendar
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from pipeline.clock import utc_now
from pipeline.editorial.issue_rules import IssueState
from pipeline.editorial.models import Issue, Newsletter
from pipeline.editorial.outlook_rules import OutlookSlot, Standing
from pipeline.editorial.queries import PLAN_DAYS, outlook_of
from pipeline.editorial.timetables import zone_name
from pipeline.web.studio.pages import newsletter_of, page, staff_page

TONES = {
    IssueState.APPROVED: "good",
    IssueState.PUBLISHING: "good",
    IssueState.PUBLISHED: "good",
    IssueState.HELD: "bad",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One slot, or one issue of the past, as a day of the calendar shows it. `number` is None without an issue."""

    local_at: datetime
    at_utc: datetime
    word: str
    tone: str
    number: int | None = None
    subject: str = ""
    titles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@staff_page
@require_safe
def month(request: HttpRequest) -> HttpResponse:
    newsletter = newsletter_of(request)
    if newsletter is None:
        return page(request, "no_newsletter.html", "calendar")
    now = utc_now()
    zone = ZoneInfo(zone_name(newsletter))
    today = now.astimezone(zone).date()
    last = today + timedelta(days=PLAN_DAYS - 31)
    first = min(_asked_for(request.GET.get("month", ""), today), last.replace(day=1))
    following = (first + timedelta(days=31)).replace(day=1)
    until = datetime.combine(following, time(0), zone)
    outlook = outlook_of(newsletter, now=now, until=max(until, now))
    entries = _past(newsletter, first, following, now=now, zone=zone)
    for slot in outlook.slots:
        entries[slot.local_at.date()].append(_entry(slot))
    return page(
        request,
        "calendar.html",
        "calendar",
        newsletter=newsletter,
        first=first,
        today=today,
        weeks=[[(day, entries.get(day, [])) for day in week] for week in _weeks(first)],
        before=(first - timedelta(days=1)).replace(day=1),
        after=following if following <= last else None,
        is_empty=not any(day.month == first.month and found for day, found in entries.items()),
        topics=outlook.topics if first > today - timedelta(days=31) else (),
        until=following - timedelta(days=1),
        end_note=outlook.end_note,
    )


def _asked_for(text: str, today: date) -> date:
    """The first day of the month in the address; this month's where it names none that there is."""
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text)
    return date(int(found[1]), int(found[2]), 1) if found else today.replace(day=1)


def _weeks(first: date) -> list[list[date]]:
    return calendar.Calendar(calendar.MONDAY).monthdatescalendar(first.year, first.month)


def _past(
    newsletter: Newsletter, first: date, following: date, *, now: datetime, zone: ZoneInfo
) -> dict[date, list[Entry]]:
    """The issues of the month whose time is over, by their local day."""
    begins, ends = (datetime.combine(day, time(0), zone) for day in (first, following))
    issues = newsletter.issues.filter(slot_at__gte=begins, slot_at__lt=min(ends, now)).order_by("slot_at")
    entries: dict[date, list[Entry]] = defaultdict(list)
    for issue in issues:
        entry = _of_issue(issue, zone)
        entries[entry.local_at.date()].append(entry)
    return entries


def _of_issue(issue: Issue, zone: ZoneInfo) -> Entry:
    held = (f"Held: {issue.held_reason}",) if issue.held_reason else ()
    tone = TONES.get(IssueState(issue.state), "")
    local_at = issue.slot_at.astimezone(zone)
    return Entry(local_at, issue.slot_at, issue.state, tone, issue.number, issue.subject, notes=held)


def _entry(slot: OutlookSlot) -> Entry:
    titles = tuple(tip.title for tip in slot.tips)
    if slot.issue is not None:
        tone = TONES.get(IssueState(slot.issue.state), "")
        return Entry(
            slot.local_at,
            slot.at_utc,
            slot.issue.state,
            tone,
            slot.issue.number,
            slot.issue.subject,
            titles,
            slot.notes,
        )
    words: Mapping[Standing, tuple[str, str]] = {
        Standing.PLANNED: ("foreseen", ""),
        Standing.EMPTY: ("nothing to send", "warn"),
        Standing.SKIPPED: ("no issue", ""),
    }
    word, tone = words[slot.standing]
    notes = (f"{slot.skipped[:1].upper()}{slot.skipped[1:]}", *slot.notes) if slot.skipped else slot.notes
    return Entry(slot.local_at, slot.at_utc, word, tone, titles=titles, notes=notes)
