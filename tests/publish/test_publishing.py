"""One slot from end to end: approved is what is sent, nobody twice, and whoever was interrupted is gone on with."""

import email
import email.policy
import re
from datetime import timedelta

import pytest

from pipeline.audience.actions.subscriptions import unsubscribe
from pipeline.delivery.installation import InstallationError
from pipeline.delivery.models import Delivery, Message
from pipeline.editorial.actions import issues as issue_actions
from pipeline.editorial.actions import newsletters, schedules, tips
from pipeline.editorial.actions.issues import NothingToSendError
from pipeline.editorial.issue_rules import IssueState
from pipeline.editorial.models import Issue, TipRevision
from pipeline.errors import TipsheetError
from pipeline.publish import publishing
from pipeline.publish.issues import NoScheduleError, approve, coming_slot, look_at_next
from pipeline.publish.overrides import PreflightError
from pipeline.publish.publishing import AlteredIssueError, publish_due, publish_now
from tests.publish.conftest import EDITOR, SUNDAY, TUESDAY_SLOT, mails, subscribe

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("readers")]


def now_out(newsletter, config, clock, **options):
    return publish_now(newsletter, config=config, clock=clock, actor=EDITOR, **options)


def composed(newsletter, clock):
    slot = coming_slot(newsletter, now=clock())
    return issue_actions.compose(newsletter=newsletter, slot=slot, now=clock(), actor=EDITOR)


def due(newsletter, config, clock):
    return list(publish_due(newsletter, config=config, clock=clock))


def test_everybody_on_the_list_gets_the_issue_once(newsletter, queue, config, clock):
    queue(2)
    outcome = now_out(newsletter, config, clock)
    assert outcome.state == IssueState.PUBLISHED
    assert outcome.sums.describe() == "5 planned = 5 accepted"
    assert len(mails(config)) == 5


def test_publishing_again_for_the_same_slot_mails_nobody_and_says_so(newsletter, queue, config, clock):
    queue(6)
    now_out(newsletter, config, clock)
    again = now_out(newsletter, config, clock)
    assert "nothing was sent again" in again.note
    assert len(mails(config)) == 5
    assert Issue.objects.count() == 1


def test_another_issue_is_sent_when_it_is_asked_for_by_name(newsletter, queue, config, clock):
    queue(6)
    now_out(newsletter, config, clock)
    clock.move_to(SUNDAY + timedelta(minutes=5))
    another = now_out(newsletter, config, clock, another=True)
    assert another.number == 2
    assert len(mails(config)) == 10


def test_an_issue_that_went_out_early_does_not_go_out_again_at_its_slot(newsletter, queue, config, clock):
    queue(6)
    now_out(newsletter, config, clock)
    clock.move_to(TUESDAY_SLOT)
    assert due(newsletter, config, clock) == []
    assert len(mails(config)) == 5


def test_feeds_and_archive_are_there_before_the_first_mail_leaves(newsletter, queue, config, clock, monkeypatch):
    queue(2)
    seen = []
    monkeypatch.setattr(
        publishing.mailing,
        "send",
        lambda **_: seen.append((config.output / "skin-letter" / "archive" / "1.html").exists()),
    )
    now_out(newsletter, config, clock)
    assert seen == [True]


def test_every_mail_links_to_the_pages_that_were_written(newsletter, queue, config, clock):
    queue(2)
    now_out(newsletter, config, clock)
    page = (config.output / "skin-letter" / "archive" / "1.html").read_text()
    for path in mails(config):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        links = re.findall(
            r'href="(https://newsletter.example/skin-letter/[^"]+#(tip-[^"]+))"',
            message.get_body(("html",)).get_content(),
        )
        assert {anchor for _, anchor in links} == set(re.findall(r'id="(tip-[^"]+)"', page))
        assert len(links) >= 2


def test_without_a_postal_address_nothing_is_sent_and_it_says_what_to_do(newsletter, queue, config, clock):
    queue(2)
    newsletters.update_newsletter(newsletter=newsletter, changes={"postal_address": ""}, now=clock(), actor=EDITOR)
    with pytest.raises(PreflightError, match="postal address"):
        now_out(newsletter, config, clock)
    assert mails(config) == []
    assert not (config.output / "skin-letter").exists()


def test_an_empty_queue_is_said_and_nothing_is_made(newsletter, config, clock):
    with pytest.raises(NothingToSendError, match=r"run\.py tips list"):
        now_out(newsletter, config, clock)
    assert Issue.objects.count() == 0


def test_a_paused_schedule_has_no_next_slot_but_another_issue_can_be_sent(newsletter, queue, config, clock):
    queue(2)
    schedules.pause_schedule(newsletter=newsletter, paused=True, now=clock(), actor=EDITOR)
    with pytest.raises(NoScheduleError, match="--another"):
        now_out(newsletter, config, clock)
    assert now_out(newsletter, config, clock, another=True).state == IssueState.PUBLISHED


