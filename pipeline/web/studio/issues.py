"""Issues: what went out, what is next, and the mail itself."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from pipeline.clock import utc_now
from pipeline.delivery.models import Message
from pipeline.delivery.sums import sums
from pipeline.editorial.issue_rules import SENT_STATES, IssueState
from pipeline.editorial.models import Issue
from pipeline.editorial.queries import zone_name
from pipeline.errors import TipsheetError
from pipeline.publish.clicks import clicks_of
from pipeline.publish.issues import Look, look_at, look_at_next
from pipeline.publish.overrides import override_of
from pipeline.publish.previews import filled, with_pictures_inside
from pipeline.publish.publishing import approve_by_person
from pipeline.render.links import issue_path
from pipeline.web.studio.issue_changes import workbench
from pipeline.web.studio.mail_frame import mail_frame, no_mail
from pipeline.web.studio.pages import actor_of, newsletter_of, page, staff_page, tell

ISSUES_SHOWN = 50


@staff_page
@require_safe
def issue_list(request: HttpRequest) -> HttpResponse:
    newsletter = newsletter_of(request)
    if newsletter is None:
        return page(request, "no_newsletter.html", "issues")
    zone = ZoneInfo(zone_name(newsletter))
    issues = newsletter.issues.order_by("-number")[:ISSUES_SHOWN]
    messages = {message.issue_id: message for message in Message.objects.filter(issue__in=[i.pk for i in issues])}
    rows = [
        {
            "issue": issue,
            "local": issue.slot_at.astimezone(zone),
            "sums": sums(messages[issue.pk]) if issue.pk in messages and messages[issue.pk].planned_at else None,
        }
        for issue in issues
    ]
    return page(request, "issues.html", "issues", newsletter=newsletter, rows=rows)


def _look_page(request: HttpRequest, look: Look | None, problem: str, **context: object) -> HttpResponse:
    shown = {
        "heading": f"Issue {look.number}" if look else "The next issue",
        "kicker": f"Issue {look.number}" if look else "The next issue",
        "subject": look.content.subject if look else "Nothing to show yet",
        "preheader": look.content.preheader if look else "",
        "findings": look.findings if look else (),
        "preflighted": look is not None,
        "problem": problem,
    }
    return page(request, "issue.html", "issues", **(shown | context))


@staff_page
@require_safe
def next_issue(request: HttpRequest) -> HttpResponse:
    newsletter = newsletter_of(request)
    if newsletter is None:
        return page(request, "no_newsletter.html", "issues")
    try:
        look = look_at_next(newsletter, config=settings.CONFIG, now=utc_now())
    except TipsheetError as error:
        return _look_page(request, None, str(error), newsletter=newsletter)
    return _look_page(request, look, "", newsletter=newsletter, frame_url=reverse("studio:next-mail"))


@staff_page
@require_safe
def next_mail(request: HttpRequest) -> HttpResponse:
    newsletter = newsletter_of(request)
    if newsletter is None:
        return no_mail("There is no newsletter yet.")
    try:
        look = look_at_next(newsletter, config=settings.CONFIG, now=utc_now())
    except TipsheetError as error:
        return no_mail(str(error))
    return mail_frame(_as_shown(look))


def _as_shown(look: Look) -> str:
    """The mail as an example reader sees it, with the pictures of this installation."""
    newsletter = look.content.newsletter
    html = filled(look.uncounted.html, language=newsletter.language)
    return with_pictures_inside(html, newsletter, config=settings.CONFIG)


def _found(request: HttpRequest, number: int) -> Issue:
    return get_object_or_404(
        Issue.objects.select_related("newsletter"), newsletter=newsletter_of(request), number=number
    )


@staff_page
@require_safe
def issue(request: HttpRequest, number: int) -> HttpResponse:
    found = _found(request, number)
    context = {"newsletter": found.newsletter, "state": found.state, "number": number} | workbench(found)
    try:
        look = look_at(found, config=settings.CONFIG)
    except TipsheetError as error:
        return _look_page(request, None, str(error), **context)
    is_public = found.state in SENT_STATES
    clicks = clicks_of(found)
    return _look_page(
        request,
        look,
        found.held_reason,
        **context,
        frame_url=reverse("studio:issue-mail", args=[number]),
        clicks=clicks,
        all_clicks=sum(link.clicks for link in clicks),
        page_url=f"/{found.newsletter.slug}/{issue_path(number)}" if is_public else "",
        can_approve=found.state in {IssueState.COMPOSED, IssueState.HELD},
        blocked=[finding for finding in look.findings if finding.blocks],
        can_override=all(finding.may_override for finding in look.findings if finding.blocks),
        content_hash=look.content.content_hash,
        override=override_of(found),
    )


@staff_page
@require_safe
def mail(request: HttpRequest, number: int) -> HttpResponse:
    found = _found(request, number)
    try:
        look = look_at(found, config=settings.CONFIG)
    except TipsheetError as error:
        return no_mail(str(error))
    return mail_frame(_as_shown(look))


@staff_page
@require_POST
def approve(request: HttpRequest, number: int) -> HttpResponse:
    found, actor = _found(request, number), actor_of(request)
    override, seen = request.POST.get("override", ""), request.POST.get("content_hash", "")
    tell(
        request,
        lambda: approve_by_person(
            found, config=settings.CONFIG, now=utc_now(), actor=actor, override=override, seen_hash=seen
        ),
        f"Issue {number} is approved and frozen: what you saw is what is sent.",
    )
    return redirect("studio:issue", number=number)
