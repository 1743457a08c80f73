"""Review: a named person's approval holds for one revision and for the words that were seen."""

import pytest

from pipeline.audit.models import AuditEntry
from pipeline.derive.model import Finding, FindingKind, GuardReport, Verdict
from pipeline.editorial.actions import queue, revise, tips
from pipeline.editorial.actions.lifecycle import MissingReasonError, UnknownTipError
from pipeline.editorial.models import QueueEntry, Review, Tip, TipRevision, TipState
from pipeline.editorial.revisions import NotApprovedError, TamperedRevisionError, approved_revision
from pipeline.editorial.tip_rules import TransitionRefusedError
from pipeline.editorial.wording_rules import WordingError
from tests.editorial.conftest import ANNA, NOW, wording

WHO = {"now": NOW, "actor": ANNA}


def test_an_approval_queues_the_tip_and_keeps_who_when_and_what_was_seen(write):
    tip = write()
    review = tips.approve(tip_id=tip.pk, **WHO)
    tip.refresh_from_db()
    assert tip.state == TipState.QUEUED
    assert (review.decided_by, review.decided_at, review.content_hash) == (ANNA, NOW, tip.revision.content_hash)
    assert approved_revision(tip) == tip.revision
    assert [entry.action for entry in AuditEntry.objects.filter(subject_kind="tip").order_by("pk")] == [
        "tip.created", "tip.submit", "tip.approve", "tip.enqueue",
    ]  # fmt: skip


def test_a_change_of_words_is_a_new_revision_that_needs_approval_again(write):
    tip = write()
    tips.approve(tip_id=tip.pk, **WHO)
    revise.revise(tip_id=tip.pk, wording=wording(text="Other words about the sun."), **WHO)
    tip.refresh_from_db()
    assert tip.state == TipState.IN_REVIEW
    assert tip.revision.number == 2
    assert not QueueEntry.objects.exists()
    with pytest.raises(NotApprovedError):
        approved_revision(tip)


def test_the_same_words_again_change_nothing(write):
    tip = write()
    tips.approve(tip_id=tip.pk, **WHO)
    revise.revise(tip_id=tip.pk, wording=wording(title="  A word on\nsunscreen ".replace("\n", " ")), **WHO)
    tip.refresh_from_db()
    assert tip.state == TipState.QUEUED
    assert TipRevision.objects.count() == 1


def test_an_approval_of_words_that_changed_since_they_were_seen_is_refused(write):
    tip = write()
    seen = tip.revision.content_hash
    revise.revise(tip_id=tip.pk, wording=wording(text="Other words about the sun."), **WHO)
    with pytest.raises(tips.ChangedSinceSeenError, match="changed by Anna Editor since"):
        tips.approve(tip_id=tip.pk, seen_hash=seen, **WHO)
    with pytest.raises(tips.ChangedSinceSeenError):
        tips.reject(tip_id=tip.pk, reason="no", seen_hash=seen, **WHO)


def test_a_tip_without_source_and_author_is_never_approved(write):
    tip = write(author="")
    with pytest.raises(tips.UnvouchedTipError, match="nobody vouches for it"):
        tips.approve(tip_id=tip.pk, **WHO)
    tip.refresh_from_db()
    assert tip.state == TipState.DRAFT
    assert not Review.objects.exists()


def test_an_approval_needs_a_name(write):
    with pytest.raises(tips.MissingNameError):
        tips.approve(tip_id=write().pk, now=NOW, actor="  ")


def test_what_the_guard_blocks_is_approved_only_with_a_reason_by_name(write, monkeypatch):
    finding = Finding(FindingKind.STRONG_CLAIM, Verdict.BLOCK, "it promises a cure")
    monkeypatch.setattr(tips, "guard_revision", lambda _: GuardReport(Verdict.BLOCK, (finding,)))
    tip = write()
    with pytest.raises(tips.GuardBlocksError, match="it promises a cure") as blocked:
        tips.approve(tip_id=tip.pk, **WHO)
    assert blocked.value.findings == (finding,)
    assert Tip.objects.get().state == TipState.DRAFT
    review = tips.approve(tip_id=tip.pk, override_reason="The study is cited below.", **WHO)
    assert (review.override_reason, review.decided_by) == ("The study is cited below.", ANNA)
    assert review.findings[0]["kind"] == "strong_claim"


def test_a_strong_claim_is_blocked_by_the_guard_itself(write):
    tip = write("Scars", text="This cream cures acne.")
    with pytest.raises(tips.GuardBlocksError):
        tips.approve(tip_id=tip.pk, **WHO)


