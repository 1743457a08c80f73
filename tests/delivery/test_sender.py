"""The sending loop: from open messages to mails, with providers that do as they are told."""

import email
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from email import policy
from pathlib import Path

import pytest

from pipeline.audience.keys import keyring
from pipeline.audience.models import Subscriber, SuppressionReason
from pipeline.audience.tokens import Purpose, read
from pipeline.delivery import ledger
from pipeline.delivery.actions import control, events
from pipeline.delivery.actions.installation import adopt_if_new
from pipeline.delivery.actions.messages import create_message, plan_issue, send_single
from pipeline.delivery.compiled import CompiledMessage
from pipeline.delivery.event_rules import BouncePolicy
from pipeline.delivery.installation import InstallationError
from pipeline.delivery.models import Batch, Delivery, Message, MessageKind, MessageState, ProviderEvent
from pipeline.delivery.personal import Personal
from pipeline.delivery.presence import present
from pipeline.delivery.providers.base import Envelope, ProviderTraits, SendOutcome, SendState
from pipeline.delivery.providers.outbox import Provider as Outbox
from pipeline.delivery.return_path import delivery_of
from pipeline.delivery.sender import LeaseTooShortError, SenderSettings, SendReport, send_open
from pipeline.delivery.sums import sums
from pipeline.editorial.hashing import frozen_hash
from pipeline.editorial.models import Issue, Newsletter
from tests.delivery.scene import (
    NOW,
    PUBLIC_URL,
    RENDERED,
    SENDER,
    Clock,
    make_list,
    planned_message,
    states,
    subscribe,
    suppress,
)

pytestmark = pytest.mark.django_db

Answer = Callable[[Envelope], SendOutcome]


class Told:
    """A provider that answers as it is told, and remembers every mail that it was given."""

    traits = ProviderTraits(
        name="told",
        window=2,
        longest_wait_seconds=60,
        can_settle=False,
        takes_unicode_mailboxes=False,
        guarantee="None.",
    )

    def __init__(self, answer: Answer | None = None) -> None:
        self.answer = answer or (lambda envelope: SendOutcome(envelope.delivery_id, SendState.ACCEPTED))
        self.given: list[Envelope] = []

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[SendOutcome]:
        for envelope in envelopes:
            self.given.append(envelope)
            yield self.answer(envelope)

    def settle(self, delivery_ids: Sequence[int]) -> dict[int, SendState]:  # noqa: ARG002 - the seam's signature
        return {}

    def close(self) -> None:
        pass


def always(state: SendState, **values: object) -> Answer:
    return lambda envelope: SendOutcome(envelope.delivery_id, state, **values)


@pytest.fixture
def settings_here(tmp_path):
    adopt_if_new(var=tmp_path, now=NOW)
    return SenderSettings(public_url=PUBLIC_URL, var=tmp_path, lease_seconds=900)


@pytest.fixture
def send(settings_here):
    """Run the sender once with a provider, at an instant."""

    def run(provider, clock: Callable = Clock(), **changes: object) -> SendReport:  # noqa: B008 - it does not move
        return send_open(provider=provider, settings=settings_here, now=clock, **changes)

    return run


def mails(var):
    return [
        email.message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted((var / "outbox").glob("*.eml"))
    ]


# The plain way


def test_every_reader_gets_one_mail_and_the_sum_adds_up(send, tmp_path):
    message = planned_message(readers=250)
    report = send(Outbox(tmp_path / "outbox"))
    assert (report.accepted, report.finished) == (250, [message.pk])
    assert len(mails(tmp_path)) == len({mail["To"] for mail in mails(tmp_path)}) == 250
    assert sums(message).describe() == "250 planned = 250 accepted"
    assert states(message) == {"accepted": 250}
    message.refresh_from_db()
    assert (message.state, message.finished_at) == (MessageState.FINISHED, NOW)


