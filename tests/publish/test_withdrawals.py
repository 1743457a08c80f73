"""A tip withdrawn at any moment: nobody is handed it afterwards, and what stopped says why and what to do."""

from datetime import timedelta

import pytest

from pipeline.delivery.models import Delivery, Message, MessageState
from pipeline.editorial.actions import tips
from pipeline.editorial.actions.corrections import correct
from pipeline.editorial.actions.lifecycle import TipBeingSentError
from pipeline.editorial.issue_rules import IssueState
from pipeline.editorial.models import Issue, PublicTip, Tip, TipState
from pipeline.editorial.revisions import wording_of
from pipeline.publish import mailing, publishing, withdrawals
from pipeline.publish.publishing import publish_due, publish_now
from pipeline.publish.withdrawals import WithdrawnTipError, refuse_withdrawn
from tests.publish.conftest import EDITOR, mails

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("readers")]
REASON = "The study was retracted."


@pytest.fixture
def stuck(newsletter, queue, config, clock, monkeypatch):
    """An issue that is on its way, with its recipients planned and nobody mailed yet; its first tip."""
    tip, _ = queue(2)
    with monkeypatch.context() as patch:
        patch.setattr(publishing.mailing, "send", lambda **_: None)
        publish_now(newsletter, config=config, clock=clock, actor=EDITOR)
    assert Issue.objects.get().state == IssueState.PUBLISHING
    return tip


def withdraw(tip, clock):
    return withdrawals.withdraw(tip_id=tip.pk, reason=REASON, now=clock(), actor=EDITOR)


def test_mail_on_its_way_stops_and_nobody_else_gets_the_tip(newsletter, stuck, config, clock):
    assert withdraw(stuck, clock) == [
        "the mail of issue 1 is paused: cancel the rest with run.py issues cancel",
    ]
    message = Message.objects.get()
    assert message.state == MessageState.PAUSED
    assert message.held_reason == f"Tip {stuck.pk} was withdrawn: {REASON}"
    mailing.send(config=config, clock=clock)
    list(publish_due(newsletter, config=config, clock=clock))
    assert mails(config) == []
    assert PublicTip.objects.get(tip=stuck).withdrawal_note == REASON


def test_it_cannot_be_resumed_and_says_the_way_that_is_open(stuck, clock):
    withdraw(stuck, clock)
    with pytest.raises(WithdrawnTipError, match=r"issues cancel 1 .* ends its mail"):
        publishing.resume(Issue.objects.get(), now=clock(), actor=EDITOR)
    assert Message.objects.get().state == MessageState.PAUSED


def test_cancelling_the_rest_finishes_the_issue_and_the_other_tip_counts_as_published(newsletter, stuck, config, clock):
    withdraw(stuck, clock)
    publishing.cancel(Issue.objects.get(), reason=REASON, now=clock(), actor=EDITOR)
    (outcome,) = publish_due(newsletter, config=config, clock=clock)
    assert (outcome.state, outcome.sums.cancelled) == (IssueState.PUBLISHED, 5)
    assert sorted(Tip.objects.values_list("state", flat=True)) == [TipState.PUBLISHED, TipState.WITHDRAWN]
    assert Tip.objects.get(pk=stuck.pk).permalink.endswith(f"archive/1.html#{'tip-' + stuck.entry_id.hex[:12]}")


def test_without_stopping_the_mail_a_tip_on_its_way_is_not_withdrawn(stuck, clock):
    with pytest.raises(TipBeingSentError, match="which is being sent"):
        tips.withdraw(tip_id=stuck.pk, reason=REASON, now=clock(), actor=EDITOR)
    assert Message.objects.get().state == MessageState.OPEN


def test_an_issue_that_nobody_withdrew_from_is_resumed_as_before(stuck, clock):
    issue = Issue.objects.get()
    publishing.pause(issue, now=clock(), actor=EDITOR)
    refuse_withdrawn(issue)
    publishing.resume(issue, now=clock(), actor=EDITOR)
    assert Message.objects.get().state == MessageState.OPEN


def test_an_unsent_issue_is_held_and_its_approval_taken_back(newsletter, queue, config, clock):
    from pipeline.publish.issues import approve
    from tests.publish.test_publishing import composed

    tip, _ = queue(2)
    approve(composed(newsletter, clock), config=config, now=clock(), actor=EDITOR)
    assert withdraw(tip, clock) == ["issue 1 is held: it needs approval again"]
    issue = Issue.objects.get()
    assert (issue.state, issue.frozen_hash, issue.approved_by) == (IssueState.HELD, "", "")


def test_a_finished_issue_is_left_as_it_is(newsletter, queue, config, clock):
    tip, _ = queue(2)
    publish_now(newsletter, config=config, clock=clock, actor=EDITOR)
    assert withdraw(tip, clock) == []
    assert Issue.objects.get().state == IssueState.PUBLISHED
    assert Delivery.objects.filter(state="accepted").count() == 5


def test_words_that_are_being_sent_again_are_not_corrected_meanwhile(newsletter, queue, config, clock, monkeypatch):
    from pipeline.editorial.actions.rules import update_rules

    tip, _ = queue(2)
    publish_now(newsletter, config=config, clock=clock, actor=EDITOR)
    changes = {"short_queue": "reuse", "repeats": "allowed"}
    update_rules(newsletter=newsletter, changes=changes, now=clock(), actor=EDITOR)
    clock.move_to(clock.now + timedelta(days=380))
    with monkeypatch.context() as patch:
        patch.setattr(publishing.mailing, "send", lambda **_: None)
        publish_now(newsletter, config=config, clock=clock, actor=EDITOR)
    before = wording_of(Tip.objects.get(pk=tip.pk).revision)
    from dataclasses import replace

    words = replace(before, text="Renew sunscreen at noon when you are outside.")
    with pytest.raises(TipBeingSentError):
        correct(tip_id=tip.pk, wording=words, note="Not in the morning.", now=clock(), actor=EDITOR)
