"""What readers have can be corrected and withdrawn: with a note, by name, and never behind anybody's back."""

from datetime import timedelta

import pytest

from pipeline.audit.models import AuditEntry
from pipeline.editorial.actions import issues, public, tips
from pipeline.editorial.actions.corrections import NothingToCorrectError, correct
from pipeline.editorial.actions.lifecycle import MissingReasonError
from pipeline.editorial.actions.tips import ChangedSinceSeenError, GuardBlocksError, MissingNameError
from pipeline.editorial.hashing import frozen_hash
from pipeline.editorial.issue_content import content_of
from pipeline.editorial.models import PublicTip, Tip
from pipeline.editorial.revisions import approved_revision
from pipeline.editorial.search_rules import folded
from pipeline.editorial.slots import Slot
from pipeline.editorial.tip_rules import TransitionRefusedError
from pipeline.editorial.wording_rules import WordingError
from tests.editorial.conftest import ANNA, NOW, wording

BEN = "Ben Editor"
LATER = NOW + timedelta(days=3)


@pytest.fixture
def publish(newsletter, write):
    """publish("Sunscreen", "Sleep") → an issue on its way to readers, with one tip on each topic."""

    def _publish(*topics, at=NOW):
        written = [write(topic) for topic in topics]
        for tip in written:
            tips.approve(tip_id=tip.pk, now=at, actor=ANNA)
        newsletter.tips_per_issue = len(topics)
        slot = Slot(f"extra {at:%FT%T}", at.replace(tzinfo=None), at, at)
        issue = issues.compose(newsletter=newsletter, slot=slot, now=at, actor=ANNA)
        content = content_of(issue, public_url="https://newsletter.example")
        digest = frozen_hash(content.to_json(), "<p>", "text")
        issues.mark_approved(
            issue_id=issue.pk, content=content, html="<p>", text="text", frozen_hash=digest, now=at, actor=ANNA
        )
        issues.mark_publishing(issue_id=issue.pk, now=at, actor=ANNA)
        return issues.mark_published(issue_id=issue.pk, now=at, actor=ANNA)

    return _publish


def tip_of(issue, place=0):
    return issue.issue_tips.all()[place].tip


def corrected(tip, note="The amount was wrong.", topic="Sunscreen", **changes):
    words = wording(topic, text="Put on two fingers of sunscreen each morning.", **changes)
    return correct(tip_id=tip.pk, wording=words, note=note, now=LATER, actor=BEN)


def test_an_issue_on_its_way_gives_its_tips_their_places_in_order(publish):
    first, second = publish("Sunscreen", "Sleep"), publish("Sleep", at=NOW + timedelta(days=91))
    rows = list(PublicTip.objects.order_by("serial"))
    assert [row.serial for row in rows] == [1, 2, 3]
    assert [(row.topic_slug, row.topic_serial) for row in rows] == [("sunscreen", 1), ("sleep", 1), ("sleep", 2)]
    assert [row.issue for row in rows] == [first, first, second]
    assert rows[0].updated_at > rows[1].updated_at >= rows[1].published_at == first.slot_at


def test_asking_twice_gives_no_second_place(publish):
    issue = publish("Sunscreen")
    public.show_issue(issue=issue)
    assert PublicTip.objects.count() == 1


def test_a_correction_is_a_new_approved_revision_with_a_name_and_a_note(publish):
    issue = publish("Sunscreen", "Sleep")
    tip = tip_of(issue)
    review = corrected(tip)
    tip.refresh_from_db()
    assert (tip.state, tip.revision.number, tip.revision.created_by) == ("published", 2, BEN)
    assert (review.decided_by, review.content_hash) == (BEN, tip.revision.content_hash)
    assert approved_revision(tip) == tip.revision
    row = PublicTip.objects.get(tip=tip)
    assert (row.revision, row.corrected_at, row.correction_note) == (tip.revision, LATER, "The amount was wrong.")
    assert row.updated_at == LATER
    assert (row.serial, row.topic_serial, row.published_at) == (1, 1, issue.slot_at)


def test_a_correction_leaves_the_frozen_issue_as_it_was(publish):
    issue = publish("Sunscreen")
    before = (issue.content, issue.frozen_hash)
    corrected(tip_of(issue))
    issue.refresh_from_db()
    assert (issue.content, issue.frozen_hash) == before
    assert "two fingers" not in issue.content