@pytest.mark.parametrize("field", ["content", "html", "text"])
def test_altered_frozen_bytes_are_refused_before_anything_leaves(newsletter, queue, config, clock, field):
    queue(2)
    issue = composed(newsletter, clock)
    approve(issue, config=config, now=clock(), actor=EDITOR)
    frozen = Issue.objects.get()
    Issue.objects.update(**{field: getattr(frozen, field).replace("A word on", "A lie about")})
    with pytest.raises(AlteredIssueError, match="not what was approved"):
        now_out(newsletter, config, clock)
    clock.move_to(TUESDAY_SLOT)
    assert "not what was approved" in due(newsletter, config, clock)[0].note
    assert mails(config) == []


def test_an_altered_compiled_message_is_refused_and_held(newsletter, queue, config, clock):
    queue(2)
    approve(composed(newsletter, clock), config=config, now=clock(), actor=EDITOR)
    message = Message.objects.get()
    Message.objects.update(compiled=bytes(message.compiled).replace(b"A word on", b"A lie now"))
    clock.move_to(TUESDAY_SLOT)
    outcome = due(newsletter, config, clock)[0]
    assert "altered" in outcome.note
    assert mails(config) == []


def test_a_revision_that_was_altered_in_the_database_is_refused(newsletter, queue, config, clock):
    queue(2)
    TipRevision.objects.update(text="Bleach works wonders.")
    with pytest.raises(Exception, match="altered in the database"):
        now_out(newsletter, config, clock)
    assert mails(config) == []


def test_a_design_that_changes_after_the_freeze_alters_nothing(newsletter, queue, config, clock):
    queue(2)
    approve(composed(newsletter, clock), config=config, now=clock(), actor=EDITOR)
    html = Issue.objects.get().html
    newsletters.update_newsletter(
        newsletter=newsletter, changes={"accent_colour": "#123456"}, now=clock(), actor=EDITOR
    )
    clock.move_to(TUESDAY_SLOT)
    due(newsletter, config, clock)
    assert Issue.objects.get().html == html
    sent = email.message_from_bytes(mails(config)[0].read_bytes(), policy=email.policy.default)
    assert "#123456" not in sent.get_body(("html",)).get_content()


def test_who_subscribes_between_freeze_and_slot_is_mailed_and_who_leaves_is_not(newsletter, queue, config, clock):
    queue(2)
    approve(composed(newsletter, clock), config=config, now=clock(), actor=EDITOR)
    subscribe(newsletter, "late@reader.example")
    leaver = newsletter.mailing_list.subscriptions.first()
    unsubscribe(list_id=newsletter.mailing_list_id, subscriber_id=leaver.subscriber_id, now=clock())
    clock.move_to(TUESDAY_SLOT)
    outcome = due(newsletter, config, clock)[0]
    assert outcome.sums.accepted == 5
    recipients = {email.message_from_bytes(path.read_bytes())["To"] for path in mails(config)}
    assert "late@reader.example" in recipients
    assert leaver.subscriber.address not in recipients


def test_a_slot_missed_by_less_than_the_window_is_sent_late(newsletter, queue, config, clock):
    queue(2)
    composed(newsletter, clock)
    clock.move_to(TUESDAY_SLOT + timedelta(hours=config.catch_up_hours - 1))
    assert due(newsletter, config, clock)[0].state == IssueState.PUBLISHED


def test_a_slot_missed_by_more_is_held_for_a_person_who_can_still_send_it(newsletter, queue, config, clock):
    queue(2)
    composed(newsletter, clock)
    clock.move_to(TUESDAY_SLOT + timedelta(hours=config.catch_up_hours + 1))
    outcome = due(newsletter, config, clock)[0]
    assert outcome.state == IssueState.HELD
    assert mails(config) == []
    publishing.approve_by_person(
        Issue.objects.select_related("newsletter").get(), config=config, now=clock(), actor=EDITOR
    )
    assert due(newsletter, config, clock)[0].state == IssueState.PUBLISHED
    assert len(mails(config)) == 5


def test_where_a_person_must_approve_the_slot_comes_and_the_issue_is_held(newsletter, queue, config, clock):
    queue(2)
    newsletters.update_newsletter(newsletter=newsletter, changes={"approval": "required"}, now=clock(), actor=EDITOR)
    newsletter.refresh_from_db()
    composed(newsletter, clock)
    clock.move_to(TUESDAY_SLOT)
    outcome = due(newsletter, config, clock)[0]
    assert outcome.state == IssueState.HELD
    assert "before a person approved it" in outcome.note


def test_a_tip_withdrawn_after_the_freeze_takes_the_approval_back(newsletter, queue, config, clock):
    withdrawn, _ = queue(2)
    approve(composed(newsletter, clock), config=config, now=clock(), actor=EDITOR)
    tips.withdraw(tip_id=withdrawn.pk, reason="The study was retracted.", now=clock(), actor=EDITOR)
    clock.move_to(TUESDAY_SLOT)
    assert due(newsletter, config, clock) == []
    assert Issue.objects.get().state == IssueState.HELD
    assert mails(config) == []


