"""Issues: one for a slot, from approved words alone, frozen at approval; and what takes a tip out of one again."""

import json

import pytest
from django.db import IntegrityError

from pipeline.editorial.actions import issues, queue, revise, tips
from pipeline.editorial.actions.issues import FrozenContentError, IssueTextError, NothingToSendError, TipNotInIssueError
from pipeline.editorial.actions.lifecycle import MissingReasonError, TipBeingSentError, UnknownIssueError
from pipeline.editorial.content import IssueContent
from pipeline.editorial.issue_content import ChangedRevisionError, anchor_of, content_of, topic_slug
from pipeline.editorial.issue_rules import (
    PREHEADER_MAX,
    SUBJECT_MAX,
    plain_text,
    suggest_preheader,
    suggest_subject,
)
from pipeline.editorial.models import Issue, IssueState, IssueTip, QueueEntry, Tip, TipRevision, TipState
from pipeline.editorial.queries import free_slots, queue_of
from pipeline.editorial.revisions import NotApprovedError, TamperedRevisionError
from pipeline.editorial.tip_rules import TransitionRefusedError
from tests.editorial.conftest import ANNA, NOW, wording

WHO = {"now": NOW, "actor": ANNA}
PUBLIC_URL = "https://newsletter.example"
TOPICS = ("Sunscreen", "Scars", "Sleep", "Cleansing", "Moisturiser")


@pytest.fixture
def approved(write):
    """Five approved tips in the queue, by their numbers."""
    made = [write(topic) for topic in TOPICS]
    for tip in made:
        tips.approve(tip_id=tip.pk, **WHO)
    return [tip.pk for tip in made]


@pytest.fixture
def issue(newsletter, approved):
    return compose(newsletter)


def compose(newsletter):
    return issues.compose(newsletter=newsletter, slot=next(free_slots(newsletter, after=NOW)), **WHO)


def freeze(issue):
    content = content_of(issue, public_url=PUBLIC_URL)
    return issues.mark_approved(issue_id=issue.pk, content=content, html="<p>", text="t", frozen_hash="f" * 64, **WHO)


def send(issue):
    issues.mark_publishing(issue_id=issue.pk, **WHO)
    return issues.mark_published(issue_id=issue.pk, **WHO)


def tip_ids(issue):
    return list(issue.issue_tips.order_by("position").values_list("tip_id", flat=True))


def test_an_issue_takes_its_tips_from_the_head_of_the_queue(newsletter, approved, issue):
    assert (issue.number, issue.slot_key) == (1, "2026-11-24T09:00 Europe/Berlin")
    assert tip_ids(issue) == approved[:3]
    assert [tip.tip_id for tip in queue_of(newsletter)] == approved[3:]
    assert issue.issue_tips.first().why == "first in the queue"


def test_one_slot_has_one_issue_however_often_it_is_composed(newsletter, issue):
    assert issues.compose(newsletter=newsletter, slot=_slot_of(issue, newsletter), **WHO) == issue
    assert Issue.objects.count() == 1
    with pytest.raises(IntegrityError):
        Issue.objects.create(
            newsletter=newsletter, number=9, slot_key=issue.slot_key, slot_at=NOW, composed_at=NOW, design="digest"
        )


def _slot_of(issue, newsletter):
    from pipeline.editorial.queries import rule_of
    from pipeline.editorial.slots import next_slot

    slot = next_slot(rule_of(newsletter), NOW)
    assert slot.key == issue.slot_key
    return slot


def test_the_next_issue_is_for_the_next_slot_with_the_next_number(newsletter, issue):
    second = compose(newsletter)
    assert (second.number, second.slot_key) == (2, "2026-12-01T09:00 Europe/Berlin")


def test_there_is_no_issue_without_a_tip(newsletter):
    with pytest.raises(NothingToSendError, match="The Skin Letter holds no tip that may go out on 2026-11-24"):
        compose(newsletter)
    assert not Issue.objects.exists()


def test_an_issue_is_never_composed_from_words_that_were_altered(newsletter, approved):
    TipRevision.objects.filter(tip_id=approved[1]).update(text="Altered.")
    with pytest.raises(TamperedRevisionError, match=f"tip {approved[1]}"):
        compose(newsletter)
    assert not Issue.objects.exists()
    assert QueueEntry.objects.count() == 5


