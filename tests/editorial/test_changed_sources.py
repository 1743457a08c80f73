"""A document that comes in again changed, goes back, moves or goes: what rested on it is looked at again, once."""

from datetime import timedelta

import pytest

from pipeline.audit.models import AuditEntry
from pipeline.editorial.actions import issues, tips
from pipeline.editorial.actions.sources import NothingToKeepError, keep
from pipeline.editorial.changed_sources import agreeing, changes_of, needing_correction
from pipeline.editorial.claims import guard_revision, is_clean
from pipeline.editorial.intake import Workspace, take_in
from pipeline.editorial.models import Document, Issue, Provenance, QueueEntry, Tip
from pipeline.editorial.queries import free_slots
from tests.editorial.conftest import ANNA, NOW

CLOTH = "Wash the face cloth twice a week at 60 degrees, because damp fabric may hold germs for days."
SUN = "Wear a broad-spectrum sunscreen every day for two weeks after a peel, even when the sky is cloudy."
ARTICLE = f"Small habits\n\nCloths\n\n{CLOTH}\n\nSun\n\n{SUN}\n"
OTHER = ARTICLE.replace("twice a week at 60 degrees", "once a week at 40 degrees")


class Desk:
    """A workspace whose in-tray is taken in hour by hour."""

    def __init__(self, home, newsletter):
        self.home, self.newsletter, self.now = home, newsletter, NOW
        (home / "tips" / "documents").mkdir(parents=True)

    def put(self, text, name="habits.txt"):
        (self.home / "tips" / "documents" / name).write_text(text, encoding="utf-8")

    def take(self, *sources, **options):
        self.now += timedelta(hours=1)
        return list(
            take_in(
                sources, workspace=Workspace(self.home), newsletter=self.newsletter, now=self.now, actor=ANNA, **options
            )
        )

    def approve(self, tip):
        self.now += timedelta(hours=1)
        return tips.approve(tip_id=tip.pk, now=self.now, actor=ANNA, override_reason="Read it.")

    def change(self, text=OTHER):
        self.put(text)
        (taken,) = self.take()
        return taken.report.unsettled


@pytest.fixture
def desk(newsletter, tmp_path):
    made = Desk(tmp_path, newsletter)
    made.put(ARTICLE)
    made.take()
    return made


def about(word, **changes):
    return Tip.objects.select_related("revision").get(revision__text__contains=word, **changes)


def cloth():
    return about("60 degrees")


def publish(desk, tip):
    """As the last tick of its issue leaves it."""
    desk.approve(tip)
    Tip.objects.filter(pk=tip.pk).update(state="published", published_at=desk.now)
    QueueEntry.objects.filter(tip=tip).delete()
    return cloth()


def test_a_draft_whose_words_changed_stays_a_draft_and_says_so(desk):
    unsettled = desk.change()
    assert unsettled.undecided == (cloth().pk,)
    assert cloth().state == "draft"
    (change,) = changes_of(cloth().revision)
    assert "once a week at 40 degrees" in change.now
    assert "60 degrees" in str(change)
    assert not is_clean(cloth().revision, guard_revision(cloth().revision))


def test_a_tip_in_review_whose_words_changed_stays_there_and_says_so(desk):
    tips.submit(tip_id=cloth().pk, now=desk.now, actor=ANNA)
    assert desk.change().undecided == (cloth().pk,)
    assert cloth().state == "in_review"


def test_a_queued_tip_whose_words_changed_goes_back_to_review_and_out_of_the_queue(desk):
    desk.approve(cloth())
    desk.approve(about("peel"))
    assert desk.change().sent_back == (cloth().pk,)
    assert cloth().state == "in_review"
    assert [entry.tip_id for entry in QueueEntry.objects.all()] == [about("peel").pk]
    logged = AuditEntry.objects.get(action="tip.send_back")
    assert "is now “Wash the face cloth once a week at 40 degrees" in str(logged.detail)


def test_an_approved_tip_that_was_dropped_from_the_queue_goes_back_too(desk):
    from pipeline.editorial.actions import queue

    desk.approve(cloth())
    queue.drop(tip_id=cloth().pk, now=desk.now, actor=ANNA)
    assert desk.change().sent_back == (cloth().pk,)


