"""How a tip comes to be, and how its words change: always by a new revision, never by touching an old one."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction

from pipeline.audit import actions as audit
from pipeline.editorial.actions.lifecycle import locked_tip, move_tip, take_out
from pipeline.editorial.hashing import revision_hash
from pipeline.editorial.models import Document, Newsletter, Provenance, Tip, TipOrigin, TipRevision
from pipeline.editorial.revisions import basis_of, current_revision, source_content, wording_of
from pipeline.editorial.tip_rules import TipEvent
from pipeline.editorial.wording_rules import Wording, WordingError, cleaned, problems_of
from pipeline.errors import TipsheetError


@dataclass(frozen=True, slots=True)
class Passage:
    """The very words of a stored document that a tip rests on: `document.text[start:end] == quote`."""

    document: Document
    heading_path: tuple[str, ...]
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Derivation:
    """What derivation says of a tip that it made: how good it is, what it changed, what to look at."""

    score: float | None = None
    flags: tuple[str, ...] = ()
    edits: tuple[str, ...] = ()


def create_tip(
    *,
    newsletter: Newsletter,
    origin: TipOrigin,
    wording: Wording,
    now: datetime,
    actor: str,
    passages: Sequence[Passage] = (),
    derivation: Derivation | None = None,
    ingest_key: str | None = None,
    ingest_hash: str = "",
) -> Tip:
    """A new draft with its first revision. Raises WordingError with every problem of the words."""
    with transaction.atomic():
        tip = Tip.objects.create(
            newsletter=newsletter, origin=origin, ingest_key=ingest_key, ingest_hash=ingest_hash, created_at=now
        )
        _add_revision(tip=tip, wording=wording, passages=passages, derivation=derivation, now=now, actor=actor)
        audit.record(
            now=now, actor=actor, action="tip.created", subject_kind="tip", subject_id=tip.pk,
            hash_after=current_revision(tip).content_hash, origin=origin,
        )  # fmt: skip
    return tip


def write_tip(*, newsletter: Newsletter, wording: Wording, now: datetime, actor: str) -> Tip:
    """A tip written in the studio, as a draft. Raises WordingError."""
    return create_tip(newsletter=newsletter, origin=TipOrigin.STUDIO, wording=wording, now=now, actor=actor)


class ReworkedMeanwhileError(TipsheetError):
    """Somebody else gave the tip new words while the actor was writing."""


def revise(
    *, tip_id: int, wording: Wording, now: datetime, actor: str, rewritten_by: str = "", seen_hash: str = ""
) -> Tip:
    """Give the tip new words; the same words change nothing. `rewritten_by` names who proposed them, if not the actor;
    `seen_hash` is the content hash of the words that the actor started from, where a page showed them.

    What was approved or queued goes back to review, out of the queue and out of an issue that was not sent yet.
    Raises WordingError, TransitionRefusedError (published, withdrawn), TipBeingSentError and ReworkedMeanwhileError.
    """
    with transaction.atomic():
        tip = locked_tip(tip_id=tip_id)
        before = current_revision(tip)
        if seen_hash and seen_hash != before.content_hash:
            raise ReworkedMeanwhileError(
                f"{before.created_by} changed this tip while you were writing; nothing of yours was stored. Copy your "
                "words, open the tip again, and decide which to keep."
            )
        if cleaned(wording) == wording_of(before):
            return tip
        take_out(tip=tip, reason="its words were changed, and need approval again.", now=now, actor=actor)
        add_reworded(tip=tip, wording=wording, now=now, actor=actor, rewritten_by=rewritten_by)
        move_tip(tip=tip, event=TipEvent.REVISE, now=now, actor=actor, replaces=before.content_hash)
    return tip


def add_corroboration(*, tip: Tip, passage: Passage, now: datetime, actor: str) -> bool:
    """Note a further source that says what the tip says; False if it is known already. Changes nothing for readers.

    Another version of a document that the tip names is the same source, not a further one.
    """
    with transaction.atomic():
        revision = current_revision(tip)
        place = {"document": passage.document, "start": passage.start, "end": passage.end}
        versions = revision.provenances.filter(document__location=passage.document.location)
        if revision.provenances.filter(**place).exists() or versions.exclude(document=passage.document).exists():
            return False
        _store(revision=revision, passage=passage, corroborates=True)
        audit.record(
            now=now, actor=actor, action="tip.corroborated", subject_kind="tip", subject_id=tip.pk,
            document=passage.document.pk,
        )  # fmt: skip
    return True


def add_reworded(*, tip: Tip, wording: Wording, now: datetime, actor: str, rewritten_by: str = "") -> None:
    """Other words for the tip, which rest on what the words before rested on. Raises WordingError.

    Words that a rewriter proposed carry its name in the edits, and a flag, so that nobody approves them unread.
    """
    before = current_revision(tip)
    passages = [_passage(basis) for basis in basis_of(before)]
    edits = [*before.edits, f"reworded by {actor}"] if passages else list(before.edits)
    flags = list(before.flags)
    if rewritten_by:
        edits = [*before.edits, f"rewritten by {rewritten_by}, taken over by {actor}"]
        flags.append(f"rewritten by {rewritten_by}: read it beside its source")
    derivation = Derivation(before.score, tuple(dict.fromkeys(flags)), tuple(edits))
    _add_revision(tip=tip, wording=wording, passages=passages, derivation=derivation, now=now, actor=actor)


def _add_revision(
    *,
    tip: Tip,
    wording: Wording,
    passages: Sequence[Passage],
    derivation: Derivation | None,
    now: datetime,
    actor: str,
) -> None:
    problems = problems_of(wording, needs_author=tip.origin == TipOrigin.HANDWRITTEN)
    if problems:
        raise WordingError(problems)
    kept = cleaned(wording)
    derivation = derivation or Derivation()
    previous = tip.revisions.order_by("number").last()
    revision = TipRevision.objects.create(
        tip=tip,
        number=previous.number + 1 if previous else 1,
        **{field.name: getattr(kept, field.name) for field in fields(Wording)},
        score=derivation.score,
        flags=list(derivation.flags),
        edits=list(derivation.edits),
        content_hash=revision_hash(kept, [source_content(p.document, p.quote) for p in passages]),
        created_at=now,
        created_by=actor,
    )
    for passage in passages:
        _store(revision=revision, passage=passage, corroborates=False)
    if previous:
        for known in previous.provenances.filter(corroborates=True).select_related("document"):
            _store(revision=revision, passage=_passage(known), corroborates=True)
    tip.revision = revision
    tip.save(update_fields=["revision"])


def _store(*, revision: TipRevision, passage: Passage, corroborates: bool) -> None:
    Provenance.objects.create(
        revision=revision,
        document=passage.document,
        heading_path=list(passage.heading_path),
        start=passage.start,
        end=passage.end,
        quote=passage.quote,
        corroborates=corroborates,
    )


def _passage(provenance: Provenance) -> Passage:
    return Passage(
        provenance.document, tuple(provenance.heading_path), provenance.start, provenance.end, provenance.quote
    )