def test_subject_and_preheader_are_made_from_the_tips_titles(issue):
    assert issue.subject == "A word on sunscreen · A word on scars"
    assert issue.preheader == "A word on sleep"


@pytest.mark.parametrize(
    "titles", [["Short"], ["x" * 200], ["word " * 50], ["A", "B", "C"], ["Sun " * 12, "Sleep " * 12, "C"]]
)
def test_suggestions_fit_and_hold_no_word_that_the_tips_do_not(titles):
    texts = ["Some *advice* on [skin](https://x.example).", "b", "c"][: len(titles)]
    subject, preheader = suggest_subject(titles), suggest_preheader(titles, texts)
    assert 0 < len(subject) <= SUBJECT_MAX
    assert 0 < len(preheader) <= PREHEADER_MAX
    known = set(" ".join([*titles, *map(plain_text, texts)]).split())
    assert {word.rstrip("…") for word in f"{subject} {preheader}".split()} - {"·"} <= known or len(titles[0]) == 200


def test_plain_text_leaves_the_words_and_takes_the_marks():
    assert plain_text("# Head\n\nA *b* [c](https://x.example)\n\n- d\n- `e`\n") == "Head A b c d e"


def test_what_is_said_around_the_tips_is_edited_and_swaps_leave_it_alone(issue, approved):
    issues.edit(issue_id=issue.pk, subject="  Our\twords ", intro="Hello\n\nthere", **WHO)
    issues.swap(issue_id=issue.pk, out_tip_id=approved[0], in_tip_id=approved[4], **WHO)
    issue.refresh_from_db()
    assert (issue.subject, issue.intro) == ("Our words", "Hello\n\nthere")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"subject": " "}, "is empty"),
        ({"subject": "x" * 201}, "has 201 characters"),
        ({"subject": "a\x00b"}, "control character"),
        ({"preheader": "a\u2028b\x07"}, "control character"),
        ({"intro": "x" * 2001}, "has 2001 characters"),
        ({"subject": "Three habits \u202egnp.exe"}, "control character"),
        ({"preheader": "Two\u2028lines \u2066"}, "control character"),
        ({"intro": "A text that \u202aturns"}, "control character"),
    ],
)
def test_what_cannot_stand_in_a_mail_is_refused(issue, change, said):
    with pytest.raises(IssueTextError, match=said) as refused:
        issues.edit(issue_id=issue.pk, **change, **WHO)
    assert refused.value.field == next(iter(change))


def test_a_swap_puts_the_one_back_first_and_takes_the_other_in_its_place(newsletter, issue, approved):
    issues.swap(issue_id=issue.pk, out_tip_id=approved[1], in_tip_id=approved[4], **WHO)
    assert tip_ids(issue) == [approved[0], approved[4], approved[2]]
    assert [tip.tip_id for tip in queue_of(newsletter)] == [approved[1], approved[3]]
    issue.refresh_from_db()
    assert "moisturiser" in issue.subject


def test_a_swap_takes_nothing_that_is_not_in_the_queue(issue, approved, write):
    draft = write("Peels")
    for out, taken, error in (
        (approved[0], draft.pk, queue.NotInQueueError),
        (approved[0], approved[1], queue.NotInQueueError),
        (approved[4], approved[3], TipNotInIssueError),
    ):
        with pytest.raises(error):
            issues.swap(issue_id=issue.pk, out_tip_id=out, in_tip_id=taken, **WHO)
    assert tip_ids(issue) == approved[:3]


def test_a_cancelled_issue_gives_its_tips_back_in_their_order_and_keeps_its_slot(newsletter, issue, approved):
    with pytest.raises(MissingReasonError):
        issues.cancel(issue_id=issue.pk, reason=" ", **WHO)
    issues.cancel(issue_id=issue.pk, reason="Holidays", **WHO)
    assert [tip.tip_id for tip in queue_of(newsletter)] == approved
    again = issues.compose(newsletter=newsletter, slot=_slot_of(issue, newsletter), **WHO)
    assert (again.pk, again.state) == (issue.pk, IssueState.CANCELLED)


