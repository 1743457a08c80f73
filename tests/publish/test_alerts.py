"""What needs a person is said once, by mail and by a signed call; and nobody's router is called for it."""

import email
import email.policy
from datetime import date, timedelta

import pytest
from pydantic import SecretStr

from pipeline.delivery.actions import alerts as actions
from pipeline.delivery.models import Alert, AlertKind, CallState, Delivery, Message, MessageKind
from pipeline.editorial.actions import issues, newsletters, revise, tips
from pipeline.editorial.actions.rules import update_rules
from pipeline.editorial.models import Document, Issue
from pipeline.editorial.wording_rules import Wording
from pipeline.publish import alerts, webhook
from pipeline.publish.alert_occasions import occasions
from pipeline.publish.ticks import tick
from tests.publish.conftest import EDITOR, SUNDAY, TUESDAY_SLOT, mails
from tests.publish.test_publishing import composed
from tests.publish.webhook_server import webhook as fake

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "a secret of forty characters, or so they say"


def rule(newsletter, **changes):
    changes = {"alert_queue_issues": "0", **{k: str(v) for k, v in changes.items()}}
    update_rules(newsletter=newsletter, changes=changes, now=SUNDAY, actor=EDITOR)


@pytest.fixture
def signed(config):
    made = config.model_copy(update={"alert_secret": SecretStr(KEY), "alert_webhook_loopback": True})
    for name in ("var", "tips", "output", "templates", "alerts_key"):
        made.__dict__.pop(name, None)
    return made


def kinds():
    return list(Alert.objects.order_by("pk").values_list("kind", flat=True))


def seen(newsletter, clock):
    from pipeline.editorial.queries import rules_of

    return list(occasions(newsletter, rules_of(newsletter), now=clock()))


def test_a_queue_that_runs_short_is_told_of_once_and_again_when_it_is_short_for_another_slot(
    newsletter, queue, config, clock
):
    rule(newsletter, alert_queue_issues=3, alert_addresses="ada@example.com, ben@example.com")
    queue(2)
    for _ in range(3):
        tick(config=config, clock=clock)
    (alert,) = Alert.objects.all()
    assert (alert.kind, alert.subject) == (AlertKind.QUEUE_SHORT, "The queue holds 1 issue")
    assert "1 December 2026, 09:00 (08:00 UTC)" in alert.text
    assert Delivery.objects.filter(message__kind=MessageKind.STAFF, state="accepted").count() == 2
    queue(2)
    tick(config=config, clock=clock)
    assert Alert.objects.order_by("pk").last().subject == "The queue holds 2 issues"


def test_a_full_queue_and_a_switched_off_rule_say_nothing(newsletter, queue, config, clock):
    rule(newsletter, alert_queue_issues=2)
    queue(4)
    tick(config=config, clock=clock)
    rule(newsletter, alert_queue_issues=0)
    for tip_id in newsletter.tips.values_list("pk", flat=True):
        tips.withdraw(tip_id=tip_id, reason="No", now=clock(), actor=EDITOR)
    tick(config=config, clock=clock)
    assert kinds() == []


def test_the_mail_says_what_is_wrong_and_where_to_go_and_is_no_newsletter(newsletter, config, clock):
    rule(newsletter, alert_queue_issues=1, alert_addresses="ada@example.com")
    tick(config=config, clock=clock)
    (path,) = mails(config)
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message["Subject"] == "[The Skin Letter] The queue holds no issues"
    assert message["To"] == "ada@example.com"
    assert message["List-Unsubscribe"] is None
    for kind in ("plain", "html"):
        text = message.get_body((kind,)).get_content()
        assert "too few tips are free" in text
        assert "https://newsletter.example/studio/alerts/" in text


def test_words_of_a_person_are_text_in_the_mail_and_never_markup(newsletter, queue, config, clock):
    queue(2)
    rule(newsletter, alert_addresses="ada@example.com")
    issue = composed(newsletter, clock)
    issues.hold(issue_id=issue.pk, reason="<script>alert(1)</script> {{ secret }}", now=clock(), actor=EDITOR)
    tick(config=config, clock=clock)
    (path,) = mails(config)
    html = email.message_from_bytes(path.read_bytes(), policy=email.policy.default).get_body(("html",)).get_content()
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html
    assert "{{ secret }}" in html