def test_sending_again_mails_nobody_again(send):
    planned_message(readers=5)
    provider = Told()
    send(provider)
    assert send(provider) == SendReport()
    assert len(provider.given) == 5


def test_a_mail_greets_its_reader_and_carries_links_that_are_theirs_alone(send, tmp_path):
    message = planned_message(readers=2)
    send(Outbox(tmp_path / "outbox"))
    for number, mail in enumerate(mails(tmp_path), start=1):
        text = mail.get_body(("plain",)).get_content()
        assert text.startswith(f"Hello Reader {number},")
        reader = Subscriber.objects.get(address_key=f"reader{number}@example.org")
        for header, purpose in (
            (mail["List-Unsubscribe"].strip("<>"), Purpose.UNSUBSCRIBE),
            (text.split()[-1], Purpose.PREFERENCES),
        ):
            assert header.startswith(f"{PUBLIC_URL}/{purpose}/")
            token = read(header.rstrip("/").rsplit("/", 1)[1], purpose, keys=keyring(), now=NOW)
            assert (token.subscriber_id, token.list_id) == (reader.pk, message.mailing_list_id)
        assert mail["List-Unsubscribe"].strip("<>") in text


def test_a_reader_without_a_name_is_greeted_all_the_same_in_the_language_of_the_newsletter(send):
    mailing_list = make_list()
    send_single(
        kind=MessageKind.WELCOME, key="welcome:1", rendered=RENDERED, sender=replace(SENDER, language="de"), now=NOW,
        subscriber=subscribe(mailing_list, 1), mailing_list=mailing_list,
    )  # fmt: skip
    provider = Told()
    send(provider)
    assert b"Guten Tag," in provider.given[0].data


def test_a_test_mail_goes_to_an_address_without_a_subscriber(send):
    send_single(
        kind=MessageKind.TEST, key="test:1", rendered=RENDERED, sender=SENDER, now=NOW, address="me@example.org"
    )
    provider = Told()
    assert send(provider).accepted == 1
    assert provider.given[0].recipient == "me@example.org"


def test_the_hash_of_a_batch_is_made_of_the_messages_own_and_of_what_is_each_readers_alone(send):
    message = planned_message(readers=3)
    send(Told())
    compiled, personal, wanted = CompiledMessage.from_bytes(bytes(message.compiled)), Personal(PUBLIC_URL), []
    for batch in Batch.objects.order_by("pk"):
        digest = hashlib.sha256(message.compiled_hash.encode())
        for row in Delivery.objects.filter(batch=batch).select_related("subscriber").order_by("pk"):
            claimed = ledger.ClaimedRow(row.pk, row.subscriber_id, row.subscriber.address, row.subscriber.name, 0)
            (values,) = personal.many([claimed], list_id=message.mailing_list_id, language="en")
            digest.update(compiled.spliced(values).own)
        wanted.append(digest.hexdigest())
    assert list(Batch.objects.order_by("pk").values_list("payload_hash", flat=True)) == wanted
    assert len(set(wanted)) == 2


def test_submitting_is_committed_before_the_provider_sees_a_mail(send):
    planned_message(readers=2)
    seen = []

    def answer(envelope: Envelope) -> SendOutcome:
        seen.append(Batch.objects.latest("pk").state)
        return SendOutcome(envelope.delivery_id, SendState.ACCEPTED)

    send(Told(answer))
    assert seen == ["submitting", "submitting"]


def test_each_mail_has_its_own_return_path_where_bounces_have_an_address(settings_here):
    planned_message(readers=3)
    provider = Told()
    here = replace(settings_here, bounce_address="bounces+{token}@news.example")
    send_open(provider=provider, settings=here, now=Clock())
    named = [delivery_of(envelope.sender, here.bounce_address) for envelope in provider.given]
    assert named == [envelope.delivery_id for envelope in provider.given]


# What goes wrong with one recipient


