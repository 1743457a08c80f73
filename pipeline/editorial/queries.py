"""Reading what the editorial stage holds, as the pure rules take it: the newsletter's rules, the queue, what was sent.

The schedule and its slots are read in `timetables`; the names that everybody uses are here as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from django.db.models import Max, Q

from pipeline.editorial import timetable_rules
from pipeline.editorial.advice_rules import same_advice
from pipeline.editorial.issue_rules import IssueState, plain_text
from pipeline.editorial.models import Issue, IssueTip, Newsletter, NewsletterRuleSet, QueueEntry, Tip
from pipeline.editorial.newsletter_rules import NewsletterRules, rule_names
from pipeline.editorial.outlook_rules import ComposedIssue, Outlook, OutlookTip, outlook
from pipeline.editorial.queue_rules import Policy, QueuedTip, QueuePlan, SentTip, plan
from pipeline.editorial.revisions import current_revision
from pipeline.editorial.suggestion_rules import preheaders, subjects
from pipeline.editorial.timetables import end_note, timetable_of
from pipeline.editorial.timetables import free_slots as free_slots
from pipeline.editorial.timetables import rule_of as rule_of
from pipeline.editorial.timetables import zone_name as zone_name
from pipeline.editorial.tip_rules import TipState

_BROUGHT_FORWARD_AT_MOST = timedelta(days=62)
PLAN_DAYS = 730  # how far ahead a queued tip's expected date is looked for


def local_day(newsletter: Newsletter, now: datetime) -> date:
    """The day that it is where the newsletter's times are told."""
    return now.astimezone(ZoneInfo(zone_name(newsletter))).date()


def rules_of(newsletter: Newsletter) -> NewsletterRules:
    """The newsletter's rules; the defaults where nobody has changed any."""
    row = NewsletterRuleSet.objects.filter(newsletter=newsletter).first()
    return NewsletterRules(**{name: getattr(row, name) for name in rule_names()}) if row else NewsletterRules()


def policy_of(newsletter: Newsletter) -> Policy:
    """What the newsletter's rules say of choosing tips."""
    rules = rules_of(newsletter)
    return Policy(
        count=newsletter.tips_per_issue,
        order=rules.order,
        spread_topics=rules.spread_topics,
        same_advice_days=rules.same_advice_days,
        short_queue=rules.short_queue,
        reuse_after_months=rules.reuse_after_months,
    )


def queue_of(newsletter: Newsletter) -> list[QueuedTip]:
    """The newsletter's queue, in its order."""
    entries = QueueEntry.objects.filter(tip__newsletter=newsletter).select_related("tip__revision")
    ordered = entries.order_by("-priority", "position", "pk")
    return [_queued(entry, rank) for rank, entry in enumerate(ordered, start=1)]


def place_of(tip_id: int) -> int:
    """The tip's place in its newsletter's queue, counted from 1; 1 for one that is not in it."""
    entries = QueueEntry.objects.filter(tip__newsletter__tips__pk=tip_id).order_by("-priority", "position", "pk")
    order = list(entries.values_list("tip_id", flat=True))
    return order.index(tip_id) + 1 if tip_id in order else 1


def _queued(entry: QueueEntry, rank: int) -> QueuedTip:
    revision = current_revision(entry.tip)
    return QueuedTip(
        tip_id=entry.tip_id,
        rank=rank,
        title=revision.title,
        topic=revision.topic,
        held=entry.held,
        not_before=revision.not_before,
        not_after=revision.not_after,
        priority=entry.priority,
        queued_at=entry.queued_at,
    )


def choosable(newsletter: Newsletter, *, on: date) -> tuple[list[QueuedTip], list[SentTip]]:
    """The queue, and the tips that readers have and that the choice for `on` or a later day must know of; each with
    the tips of the same advice.
    """
    policy = policy_of(newsletter)
    queue, sent = queue_of(newsletter), list[SentTip]()
    texts: dict[int, str] = {}
    for tip, text in _sent(newsletter, policy, on):
        sent.append(tip)
        texts[tip.tip_id] = text
    if policy.same_advice_days <= 0 or not queue:
        return queue, sent
    entries = QueueEntry.objects.filter(tip__newsletter=newsletter)
    texts |= dict(entries.values_list("tip_id", "tip__revision__text"))
    alike = same_advice(tuple(sorted((tip_id, plain_text(text)) for tip_id, text in texts.items())))
    none: frozenset[int] = frozenset()
    return (
        [replace(tip, alike=alike.get(tip.tip_id, none)) for tip in queue],
        [replace(tip, alike=alike.get(tip.tip_id, none)) for tip in sent],
    )