def test_a_held_slot_is_told_of_and_again_when_it_is_held_again(newsletter, queue, config, clock):
    queue(2)
    rule(newsletter)
    newsletters.update_newsletter(newsletter=newsletter, changes={"approval": "required"}, now=clock(), actor=EDITOR)
    clock.move_to(TUESDAY_SLOT - timedelta(hours=2))
    tick(config=config, clock=clock)
    assert kinds() == []
    clock.move_to(TUESDAY_SLOT)
    tick(config=config, clock=clock)
    tick(config=config, clock=clock)
    alert = Alert.objects.get()
    assert (alert.kind, alert.subject) == (AlertKind.SLOT_HELD, "Issue 1 is held")
    assert "before a person approved it" in alert.text
    issue = Issue.objects.get()
    issues.release(issue_id=issue.pk, now=clock(), actor=EDITOR)
    issues.hold(issue_id=issue.pk, reason="A typing error", now=clock(), actor=EDITOR)
    tick(config=config, clock=clock)
    assert kinds() == ["slot_held", "slot_held"]


def test_a_slot_without_an_issue_at_its_lead_time_is_told_of(newsletter, config, clock):
    rule(newsletter)
    clock.move_to(TUESDAY_SLOT - timedelta(hours=2))
    tick(config=config, clock=clock)
    tick(config=config, clock=clock)
    assert Alert.objects.get().subject == "No issue for 24 November 2026"


def test_mail_that_stopped_by_itself_is_told_of_and_what_a_person_paused_is_not(
    newsletter, readers, queue, config, clock, monkeypatch
):
    from pipeline.delivery.actions import control
    from pipeline.publish import publishing

    queue(2)
    rule(newsletter)
    with monkeypatch.context() as patch:
        patch.setattr(publishing.mailing, "send", lambda **_: None)
        publishing.publish_now(newsletter, config=config, clock=clock, actor=EDITOR)
    message = Message.objects.get(kind=MessageKind.ISSUE)
    control.pause(message=message, now=clock(), actor=EDITOR)
    assert seen(newsletter, clock) == []
    control.resume(message=message, now=clock(), actor=EDITOR)
    control.pause(message=message, now=clock(), actor="sender", reason="the server refuses the sender")
    (occasion,) = seen(newsletter, clock)
    assert occasion.subject == "The mail of issue 1 stopped"
    assert occasion.text.startswith("the server refuses the sender.")


def test_a_tip_that_expired_is_told_of_by_its_title(newsletter, config, clock):
    rule(newsletter)
    words = Wording(
        title="For winter", text="Wear gloves in the cold, and cream underneath.", topic="Hands", author="Dr Ida Berg",
        not_after=date(2026, 11, 22),
    )  # fmt: skip
    tip = revise.write_tip(newsletter=newsletter, wording=words, now=clock(), actor=EDITOR)
    tips.approve(tip_id=tip.pk, now=clock(), actor=EDITOR)
    tick(config=config, clock=clock)
    assert kinds() == []
    clock.move_to(SUNDAY + timedelta(days=1))
    said = tick(config=config, clock=clock)
    assert f"skin-letter: tip {tip.pk} left the queue, for its last day passed" in said
    assert Alert.objects.get(kind=AlertKind.TIP_EXPIRED).subject == "“For winter” left the queue"