def test_an_address_that_is_gone_by_the_servers_first_word_is_an_event_of_its_own(send):
    message = planned_message(readers=2)
    gone = lambda e: SendOutcome(e.delivery_id, SendState.REJECTED, "550 5.1.1 gone", address_is_gone=True)  # noqa: E731
    send(Told(gone))
    assert states(message) == {"rejected": 2}
    told = ProviderEvent.objects.order_by("pk")
    assert [(event.kind, event.said, event.provider) for event in told] == [
        ("hard_bounce", "550 5.1.1 gone", "told")
    ] * 2
    applied = events.apply_stored(policy=BouncePolicy(3, 30), now=NOW)
    assert applied.suppressed == 2
    assert states(message) == {"rejected": 2}


def test_one_address_that_cannot_be_mailed_is_rejected_alone(send):
    message = planned_message(readers=5)
    Subscriber.objects.filter(address_key="reader2@example.org").update(address="zoë@example.org")
    Subscriber.objects.filter(address_key="reader4@example.org").update(name="Ada\r\nBcc: x@y.example")
    provider = Told()
    report = send(provider)
    assert (report.accepted, report.rejected, report.finished) == (3, 2, [message.pk])
    reasons = Delivery.objects.filter(state="rejected").values_list("reason", flat=True)
    assert ["cannot be mailed" in reasons[0], "control character" in reasons[1]] == [True, True]
    assert not any("zoë" in reason for reason in reasons)


def test_a_rejected_recipient_is_recorded_with_the_providers_words(send):
    message = planned_message(readers=3)
    report = send(Told(always(SendState.REJECTED, reply="550 5.1.1 unknown")))
    assert (report.rejected, report.finished) == (3, [message.pk])
    assert set(Delivery.objects.values_list("reason", flat=True)) == {"550 5.1.1 unknown"}


def test_what_is_put_off_is_sent_later_and_once(send):
    message = planned_message(readers=3)
    clock = Clock()
    again = Told(always(SendState.RETRY, reply="450 grey"))
    report = send(again, clock)
    assert (report.retried, report.finished, len(again.given)) == (3, [], 3)
    provider = Told()
    assert send(provider, clock).accepted == 0
    clock.pass_time(minutes=2)
    assert send(provider, clock).finished == [message.pk]
    assert len(provider.given) == 3


def test_who_leaves_during_the_send_is_not_mailed(send):
    message = planned_message(readers=5)

    def answer(envelope: Envelope) -> SendOutcome:
        if envelope.recipient == "reader1@example.org":
            suppress(Subscriber.objects.get(address_key="reader5@example.org"), SuppressionReason.COMPLAINT)
        return SendOutcome(envelope.delivery_id, SendState.ACCEPTED)

    report = send(Told(answer))
    assert (report.accepted, report.suppressed) == (4, 1)
    assert sums(message).describe() == "5 planned = 4 accepted + 1 suppressed"


# What goes wrong with the provider


def test_a_provider_that_is_not_reached_ends_the_run_and_is_tried_again_later(send):
    message = planned_message(readers=9)
    clock = Clock()
    down = Told(always(SendState.RETRY, reply="not reached", attempted=False))
    report = send(down, clock)
    assert (len(down.given), report.put_off) == (2, "not reached")
    clock.pass_time(minutes=1)
    assert send(Told(), clock).finished == [message.pk]


def test_a_refused_login_holds_the_message_for_a_person_and_loses_nobody(send):
    message = planned_message(readers=5)
    report = send(Told(always(SendState.HELD, reply="535 wrong password")))
    message.refresh_from_db()
    assert message.state == MessageState.PAUSED
    assert message.held_reason == "told refuses the sender: 535 wrong password"
    assert report.held == ["issue:1: told refuses the sender: 535 wrong password"]
    assert states(message) == {"planned": 5}
    control.resume(message=message, now=NOW, actor="ada")
    assert send(Told()).accepted == 5