def test_a_reason_for_overruling_is_not_kept_where_nothing_was_overruled(write):
    assert tips.approve(tip_id=write().pk, override_reason="just in case", **WHO).override_reason == ""


def test_a_rejection_keeps_its_reason_and_can_be_thought_over(write):
    tip = write()
    with pytest.raises(MissingReasonError, match="Say why"):
        tips.reject(tip_id=tip.pk, reason="  ", **WHO)
    review = tips.reject(tip_id=tip.pk, reason="Too   close to tip 3", **WHO)
    assert review.reason == "Too close to tip 3"
    assert Tip.objects.get().state == TipState.REJECTED
    tips.approve(tip_id=tip.pk, **WHO)
    assert Tip.objects.get().state == TipState.QUEUED
    assert [each.decision for each in Review.objects.all()] == ["rejected", "approved"]


def test_a_rejected_tip_with_new_words_is_a_draft_again(write):
    tip = write()
    tips.reject(tip_id=tip.pk, reason="Too long", **WHO)
    revise.revise(tip_id=tip.pk, wording=wording(text="Shorter words about the sun."), **WHO)
    assert Tip.objects.get().state == TipState.DRAFT


def test_a_withdrawn_tip_leaves_the_queue_for_good(write):
    tip = write()
    tips.approve(tip_id=tip.pk, **WHO)
    tips.withdraw(tip_id=tip.pk, reason="The study was retracted", **WHO)
    assert not QueueEntry.objects.exists()
    for act in (tips.submit, tips.approve):
        with pytest.raises(TransitionRefusedError):
            act(tip_id=tip.pk, **WHO)


def test_a_tip_sent_back_needs_a_second_decision_on_the_same_words(write):
    tip = write()
    tips.approve(tip_id=tip.pk, **WHO)
    tips.send_back(tip_id=tip.pk, reason="its source was changed", **WHO)
    assert Tip.objects.get().state == TipState.IN_REVIEW
    tips.approve(tip_id=tip.pk, **WHO)
    assert Review.objects.filter(decision="approved").count() == 2


def test_a_dropped_tip_is_queued_again_without_a_second_decision(write):
    tip = write()
    tips.approve(tip_id=tip.pk, **WHO)
    queue.drop(tip_id=tip.pk, **WHO)
    assert Tip.objects.get().state == TipState.APPROVED
    tips.approve(tip_id=tip.pk, **WHO)
    assert Tip.objects.get().state == TipState.QUEUED
    assert Review.objects.count() == 1


@pytest.mark.parametrize(
    "alter",
    [{"text": "Altered."}, {"title": "Altered"}, {"author": "Somebody Else"}, {"link_url": "https://x.example"}],
)
def test_words_altered_behind_the_programs_back_are_found(write, alter):
    tip = write()
    tips.approve(tip_id=tip.pk, **WHO)
    TipRevision.objects.update(**alter)
    with pytest.raises(TamperedRevisionError, match=f"tip {tip.pk}"):
        approved_revision(Tip.objects.get())


def test_an_altered_revision_with_a_hash_to_match_does_not_have_the_approval(write):
    tip = write()
    tips.approve(tip_id=tip.pk, **WHO)
    other = write(text="Words that nobody approved.")
    TipRevision.objects.filter(tip=tip).update(
        text=other.revision.text, title=other.revision.title, content_hash=other.revision.content_hash
    )
    with pytest.raises(TamperedRevisionError, match="for other words"):
        approved_revision(Tip.objects.get(pk=tip.pk))


def test_words_altered_before_the_approval_are_not_approved(write):
    tip = write()
    TipRevision.objects.update(text="Altered.")
    with pytest.raises(TamperedRevisionError):
        tips.approve(tip_id=tip.pk, **WHO)


def test_a_tip_that_cannot_be_kept_is_refused_with_every_problem(newsletter):
    faulty = wording(title="", topic=" ", text="x" * 4001, link_url="javascript:alert(1)")
    with pytest.raises(WordingError) as refused:
        revise.write_tip(newsletter=newsletter, wording=faulty, **WHO)
    assert {problem.field for problem in refused.value.problems} == {"title", "topic", "text", "link"}
    assert not Tip.objects.exists()


def test_characters_that_xml_cannot_hold_are_taken_out_when_words_are_kept(write):
    tip = write(text="Water\x0b, then\ufffe cream.\r\nNo more.")
    assert tip.revision.text == "Water, then cream.\nNo more."


def test_there_is_no_deciding_on_a_tip_that_is_not_there(newsletter):
    with pytest.raises(UnknownTipError, match="no tip 99"):
        tips.approve(tip_id=99, **WHO)
