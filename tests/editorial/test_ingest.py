"""Handing things in: the same twice changes nothing, changed words need approval again, nothing is added twice."""

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.audit.models import AuditEntry
from pipeline.derive.model import Candidate, Likeness, Source
from pipeline.documents.model import Document as ReadDocument
from pipeline.editorial.actions import ingest, revise, tips
from pipeline.editorial.actions.ingest import Outcome
from pipeline.editorial.library import Alike, Library
from pipeline.editorial.models import Document, Provenance, QueueEntry, Tip, TipRevision, TipState
from pipeline.editorial.revisions import approved_revision, sources_of
from pipeline.editorial.tip_files import WrittenTip
from pipeline.editorial.wording_rules import WordingError
from tests.editorial.conftest import ANNA, NOW, wording

WHO = {"now": NOW, "actor": ANNA}
ARTICLE = (
    "Mineral filters work as soon as they are on the skin. Renew sunscreen after a swim. "
    "A hat may help where sunscreen is easily forgotten."
)


def hand_in(newsletter, *words, location="tips/sun.md"):
    written = [WrittenTip("" if len(words) == 1 else each.title.casefold(), 1, each) for each in words]
    return ingest.ingest_handwritten(newsletter=newsletter, location=location, tips=written, **WHO)


def document(text=ARTICLE, name="sun.txt"):
    digest = hashlib.sha256(text.encode()).hexdigest()
    return ReadDocument(name, "text/plain", digest, text, digest, "text/1", "On sunscreen", ())


def candidate(source, quote, *, text=None, title="Renew it", also=()):
    return Candidate(title, text or quote, "Sunscreen", 1.5, place(source, quote), ("shortened",), (), also)


def place(source, quote):
    start = source.text.index(quote)
    return Source(source.name, source.sha256, source.canonical_sha256, ("Sun",), start, start + len(quote), quote)


def derive_in(newsletter, source, *candidates, location="tips/documents/sun.txt"):
    return ingest.ingest_candidates(
        newsletter=newsletter, document=source, location=location, candidates=candidates, **WHO
    )


def outcomes(report):
    return [tip.outcome for tip in report.tips]


def test_a_tip_handed_in_is_a_draft_with_its_words(newsletter):
    report = hand_in(newsletter, wording(not_before=NOW.date()))
    tip = Tip.objects.get()
    assert outcomes(report) == [Outcome.ADDED]
    assert (tip.state, tip.origin, tip.revision.author) == (TipState.DRAFT, "handwritten", "Dr Ida Berg")
    assert tip.revision.not_before == NOW.date()


def test_a_tip_handed_in_twice_changes_nothing(newsletter):
    hand_in(newsletter, wording())
    before = AuditEntry.objects.count()
    assert outcomes(hand_in(newsletter, wording())) == [Outcome.UNCHANGED]
    assert (Tip.objects.count(), TipRevision.objects.count(), AuditEntry.objects.count()) == (1, 1, before)


def test_changed_words_in_the_file_are_a_new_revision_that_needs_approval_again(newsletter):
    hand_in(newsletter, wording())
    tips.approve(tip_id=Tip.objects.get().pk, **WHO)
    report = hand_in(newsletter, wording(text="Other words on the sun."))
    tip = Tip.objects.get()
    assert outcomes(report) == [Outcome.REVISED]
    assert (tip.state, tip.revision.number) == (TipState.IN_REVIEW, 2)
    assert not QueueEntry.objects.exists()


def test_a_file_that_did_not_change_never_undoes_what_was_changed_in_the_studio(newsletter):
    hand_in(newsletter, wording())
    tip = Tip.objects.get()
    revise.revise(tip_id=tip.pk, wording=wording(text="Better words on the sun."), **WHO)
    assert outcomes(hand_in(newsletter, wording())) == [Outcome.UNCHANGED]
    assert Tip.objects.get().revision.text == "Better words on the sun."


def test_a_file_that_is_changed_back_is_taken_back(newsletter):
    hand_in(newsletter, wording())
    hand_in(newsletter, wording(text="Other words on the sun."))
    assert outcomes(hand_in(newsletter, wording())) == [Outcome.REVISED]
    assert Tip.objects.get().revision.text == wording().text


