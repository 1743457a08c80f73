"""Tips: the list, one tip with its source beside it, writing, the check as one writes, deciding."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pipeline.clock import utc_now
from pipeline.derive.model import Verdict
from pipeline.editorial.actions import revise as writing
from pipeline.editorial.actions import tips as actions
from pipeline.editorial.changed_sources import agreeing, changes_of
from pipeline.editorial.claims import guard_revision, guard_wording
from pipeline.editorial.models import Newsletter, PublicTip, Tip, TipRevision
from pipeline.editorial.queries import rules_of
from pipeline.editorial.revisions import basis_of, current_revision, is_own_words, sources_of, wording_of
from pipeline.editorial.tip_history import history
from pipeline.editorial.tip_rules import TipEvent, TipState, allows
from pipeline.editorial.wording_rules import Wording, WordingError, cleaned
from pipeline.errors import TipsheetError
from pipeline.publish.previews import card as card_html
from pipeline.render.markdown import to_html
from pipeline.web.studio.forms import TipForm
from pipeline.web.studio.mail_frame import mail_frame, no_mail
from pipeline.web.studio.pages import actor_of, newsletter_of, page, staff_page, tell
from pipeline.web.studio.rewrites import can_rewrite

TIPS_ON_A_PAGE = 25
DRAFT = "draft_tip"
FILTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "open": ("to decide", (TipState.DRAFT, TipState.IN_REVIEW)),
    "queued": ("queued", (TipState.QUEUED, TipState.APPROVED)),
    "published": ("published", (TipState.PUBLISHED,)),
    "rejected": ("rejected or withdrawn", (TipState.REJECTED, TipState.WITHDRAWN)),
    "all": ("in all", tuple(TipState)),
}
DECIDABLE = frozenset({TipState.DRAFT, TipState.IN_REVIEW})


@staff_page
@require_safe
def tip_list(request: HttpRequest) -> HttpResponse:
    newsletter = newsletter_of(request)
    if newsletter is None:
        return page(request, "no_newsletter.html", "tips")
    state = request.GET.get("state", "open")
    label, states = FILTERS.get(state, FILTERS["open"])
    found = Tip.objects.filter(newsletter=newsletter, state__in=states).select_related("revision").order_by("-pk")
    return page(
        request,
        "tips.html",
        "tips",
        newsletter=newsletter,
        page=Paginator(found, TIPS_ON_A_PAGE).get_page(request.GET.get("page")),
        state=state if state in FILTERS else "open",
        state_label=label,
        filters=[(value, name.capitalize()) for value, (name, _) in FILTERS.items()],
    )


def _found(tip_id: int) -> tuple[Tip, TipRevision]:
    tip = get_object_or_404(Tip.objects.select_related("newsletter", "revision"), pk=tip_id, revision__isnull=False)
    return tip, current_revision(tip)


@staff_page
@require_safe
def tip(request: HttpRequest, tip_id: int) -> HttpResponse:
    found, revision = _found(tip_id)
    report = guard_revision(revision)
    return page(
        request,
        "tip.html",
        "tips",
        newsletter=found.newsletter,
        tip=found,
        revision=revision,
        text_html=mark_safe(to_html(revision.text)),  # noqa: S308 - sanitised by render/markdown.py
        passages=revision.provenances.select_related("document").order_by("corroborates", "pk"),
        agreeing=len(agreeing(revision)),
        source_changes=changes_of(revision),
        findings=report.findings,
        is_blocked=report.verdict is Verdict.BLOCK,
        decisions=revision.reviews.order_by("-pk"),
        steps=history(found),
        can_withdraw=found.state in {TipState.APPROVED, TipState.QUEUED},
        needs_second=rules_of(found.newsletter).two_people and is_own_words(revision, actor_of(request)),
        can_decide=found.state in DECIDABLE,
        can_edit=allows(TipState(found.state), TipEvent.REVISE),
        can_rewrite=can_rewrite(found),
        public=PublicTip.objects.filter(tip=found).first(),
    )


@staff_page
@require_safe
def card(request: HttpRequest, tip_id: int) -> HttpResponse:  # noqa: ARG001 - a view's signature
    found, revision = _found(tip_id)
    try:
        html = card_html(
            found.newsletter, wording_of(revision), sources=sources_of(revision), config=settings.CONFIG, now=utc_now()
        )
    except TipsheetError as error:
        return no_mail(str(error))
    return mail_frame(html)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    newsletter = newsletter_of(request)
    if newsletter is None:
        return page(request, "no_newsletter.html", "tips")
    form = TipForm(
        request.POST or None, request.FILES or None, var=settings.CONFIG.var, initial={"author": actor_of(request)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = writing.write_tip(
                newsletter=newsletter, wording=form.wording(), now=utc_now(), actor=actor_of(request)
            )
        except WordingError as error:
            form.show(error)
        else:
            messages.success(request, "Kept. Read it once more, then approve it.")
            return redirect("studio:tip", tip_id=made.pk)
    return _form_page(request, newsletter, form, heading="Write a tip", button="Keep it")


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, tip_id: int) -> HttpResponse:
    found, revision = _found(tip_id)
    before = wording_of(revision)
    form = TipForm(
        request.POST or None, request.FILES or None, var=settings.CONFIG.var, initial=asdict(before), base=before,
        needs_author=not basis_of(revision),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            writing.revise(
                tip_id=tip_id, wording=form.wording(), now=utc_now(), actor=actor_of(request),
                seen_hash=request.POST.get("content_hash", ""),
            )  # fmt: skip
        except WordingError as error:
            form.show(error)
        except TipsheetError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Kept as a new revision; it needs approval.")
            return redirect("studio:tip", tip_id=tip_id)
    return _form_page(
        request, found.newsletter, form, heading="Change the words", button="Keep the new words", tip=found,
        seen_hash=request.POST.get("content_hash", "") or revision.content_hash,
    )  # fmt: skip


def _form_page(request: HttpRequest, newsletter: Newsletter, form: TipForm, **context: Any) -> HttpResponse:
    topics = TipRevision.objects.filter(tip__newsletter=newsletter).values_list("topic", flat=True).distinct()
    return page(
        request, "tip_form.html", "tips", newsletter=newsletter, form=form, topics=sorted(set(topics)), **context
    )


@staff_page
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """As one writes: what is wrong, what the guard says, and the card. Keeps the draft in the session for the frame."""
    newsletter = newsletter_of(request)
    tip_id = request.POST.get("tip", "")
    revision = _found(int(tip_id))[1] if tip_id.isdigit() else None
    form = TipForm(
        request.POST,
        var=settings.CONFIG.var,
        base=wording_of(revision) if revision else None,
        needs_author=revision is None or not basis_of(revision),
    )
    complete = form.is_valid()
    problems = [
        f"{'The tip' if field == '__all__' else form.fields[field].label} {error}"
        for field, errors in form.errors.items()
        for error in errors
        if request.POST.get(field, "").strip() or field in {"__all__", "picture_alt"}
    ]
    context: dict[str, Any] = {"newsletter": newsletter, "problems": problems, "findings": ()}
    if complete:
        wording = cleaned(form.wording())
        context["findings"] = guard_wording(wording, revision).findings
        request.session[DRAFT] = {name: request.POST.get(name, "") for name in form.fields} | {"tip": tip_id}
        context["card_url"] = f"{reverse('studio:draft-card')}?{utc_now().timestamp():.3f}"
    elif not problems:
        context["to_come"] = "Write a title, a text, a topic and who vouches for it."
    return page(request, "_check.html", "tips", **context)


@staff_page
@require_safe
def draft_card(request: HttpRequest) -> HttpResponse:
    """The card of what is being written, from the session."""
    newsletter, draft = newsletter_of(request), request.session.get(DRAFT, {})
    revision = _found(int(draft["tip"]))[1] if draft.get("tip") else None
    base = wording_of(revision) if revision else None
    form = TipForm(draft, var=settings.CONFIG.var, base=base, needs_author=False)
    if newsletter is None or not form.is_valid():
        return no_mail("The card appears once the tip is complete.")
    wording: Wording = cleaned(form.wording())
    try:
        sources = sources_of(revision) if revision else ()
        html = card_html(newsletter, wording, sources=sources, config=settings.CONFIG, now=utc_now())
    except TipsheetError as error:
        return no_mail(str(error))
    return mail_frame(html)


@staff_page
@require_POST
def approve(request: HttpRequest, tip_id: int) -> HttpResponse:
    _found(tip_id)
    seen, override = request.POST.get("content_hash", ""), request.POST.get("override_reason", "")
    done = tell(
        request,
        lambda: actions.approve(
            tip_id=tip_id, now=utc_now(), actor=actor_of(request), seen_hash=seen, override_reason=override
        ),
        format_html('Approved and queued. <a href="{}">See when it goes out</a>', reverse("studio:queue")),
    )
    return redirect("studio:tips") if done else redirect("studio:tip", tip_id=tip_id)


@staff_page
@require_POST
def reject(request: HttpRequest, tip_id: int) -> HttpResponse:
    _found(tip_id)
    reason, seen = request.POST.get("reason", ""), request.POST.get("content_hash", "")
    done = tell(
        request,
        lambda: actions.reject(tip_id=tip_id, reason=reason, now=utc_now(), actor=actor_of(request), seen_hash=seen),
        "Rejected, with your reason.",
    )
    return redirect("studio:tips") if done else redirect("studio:tip", tip_id=tip_id)
