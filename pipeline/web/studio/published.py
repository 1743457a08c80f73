"""Tips that readers have: correcting one and withdrawing one, each looked at once more before readers see it."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods

from pipeline.clock import utc_now
from pipeline.derive.model import Verdict
from pipeline.editorial.claims import guard_wording
from pipeline.editorial.models import Tip, TipRevision
from pipeline.editorial.revisions import basis_of, current_revision, wording_of
from pipeline.editorial.tip_rules import TipState
from pipeline.editorial.wording_rules import WordingError, cleaned
from pipeline.errors import TipsheetError
from pipeline.publish.feeds import correct_tip, withdraw_tip
from pipeline.render.markdown import to_html
from pipeline.web.studio.forms import CorrectionForm
from pipeline.web.studio.pages import actor_of, page, staff_page

_CORRECTED = "Corrected. The archive and every feed show it; nobody was mailed."
_WITHDRAWN = "Withdrawn. The archive and every feed say so, with your reason; nobody was mailed."


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, tip_id: int) -> HttpResponse:
    """The form; then the new words beside the old, to be looked at once more; then readers see them."""
    tip, revision = _published(tip_id)
    before = wording_of(revision)
    form = CorrectionForm(
        request.POST or None,
        request.FILES or None,
        var=settings.CONFIG.var,
        initial={name: getattr(before, name, "") for name in CorrectionForm.base_fields},
        base=before,
        needs_author=not basis_of(revision),
    )
    if request.method == "POST" and form.is_valid() and "again" not in request.POST:
        if "confirmed" not in request.POST:
            return _look_again(request, tip, revision, form)
        if _correct(request, tip, form):
            return redirect("studio:tip", tip_id=tip_id)
    topics = TipRevision.objects.filter(tip__newsletter=tip.newsletter).values_list("topic", flat=True).distinct()
    return page(
        request, "tip_form.html", "tips", newsletter=tip.newsletter, form=form, tip=tip, topics=sorted(set(topics)),
        heading="Correct it for readers", button="Look at it once more",
        seen_hash=request.POST.get("content_hash", "") or revision.content_hash,
    )  # fmt: skip


def _correct(request: HttpRequest, tip: Tip, form: CorrectionForm) -> bool:
    try:
        correct_tip(
            tip_id=tip.pk,
            wording=form.wording(),
            note=form.cleaned_data["note"],
            actor=actor_of(request),
            override_reason=request.POST.get("override_reason", ""),
            seen_hash=request.POST.get("content_hash", ""),
            config=settings.CONFIG,
            now=utc_now(),
        )
    except WordingError as error:
        form.show(error)
    except TipsheetError as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, _CORRECTED)
        return True
    return False


def _look_again(request: HttpRequest, tip: Tip, revision: TipRevision, form: CorrectionForm) -> HttpResponse:
    wording = cleaned(form.wording())
    report = guard_wording(wording, revision)
    return page(
        request,
        "correct.html",
        "tips",
        newsletter=tip.newsletter,
        tip=tip,
        revision=revision,
        wording=wording,
        before_html=mark_safe(to_html(revision.text)),  # noqa: S308 - sanitised by render/markdown.py
        after_html=mark_safe(to_html(wording.text)),  # noqa: S308 - sanitised by render/markdown.py
        form=form,
        note=form.cleaned_data["note"],
        seen_hash=request.POST.get("content_hash", "") or revision.content_hash,
        findings=report.findings,
        is_blocked=report.verdict is Verdict.BLOCK,
    )


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, tip_id: int) -> HttpResponse:
    """What a withdrawal does, and the reason that readers will see. One that is queued can be withdrawn too."""
    tip = get_object_or_404(Tip.objects.select_related("newsletter", "revision"), pk=tip_id)
    if tip.state not in {TipState.APPROVED, TipState.QUEUED, TipState.PUBLISHED}:
        raise Http404
    revision = current_revision(tip)
    reason, problem = request.POST.get("reason", ""), ""
    if request.method == "POST":
        try:
            withdraw_tip(
                tip_id=tip.pk, reason=reason, actor=actor_of(request), config=settings.CONFIG, now=utc_now(),
                tell=lambda line: messages.warning(request, line),
            )  # fmt: skip
        except TipsheetError as error:
            problem = str(error)
        else:
            messages.success(request, _WITHDRAWN)
            return redirect("studio:tip", tip_id=tip_id)
    return page(
        request, "withdraw.html", "tips", newsletter=tip.newsletter, tip=tip, revision=revision, reason=reason,
        problem=problem,
    )  # fmt: skip


def _published(tip_id: int) -> tuple[Tip, TipRevision]:
    """The tip and the words that readers see; 404 for one that they do not have."""
    tip = get_object_or_404(Tip.objects.select_related("newsletter", "revision"), pk=tip_id, state=TipState.PUBLISHED)
    return tip, current_revision(tip)
