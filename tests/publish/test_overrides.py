"""Preflight blocks; a person may answer for what is said, by name and with a reason, and for nothing else."""

import pytest

from pipeline.audit.models import AuditEntry
from pipeline.editorial.actions import issues as actions
from pipeline.editorial.actions.lifecycle import MissingReasonError
from pipeline.editorial.issue_rules import IssueState
from pipeline.editorial.models import Issue
from pipeline.publish import publishing
from pipeline.publish.issues import approve, coming_slot, look_at
from pipeline.publish.overrides import NothingToOverrideError, PreflightError, override_of
from pipeline.render.findings import blocking
from tests.publish.conftest import EDITOR, TUESDAY_SLOT, mails

CLAIM = "Our serum cures acne."


@pytest.fixture
def issue(newsletter, queue, readers, clock):
    queue(2)
    slot = coming_slot(newsletter, now=clock())
    return actions.compose(newsletter=newsletter, slot=slot, now=clock(), actor=EDITOR)


@pytest.fixture
def claiming(issue, clock):
    """An issue whose introduction claims what no cosmetic may."""
    return actions.edit(issue_id=issue.pk, intro=CLAIM, now=clock(), actor=EDITOR)


def overridden():
    return AuditEntry.objects.filter(action="issue.preflight_overridden")


def test_a_claim_blocks_and_the_error_says_how_to_answer_for_it(claiming, config, clock):
    with pytest.raises(PreflightError, match=r"issues approve 1 --override REASON"):
        approve(claiming, config=config, now=clock(), actor=EDITOR)


def test_a_person_answers_for_a_claim_and_the_log_keeps_who_why_and_what(claiming, config, clock):
    found = look_at(claiming, config=config)
    approve(claiming, config=config, now=clock(), actor=EDITOR, override="  Legal has\nseen it. ")
    entry = overridden().get()
    assert (entry.actor, entry.subject_id) == (EDITOR, str(claiming.pk))
    assert entry.detail["reason"] == "Legal has seen it."
    assert entry.detail["content_hash"] == found.content.content_hash
    assert [finding["place"] for finding in entry.detail["findings"]] == ["intro"]
    assert Issue.objects.get().state == IssueState.APPROVED


def test_what_was_overridden_goes_out_like_any_other(claiming, config, clock):
    publishing.approve_by_person(claiming, config=config, now=clock(), actor=EDITOR, override="Seen by legal.")
    clock.move_to(TUESDAY_SLOT)
    (outcome,) = publishing.publish_due(claiming.newsletter, config=config, clock=clock)
    assert outcome.state == IssueState.PUBLISHED
    assert len(mails(config)) == 5


def test_an_approval_that_fails_after_an_override_leaves_no_trace(claiming, config, clock, monkeypatch):
    monkeypatch.setattr("pipeline.publish.issues.actions.mark_approved", _refuse)
    with pytest.raises(RuntimeError):
        approve(claiming, config=config, now=clock(), actor=EDITOR, override="Seen by legal.")
    assert not overridden().exists()


def _refuse(**_):
    raise RuntimeError


@pytest.mark.parametrize(
    "changes",
    [{"postal_address": ""}, {"reason": "\u200b"}, {"sender_address": "nobody"}],
    ids=["postal address", "reason", "sender"],
)
def test_what_law_or_a_mail_program_asks_for_cannot_be_overridden(issue, config, clock, changes):
    for name, value in changes.items():
        setattr(issue.newsletter, name, value)
    with pytest.raises(PreflightError) as caught:
        approve(issue, config=config, now=clock(), actor=EDITOR, override="I want it.")
    assert "--override" not in str(caught.value)
    assert not overridden().exists()


def test_a_mark_that_nothing_fills_cannot_be_overridden_even_beside_a_claim_that_can(claiming, config, clock):
    actions.edit(issue_id=claiming.pk, subject="Hello {{ first_name }}", now=clock(), actor=EDITOR)
    claiming.refresh_from_db()
    with pytest.raises(PreflightError, match="Nobody can override: subject"):
        approve(claiming, config=config, now=clock(), actor=EDITOR, override="I want it.")


