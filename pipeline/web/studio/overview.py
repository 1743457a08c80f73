"""The first page: what goes out next, how full the queue is, what waits for a decision."""

from collections.abc import Sequence
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from pipeline.clock import utc_now
from pipeline.delivery.models import Alert
from pipeline.editorial.issue_rules import OPEN_STATES
from pipeline.editorial.models import Issue, Tip, TipRevision
from pipeline.editorial.queries import queue_plan
from pipeline.editorial.queue_rules import Pick
from pipeline.editorial.tip_rules import TipState
from pipeline.publish.status import newsletter_status
from pipeline.web.studio.pages import newsletter_of, page, staff_page

ALERTS_SINCE = timedelta(days=7)


@staff_page
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    newsletter = newsletter_of(request)
    if newsletter is None:
        return page(request, "no_newsletter.html", "overview")
    now = utc_now()
    standing = newsletter_status(newsletter, now=now)
    issue = newsletter.issues.filter(state__in=OPEN_STATES).order_by("slot_at").first()
    plan = queue_plan(newsletter, now=now)
    coming = plan.issues[0] if plan.issues else None
    picks = _of_issue(issue) if issue else _of_plan(coming.picks if coming else ())
    return page(
        request,
        "overview.html",
        "overview",
        newsletter=newsletter,
        slot=standing.next_slot,
        end_note=standing.end_note,
        next_issue=issue,
        picks=picks,
        queued=standing.queued,
        held=standing.held,
        issues_left=sum(any(not pick.is_reused for pick in planned.picks) for planned in plan.issues),
        alerts=Alert.objects.filter(newsletter=newsletter, created_at__gte=now - ALERTS_SINCE).order_by("-pk")[:3],
        in_review=standing.tips.get(TipState.DRAFT, 0) + standing.tips.get(TipState.IN_REVIEW, 0),
        to_correct=Tip.objects.filter(pk__in=standing.to_correct).select_related("revision").order_by("pk"),
        confirmed=standing.subscriptions.get("confirmed", 0),
        pending=standing.subscriptions.get("pending", 0),
    )


def _of_issue(issue: Issue) -> list[dict[str, object]]:
    places = issue.issue_tips.select_related("revision").order_by("position")
    return [_row(place.tip_id, place.revision, place.why) for place in places]


def _of_plan(picks: Sequence[Pick]) -> list[dict[str, object]]:
    tips = Tip.objects.filter(pk__in=[pick.tip_id for pick in picks]).select_related("revision")
    revisions = {tip.pk: tip.revision for tip in tips if tip.revision is not None}
    return [_row(pick.tip_id, revisions[pick.tip_id], pick.why) for pick in picks]


def _row(tip_id: int, revision: TipRevision, why: str) -> dict[str, object]:
    return {"tip_id": tip_id, "title": revision.title, "topic": revision.topic, "why": why}