def _sent(newsletter: Newsletter, policy: Policy, on: date) -> Iterator[tuple[SentTip, str]]:
    """Tips that went out lately, or are to go out; and, where tips may be reused, all that could be. With the text."""
    zone = ZoneInfo(zone_name(newsletter))
    wanted = Q(last_at__gte=datetime.combine(on, time(), zone) - timedelta(days=policy.same_advice_days))
    if policy.short_queue == "reuse":
        wanted |= Q(tip__state=TipState.PUBLISHED)
    places = (
        IssueTip.objects.filter(issue__newsletter=newsletter)
        .exclude(issue__state=IssueState.CANCELLED)
        .values("tip_id", "tip__state", "tip__revision__title", "tip__revision__topic", "tip__revision__text")
        .annotate(last_at=Max("issue__slot_at"))
        .filter(wanted)
        .order_by("last_at", "tip_id")
    )
    for row in places:
        tip = SentTip(
            tip_id=row["tip_id"],
            title=row["tip__revision__title"],
            topic=row["tip__revision__topic"],
            sent_on=row["last_at"].astimezone(zone).date(),
            may_be_reused=row["tip__state"] == TipState.PUBLISHED,
        )
        yield tip, row["tip__revision__text"]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What an issue's subject and preheader could be, made from its tips."""

    subjects: tuple[str, ...]
    preheaders: tuple[str, ...]


def suggestions(issue: Issue) -> Suggestions:
    """For the tips that the issue holds now."""
    places = issue.issue_tips.select_related("revision").order_by("position")
    titles, texts = [place.revision.title for place in places], [place.revision.text for place in places]
    region = issue.newsletter.claims_region
    return Suggestions(
        tuple(subjects(titles, texts, region=region)),
        tuple(preheaders(titles, texts, subject=issue.subject, region=region)),
    )


def queue_plan(newsletter: Newsletter, *, now: datetime) -> QueuePlan:
    """What the issues of the coming PLAN_DAYS days would take from the queue as it stands."""
    queue, sent = choosable(newsletter, on=local_day(newsletter, now))
    return _plan(newsletter, queue, sent, now=now, until=now + timedelta(days=PLAN_DAYS))


def _plan(
    newsletter: Newsletter, queue: list[QueuedTip], sent: list[SentTip], *, now: datetime, until: datetime
) -> QueuePlan:
    slots = takewhile(lambda slot: slot.at_utc < until, free_slots(newsletter, after=now))
    return plan(queue, slots, policy=policy_of(newsletter), sent=sent)


def outlook_of(newsletter: Newsletter, *, now: datetime, until: datetime) -> Outlook:
    """What is due from `now` to `until` (both aware), what would go out then, and when topics run dry."""
    queue, sent = choosable(newsletter, on=local_day(newsletter, now))
    return outlook(
        timetable_rules.occurrences(timetable_of(newsletter), now),
        until=until,
        plan=_plan(newsletter, queue, sent, now=now, until=until),
        queue=queue,
        issues=_issues_to_come(newsletter, now=now, until=until),
        past={tip.tip_id: tip for tip in sent},
        topics_known=_topics_known(newsletter),
        end_note=end_note(newsletter, now=now),
    )


def _issues_to_come(newsletter: Newsletter, *, now: datetime, until: datetime) -> list[ComposedIssue]:
    """The issues that go out until then, and those whose slot is still to come though they are out, or cancelled."""
    zone = ZoneInfo(zone_name(newsletter))
    around = newsletter.issues.filter(slot_at__gt=now - _BROUGHT_FORWARD_AT_MOST, slot_at__lt=until)
    return [
        ComposedIssue(
            issue.number, issue.state, issue.subject, issue.slot_key, issue.slot_at.astimezone(zone), issue.slot_at,
            issue.held_reason, issue.slot_at > now and issue.state != IssueState.CANCELLED, _tips_of(issue),
        )
        for issue in around.prefetch_related("issue_tips__revision").order_by("slot_at")
    ]  # fmt: skip


def _tips_of(issue: Issue) -> tuple[OutlookTip, ...]:
    return tuple(
        OutlookTip(place.tip_id, place.revision.title, place.revision.topic, place.why)
        for place in issue.issue_tips.all()
    )


def _topics_known(newsletter: Newsletter) -> dict[str, date]:
    """The topics that readers have had, each with the local day of its last tip."""
    zone = ZoneInfo(zone_name(newsletter))
    published = Tip.objects.filter(newsletter=newsletter, state=TipState.PUBLISHED, published_at__isnull=False)
    topics = published.values_list("revision__topic").annotate(last_at=Max("published_at"))
    return {topic: last_at.astimezone(zone).date() for topic, last_at in topics.order_by("last_at")}