def test_a_changed_file_of_a_withdrawn_tip_is_said_and_not_taken(newsletter):
    hand_in(newsletter, wording())
    tips.withdraw(tip_id=Tip.objects.get().pk, reason="Out of date", **WHO)
    report = hand_in(newsletter, wording(text="Other words on the sun."))
    assert outcomes(report) == [Outcome.KEPT]
    assert "withdrawn" in report.tips[0].note
    assert TipRevision.objects.count() == 1


def test_the_same_words_in_another_file_are_not_a_second_tip(newsletter):
    hand_in(newsletter, wording())
    report = hand_in(newsletter, wording(title="The same again"), location="tips/copy.md")
    assert outcomes(report) == [Outcome.DUPLICATE]
    assert Tip.objects.count() == 1


def test_a_row_of_a_csv_is_known_by_its_title_wherever_it_stands(newsletter):
    sun, sleep, scars = wording("Sunscreen"), wording("Sleep"), wording("Scars")
    hand_in(newsletter, sun, sleep, location="tips/tips.csv")
    report = hand_in(newsletter, scars, sleep, sun, location="tips/tips.csv")
    assert outcomes(report) == [Outcome.ADDED, Outcome.UNCHANGED, Outcome.UNCHANGED]


def test_a_file_with_one_tip_that_cannot_be_kept_gives_none(newsletter):
    with pytest.raises(WordingError):
        hand_in(newsletter, wording("Sunscreen"), wording("Sleep", author=""), location="tips/tips.csv")
    assert not Tip.objects.exists()


def test_two_newsletters_take_the_same_file_each_for_itself(newsletter):
    from tests.editorial.conftest import make_newsletter

    other = make_newsletter(slug="other", list_id="other.newsletter.example")
    hand_in(newsletter, wording())
    assert outcomes(hand_in(other, wording())) == [Outcome.ADDED]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(location=st.text(min_size=1, max_size=900).filter(lambda text: "\x00" not in text and text.isprintable()))
def test_a_path_of_any_length_is_known_again(newsletter, location):
    words = wording(text=f"Words for {hashlib.sha256(location.encode()).hexdigest()}")
    hand_in(newsletter, words, location=location)
    again = hand_in(newsletter, words, location=location)
    assert outcomes(again) == [Outcome.UNCHANGED]


def test_a_derived_tip_is_a_draft_tied_to_the_very_words_it_came_from(newsletter):
    source = document()
    report = derive_in(newsletter, source, candidate(source, "Renew sunscreen after a swim."))
    tip = Tip.objects.get()
    span = Provenance.objects.get()
    assert outcomes(report) == [Outcome.ADDED]
    assert (tip.state, tip.origin, tip.revision.score, tip.revision.edits) == ("draft", "derived", 1.5, ["shortened"])
    assert span.document.text[span.start : span.end] == span.quote == "Renew sunscreen after a swim."
    assert tips.approve(tip_id=tip.pk, **WHO).content_hash == tip.revision.content_hash


def test_a_document_handed_in_twice_changes_nothing(newsletter):
    source = document()
    drafts = [candidate(source, "Renew sunscreen after a swim."), candidate(source, ARTICLE[:54], title="Mineral")]
    derive_in(newsletter, source, *drafts)
    before = (Tip.objects.count(), TipRevision.objects.count(), Provenance.objects.count(), AuditEntry.objects.count())
    assert set(outcomes(derive_in(newsletter, source, *drafts))) == {Outcome.UNCHANGED}
    after = (Tip.objects.count(), TipRevision.objects.count(), Provenance.objects.count(), AuditEntry.objects.count())
    assert after == before
    assert Document.objects.count() == 1


def test_a_derived_tip_that_was_reworded_by_staff_is_known_again_and_left_alone(newsletter):
    source = document()
    drafted = candidate(source, "Renew sunscreen after a swim.")
    derive_in(newsletter, source, drafted)
    tip = Tip.objects.get()
    reworded = wording(title="After a swim", text="After a swim, renew your sunscreen.", author="")
    revise.revise(tip_id=tip.pk, wording=reworded, **WHO)
    assert outcomes(derive_in(newsletter, source, drafted)) == [Outcome.UNCHANGED]
    assert Tip.objects.get().revision.text == "After a swim, renew your sunscreen."
    assert Tip.objects.get().revision.provenances.count() == 1


