"""What needs a person just now, read from what is stored: each occasion with a key that stays while it lasts.

Looked at by every tick, so that each question is asked only where something cheap to see says that it may matter.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Exists, OuterRef, Q

from pipeline.audit.models import AuditEntry
from pipeline.delivery.actions.alerts import Occasion
from pipeline.delivery.complaints import complaint_counts
from pipeline.delivery.event_rules import EventKind
from pipeline.delivery.models import Alert, AlertKind, Delivery, Message, MessageState, ProviderEvent
from pipeline.editorial.changed_sources import open_changes
from pipeline.editorial.models import Document, Issue, IssueState, Newsletter, Tip
from pipeline.editorial.newsletter_rules import NewsletterRules
from pipeline.editorial.queries import choosable, local_day, policy_of
from pipeline.editorial.queue_rules import in_words, plan
from pipeline.editorial.slots import Slot
from pipeline.editorial.timetables import free_slots

RECENT = timedelta(days=1)  # how long ago something can have happened that was not told of yet: a day without ticks
TIPS_NAMED = 5


def occasions(newsletter: Newsletter, rules: NewsletterRules, *, now: datetime) -> Iterator[Occasion]:
    """Everything that the newsletter's rules ask to be told of, whether or not it was told before."""
    if rules.alert_queue_issues:
        yield from _queue_short(newsletter, rules.alert_queue_issues, now)
    if rules.alert_slot_held:
        yield from _held(newsletter)
        yield from _without_issue(newsletter, now)
        yield from _stopped(newsletter)
    if rules.alert_tip_expired:
        yield from _expired(newsletter, now)
    if rules.alert_source_changed:
        yield from _sources(newsletter, now)
    if rules.alert_complaints:
        yield from _complaints(newsletter, rules.alert_complaints, now)


def _queue_short(newsletter: Newsletter, issues: int, now: datetime) -> Iterator[Occasion]:
    slots = list(islice(free_slots(newsletter, after=now), issues))
    if not slots:
        return
    queue, sent = choosable(newsletter, on=local_day(newsletter, now))
    short = plan(queue, slots, policy=policy_of(newsletter), sent=sent).first_short
    if short is None:
        return
    full = slots.index(short)
    yield Occasion(
        AlertKind.QUEUE_SHORT,
        f"queue:{newsletter.pk}:{short.key}",
        f"The queue holds {_counted(full, 'issue')}",
        f"For the issue of {_said(short)} too few tips are free. Approve some in the studio, or with: run.py tips list",
    )


def _held(newsletter: Newsletter) -> Iterator[Occasion]:
    for issue in Issue.objects.filter(newsletter=newsletter, state=IssueState.HELD):
        since = _last_entry("issue", issue.pk, "issue.hold")
        yield Occasion(
            AlertKind.SLOT_HELD,
            f"held:{issue.pk}:{since}",
            f"Issue {issue.number} is held",
            f"{issue.held_reason} It does not go out until somebody approves it, or cancels it.",
        )


def _without_issue(newsletter: Newsletter, now: datetime) -> Iterator[Occasion]:
    """The coming slot, if its issue should have been composed by now and there is none."""
    slot = next(free_slots(newsletter, after=now), None)
    lead = timedelta(minutes=newsletter.lead_time_minutes)
    if slot is not None and slot.at_utc - lead <= now:
        yield Occasion(
            AlertKind.SLOT_HELD,
            f"without:{newsletter.pk}:{slot.key}",
            f"No issue for {in_words(slot.local.date())}",
            f"For the slot of {_said(slot)} there is no issue: the queue has too few tips. Approve some; until "
            "the slot one is composed as soon as it can be.",
        )


def _stopped(newsletter: Newsletter) -> Iterator[Occasion]:
    """Mail that stopped by itself; not what a person paused."""
    stopped = Message.objects.filter(issue__newsletter=newsletter, state=MessageState.PAUSED).exclude(held_reason="")
    for message in stopped.defer("compiled").select_related("issue"):
        number = message.issue.number if message.issue else 0
        since = _last_entry("message", message.pk, "message.paused")
        yield Occasion(
            AlertKind.SLOT_HELD,
            f"stopped:{message.pk}:{since}",
            f"The mail of issue {number} stopped",
            f"{message.held_reason}. Look at it in the studio, then resume or cancel it.",
        )