def composed(desk):
    desk.approve(cloth())
    desk.approve(about("peel"))
    slot = next(free_slots(desk.newsletter, after=desk.now))
    return issues.compose(newsletter=desk.newsletter, slot=slot, now=desk.now, actor=ANNA)


@pytest.mark.parametrize("frozen", [False, True])
def test_an_issue_not_yet_sent_is_thawed_and_held_without_the_tip_whose_words_changed(desk, frozen):
    issue = composed(desk)
    if frozen:
        Issue.objects.filter(pk=issue.pk).update(state="approved", frozen_hash="f", html="<p>", approved_at=desk.now)
    assert desk.change().sent_back == (cloth().pk,)
    issue = Issue.objects.get(pk=issue.pk)
    assert (issue.state, issue.frozen_hash, issue.html) == ("held", "", "")
    assert "its source tips/documents/habits.txt was changed" in issue.held_reason
    assert [place.tip_id for place in issue.issue_tips.all()] == [about("peel").pk]


def test_a_tip_on_its_way_to_readers_is_left_and_listed_once_they_have_it(desk):
    issue = composed(desk)
    Issue.objects.filter(pk=issue.pk).update(state="publishing")
    unsettled = desk.change()
    assert (unsettled.sent_back, unsettled.to_correct) == ((), (cloth().pk,))
    Tip.objects.filter(pk=cloth().pk).update(state="published")
    assert list(needing_correction(desk.newsletter)) == [cloth().pk]


def test_a_published_tip_whose_words_changed_is_listed_for_correction(desk):
    tip = publish(desk, cloth())
    assert needing_correction(desk.newsletter) == {}
    unsettled = desk.change()
    assert (unsettled.to_correct, unsettled.sent_back) == ((tip.pk,), ())
    assert cloth().state == "published"
    (change,) = needing_correction(desk.newsletter)[tip.pk]
    assert change.location == "tips/documents/habits.txt"


def test_a_published_tip_that_is_kept_with_a_reason_is_no_longer_listed(desk):
    tip = publish(desk, cloth())
    desk.change()
    desk.now += timedelta(hours=1)
    review = keep(tip_id=tip.pk, reason="Both are right.", now=desk.now, actor=ANNA)
    assert (review.reason, review.decided_by) == ("Both are right.", ANNA)
    assert needing_correction(desk.newsletter) == {}
    with pytest.raises(NothingToKeepError, match="needs no correction"):
        keep(tip_id=tip.pk, reason="Again.", now=desk.now, actor=ANNA)


def test_what_was_kept_is_listed_again_when_its_source_changes_once_more(desk):
    tip = publish(desk, cloth())
    desk.change()
    keep(tip_id=tip.pk, reason="Both are right.", now=desk.now + timedelta(minutes=1), actor=ANNA)
    desk.change(OTHER.replace("once", "three times"))
    assert list(needing_correction(desk.newsletter)) == [tip.pk]


def test_a_tip_that_was_approved_again_after_the_change_is_left_alone(desk):
    desk.approve(cloth())
    desk.change()
    desk.approve(cloth())
    (taken,) = desk.take(again=True)
    assert taken.report.unsettled.sent_back == ()
    assert cloth().state == "queued"


@pytest.mark.parametrize(
    "same", [ARTICLE.replace("because damp", "because\ndamp"), f"{ARTICLE}\nA new ending.\n", f"News\n\n{ARTICLE}"]
)
def test_words_that_only_moved_or_were_wrapped_anew_are_the_same_words(desk, same):
    desk.approve(cloth())
    unsettled = desk.change(same)
    assert (unsettled.sent_back, unsettled.undecided) == ((), ())
    assert cloth().state == "queued"
    assert cloth().revision.provenances.count() == 1, "another version of a document is no further source"


def test_a_document_that_is_changed_back_takes_its_old_words_with_it(desk):
    desk.change()
    newer = about("40 degrees")
    desk.approve(newer)
    assert desk.change(ARTICLE).sent_back == (newer.pk,)
    assert changes_of(cloth().revision) == []
    assert Document.objects.filter(current_since__isnull=False).count() == 1
    (again,) = desk.take()
    assert again.is_known


def test_a_document_that_is_gone_sends_back_what_rests_on_it(desk):
    desk.approve(cloth())
    (desk.home / "tips" / "documents" / "habits.txt").unlink()
    (taken,) = desk.take()
    assert taken.is_gone
    assert taken.report.unsettled.sent_back == (cloth().pk,)
    assert taken.report.unsettled.undecided == (about("peel").pk,)
    assert "is not there any more" in str(changes_of(cloth().revision)[0])
    assert desk.take() == [], "it is said once"


