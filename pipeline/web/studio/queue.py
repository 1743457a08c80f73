"""The queue: its order, and when each tip is expected to go out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from pipeline.clock import utc_now
from pipeline.editorial.actions import queue as actions
from pipeline.editorial.models import Newsletter, QueueEntry
from pipeline.editorial.queries import queue_of, queue_plan, rule_of
from pipeline.editorial.queue_rules import PRIORITIES
from pipeline.editorial.recurrence_words import describe
from pipeline.web.studio.pages import actor_of, newsletter_of, page, staff_page, tell


def _rows(newsletter: Newsletter) -> list[dict[str, object]]:
    plan = queue_plan(newsletter, now=utc_now())
    whys = {pick.tip_id: pick.why for issue in plan.issues for pick in issue.picks}
    return [
        {
            "tip_id": tip.tip_id,
            "title": tip.title,
            "topic": tip.topic,
            "held": tip.held,
            "place": tip.rank,
            "priority": tip.priority,
            "slot": plan.slot_of(tip.tip_id),
            "why": whys.get(tip.tip_id, ""),
            "waiting": plan.waiting.get(tip.tip_id, ""),
        }
        for tip in queue_of(newsletter)
    ]


@staff_page
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    newsletter = newsletter_of(request)
    if newsletter is None:
        return page(request, "no_newsletter.html", "queue")
    rule = rule_of(newsletter)
    words = describe(rule) if rule is not None else ""
    return page(
        request, "queue.html", "queue", newsletter=newsletter, rows=_rows(newsletter), rule=words,
        priorities=PRIORITIES.items(),
    )  # fmt: skip


@staff_page
@require_POST
def move(request: HttpRequest, tip_id: int) -> HttpResponse:
    """Up, down, hold, release or drop; answers htmx with the new list, a plain form with the page."""
    entry = get_object_or_404(QueueEntry.objects.select_related("tip__newsletter"), tip_id=tip_id)
    newsletter, now, actor = entry.tip.newsletter, utc_now(), actor_of(request)
    order = [tip.tip_id for tip in queue_of(newsletter)]
    place = order.index(tip_id) + 1
    level = request.POST.get("priority", "")
    steps = {
        "top": (lambda: actions.move(tip_id=tip_id, to_place=1, now=now, actor=actor), "Moved to the top."),
        "priority": (
            lambda: actions.prioritise(tip_id=tip_id, priority=_number(level), now=now, actor=actor),
            "It has another priority.",
        ),
        "up": (lambda: actions.move(tip_id=tip_id, to_place=place - 1, now=now, actor=actor), "Moved up."),
        "down": (lambda: actions.move(tip_id=tip_id, to_place=place + 1, now=now, actor=actor), "Moved down."),
        "hold": (lambda: actions.hold(tip_id=tip_id, now=now, actor=actor), "Held back."),
        "release": (lambda: actions.release(tip_id=tip_id, now=now, actor=actor), "It may go out again."),
        "drop": (lambda: actions.drop(tip_id=tip_id, now=now, actor=actor), "Taken out of the queue; still approved."),
    }
    action, done = steps.get(request.POST.get("move", ""), (None, ""))
    if action is None:
        return HttpResponse("There is no such move.", status=400, content_type="text/plain; charset=utf-8")
    tell(request, action, done)
    if request.headers.get("HX-Request"):
        return page(
            request, "_queue_answer.html", "queue", newsletter=newsletter, rows=_rows(newsletter),
            priorities=PRIORITIES.items(),
        )  # fmt: skip
    return redirect("studio:queue")


def _number(level: str) -> int:
    """The priority that was chosen; one that there is not, where nothing sensible was."""
    return int(level) if level in {"-1", "0", "1"} else 99