def test_altered_bytes_are_refused_whatever_was_overridden(claiming, config, clock):
    publishing.approve_by_person(claiming, config=config, now=clock(), actor=EDITOR, override="Seen by legal.")
    Issue.objects.update(html="<p>something else</p>")
    clock.move_to(TUESDAY_SLOT)
    (outcome,) = publishing.publish_due(claiming.newsletter, config=config, clock=clock)
    assert "not what was approved" in outcome.note
    assert mails(config) == []


def test_a_reason_for_nothing_and_no_reason_are_refused(issue, claiming, config, clock):
    with pytest.raises(MissingReasonError):
        approve(claiming, config=config, now=clock(), actor=EDITOR, override=" \n")
    fine = actions.edit(issue_id=issue.pk, intro="", now=clock(), actor=EDITOR)
    with pytest.raises(NothingToOverrideError):
        approve(fine, config=config, now=clock(), actor=EDITOR, override="Just in case.")


def test_an_answer_stands_when_the_issue_is_only_brought_forward(claiming, config, clock):
    publishing.approve_by_person(claiming, config=config, now=clock(), actor=EDITOR, override="Seen by legal.")
    outcome = publishing.publish_now(claiming.newsletter, config=config, clock=clock, actor="Ben")
    assert outcome.state == IssueState.PUBLISHED
    assert len(mails(config)) == 5
    first, again = overridden().order_by("pk")
    assert (again.actor, again.detail["answered_by"], again.detail["reason"]) == ("Ben", EDITOR, "Seen by legal.")
    assert again.detail["findings"] == first.detail["findings"]
    found = override_of(Issue.objects.get())
    assert (found.actor, found.reason) == (EDITOR, "Seen by legal.")


def test_an_answer_does_not_stand_for_other_words(claiming, config, clock):
    publishing.approve_by_person(claiming, config=config, now=clock(), actor=EDITOR, override="Seen by legal.")
    actions.edit(issue_id=claiming.pk, intro=f"{CLAIM} Guaranteed.", now=clock(), actor=EDITOR)
    assert override_of(Issue.objects.get()) is None
    with pytest.raises(PreflightError):
        publishing.publish_now(claiming.newsletter, config=config, clock=clock, actor=EDITOR)
    assert mails(config) == []


def test_an_answer_for_one_claim_is_none_for_another_that_came_with_the_rules(claiming, config, clock, monkeypatch):
    publishing.approve_by_person(claiming, config=config, now=clock(), actor=EDITOR, override="Seen by legal.")
    stricter = blocking("subject", "a new rule", "mend it", may_override=True)
    monkeypatch.setattr("pipeline.publish.issues.check", lambda *_: [stricter])
    before = Issue.objects.get()
    with pytest.raises(PreflightError, match="a new rule"):
        publishing.publish_now(claiming.newsletter, config=config, clock=clock, actor=EDITOR)
    after = Issue.objects.get()
    assert (after.state, after.slot_at, after.frozen_hash) == (before.state, before.slot_at, before.frozen_hash)


def test_nothing_is_answered_for_where_nothing_blocks(issue, config, clock):
    approve(issue, config=config, now=clock(), actor=EDITOR)
    assert override_of(Issue.objects.get()) is None


def test_nobody_approves_what_was_changed_since_they_looked(issue, config, clock):
    seen = look_at(issue, config=config).content.content_hash
    changed = actions.edit(issue_id=issue.pk, intro="Other words.", now=clock(), actor="Ben")
    with pytest.raises(publishing.ChangedIssueError, match="changed since you opened it"):
        publishing.approve_by_person(changed, config=config, now=clock(), actor=EDITOR, seen_hash=seen)
    assert Issue.objects.get().state == IssueState.COMPOSED
    now_seen = look_at(changed, config=config).content.content_hash
    publishing.approve_by_person(changed, config=config, now=clock(), actor=EDITOR, seen_hash=now_seen)
    assert Issue.objects.get().state == IssueState.APPROVED
