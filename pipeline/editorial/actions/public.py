"""What readers see of the tips: written when an issue goes out, when a tip is corrected, and when it is withdrawn.

Each function is one step of another action, in that action's transaction and under the newsletter's lock, so that
places in history and changes are given out one after the other.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from pipeline.editorial.issue_content import topic_slug
from pipeline.editorial.models import Issue, PublicTip, Tip, TipRevision
from pipeline.editorial.search_rules import folded

STEP = timedelta(milliseconds=1)  # between the tips of one issue: the first is the latest, so that readers keep order
NOTE_SIZE = 500


def show_issue(*, issue: Issue) -> None:
    """Give the issue's tips their places. One that readers have keeps its own; in other words, it is corrected."""
    with transaction.atomic():
        places = list(issue.issue_tips.select_related("tip", "revision").order_by("position"))
        for after, place in zip(range(len(places) - 1, -1, -1), places, strict=True):
            known = PublicTip.objects.filter(tip=place.tip).first()
            if known is None:
                _appear(issue, place.tip, place.revision, updated_at=issue.slot_at + after * STEP)
            else:
                _appear_again(known, place.revision, at=issue.slot_at)


def show_correction(*, tip: Tip, revision: TipRevision, note: str, now: datetime) -> None:
    """From now on readers see `revision`, and the note that says what was wrong."""
    with transaction.atomic():
        _reword(PublicTip.objects.get(tip=tip), revision, note=note, at=now)


def show_withdrawal(*, tip: Tip, note: str, now: datetime) -> None:
    """Tell readers that the tip no longer stands. Does nothing for one that they never had."""
    with transaction.atomic():
        row = PublicTip.objects.filter(tip=tip).first()
        if row is not None:
            row.withdrawn_at, row.withdrawal_note = max(now, row.published_at), note[:NOTE_SIZE]
            _touch(row, at=row.withdrawn_at)
            row.save()


def _appear(issue: Issue, tip: Tip, revision: TipRevision, *, updated_at: datetime) -> None:
    newsletter_id, slug = issue.newsletter_id, topic_slug(revision.topic)
    PublicTip.objects.create(
        newsletter_id=newsletter_id,
        tip=tip,
        issue=issue,
        revision=revision,
        serial=_next("serial", newsletter_id=newsletter_id),
        topic_slug=slug,
        topic_serial=_next("topic_serial", newsletter_id=newsletter_id, topic_slug=slug),
        change=_next("change", newsletter_id=newsletter_id),
        published_at=issue.slot_at,
        updated_at=_free_instant(newsletter_id, updated_at),
        search_text=_search_text(revision),
    )


def _appear_again(row: PublicTip, revision: TipRevision, *, at: datetime) -> None:
    if row.revision.content_hash != revision.content_hash:
        _reword(row, revision, note="", at=at)
        return
    row.change = _next("change", newsletter_id=row.newsletter_id)  # the new issue's page is a change; the tip is not
    row.save(update_fields=["change"])


def _reword(row: PublicTip, revision: TipRevision, *, note: str, at: datetime) -> None:
    slug = topic_slug(revision.topic)
    if slug != row.topic_slug:
        row.former_topics = [*row.former_topics, [row.topic_slug, row.topic_serial]]
        row.topic_slug = slug
        row.topic_serial = _next("topic_serial", newsletter_id=row.newsletter_id, topic_slug=slug)
    row.revision, row.search_text = revision, _search_text(revision)
    row.corrected_at, row.correction_note = max(at, row.published_at), note[:NOTE_SIZE]
    _touch(row, at=row.corrected_at)
    row.save()


def _touch(row: PublicTip, *, at: datetime) -> None:
    """`updated_at` never goes back, and is no other tip's."""
    row.change = _next("change", newsletter_id=row.newsletter_id)
    row.updated_at = _free_instant(row.newsletter_id, max(at, row.updated_at + STEP))


def _next(field: str, **where: object) -> int:
    found: Mapping[str, int | None] = PublicTip.objects.filter(**where).aggregate(last=Max(field))
    return (found["last"] or 0) + 1


def _free_instant(newsletter_id: int, wanted: datetime) -> datetime:
    while PublicTip.objects.filter(newsletter_id=newsletter_id, updated_at=wanted).exists():
        wanted += STEP
    return wanted


def _search_text(revision: TipRevision) -> str:
    return folded(f"{revision.title}\n{revision.topic}\n{revision.text}")
