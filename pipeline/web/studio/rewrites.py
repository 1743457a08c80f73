"""A smoother wording for a tip: the rewriter proposes, the page shows both side by side, a person takes it or not.

The proposal waits in the session, so that what is taken is what was shown; it is judged once more on the way.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from pipeline.clock import utc_now
from pipeline.config import load_config
from pipeline.editorial.actions.rewrite import take_proposal
from pipeline.editorial.models import Tip
from pipeline.editorial.proposals import Proposal, judged, propose, source_words
from pipeline.editorial.rewriter import endpoint_of, required_endpoint
from pipeline.editorial.tip_rules import TipEvent, TipState, allows
from pipeline.errors import TipsheetError
from pipeline.web.studio.pages import actor_of, page, staff_page, tell

PROPOSED = "proposed_wording"


def can_rewrite(tip: Tip) -> bool:
    """Whether there is a rewriter, and the tip's words may change at all."""
    return allows(TipState(tip.state), TipEvent.REVISE) and endpoint_of(load_config()) is not None


@staff_page
@require_POST
def ask(request: HttpRequest, tip_id: int) -> HttpResponse:
    """Ask the rewriter, keep what it proposes in the session, and show it."""
    tip = _found(tip_id)
    try:
        proposal = propose(tip, endpoint=required_endpoint(load_config()))
    except TipsheetError as error:
        messages.error(request, str(error))
        return redirect("studio:tip", tip_id=tip_id)
    request.session[PROPOSED] = {name: getattr(proposal, name) for name in ("tip_id", "model", "text", "seen_hash")}
    return redirect("studio:tip-rewrite", tip_id=tip_id)


@staff_page
@require_safe
def show(request: HttpRequest, tip_id: int) -> HttpResponse:
    """The proposal beside the tip's words, with what was found."""
    tip = _found(tip_id)
    proposal = _kept(request, tip)
    if proposal is None:
        messages.error(request, "There is no proposal for these words; ask for one.")
        return redirect("studio:tip", tip_id=tip_id)
    return page(
        request, "rewrite.html", "tips", newsletter=tip.newsletter, tip=tip, revision=tip.revision,
        proposal=proposal, findings=proposal.findings, source=source_words(tip.revision) if tip.revision else "",
    )  # fmt: skip


@staff_page
@require_POST
def take(request: HttpRequest, tip_id: int) -> HttpResponse:
    """Take the proposal that was shown, as a new revision to be reviewed."""
    tip = _found(tip_id)
    proposal = _kept(request, tip)
    if proposal is None:
        messages.error(request, "The tip was changed since this wording was proposed. Ask again.")
        return redirect("studio:tip", tip_id=tip_id)
    request.session.pop(PROPOSED)
    tell(
        request,
        lambda: take_proposal(proposal=proposal, now=utc_now(), actor=actor_of(request)),
        "Taken as a new revision; it needs approval.",
    )
    return redirect("studio:tip", tip_id=tip_id)


def _found(tip_id: int) -> Tip:
    return get_object_or_404(Tip.objects.select_related("newsletter", "revision"), pk=tip_id, revision__isnull=False)


def _kept(request: HttpRequest, tip: Tip) -> Proposal | None:
    """The proposal for the tip's words as they are, judged now; None if there is none, or they changed since."""
    kept = request.session.get(PROPOSED, {})
    if tip.revision is None or (kept.get("tip_id"), kept.get("seen_hash")) != (tip.pk, tip.revision.content_hash):
        return None
    return judged(tip.revision, kept["text"], model=kept["model"])