def _expired(newsletter: Newsletter, now: datetime) -> Iterator[Occasion]:
    entries = AuditEntry.objects.filter(subject_kind="tip", action="tip.expire", at__gte=now - RECENT)
    for entry in entries.order_by("pk"):
        tip = Tip.objects.filter(pk=int(entry.subject_id), newsletter=newsletter).select_related("revision").first()
        if tip is not None and tip.revision is not None:
            yield Occasion(
                AlertKind.TIP_EXPIRED,
                f"expired:{entry.pk}",
                f"“{tip.revision.title}” left the queue",
                f"Tip {tip.pk} did not go out in time: {entry.detail.get('reason', '')}. With a later last day it can "
                "be approved and queued again.",
            )


def _sources(newsletter: Newsletter, now: datetime) -> Iterator[Occasion]:
    older = Document.objects.filter(location=OuterRef("location"), ingested_at__lt=OuterRef("ingested_at"))
    changed = Document.objects.filter(
        Q(gone_at__gte=now - RECENT) | (Q(current_since__gte=now - RECENT) & Q(Exists(older)))
    )
    for document in changed.defer("text").order_by("pk"):
        key = f"source:{newsletter.pk}:{document.pk}:{document.gone_at or document.current_since:%Y%m%dT%H%M%S}"
        tips = (
            []
            if Alert.objects.filter(key=key).exists()
            else sorted(open_changes(newsletter, location=document.location))
        )
        if tips:
            named = ", ".join(map(str, tips[:TIPS_NAMED]))
            more = f" and {len(tips) - TIPS_NAMED} more" if len(tips) > TIPS_NAMED else ""
            yield Occasion(
                AlertKind.SOURCE_CHANGED,
                key,
                f"{document.name} {'is gone' if document.gone_at else 'was changed'}",
                f"{_counted(len(tips), 'tip')} rest on words that it does not hold any more: {named}{more}. Those not "
                "yet published went back to review; look at the others: run.py tips list --needs-correction",
            )


def _complaints(newsletter: Newsletter, limit: int, now: datetime) -> Iterator[Occasion]:
    """Per 10,000 accepted deliveries; one alert for each issue after which there are too many."""
    here = newsletter.mailing_list_id
    fresh = ProviderEvent.objects.filter(kind=EventKind.COMPLAINT, received_at__gte=now - RECENT)
    deliveries = list(fresh.exclude(delivery=None).values_list("delivery_id", flat=True))
    if not Delivery.objects.filter(pk__in=deliveries, message__mailing_list_id=here).exists():
        return
    last = newsletter.issues.filter(state__in=[IssueState.PUBLISHING, IssueState.PUBLISHED]).order_by("number").last()
    key = f"complaints:{newsletter.pk}:{last.number if last else 0}"
    if Alert.objects.filter(key=key).exists():
        return
    complaints, accepted = complaint_counts(here, now=now)
    if accepted and complaints * 10_000 >= limit * accepted:
        yield Occasion(
            AlertKind.COMPLAINTS,
            key,
            f"{_counted(complaints, 'reader')} complained",
            f"{complaints} of {accepted} mails of the last 30 days were reported as unwanted. Mailbox providers begin "
            "to refuse a sender at about 10 in 10,000: look at who was added, and how.",
        )


def _last_entry(kind: str, subject_id: int, action: str) -> int:
    """The audit log's line of when this began: held a second time, it is another occasion."""
    entries = AuditEntry.objects.filter(subject_kind=kind, subject_id=str(subject_id), action=action)
    return entries.order_by("-pk").values_list("pk", flat=True).first() or 0


def _said(slot: Slot) -> str:
    return f"{in_words(slot.local.date())}, {slot.local:%H:%M} ({slot.at_utc:%H:%M} UTC)"


def _counted(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"