def test_a_changed_source_is_told_of_with_the_tips_that_rest_on_it(newsletter, config, clock):
    from pipeline.editorial.actions.revise import Passage, create_tip

    rule(newsletter)
    quote = "Put sunscreen on as the last step of the morning."
    values = {
        "name": "guide.txt", "location": "tips/documents/guide.txt", "media_type": "text/plain", "extractor": "text 1",
        "canonical_sha256": "0" * 64,
    }  # fmt: skip
    old = Document.objects.create(sha256="1" * 64, text=quote, ingested_at=SUNDAY, **values)
    tip = create_tip(
        newsletter=newsletter, origin="derived", wording=Wording("Sun", quote, "Sun"), now=SUNDAY, actor=EDITOR,
        passages=[Passage(old, (), 0, len(quote), quote)],
    )  # fmt: skip
    tick(config=config, clock=clock)
    assert kinds() == []
    Document.objects.create(
        sha256="2" * 64, text="Put sunscreen on at noon.", ingested_at=clock(), current_since=clock(), **values
    )
    tick(config=config, clock=clock)
    tick(config=config, clock=clock)
    alert = Alert.objects.get()
    assert (alert.kind, alert.subject) == (AlertKind.SOURCE_CHANGED, "guide.txt was changed")
    assert f"any more: {tip.pk}." in alert.text


def test_too_many_complaints_are_told_of_once_for_an_issue(newsletter, readers, queue, config, clock):
    from pipeline.delivery.models import ProviderEvent
    from pipeline.publish.publishing import publish_now

    queue(2)
    rule(newsletter, alert_complaints=10)
    publish_now(newsletter, config=config, clock=clock, actor=EDITOR)
    assert seen(newsletter, clock) == []
    delivery = Delivery.objects.filter(message__kind=MessageKind.ISSUE).first()
    ProviderEvent.objects.create(
        provider="outbox", key="1", kind="complaint", delivery=delivery, received_at=clock(),
        occurred_at=clock(),
    )  # fmt: skip
    tick(config=config, clock=clock)
    tick(config=config, clock=clock)
    assert Alert.objects.get(kind=AlertKind.COMPLAINTS).subject == "1 reader complained"
    rule(newsletter, alert_complaints=0)
    assert seen(newsletter, clock) == []


def test_an_alert_is_kept_where_nobody_is_to_be_told(newsletter, config, clock):
    rule(newsletter, alert_queue_issues=1)
    tick(config=config, clock=clock)
    alert = Alert.objects.get()
    assert (alert.mailed, alert.call_state) == (0, CallState.NONE)
    with pytest.raises(alerts.NobodyToTellError, match=r"run\.py rules set"):
        alerts.test(newsletter, config=config, now=clock(), actor=EDITOR)


def test_the_webhook_is_called_once_signed_and_on_record(newsletter, signed, clock):
    with fake(KEY) as hook:
        rule(newsletter, alert_queue_issues=1, alert_webhook=hook.url)
        for _ in range(3):
            tick(config=signed, clock=clock)
        assert hook.bad == []
        assert len(hook.calls) == 1
    alert = Alert.objects.get()
    assert (alert.call_state, alert.call_status, alert.call_attempts) == (CallState.ACCEPTED, 204, 1)
    (told,) = hook.taken.values()
    assert (told["kind"], told["newsletter"], told["subject"]) == ("queue_short", "skin-letter", alert.subject)


def test_a_webhook_that_fails_and_hangs_up_is_called_again_later_with_the_same_words(newsletter, signed, clock):
    with fake(KEY, 503, "hang up", 429, 200) as hook:
        rule(newsletter, alert_queue_issues=1, alert_webhook=hook.url)
        tick(config=signed, clock=clock)
        tick(config=signed, clock=clock)
        assert len(hook.calls) == 1
        for delay in actions.DELAYS[:3]:
            clock.move_to(clock.now + delay)
            tick(config=signed, clock=clock)
        assert len(hook.calls) == 4
        assert hook.bad == []
    assert Alert.objects.get(kind="queue_short").call_state == CallState.ACCEPTED