def test_advice_that_the_library_holds_gains_a_source_and_no_second_tip(newsletter):
    first, second = document(), document("First wash. Renew sunscreen after a swim.", "pool.txt")
    derive_in(newsletter, first, candidate(first, "Renew sunscreen after a swim."))
    tips.approve(tip_id=Tip.objects.get().pk, **WHO)
    seen = sources_of(Tip.objects.get().revision)
    report = derive_in(newsletter, second, candidate(second, "Renew sunscreen after a swim."), location="pool.txt")
    tip = Tip.objects.get()
    assert outcomes(report) == [Outcome.DUPLICATE]
    assert tip.state == TipState.QUEUED
    assert approved_revision(tip) == tip.revision
    assert sources_of(tip.revision) == seen
    assert [span.document.name for span in tip.revision.provenances.filter(corroborates=True)] == ["pool.txt"]


def test_the_same_advice_in_other_words_is_no_second_tip(newsletter):
    hand_in(newsletter, wording(text="Put a thick cream on damp skin within five minutes of a shower."))
    source = document("Within five minutes of a shower, put a thick cream on the damp skin.", "damp.txt")
    report = derive_in(newsletter, source, candidate(source, source.text))
    assert outcomes(report) == [Outcome.DUPLICATE]
    assert Tip.objects.get().revision.provenances.get().corroborates


def test_advice_that_is_only_alike_is_added_and_flagged(newsletter, monkeypatch):
    hand_in(newsletter, wording())
    first = Tip.objects.get().pk
    alike = Alike(first, Likeness.POSSIBLE, "much is alike")
    monkeypatch.setattr(Library, "compare", lambda *_: alike)
    source = document()
    report = derive_in(newsletter, source, candidate(source, "Renew sunscreen after a swim."))
    assert outcomes(report) == [Outcome.ADDED]
    flags = Tip.objects.get(origin="derived").revision.flags
    assert flags == [f"possible duplicate of tip {first}: much is alike"]


def test_odd_characters_in_a_heading_are_no_reason_to_refuse_the_document(newsletter):
    source = document()
    odd = "Renew\u202e it\x07 \u2028now" + " and again" * 30
    report = derive_in(newsletter, source, candidate(source, "Renew sunscreen after a swim.", title=odd))
    title = Tip.objects.get().revision.title
    assert outcomes(report) == [Outcome.ADDED]
    assert title.startswith("Renew it now and again")
    assert (len(title), title[-1]) == (200, "…")


def test_tips_whose_words_are_gone_from_a_changed_document_go_back_to_review(newsletter):
    source = document()
    kept, gone = candidate(source, "Renew sunscreen after a swim."), candidate(source, ARTICLE[:54], title="Mineral")
    derive_in(newsletter, source, kept, gone)
    ids = {tip.revision.title: tip.pk for tip in Tip.objects.select_related("revision")}
    for tip_id in ids.values():
        tips.approve(tip_id=tip_id, **WHO)
    changed = document(ARTICLE.replace("as soon as they are on the skin", "within minutes"))
    report = derive_in(newsletter, changed, candidate(changed, "Renew sunscreen after a swim."))
    assert report.unsettled.sent_back == (ids["Mineral"],)
    assert Tip.objects.get(pk=ids["Mineral"]).state == TipState.IN_REVIEW
    assert Tip.objects.get(pk=ids["Renew it"]).state == TipState.QUEUED


def test_candidates_of_other_documents_are_left_to_their_own_turn(newsletter):
    first, second = document(), document("Renew sunscreen after a swim, says this one.", "pool.txt")
    report = derive_in(newsletter, first, candidate(second, "Renew sunscreen after a swim"))
    assert report.tips == ()
    assert not Tip.objects.exists()


def test_a_further_source_in_a_document_that_is_stored_is_noted_with_the_new_tip(newsletter):
    first, second = document(), document("Renew sunscreen after a swim, says this one.", "pool.txt")
    derive_in(newsletter, second, location="pool.txt")
    also = (place(second, "Renew sunscreen after a swim"),)
    derive_in(newsletter, first, candidate(first, "Renew sunscreen after a swim.", also=also))
    assert sorted(span.corroborates for span in Tip.objects.get().revision.provenances.all()) == [False, True]
