"""Changing an issue in the studio: its words, its tips, and whether and when it goes on."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from pipeline.clock import utc_now
from pipeline.delivery.models import Message, MessageState
from pipeline.editorial.actions import issues as actions
from pipeline.editorial.issue_rules import OPEN_STATES, IssueState
from pipeline.editorial.models import Issue, Tip
from pipeline.editorial.queries import queue_of, suggestions
from pipeline.editorial.tip_rules import TipState
from pipeline.publish import publishing
from pipeline.web.studio.pages import actor_of, newsletter_of, staff_page, tell

REUSABLE_SHOWN = 50  # published tips offered for an issue, those that went out longest ago first

_GOING = frozenset({IssueState.COMPOSED, IssueState.APPROVED})


@staff_page
@require_POST
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Do what the pressed button says, and show the issue again."""
    issue = get_object_or_404(
        Issue.objects.select_related("newsletter"), newsletter=newsletter_of(request), number=number
    )
    deed = DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        return HttpResponse("There is no such change.", status=400, content_type="text/plain; charset=utf-8")
    act, done = deed
    said: list[str] = []
    if tell(request, lambda: said.append(act(issue, request)), done) and request.POST["do"] == "cancel":
        return redirect("studio:issues")
    return redirect("studio:issue", number=number)


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"now": utc_now(), "actor": actor_of(request)}


def _edit(issue: Issue, request: HttpRequest) -> str:
    given = request.POST.get
    actions.edit(
        issue_id=issue.pk,
        subject=given("subject"),
        preheader=given("preheader"),
        intro=given("intro"),
        now=utc_now(),
        actor=actor_of(request),
    )
    return ""


def _swap(issue: Issue, request: HttpRequest) -> str:
    actions.swap(issue_id=issue.pk, out_tip_id=_tip(request, "out"), in_tip_id=_tip(request, "in"), **_who(request))
    return ""


def _add(issue: Issue, request: HttpRequest) -> str:
    actions.add_tip(issue_id=issue.pk, tip_id=_tip(request, "in"), **_who(request))
    return ""


def _remove(issue: Issue, request: HttpRequest) -> str:
    actions.remove_tip(issue_id=issue.pk, tip_id=_tip(request, "out"), **_who(request))
    return ""


def _pause(issue: Issue, request: HttpRequest) -> str:
    return publishing.pause(issue, **_who(request))


def _resume(issue: Issue, request: HttpRequest) -> str:
    return publishing.resume(issue, **_who(request))


def _cancel(issue: Issue, request: HttpRequest) -> str:
    return publishing.cancel(issue, reason=request.POST.get("reason", ""), **_who(request))


def _tip(request: HttpRequest, name: str) -> int:
    """The tip that was chosen; 0, which is none, where nothing was."""
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else 0


Deed = Callable[[Issue, HttpRequest], str]
DEEDS: dict[str, tuple[Deed, str]] = {
    "edit": (_edit, "Kept."),
    "swap": (_swap, "Swapped. The other tip is back at the head of the queue."),
    "add": (_add, "Added at the end."),
    "remove": (_remove, "Taken out; it is back at the head of the queue."),
    "pause": (_pause, "It is kept back."),
    "resume": (_resume, "It can go on."),
    "cancel": (_cancel, "It is cancelled."),
}


def workbench(issue: Issue) -> dict[str, Any]:
    """What an issue's page needs for changing it: its tips and why, what was passed over, and what can be done."""
    message = Message.objects.filter(issue=issue).defer("compiled").first()
    is_open = issue.state in OPEN_STATES
    return {
        "places": issue.issue_tips.select_related("revision", "tip").order_by("position"),
        "passed_over": _passed_over(issue),
        "not_reached": issue.choice.get("not_reached", 0),
        "shortage": issue.choice.get("shortage", ""),
        "is_open": is_open,
        "issue": issue,
        "suggestions": suggestions(issue) if is_open else None,
        "waiting": queue_of(issue.newsletter) if is_open else [],
        "reusable": _reusable(issue) if is_open else [],
        "can_pause": issue.state in _GOING or _is(message, MessageState.OPEN, issue),
        "can_resume": issue.state == IssueState.HELD or _is(message, MessageState.PAUSED, issue),
        "can_cancel": is_open or issue.state == IssueState.PUBLISHING,
        "is_sending": issue.state == IssueState.PUBLISHING,
        "mail_held": message.held_reason if message is not None and message.state == MessageState.PAUSED else "",
    }


def _is(message: Message | None, state: MessageState, issue: Issue) -> bool:
    return message is not None and message.state == state and issue.state == IssueState.PUBLISHING


def _passed_over(issue: Issue) -> list[dict[str, Any]]:
    rows = issue.choice.get("passed_over", [])
    tips = Tip.objects.filter(pk__in=[row["tip"] for row in rows]).select_related("revision")
    titles = {tip.pk: tip.revision.title for tip in tips if tip.revision is not None}
    return [row | {"title": titles.get(row["tip"], f"Tip {row['tip']}")} for row in rows]


def _reusable(issue: Issue) -> list[Tip]:
    published = Tip.objects.filter(newsletter_id=issue.newsletter_id, state=TipState.PUBLISHED)
    return list(published.select_related("revision").order_by("published_at", "pk")[:REUSABLE_SHOWN])
