"""Correcting a tip that readers have: new words, a note on what was wrong, and a name, in one step.

What was mailed stays as it was, and so does the issue's frozen content; the archive and the feeds show the new words
and the note. Nobody is mailed again.
"""

from datetime import datetime

from django.db import transaction

from pipeline.editorial.actions import places, public
from pipeline.editorial.actions.lifecycle import locked_tip, move_tip, reason_given, refuse_while_sending
from pipeline.editorial.actions.revise import add_reworded
from pipeline.editorial.actions.tips import ChangedSinceSeenError, record_approval
from pipeline.editorial.models import Review
from pipeline.editorial.revisions import current_revision, wording_of
from pipeline.editorial.tip_rules import TipEvent
from pipeline.editorial.wording_rules import Wording, cleaned
from pipeline.errors import TipsheetError


class NothingToCorrectError(TipsheetError):
    """The new words are the old ones."""


def correct(
    *,
    tip_id: int,
    wording: Wording,
    note: str,
    now: datetime,
    actor: str,
    seen_hash: str = "",
    override_reason: str = "",
) -> Review:
    """Give a published tip new words, approved in the actor's name; `note` tells readers what was wrong.

    Raises TransitionRefusedError for a tip that is not published, NothingToCorrectError, MissingReasonError without a
    note, ChangedSinceSeenError, WordingError, and what an approval raises: GuardBlocksError, UnvouchedTipError.
    """
    note = reason_given(reason=note, what="a correction")
    with transaction.atomic():
        tip = locked_tip(tip_id=tip_id)
        before = current_revision(tip)
        if seen_hash and seen_hash != before.content_hash:
            raise ChangedSinceSeenError(f"Tip {tip_id} was changed since you looked at it. Look again, then correct.")
        move_tip(tip=tip, event=TipEvent.CORRECT, now=now, actor=actor, note=note, replaces=before.content_hash)
        if cleaned(wording) == wording_of(before):
            raise NothingToCorrectError(f"Tip {tip_id} has these words already; readers see them. Nothing was changed.")
        refuse_while_sending(tip=tip)
        add_reworded(tip=tip, wording=wording, now=now, actor=actor)
        revision = current_revision(tip)
        review = record_approval(revision=revision, now=now, actor=actor, override_reason=override_reason)
        places.renew(tip=tip, revision=revision, now=now, actor=actor)
        public.show_correction(tip=tip, revision=revision, note=note, now=now)
    return review