def test_an_issue_approved_again_after_an_edit_is_sent_with_the_new_words(newsletter, queue, config, clock):
    queue(2)
    issue = composed(newsletter, clock)
    approve(issue, config=config, now=clock(), actor=EDITOR)
    issue_actions.edit(issue_id=issue.pk, subject="A better subject", now=clock(), actor=EDITOR)
    clock.move_to(TUESDAY_SLOT)
    due(newsletter, config, clock)
    assert {email.message_from_bytes(path.read_bytes())["Subject"] for path in mails(config)} == {"A better subject"}


def test_a_copied_database_does_not_mail_and_keeps_the_issue_for_later(newsletter, queue, config, clock):
    queue(2)
    (config.var / "installation").unlink()
    with pytest.raises(InstallationError, match=r"run\.py adopt"):
        now_out(newsletter, config, clock)
    assert mails(config) == []
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize("step", ["mark_publishing", "write_site", "plan_issue", "send", "mark_published"])
def test_whatever_step_fails_the_next_run_finishes_and_nobody_is_mailed_twice(
    newsletter, queue, config, clock, monkeypatch, step
):
    queue(4)
    places = {
        "mark_publishing": publishing.actions, "write_site": publishing, "plan_issue": publishing.messages,
        "send": publishing.mailing, "mark_published": publishing.actions,
    }  # fmt: skip

    def fail(*args, **kwargs):
        raise RuntimeError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(places[step], step, fail)
        with pytest.raises(RuntimeError):
            now_out(newsletter, config, clock)
    outcomes = due(newsletter, config, clock) or [now_out(newsletter, config, clock)]
    assert outcomes[0].sums.describe() == "5 planned = 5 accepted"
    assert len(mails(config)) == 5
    assert Issue.objects.count() == 1


def test_pausing_stops_the_mail_and_resuming_lets_it_go_on(newsletter, queue, config, clock, monkeypatch):
    queue(2)
    with monkeypatch.context() as patch:
        patch.setattr(publishing.mailing, "send", lambda **_: None)
        now_out(newsletter, config, clock)
    issue = Issue.objects.select_related("newsletter").get()
    publishing.pause(issue, now=clock(), actor=EDITOR)
    assert "paused" in due(newsletter, config, clock)[0].note
    assert mails(config) == []
    publishing.resume(issue, now=clock(), actor=EDITOR)
    assert due(newsletter, config, clock)[0].state == IssueState.PUBLISHED
    assert len(mails(config)) == 5


def test_cancelling_on_the_way_stops_for_whom_it_has_not_reached(newsletter, queue, config, clock, monkeypatch):
    queue(2)
    with monkeypatch.context() as patch:
        patch.setattr(publishing.mailing, "send", lambda **_: None)
        now_out(newsletter, config, clock)
    issue = Issue.objects.select_related("newsletter").get()
    said = publishing.cancel(issue, reason="A mistake.", now=clock(), actor=EDITOR)
    assert "5 planned = 5 cancelled" in said
    assert due(newsletter, config, clock)[0].state == IssueState.PUBLISHED
    assert mails(config) == []


def test_a_preview_stores_nothing_and_takes_nothing_from_the_queue(newsletter, queue, config, clock):
    queue(2)
    look = look_at_next(newsletter, config=config, now=clock())
    assert [tip.topic for tip in look.content.tips] == ["Sun", "Cleansing"]
    assert Issue.objects.count() == 0
    assert newsletter.tips.filter(state="queued", queue_entry__isnull=False).count() == 2


def test_a_provider_that_is_none_is_refused_before_anything_is_published(newsletter, readers, queue, config, clock):
    queue(2)
    wrong = config.model_copy(update={"provider": "pigeon"})
    with pytest.raises(TipsheetError, match="pigeon"):
        publish_now(newsletter, config=wrong, clock=clock, actor=EDITOR)
    assert not Issue.objects.exists()


def test_an_issue_that_nobody_subscribes_to_is_published_and_says_so(newsletter, queue, config, clock):
    newsletter.mailing_list.subscriptions.all().delete()
    queue(2)
    outcome = publish_now(newsletter, config=config, clock=clock, actor=EDITOR)
    assert outcome.state == "published"
    assert "there is no confirmed subscriber" in outcome.note


def test_a_scheduler_that_is_overtaken_holds_nothing_that_another_has_approved(
    newsletter, readers, queue, config, clock, monkeypatch
):
    """Between looking and approving, the other one approved it: its approval stands."""
    queue(2)
    slot = coming_slot(newsletter, now=clock())
    issue = issue_actions.compose(newsletter=newsletter, slot=slot, now=clock(), actor=EDITOR)
    clock.move_to(TUESDAY_SLOT)

    def overtaken(found, **options):
        approve(found, **options)
        approve(found, **options)

    monkeypatch.setattr(publishing, "approve", overtaken)
    (outcome,) = publish_due(newsletter, config=config, clock=clock)
    issue.refresh_from_db()
    assert (outcome.state, issue.state, outcome.note) == (IssueState.APPROVED, IssueState.APPROVED, "")
    monkeypatch.undo()
    (outcome,) = publish_due(newsletter, config=config, clock=clock)
    assert outcome.state == IssueState.PUBLISHED
