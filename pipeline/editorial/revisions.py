"""Reading revisions: their words, the sources shown with them, and whether an approval still holds.

An approval holds for one revision and for the words that were seen: `approved_revision` recomputes the hash from what
is stored and compares it with the decision's, so that words altered behind the program's back go nowhere.
"""

from pipeline.editorial.content import SourceContent
from pipeline.editorial.hashing import revision_hash
from pipeline.editorial.models import Decision, Document, Provenance, Review, Tip, TipRevision
from pipeline.editorial.wording_rules import Wording, wording_fields
from pipeline.errors import TipsheetError


class NotApprovedError(TipsheetError):
    """A tip's current words were never approved, or the decision on them was another one."""


class TamperedRevisionError(TipsheetError):
    """A revision's words are not those that its hash, or its approval, was made for."""


def current_revision(tip: Tip) -> TipRevision:
    """The words that the tip has now. A tip has none only between the two inserts of `create_tip`."""
    if tip.revision is None:
        raise AssertionError(f"tip {tip.pk} has no revision")
    return tip.revision


def is_own_words(revision: TipRevision, actor: str) -> bool:
    """Whether the actor wrote, or last changed, the words of the revision."""
    return " ".join(revision.created_by.split()).casefold() == " ".join(actor.split()).casefold()


def wording_of(revision: TipRevision) -> Wording:
    """The revision's words as a value."""
    return Wording(**{field: getattr(revision, field) for field in wording_fields()})


def source_content(document: Document, quote: str) -> SourceContent:
    """A source as a reader may see it: a document from the web by its address, a file by its title alone."""
    is_web = document.location.startswith(("https://", "http://"))
    return SourceContent(document.title or document.name, quote, document.location if is_web else "")


def basis_of(revision: TipRevision) -> list[Provenance]:
    """The sources that the revision's words were made from, in order; corroborating ones are not among them."""
    return list(revision.provenances.filter(corroborates=False).select_related("document").order_by("pk"))


def sources_of(revision: TipRevision) -> tuple[SourceContent, ...]:
    """The sources that are shown with the revision, and covered by its hash."""
    return tuple(source_content(basis.document, basis.quote) for basis in basis_of(revision))


def stored_hash(revision: TipRevision) -> str:
    """The hash of the revision as it is stored now; equal to `content_hash` unless someone altered it."""
    return revision_hash(wording_of(revision), sources_of(revision))


def latest_review(revision: TipRevision) -> Review | None:
    return revision.reviews.order_by("pk").last()


def approved_revision(tip: Tip) -> TipRevision:
    """The tip's current revision, if its approval holds.

    Raises NotApprovedError or TamperedRevisionError, which name the tip and say what to do.
    """
    revision = tip.revision
    review = latest_review(revision) if revision else None
    if revision is None or review is None or review.decision != Decision.APPROVED:
        raise NotApprovedError(f"Tip {tip.pk} is not approved as it stands. Approve it: run.py tips approve {tip.pk}")
    check_intact(revision)
    if review.content_hash != revision.content_hash:
        raise TamperedRevisionError(
            f"The approval of tip {tip.pk} was given for other words than revision {revision.number} has now. "
            f"Look at it and change it in the studio, so that it is approved anew."
        )
    return revision


def check_intact(revision: TipRevision) -> None:
    """Raise TamperedRevisionError unless the revision's words are those that its hash was made for."""
    if stored_hash(revision) != revision.content_hash:
        raise TamperedRevisionError(
            f"The words of tip {revision.tip_id}, revision {revision.number}, were altered in the database after they "
            f"were written. Change the tip in the studio, so that it is approved anew; the audit log has the old hash."
        )