def test_a_provider_that_rejects_everybody_is_stopped_after_one_window_for_a_person_to_look(send):
    class Wide(Told):
        traits = replace(Told.traits, window=10)

    message = planned_message(readers=30)
    provider = Wide(always(SendState.REJECTED, reply="554 5.7.1 looks like spam"))
    report = send(provider)
    assert (report.rejected, len(provider.given)) == (10, 10)
    assert report.held == ["issue:1: told rejected each of 10 recipients in a row: 554 5.7.1 looks like spam"]
    assert states(message) == {"rejected": 10, "planned": 20}


def test_a_message_that_is_held_does_not_hold_up_the_others(send):
    first, second = planned_message(readers=3), planned_message(readers=3, key="issue:2")
    ids = set(Delivery.objects.filter(message=first).values_list("pk", flat=True))
    held = Told(
        lambda mail: SendOutcome(
            mail.delivery_id, SendState.HELD if mail.delivery_id in ids else SendState.ACCEPTED, "553"
        )
    )
    assert send(held).finished == [second.pk]
    first.refresh_from_db()
    assert first.state == MessageState.PAUSED


def test_an_exception_leaves_in_doubt_what_had_no_answer_and_is_not_swallowed(send):
    message = planned_message(readers=4)

    def answer(envelope: Envelope) -> SendOutcome:
        if envelope.recipient == "reader2@example.org":
            raise RuntimeError("the provider broke")
        return SendOutcome(envelope.delivery_id, SendState.ACCEPTED)

    with pytest.raises(RuntimeError):
        send(Told(answer))
    assert states(message) == {"accepted": 1, "in_doubt": 1, "planned": 2}
    provider = Told()
    assert send(provider).finished == [message.pk]
    assert [envelope.recipient for envelope in provider.given] == ["reader3@example.org", "reader4@example.org"]
    assert sums(message).describe() == "4 planned = 3 accepted + 1 in doubt"


def test_a_mail_in_doubt_ends_the_run_and_waits_for_a_person(send):
    message = planned_message(readers=3)
    report = send(Told(always(SendState.IN_DOUBT, reply="no answer in time")))
    assert (report.in_doubt, report.put_off) == (2, "no answer in time")
    assert send(Told()).finished == [message.pk]
    doubtful = Delivery.objects.filter(state="in_doubt").first()
    control.settle(delivery=doubtful, state="planned", actor="ada", now=NOW)
    provider = Told()
    assert send(provider).finished == [message.pk]
    assert [envelope.delivery_id for envelope in provider.given] == [doubtful.pk]


def test_what_the_outbox_can_tell_is_settled_without_a_person(send, tmp_path):
    message = planned_message(readers=3)
    outbox = Outbox(tmp_path / "outbox")
    claimed = ledger.claim(
        message_id=message.pk, limit=3, worker="gone", provider="outbox", now=NOW, lease=timedelta(seconds=1)
    )
    ledger.mark_submitting(claimed, payload_hash="", now=NOW)
    list(
        outbox.send(
            [Envelope.whole(claimed.rows[1].delivery_id, "a@b.example", "x@y.example", b"written before it died")]
        )
    )
    clock = Clock()
    clock.pass_time(seconds=2)
    report = send(outbox, clock)
    assert (report.settled, report.accepted, report.finished) == (3, 2, [message.pk])
    assert (tmp_path / "outbox" / f"{claimed.rows[1].delivery_id}.eml").read_bytes() == b"written before it died"
    assert len(list((tmp_path / "outbox").iterdir())) == 3