def test_approval_freezes_the_content_and_the_rendered_bytes(issue):
    frozen = freeze(issue)
    assert (frozen.state, frozen.approved_by, frozen.approved_at) == (IssueState.APPROVED, ANNA, NOW)
    assert IssueContent.from_json(frozen.content) == content_of(issue, public_url=PUBLIC_URL)


def test_what_changed_since_it_was_rendered_is_not_frozen(issue, approved):
    content = content_of(issue, public_url=PUBLIC_URL)
    issues.swap(issue_id=issue.pk, out_tip_id=approved[0], in_tip_id=approved[4], **WHO)
    with pytest.raises(FrozenContentError, match="changed while it was being approved"):
        issues.mark_approved(issue_id=issue.pk, content=content, html="", text="", frozen_hash="", **WHO)


@pytest.mark.parametrize("act", ["edit", "swap", "hold", "add"])
def test_a_change_of_an_approved_issue_takes_its_approval_and_its_frozen_bytes(issue, approved, act):
    freeze(issue)
    if act == "edit":
        issues.edit(issue_id=issue.pk, subject="Another subject", **WHO)
    elif act == "swap":
        issues.swap(issue_id=issue.pk, out_tip_id=approved[0], in_tip_id=approved[4], **WHO)
    elif act == "add":
        issues.add_tip(issue_id=issue.pk, tip_id=approved[4], **WHO)
    else:
        issues.hold(issue_id=issue.pk, reason="Wait for the lawyers", **WHO)
    issue.refresh_from_db()
    assert issue.state == (IssueState.HELD if act == "hold" else IssueState.COMPOSED)
    assert (issue.content, issue.html, issue.text, issue.frozen_hash, issue.approved_by) == ("", "", "", "", "")
    with pytest.raises(TransitionRefusedError):
        issues.mark_publishing(issue_id=issue.pk, **WHO)


def test_the_same_words_again_leave_an_approval_alone(issue):
    freeze(issue)
    assert issues.edit(issue_id=issue.pk, subject=issue.subject, **WHO).state == IssueState.APPROVED


@pytest.mark.parametrize("is_frozen", [False, True])
@pytest.mark.parametrize("act", ["revise", "reject", "withdraw", "send back"])
def test_a_tip_that_is_changed_or_taken_back_leaves_an_unsent_issue_which_is_held(issue, approved, act, is_frozen):
    if is_frozen:
        freeze(issue)
    if act == "revise":
        revise.revise(tip_id=approved[0], wording=wording(text="Other words."), **WHO)
    else:
        action = {"reject": tips.reject, "withdraw": tips.withdraw, "send back": tips.send_back}[act]
        action(tip_id=approved[0], reason="It is out of date", **WHO)
    issue.refresh_from_db()
    assert (issue.state, issue.frozen_hash) == (IssueState.HELD, "")
    assert f"Tip {approved[0]} was taken out" in issue.held_reason
    assert tip_ids(issue) == approved[1:3]


def test_a_tip_on_its_way_is_not_changed(issue, approved):
    freeze(issue)
    issues.mark_publishing(issue_id=issue.pk, **WHO)
    with pytest.raises(TipBeingSentError, match="in issue 1, which is being sent"):
        tips.withdraw(tip_id=approved[0], reason="Too late", **WHO)
    assert Tip.objects.get(pk=approved[0]).state == TipState.QUEUED


def test_a_published_issue_publishes_its_tips_with_their_places_and_only_once(issue, approved):
    freeze(issue)
    send(issue)
    sent = issues.mark_published(issue_id=issue.pk, now=NOW.replace(year=2027), actor=ANNA)
    tip = Tip.objects.get(pk=approved[0])
    assert (sent.state, sent.published_at) == (IssueState.PUBLISHED, NOW)
    assert (tip.state, tip.published_at) == (TipState.PUBLISHED, NOW)
    assert tip.permalink == f"https://newsletter.example/skin-letter/archive/1.html#{anchor_of(tip)}"