def test_a_published_tip_whose_document_is_gone_is_listed(desk):
    tip = publish(desk, cloth())
    (desk.home / "tips" / "documents" / "habits.txt").unlink()
    desk.take()
    assert needing_correction(desk.newsletter)[tip.pk][0].is_gone


def test_a_document_that_comes_back_makes_its_tips_whole(desk):
    file = desk.home / "tips" / "documents" / "habits.txt"
    file.unlink()
    desk.take()
    desk.put(ARTICLE)
    desk.take()
    assert changes_of(cloth().revision) == []
    assert Tip.objects.count() == 2


def test_a_document_that_was_renamed_is_not_gone_and_keeps_its_tips(desk):
    desk.approve(cloth())
    folder = desk.home / "tips" / "documents"
    (folder / "habits.txt").rename(folder / "small-habits.txt")
    (taken,) = desk.take()
    assert taken.is_known
    assert cloth().state == "queued"
    assert Document.objects.get().location == "tips/documents/small-habits.txt"
    desk.put(OTHER, "small-habits.txt")
    (taken,) = desk.take()
    assert taken.report.unsettled.sent_back == (cloth().pk,)


def test_naming_one_file_says_nothing_of_the_others(desk):
    (desk.home / "tips" / "documents" / "habits.txt").unlink()
    desk.put(
        "Pillows\n\nChange the pillow case once a week, because oil and dust gather in it over the nights.", "b.txt"
    )
    taken = desk.take(desk.home / "tips" / "documents" / "b.txt")
    assert [each.is_gone for each in taken] == [False]


def test_a_file_that_cannot_be_read_today_is_not_gone(desk):
    desk.approve(cloth())
    (desk.home / "tips" / "documents" / "habits.txt").write_bytes(b"\x00\x01\x02" * 100)
    (taken,) = desk.take()
    assert taken.problems
    assert cloth().state == "queued"


def test_a_folder_of_documents_that_is_missing_as_a_whole_sends_nothing_back(desk):
    desk.approve(cloth())
    (desk.home / "tips" / "documents").rename(desk.home / "elsewhere")
    desk.take()
    assert cloth().state == "queued"


def test_a_further_source_that_says_so_no_longer_is_no_source_any_more(desk):
    desk.put(f"Laundry\n\n{CLOTH}\n", "laundry.txt")
    desk.take()
    assert {span.document.name for span in cloth().revision.provenances.all()} == {"habits.txt", "laundry.txt"}
    desk.put(
        "Laundry\n\nIron the shirts while they are still a little damp, so that the creases come out.\n", "laundry.txt"
    )
    desk.take()
    assert {span.document.name for span in cloth().revision.provenances.all()} == {"habits.txt"}
    assert not Provenance.objects.filter(corroborates=True).exists()


def test_three_documents_that_agree_are_all_named(desk):
    for name in ("laundry.txt", "bath.txt"):
        desk.put(f"On {name[:-4]}\n\n{CLOTH}\n", name)
    desk.take()
    spans = list(cloth().revision.provenances.select_related("document"))
    assert {span.document.name for span in spans} == {"habits.txt", "laundry.txt", "bath.txt"}
    assert all(span.document.text[span.start : span.end] == span.quote for span in spans)
    assert len(agreeing(cloth().revision)) == 3
    desk.put(OTHER)
    desk.take()
    assert agreeing(cloth().revision) == {"tips/documents/laundry.txt", "tips/documents/bath.txt"}


@pytest.mark.parametrize("together", [True, False])
def test_documents_that_disagree_give_a_flag_with_both_sides(newsletter, tmp_path, together):
    desk = Desk(tmp_path, newsletter)
    desk.put(ARTICLE)
    if not together:
        desk.take()
    desk.put(f"Laundry\n\n{CLOTH.replace('60', '40').replace('twice', 'once')}\n", "laundry.txt")
    desk.take()
    flags = [flag for tip in Tip.objects.select_related("revision") for flag in tip.revision.flags]
    disagreeing = [flag for flag in flags if flag.startswith("sources disagree")]
    assert disagreeing, flags
    assert all("60 degrees" in flag and "40 degrees" in flag for flag in disagreeing)