def test_a_correction_is_in_the_audit_log_with_both_hashes(publish):
    tip = tip_of(publish("Sunscreen"))
    before = tip.revision.content_hash
    corrected(tip)
    line = AuditEntry.objects.get(action="tip.correct", subject_id=str(tip.pk))
    assert (line.actor, line.detail["note"], line.detail["replaces"]) == (BEN, "The amount was wrong.", before)


def test_a_correction_needs_a_note_other_words_a_name_and_the_words_that_were_seen(publish):
    tip = tip_of(publish("Sunscreen"))
    with pytest.raises(MissingReasonError):
        corrected(tip, note="  ")
    with pytest.raises(NothingToCorrectError):
        correct(tip_id=tip.pk, wording=wording(), note="Nothing.", now=LATER, actor=BEN)
    with pytest.raises(MissingNameError):
        correct(tip_id=tip.pk, wording=wording(text="Other words."), note="x", now=LATER, actor=" ")
    with pytest.raises(ChangedSinceSeenError):
        correct(
            tip_id=tip.pk, wording=wording(text="Other."), note="x", now=LATER, actor=BEN, seen_hash="0" * 64
        )  # fmt: skip
    with pytest.raises(WordingError):
        correct(tip_id=tip.pk, wording=wording(title=""), note="x", now=LATER, actor=BEN)
    tip.refresh_from_db()
    assert tip.revision.number == 1
    assert PublicTip.objects.get(tip=tip).corrected_at is None


def test_what_is_not_published_is_revised_and_not_corrected(write):
    with pytest.raises(TransitionRefusedError):
        corrected(write())


def test_the_guard_stands_in_the_way_of_a_correction_too(publish):
    tip = tip_of(publish("Sunscreen"))
    words = wording(text="This cream cures cancer, guaranteed.")
    with pytest.raises(GuardBlocksError):
        correct(tip_id=tip.pk, wording=words, note="x", now=LATER, actor=BEN)
    review = correct(tip_id=tip.pk, wording=words, note="x", now=LATER, actor=BEN, override_reason="A quotation.")
    assert review.override_reason == "A quotation."


def test_a_correction_that_moves_a_tip_takes_the_last_place_of_its_new_topic_and_remembers_the_old(publish):
    issue = publish("Sunscreen", "Sleep")
    corrected(tip_of(issue), topic="Sleep")
    row = PublicTip.objects.get(tip=tip_of(issue))
    assert (row.topic_slug, row.topic_serial, row.serial, row.former_topics) == ("sleep", 2, 1, [["sunscreen", 1]])


def test_a_withdrawal_tells_readers_and_ends_the_tip(publish):
    tip = tip_of(publish("Sunscreen"))
    tips.withdraw(tip_id=tip.pk, reason="The study was retracted.", now=LATER, actor=BEN)
    row = PublicTip.objects.get(tip=tip)
    assert (row.withdrawn_at, row.withdrawal_note, row.updated_at) == (LATER, "The study was retracted.", LATER)
    with pytest.raises(TransitionRefusedError):
        corrected(tip)


def test_withdrawing_what_readers_never_had_tells_them_nothing(write):
    tips.withdraw(tip_id=write().pk, reason="No.", now=LATER, actor=BEN)
    assert not PublicTip.objects.exists()


def test_every_change_has_the_next_number(publish):
    issue = publish("Sunscreen", "Sleep")
    corrected(tip_of(issue))
    tips.withdraw(tip_id=tip_of(issue, 1).pk, reason="No.", now=LATER, actor=BEN)
    assert dict(PublicTip.objects.values_list("tip_id", "change")) == {tip_of(issue).pk: 3, tip_of(issue, 1).pk: 4}


def test_changes_at_one_instant_are_parted(publish):
    issue = publish("Sunscreen", "Sleep", "Scars")
    for place in issue.issue_tips.all():
        corrected(place.tip, topic=place.revision.topic)
    instants = list(PublicTip.objects.values_list("updated_at", flat=True))
    assert len(set(instants)) == 3
    assert all(LATER <= instant < LATER + timedelta(seconds=1) for instant in instants)


def test_a_lookup_does_not_mind_case_and_accents():
    assert folded("CRÈME brûlée Straße") == "creme brulee strasse"


def test_the_new_words_are_the_ones_that_are_looked_up(publish):
    tip = tip_of(publish("Sunscreen"))
    corrected(tip)
    assert "two fingers" in PublicTip.objects.get(tip=tip).search_text
    assert Tip.objects.filter(public__search_text__contains="at noon").count() == 0