def test_what_was_published_is_not_changed_any_more(issue, approved):
    freeze(issue)
    send(issue)
    with pytest.raises(TransitionRefusedError, match="correct it"):
        revise.revise(tip_id=approved[0], wording=wording(text="Other words."), **WHO)
    for act in (
        lambda: issues.edit(issue_id=issue.pk, subject="Late", **WHO),
        lambda: issues.cancel(issue_id=issue.pk, reason="Late", **WHO),
        lambda: issues.hold(issue_id=issue.pk, reason="Late", **WHO),
        lambda: issues.add_tip(issue_id=issue.pk, tip_id=approved[4], **WHO),
    ):
        with pytest.raises(TransitionRefusedError):
            act()


def test_an_issue_without_tips_is_never_approved(issue, approved):
    content = content_of(issue, public_url=PUBLIC_URL)
    for tip_id in approved[:3]:
        tips.withdraw(tip_id=tip_id, reason="Out of date", **WHO)
    with pytest.raises(NothingToSendError, match="Issue 1 holds no tip"):
        issues.mark_approved(issue_id=issue.pk, content=content, html="", text="", frozen_hash="", **WHO)


def test_a_held_issue_is_released_filled_up_and_approved(issue, approved):
    tips.withdraw(tip_id=approved[0], reason="Out of date", **WHO)
    issues.release(issue_id=issue.pk, **WHO)
    issues.add_tip(issue_id=issue.pk, tip_id=approved[4], **WHO)
    issue.refresh_from_db()
    assert (issue.state, issue.held_reason) == (IssueState.COMPOSED, "")
    assert tip_ids(issue) == [approved[1], approved[2], approved[4]]
    assert freeze(issue).state == IssueState.APPROVED


def test_there_is_no_acting_on_an_issue_that_is_not_there(newsletter):
    with pytest.raises(UnknownIssueError):
        issues.release(issue_id=7, **WHO)


def test_the_content_has_permanent_places_for_the_issue_and_each_tip(issue, approved):
    content = content_of(issue, public_url=PUBLIC_URL)
    tip = Tip.objects.get(pk=approved[0])
    assert content.permalink == "https://newsletter.example/skin-letter/archive/1.html"
    assert content.newsletter.site_url == "https://newsletter.example/skin-letter/"
    assert content.tips[0].permalink == f"{content.permalink}#tip-{tip.entry_id.hex[:12]}"
    assert content.tips[0].entry_id == f"urn:uuid:{tip.entry_id}"
    assert content.tips[0].revision_hash == tip.revision.content_hash
    assert IssueContent.from_json(content.to_json()) == content


def test_a_tip_that_was_published_before_keeps_its_first_place(issue, approved):
    Tip.objects.filter(pk=approved[0]).update(permalink="https://newsletter.example/skin-letter/archive/0.html#tip-a")
    assert content_of(issue, public_url=PUBLIC_URL).tips[0].permalink.endswith("/archive/0.html#tip-a")


def test_no_content_is_made_of_words_without_a_standing_approval(issue, approved):
    TipRevision.objects.filter(tip_id=approved[0]).update(title="Altered")
    with pytest.raises(TamperedRevisionError):
        content_of(issue, public_url=PUBLIC_URL)


def test_no_content_is_made_of_a_revision_that_has_a_successor(issue, approved, write):
    other = write("Peels")
    tips.approve(tip_id=other.pk, **WHO)
    place = IssueTip.objects.get(tip_id=approved[0])
    Tip.objects.filter(pk=approved[0]).update(revision=other.revision)
    with pytest.raises(ChangedRevisionError, match="newer words"):
        content_of(place.issue, public_url=PUBLIC_URL)


def test_no_content_is_made_of_a_rejected_revision(issue, approved):
    Tip.objects.get(pk=approved[0]).revision.reviews.update(decision="rejected")
    with pytest.raises(NotApprovedError):
        content_of(issue, public_url=PUBLIC_URL)


@pytest.mark.parametrize(
    ("topic", "slug"),
    [("Sun protection", "sun-protection"), ("Éclat & glow", "éclat-glow"), ("保湿", "保湿"), ("!!!", "topic-")],
)
def test_every_topic_has_a_part_of_an_address(topic, slug):
    assert topic_slug(topic).startswith(slug)


def test_the_same_content_has_the_same_bytes(issue):
    first, second = (content_of(Issue.objects.get(), public_url=PUBLIC_URL) for _ in range(2))
    assert first.to_json() == second.to_json()
    assert json.loads(first.to_json())["number"] == 1