def test_a_full_disk_puts_off_and_leaves_no_half_a_mail(send, tmp_path, monkeypatch):
    message = planned_message(readers=2)
    outbox, clock = Outbox(tmp_path / "outbox"), Clock()

    def full(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink().suffix == ".tmp":
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        report = send(outbox, clock)
    assert report.put_off == "the outbox cannot be written: No space left on device"
    assert list((tmp_path / "outbox").iterdir()) == []
    clock.pass_time(minutes=1)
    assert send(outbox, clock).finished == [message.pk]


# Workers, leases, stops


def test_a_worker_that_lost_its_batch_stops_and_its_results_are_refused(send):
    message = planned_message(readers=2)
    clock = Clock()

    def slow(envelope: Envelope) -> SendOutcome:
        clock.pass_time(minutes=20)
        ledger.expire(now=clock())
        return SendOutcome(envelope.delivery_id, SendState.REJECTED)

    report = send(Told(slow), clock)
    assert report.rejected == 0
    assert states(message) == {"in_doubt": 2}


def test_a_slow_send_keeps_its_lease(send):
    message = planned_message(readers=2)
    clock = Clock()

    def slow(envelope: Envelope) -> SendOutcome:
        clock.pass_time(minutes=10)
        assert ledger.expire(now=clock()) == (0, 0)
        return SendOutcome(envelope.delivery_id, SendState.ACCEPTED)

    assert send(Told(slow), clock).finished == [message.pk]


def test_a_lease_shorter_than_the_longest_wait_is_refused(settings_here):
    with pytest.raises(LeaseTooShortError, match="set lease_seconds higher"):
        send_open(provider=Told(), settings=replace(settings_here, lease_seconds=60), now=Clock())


def test_a_run_stops_between_two_windows_when_asked(send):
    message = planned_message(readers=6)
    provider = Told()
    report = send(provider, stop=lambda: len(provider.given) >= 2)
    assert (report.accepted, report.finished) == (2, [])
    assert states(message) == {"accepted": 2, "planned": 4}


def test_a_living_worker_is_left_its_batch(send, settings_here):
    message = planned_message(readers=4)
    with present(settings_here.var) as worker:
        ledger.claim(
            message_id=message.pk, limit=3, worker=worker, provider="told", now=NOW, lease=timedelta(minutes=15)
        )
        assert send(Told()).accepted == 1
    assert states(message) == {"accepted": 1, "planned": 3}


def test_pausing_during_a_send_stops_before_the_next_window(send):
    message = planned_message(readers=6)
    provider = Told()

    def answer(envelope: Envelope) -> SendOutcome:
        if len(provider.given) == 1:
            control.pause(message=message, now=NOW, actor="ada")
        return SendOutcome(envelope.delivery_id, SendState.ACCEPTED)

    provider.answer = answer
    assert send(provider).finished == []
    assert states(message) == {"accepted": 2, "planned": 4}


def test_a_pause_between_claim_and_submitting_gives_the_claim_back(send, monkeypatch):
    message = planned_message(readers=2)
    real = ledger.claim_windows

    def claim_then_pause(**values):
        claimed = real(**values)
        control.pause(message=message, now=NOW, actor="ada")
        return claimed

    monkeypatch.setattr(ledger, "claim_windows", claim_then_pause)
    provider = Told()
    send(provider)
    assert provider.given == []
    assert Delivery.objects.filter(batch=None, state="planned").count() == 2


def test_cancelling_during_a_send_keeps_the_answers_of_what_was_submitting(send):
    message = planned_message(readers=6)

    def answer(envelope: Envelope) -> SendOutcome:
        control.cancel(message=message, now=NOW, actor="ada", reason="wrong issue")
        return SendOutcome(envelope.delivery_id, SendState.ACCEPTED)

    send(Told(answer))
    assert states(message) == {"accepted": 2, "cancelled": 4}
    assert sums(message).adds_up


# What must not be mailed


def test_a_message_whose_bytes_were_altered_is_held_and_not_mailed(send):
    message = planned_message(readers=2)
    other = planned_message(readers=1, key="issue:2")
    Message.objects.filter(pk=message.pk).update(compiled=bytes(message.compiled).replace(b"gently", b"harshly"))
    provider = Told()
    report = send(provider)
    assert report.finished == [other.pk]
    assert len(provider.given) == 1
    message.refresh_from_db()
    assert message.state == MessageState.PAUSED
    assert "altered" in message.held_reason


def frozen_issue() -> tuple[Issue, Message]:
    """An issue as its approval left it, and its message, planned for two readers."""
    mailing_list = make_list("frozen")
    newsletter = Newsletter.objects.create(
        slug="skin", name="The Skin Letter", mailing_list=mailing_list, sender_name="S", sender_address="a@n.example",
        list_id="skin.n.example", reason="You asked for it", created_at=NOW,
    )  # fmt: skip
    issue = Issue.objects.create(
        newsletter=newsletter, number=1, slot_key="2026-11-24T09:00", slot_at=NOW, subject=RENDERED.subject,
        design="digest", content="{}", html=RENDERED.html, text=RENDERED.text, composed_at=NOW,
        frozen_hash=frozen_hash("{}", RENDERED.html, RENDERED.text),
    )  # fmt: skip
    for number in (1, 2):
        subscribe(mailing_list, number)
    message = create_message(
        kind=MessageKind.ISSUE, key="issue:1", rendered=RENDERED, sender=SENDER, now=NOW, issue=issue,
        mailing_list=mailing_list,
    )  # fmt: skip
    plan_issue(message=message, now=NOW)
    return issue, message


def test_an_issue_that_is_as_it_was_approved_is_mailed(send):
    frozen_issue()
    assert send(Told()).accepted == 2


@pytest.mark.parametrize("part", ["content", "html", "text", "frozen_hash"])
def test_an_issue_that_was_altered_after_its_approval_is_held_and_not_mailed(send, part):
    issue, message = frozen_issue()
    Issue.objects.filter(pk=issue.pk).update(**{part: "altered"})
    provider = Told()
    send(provider)
    assert provider.given == []
    message.refresh_from_db()
    assert message.state == MessageState.PAUSED
    assert "not the one that was approved" in message.held_reason


def test_an_issue_that_was_approved_anew_does_not_go_out_with_the_old_message(send):
    issue, _ = frozen_issue()
    other = frozen_hash("{}", "<p>new</p>", "new")
    Issue.objects.filter(pk=issue.pk).update(html="<p>new</p>", text="new", frozen_hash=other)
    provider = Told()
    send(provider)
    assert provider.given == []


def test_nothing_is_mailed_from_a_database_that_does_not_belong_here(settings_here, tmp_path):
    message = planned_message(readers=2)
    claimed = ledger.claim(
        message_id=message.pk, limit=1, worker="of the original", provider="told", now=NOW, lease=timedelta(0)
    )
    (tmp_path / "installation").unlink()
    provider = Told()
    with pytest.raises(InstallationError, match=r"run\.py adopt"):
        send_open(provider=provider, settings=settings_here, now=Clock())
    assert provider.given == []
    assert Batch.objects.get(pk=claimed.batch_id).state == "claimed"  # nor is anything taken from its workers


def test_progress_is_told_after_each_window_and_ends_at_the_number_that_was_due(send):
    planned_message(readers=5)
    told = []
    send(Told(), progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 5), (2, 5), (4, 5), (5, 5)]


def test_deliveries_that_wait_for_another_try_are_not_counted_as_due(send):
    planned_message(readers=3)
    send(Told(lambda mail: SendOutcome(mail.delivery_id, SendState.RETRY, "451 later")))
    told = []
    send(Told(), progress=lambda done, total: told.append((done, total)))
    assert told == []


def test_work_on_the_database_does_not_grow_with_the_recipients_of_a_window(send, django_assert_max_num_queries):
    planned_message(readers=100)

    class Wide(Told):
        traits = replace(Told.traits, window=100)

    with django_assert_max_num_queries(50):
        send(Wide())


def test_mails_of_two_messages_are_told_apart(send):
    planned_message(readers=3), planned_message(readers=3, key="issue:2")
    provider = Told()
    send(provider)
    ids = Counter(email.message_from_bytes(envelope.data)["Message-ID"] for envelope in provider.given)
    assert len(ids) == 6
    assert set(ids.values()) == {1}