def test_a_webhook_that_stalls_is_cut_off_and_the_tick_goes_on(newsletter, signed, clock):
    with fake(KEY, "stall", 200) as hook:
        rule(newsletter, alert_queue_issues=1, alert_webhook=hook.url)
        list(alerts.look(newsletter, config=signed, now=clock()))
        assert webhook.call_due(config=signed, clock=clock, total_seconds=0.3) == 0
        alert = Alert.objects.get()
        assert (alert.call_state, alert.call_said[:10]) == (CallState.WAITING, "No answer:")
        clock.move_to(clock.now + actions.DELAYS[0])
        assert webhook.call_due(config=signed, clock=clock) == 1
        assert hook.bad == []


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 410])
def test_an_answer_that_will_not_change_ends_it_and_a_redirect_is_not_followed(newsletter, signed, clock, status):
    with fake(KEY, status) as hook:
        rule(newsletter, alert_queue_issues=1, alert_webhook=hook.url)
        tick(config=signed, clock=clock)
        clock.move_to(clock.now + timedelta(hours=1))
        tick(config=signed, clock=clock)
        assert len(hook.calls) == 1
    alert = Alert.objects.get()
    assert (alert.call_state, alert.call_said) == (CallState.FAILED, f"It answered {status}.")


def test_a_webhook_that_never_answers_well_is_given_up(newsletter, signed, clock):
    with fake(KEY, 500) as hook:
        rule(newsletter, alert_queue_issues=1, alert_webhook=hook.url)
        list(alerts.look(newsletter, config=signed, now=clock()))
        for _ in range(12):
            webhook.call_due(config=signed, clock=clock)
            clock.move_to(clock.now + timedelta(hours=7))
        assert len(hook.calls) == len(actions.DELAYS) + 1
    assert Alert.objects.get().call_state == CallState.FAILED


@pytest.mark.parametrize(
    "url",
    ["https://10.0.0.1/", "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data/", "https://[::1]/",
     "https://[fd00::1]/", "https://127.0.0.1/", "https://0.0.0.0/", "https://[::ffff:10.0.0.1]/",
     "https://8.8.8.8:22/"],
)  # fmt: skip
def test_what_is_inside_is_never_called(newsletter, signed, clock, url, monkeypatch):
    inside = signed.model_copy(update={"alert_webhook_loopback": False})
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("it was called"))
    rule(newsletter, alert_queue_issues=1, alert_webhook=url)
    list(alerts.look(newsletter, config=inside, now=clock()))
    assert webhook.call_due(config=inside, clock=clock) == 0
    alert = Alert.objects.get()
    assert alert.call_state == CallState.FAILED
    assert "It may not be called" in alert.call_said


def test_loopback_may_be_called_only_where_the_configuration_allows_it_and_a_router_never(newsletter, signed, clock):
    rule(newsletter, alert_queue_issues=1, alert_webhook="https://10.0.0.1/")
    list(alerts.look(newsletter, config=signed, now=clock()))
    webhook.call_due(config=signed, clock=clock)
    assert "It may not be called" in Alert.objects.get().call_said


def test_without_a_secret_nothing_is_called_and_it_says_so(newsletter, config, clock):
    rule(newsletter, alert_queue_issues=1, alert_webhook="https://hooks.example/")
    list(alerts.look(newsletter, config=config, now=clock()))
    webhook.call_due(config=config, clock=clock)
    assert "set PIPELINE_ALERT_SECRET" in Alert.objects.get().call_said


def test_two_workers_never_call_about_one_alert_at_once(newsletter, signed, clock):
    with fake(KEY) as hook:
        rule(newsletter, alert_queue_issues=1, alert_webhook=hook.url)
        list(alerts.look(newsletter, config=signed, now=clock()))
        taken = actions.take(now=clock())
        assert taken is not None
        assert actions.take(now=clock()) is None
        clock.move_to(clock.now + actions.LEASE)
        assert actions.take(now=clock()).pk == taken.pk
        actions.accepted(alert=taken, status=200, now=clock())  # the first worker comes late: the second one has it
        assert Alert.objects.get().call_state == CallState.WAITING


def test_a_test_alert_arrives_and_says_that_nothing_is_to_be_done(newsletter, signed, clock):
    with fake(KEY) as hook:
        rule(newsletter, alert_addresses="ada@example.com", alert_webhook=hook.url)
        alerts.test(newsletter, config=signed, now=clock(), actor=EDITOR)
        assert webhook.call_due(config=signed, clock=clock) == 1
    assert Alert.objects.get().kind == AlertKind.TEST
