"""Whoever asks later can read who did what: every action leaves its line, and a refused one leaves none."""

import json

import pytest

from pipeline.audit.models import AuditEntry
from pipeline.editorial.actions import issues, newsletters, queue, revise, schedules, tips
from pipeline.editorial.models import Tip
from pipeline.editorial.tip_rules import TipState
from pipeline.errors import TipsheetError
from tests.editorial.conftest import ANNA, NOW, wording
from tests.editorial.test_ingest import candidate, derive_in, document, hand_in
from tests.editorial.test_issues import compose, freeze

BEN = {"now": NOW, "actor": "Ben"}


@pytest.fixture
def queued(write):
    made = [write(topic) for topic in ("Sunscreen", "Scars", "Sleep", "Cleansing")]
    for tip in made:
        tips.approve(tip_id=tip.pk, now=NOW, actor=ANNA)
    return [tip.pk for tip in made]


ON_TIPS = [
    ("tip.revise", lambda tip_id: revise.revise(tip_id=tip_id, wording=wording(text="New words."), **BEN)),
    ("tip.reject", lambda tip_id: tips.reject(tip_id=tip_id, reason="No", **BEN)),
    ("tip.withdraw", lambda tip_id: tips.withdraw(tip_id=tip_id, reason="No", **BEN)),
    ("tip.send_back", lambda tip_id: tips.send_back(tip_id=tip_id, reason="No", **BEN)),
    ("tip.drop", lambda tip_id: queue.drop(tip_id=tip_id, **BEN)),
    ("queue.moved", lambda tip_id: queue.move(tip_id=tip_id, to_place=3, **BEN)),
    ("queue.held", lambda tip_id: queue.hold(tip_id=tip_id, **BEN)),
]


@pytest.mark.parametrize(("action", "act"), ON_TIPS, ids=[name for name, _ in ON_TIPS])
def test_what_is_done_to_a_tip_is_told_with_who_when_and_its_words(queued, action, act):
    act(queued[0])
    entry = AuditEntry.objects.get(actor="Ben")
    tip = Tip.objects.select_related("revision").get(pk=queued[0])
    assert (entry.action, entry.subject_kind, entry.subject_id, entry.at) == (action, "tip", str(tip.pk), NOW)
    assert entry.hash_after in {"", tip.revision.content_hash}
    if action.startswith("tip."):
        assert (entry.detail["before"], entry.detail["after"]) == ("queued", tip.state)


def test_an_approval_tells_each_step_and_the_words_that_it_was_given_for(write):
    tip = write()
    tips.approve(tip_id=tip.pk, **BEN)
    entries = AuditEntry.objects.filter(actor="Ben").order_by("pk")
    assert [entry.action for entry in entries] == ["tip.submit", "tip.approve", "tip.enqueue"]
    assert {entry.hash_after for entry in entries} == {tip.revision.content_hash}


def test_the_life_of_an_issue_is_told_step_by_step(newsletter, queued):
    issue = compose(newsletter)
    issues.edit(issue_id=issue.pk, subject="Our subject", **BEN)
    issues.swap(issue_id=issue.pk, out_tip_id=queued[0], in_tip_id=queued[3], **BEN)
    issue.refresh_from_db()
    freeze(issue)
    issues.hold(issue_id=issue.pk, reason="Wait", **BEN)
    issues.release(issue_id=issue.pk, **BEN)
    freeze(issue)
    issues.mark_publishing(issue_id=issue.pk, **BEN)
    issues.mark_published(issue_id=issue.pk, **BEN)
    told = AuditEntry.objects.filter(subject_kind="issue").order_by("pk")
    assert [entry.action for entry in told] == [
        "issue.composed", "issue.edited", "issue.swapped", "issue.approve", "issue.hold", "issue.release",
        "issue.approve", "issue.start", "issue.finish",
    ]  # fmt: skip
    held = told.get(action="issue.hold")
    assert (held.hash_before, held.hash_after, held.detail["reason"]) == ("f" * 64, "", "Wait")
    assert AuditEntry.objects.filter(action="tip.publish").count() == 3


def test_taking_things_in_is_told_once(newsletter):
    source = document()
    for _ in range(2):
        hand_in(newsletter, wording())
        derive_in(newsletter, source, candidate(source, "Renew sunscreen after a swim."))
    told = [entry.action for entry in AuditEntry.objects.exclude(action="newsletter.created").order_by("pk")]
    assert told == ["tip.created", "document.ingested", "tip.created"]


def test_changing_and_pausing_a_newsletter_is_told(newsletter):
    newsletters.update_newsletter(newsletter=newsletter, changes={"tagline": "New"}, **BEN)
    schedules.pause_schedule(newsletter=newsletter, paused=True, **BEN)
    schedules.pause_schedule(newsletter=newsletter, paused=True, **BEN)
    schedules.pause_schedule(newsletter=newsletter, paused=False, **BEN)
    told = [
        (entry.action, entry.detail.get("fields")) for entry in AuditEntry.objects.filter(actor="Ben").order_by("pk")
    ]
    assert told == [("newsletter.changed", ["tagline"]), ("schedule.paused", None), ("schedule.resumed", None)]


REFUSED = [
    lambda tip_id: tips.approve(tip_id=tip_id, seen_hash="0" * 64, **BEN),
    lambda tip_id: tips.reject(tip_id=tip_id, reason="", **BEN),
    lambda tip_id: tips.send_back(tip_id=tip_id, reason="No", **BEN),
    lambda tip_id: queue.enqueue(tip_id=tip_id, **BEN),
    lambda tip_id: queue.move(tip_id=tip_id, to_place=1, **BEN),
    lambda tip_id: revise.revise(tip_id=tip_id, wording=wording(text=""), **BEN),
]


@pytest.mark.parametrize("act", REFUSED)
def test_what_was_refused_left_no_trace(write, act):
    tip = write()
    before = AuditEntry.objects.count()
    with pytest.raises(TipsheetError):
        act(tip.pk)
    assert AuditEntry.objects.count() == before
    assert Tip.objects.get().state == TipState.DRAFT


def test_the_log_holds_no_address_and_no_words_of_a_tip(newsletter, queued):
    compose(newsletter)
    told = json.dumps([entry.detail for entry in AuditEntry.objects.all()])
    assert "@" not in told
    assert all(tip.revision.text not in told for tip in Tip.objects.select_related("revision"))
