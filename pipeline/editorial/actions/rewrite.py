"""Taking a proposed wording over: a new revision, in review, that says who proposed it and who took it."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from pipeline.editorial.actions.lifecycle import locked_tip, move_tip
from pipeline.editorial.actions.revise import revise
from pipeline.editorial.actions.tips import ChangedSinceSeenError
from pipeline.editorial.models import Tip
from pipeline.editorial.proposals import Proposal, judged
from pipeline.editorial.revisions import current_revision, wording_of
from pipeline.editorial.tip_rules import TipEvent, TipState
from pipeline.errors import TipsheetError


class ProposalRefusedError(TipsheetError):
    """A proposed wording may not be taken: the tip's own words stay."""


def take_proposal(*, proposal: Proposal, now: datetime, actor: str) -> Tip:
    """Give the tip the proposed words, and hand it in for review; it is never approved by this.

    The proposal is judged anew on what is stored, wherever it comes from. Raises ProposalRefusedError with every
    reason, ChangedSinceSeenError, and what a change of words raises: TransitionRefusedError, TipBeingSentError.
    """
    with transaction.atomic():
        tip = locked_tip(tip_id=proposal.tip_id)
        revision = current_revision(tip)
        if proposal.seen_hash != revision.content_hash:
            raise ChangedSinceSeenError(f"Tip {tip.pk} was changed since this wording was proposed. Ask again.")
        again = judged(revision, proposal.text, model=proposal.model)
        if again.reasons:
            raise ProposalRefusedError(f"The words of tip {tip.pk} stay: {'; '.join(again.reasons)}.")
        wording = replace(wording_of(revision), text=proposal.text)
        tip = revise(tip_id=tip.pk, wording=wording, now=now, actor=actor, rewritten_by=proposal.model)
        if tip.state == TipState.DRAFT:
            move_tip(tip=tip, event=TipEvent.SUBMIT, now=now, actor=actor)
    return tip
