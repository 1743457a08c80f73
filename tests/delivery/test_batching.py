"""The sender with a provider that has a native batch: calls, splits, doubts that settle; against the fake provider."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.audience.models import Subscriber, SuppressionReason
from pipeline.delivery import doubts
from pipeline.delivery.actions import control
from pipeline.delivery.actions.installation import adopt_if_new
from pipeline.delivery.fake.running import running_fake
from pipeline.delivery.models import Batch, Delivery, MessageState
from pipeline.delivery.sender import SenderSettings, send_open
from pipeline.delivery.sums import sums
from tests.delivery.batch_scene import BATCH_PROVIDERS, adapter
from tests.delivery.scene import PUBLIC_URL, Clock, planned_message, states, suppress

pytestmark = pytest.mark.django_db

SEARCHED = [name for name in BATCH_PROVIDERS if name in {"mailgun", "postmark", "sendgrid"}]
KEYED = ["brevo", "resend"]


@pytest.fixture(scope="module")
def fake(tmp_path_factory):
    with running_fake(tmp_path_factory.mktemp("fake") / "truth.jsonl", seconds=600) as running:
        yield running


@pytest.fixture
def send(fake, tmp_path):
    """Run the sender once with a provider; the clock is kept between runs."""
    fake.mend(), fake.lag(on=False), fake.forget_keys()
    fake.truth.write_bytes(b"")
    adopt_if_new(var=tmp_path, now=Clock()())
    clock = Clock()

    def run(name: str, *, window: int | None = None, connections: int = 1, **changes: object):
        provider = adapter(name, fake, tmp_path, connections=connections)
        for lane in getattr(provider, "lanes", [provider]) if window else []:
            lane.traits = replace(lane.traits, window=window)
        settings = SenderSettings(PUBLIC_URL, tmp_path, lease_seconds=900, **changes)
        try:
            return send_open(provider=provider, settings=settings, now=clock)
        finally:
            provider.close()

    run.clock = clock
    return run


def mailed(fake) -> Counter[str]:
    return Counter(mail["to"] for mail in fake.mails())


def move(address: str, to: str) -> None:
    Subscriber.objects.filter(address=address).update(address=to)


@pytest.mark.parametrize("name", BATCH_PROVIDERS)
def test_every_reader_gets_one_mail_and_the_sum_adds_up(send, fake, name):
    message = planned_message(readers=7)
    report = send(name, window=3)
    assert (report.accepted, report.finished) == (7, [message.pk])
    assert mailed(fake) == Counter({f"reader{number}@example.org": 1 for number in range(1, 8)})
    assert sums(message).describe() == "7 planned = 7 accepted"
    batches = Batch.objects.filter(message=message)
    assert [(batch.state, batch.kept) for batch in batches] == [("done", None)] * 3
    ids = {*batches.values_list("provider_message_id", flat=True)}
    ids |= {*Delivery.objects.filter(message=message).values_list("provider_message_id", flat=True)}
    assert len(ids - {""}) >= 3  # one for each call, or for each mail


@pytest.mark.parametrize("name", BATCH_PROVIDERS)
def test_one_bad_address_is_rejected_and_everybody_else_gets_the_mail(send, fake, name):
    message = planned_message(readers=16)
    move("reader11@example.org", "reader11@refused.example")
    assert send(name).finished == [message.pk]
    assert states(message) == {"accepted": 15, "rejected": 1}
    assert set(mailed(fake).values()) == {1}
    assert len(mailed(fake)) == 15
    refused = Delivery.objects.get(message=message, state="rejected")
    assert refused.reason
    assert "@" not in refused.reason


@pytest.mark.parametrize("name", BATCH_PROVIDERS)
def test_a_message_that_everybody_is_refused_is_held_after_a_few(send, fake, name):
    message = planned_message(readers=40)
    fake.fail("error", status=400, times=500)
    report = send(name)
    message.refresh_from_db()
    assert message.state == MessageState.PAUSED
    assert "in a row" in message.held_reason
    assert states(message) == {"planned": 30, "rejected": 10}
    assert report.held
    assert mailed(fake) == Counter()


@pytest.mark.parametrize("name", BATCH_PROVIDERS)
def test_too_many_calls_put_the_rest_off_for_as_long_as_is_asked(send, fake, name):
    message = planned_message(readers=6)
    fake.fail("too_many", seconds=30)
    assert send(name, window=3).put_off
    assert states(message) == {"planned": 3, "retry_at": 3}
    assert Delivery.objects.filter(message=message, state="retry_at", attempts=0).count() == 3
    send.clock.pass_time(seconds=29)
    send(name, window=3)
    assert states(message) == {"accepted": 3, "retry_at": 3}
    send.clock.pass_time(seconds=1)
    assert send(name, window=3).finished == [message.pk]
    assert set(mailed(fake).values()) == {1}


@pytest.mark.parametrize("name", SEARCHED)
@pytest.mark.parametrize("was_taken", [True, False])
def test_a_lost_call_is_looked_for_until_it_is_certain(send, fake, name, was_taken):
    message = planned_message(readers=5)
    fake.fail("reset", after=was_taken), fake.lag(on=True)
    assert send(name).in_doubt == 5
    batch = Batch.objects.get(message=message)
    assert batch.kept
    send(name)
    assert states(message) == {"in_doubt": 5}  # the log shows nothing yet, and that proves nothing
    if was_taken:
        fake.lag(on=False)
        assert send(name).settled == 5
    else:
        send.clock.pass_time(hours=1, minutes=4)
        assert send(name).settled == 5
    assert states(message) == {"accepted": 5}
    assert set(mailed(fake).values()) == {1}
    assert len(mailed(fake)) == 5
    batch.refresh_from_db()
    assert (batch.state, batch.kept) == ("done", None)


@pytest.mark.parametrize("name", SEARCHED)
def test_who_changed_address_since_is_looked_for_under_the_one_that_was_mailed(send, fake, name):
    message = planned_message(readers=2)
    fake.fail("reset", after=True)
    send(name)
    move("reader1@example.org", "new@example.org")
    send.clock.pass_time(hours=2)
    assert send(name).settled == 2
    assert states(message) == {"accepted": 2}
    assert len(fake.mails()) == 2


@pytest.mark.parametrize("name", SEARCHED)
def test_past_the_logs_end_a_person_decides(send, fake, name):
    message = planned_message(readers=2)
    fake.fail("reset", after=True)
    send(name)
    fake.lag(on=True)
    send.clock.pass_time(days=8)
    send(name)
    assert states(message) == {"in_doubt": 2}


@pytest.mark.parametrize("name", KEYED)
@pytest.mark.parametrize("was_taken", [True, False])
def test_a_lost_call_is_made_again_under_its_key_to_the_byte(send, fake, name, was_taken):
    message = planned_message(readers=5)
    fake.fail("reset", after=was_taken)
    assert send(name).in_doubt == 5
    move("reader1@example.org", "new@example.org")  # the call is made with what was kept
    send.clock.pass_time(minutes=2)
    assert send(name).settled == 5
    assert states(message) == {"accepted": 5}
    assert len(fake.mails()) == 5
    assert mailed(fake)["reader1@example.org"] == 1
    assert Batch.objects.get(message=message).kept is None


@pytest.mark.parametrize("name", KEYED)
def test_past_the_keys_life_a_person_decides(send, fake, name):
    message = planned_message(readers=2)
    fake.fail("reset", after=True)
    send(name)
    fake.forget_keys()
    send.clock.pass_time(hours=24)
    send(name)
    assert states(message) == {"in_doubt": 2}
    assert len(fake.mails()) == 2


@pytest.mark.parametrize("name", KEYED)
def test_a_call_is_not_made_again_for_who_has_left_since(send, fake, name):
    message = planned_message(readers=2)
    fake.fail("reset")
    send(name)
    suppress(Subscriber.objects.get(address="reader1@example.org"), SuppressionReason.COMPLAINT)
    send(name)
    assert states(message) == {"in_doubt": 2}
    assert fake.mails() == []


@pytest.mark.parametrize("name", KEYED)
def test_a_call_whose_bytes_would_differ_is_not_made_again(send, fake, name):
    message = planned_message(readers=2)
    fake.fail("reset")
    send(name)
    Batch.objects.filter(message=message).update(payload_hash="0" * 64)
    send(name)
    assert states(message) == {"in_doubt": 2}
    assert fake.mails() == []


@pytest.mark.parametrize("name", [*KEYED, *SEARCHED])
def test_nothing_of_a_cancelled_message_is_sent_again(send, fake, name):
    message = planned_message(readers=4)
    fake.fail("reset")
    send(name, window=2)  # the run ends there
    control.cancel(message=message, now=send.clock(), actor="ada", reason="wrong issue")
    send.clock.pass_time(minutes=5)
    send(name)
    assert fake.mails() == []
    assert states(message) == {"cancelled": 2, "in_doubt": 2}
    assert sums(message).adds_up


def test_ses_holds_for_a_person_or_sends_again_where_that_was_chosen(send, fake):
    message = planned_message(readers=3)
    fake.fail("reset", after=True)
    send("ses")
    send.clock.pass_time(days=2)
    send("ses")
    assert states(message) == {"in_doubt": 3}
    report = send("ses", at_least_once=True)
    assert (report.settled, report.finished) == (3, [message.pk])
    assert set(mailed(fake).values()) == {2}  # that is what was chosen


def test_sending_again_has_an_end(send, fake):
    message = planned_message(readers=1)
    fake.fail("reset", after=True, times=20)
    for _ in range(8):
        send("ses", at_least_once=True)
    assert states(message) == {"in_doubt": 1}
    assert len(fake.mails()) == 3


@pytest.mark.parametrize("name", BATCH_PROVIDERS)
def test_a_killed_worker_s_call_is_in_doubt_and_settles_as_the_provider_can(send, fake, name):
    """As if it had been killed between the answer and the record."""
    message = planned_message(readers=4)
    fake.fail("stall", after=True, seconds=0)
    send(name)
    assert states(message) == {"in_doubt": 4}
    send.clock.pass_time(minutes=3)
    send(name)
    expected = "accepted" if name in {*KEYED, *SEARCHED} else "in_doubt"
    assert states(message) == {expected: 4}
    assert len(fake.mails()) == 4


def test_a_revoked_key_holds_the_message_and_everybody_keeps_their_place(send, fake, tmp_path):
    message = planned_message(readers=3)
    fake.fail("error", status=401)
    report = send("mailgun")
    message.refresh_from_db()
    assert "refuses the sender" in message.held_reason
    assert report.held
    assert states(message) == {"planned": 3}


def test_a_recipient_for_whom_no_call_can_be_made_is_rejected_and_the_others_are_mailed(send, fake):
    message = planned_message(readers=3)
    Subscriber.objects.filter(address="reader2@example.org").update(name="Ada\u2028Bcc: x")
    assert send("mailgun").finished == [message.pk]
    assert states(message) == {"accepted": 2, "rejected": 1}
    assert len(fake.mails()) == 2


def test_two_readers_with_one_mailbox_are_not_lost_in_one_call(send, fake):
    message = planned_message(readers=4)
    move("reader3@example.org", "READER1@example.org")
    assert send("mailgun").accepted == 4
    assert len(fake.mails()) == 4
    assert states(message) == {"accepted": 4}


def test_the_ledgers_work_on_an_accepted_call_does_not_grow_with_it(send, fake, django_assert_max_num_queries):
    planned_message(readers=300)
    with django_assert_max_num_queries(60):
        assert send("mailgun").accepted == 300


def test_what_was_kept_is_gone_once_a_person_has_settled(send, fake):
    message = planned_message(readers=2)
    fake.fail("reset")
    send("mailgun")
    (doubt,) = doubts.in_doubt(provider="mailgun")
    assert doubt.kept
    for delivery in Delivery.objects.filter(message=message):
        control.settle(delivery=delivery, state="accepted", actor="ada", now=send.clock())
    assert Batch.objects.get(message=message).kept is None


def test_a_lease_outlives_the_longest_call(tmp_path, fake):
    for name in BATCH_PROVIDERS:
        waits = adapter(name, fake, tmp_path).traits.longest_wait_seconds
        assert timedelta(seconds=waits) < timedelta(minutes=15)


@pytest.mark.parametrize("name", BATCH_PROVIDERS)
def test_over_several_connections_everybody_still_gets_one_mail(send, fake, name):
    message = planned_message(readers=60)
    fake.fail("slow", seconds=0.05, times=10)
    assert send(name, window=4, connections=4).finished == [message.pk]
    assert states(message) == {"accepted": 60}
    assert len(fake.mails()) == 60
    assert set(mailed(fake).values()) == {1}


def test_where_one_connection_is_told_to_slow_down_the_others_go_on_and_nobody_is_lost(send, fake):
    message = planned_message(readers=40)
    fake.fail("too_many", seconds=20)
    assert send("mailgun", window=4, connections=2).put_off
    assert states(message) == {"accepted": 36, "retry_at": 4}
    send.clock.pass_time(seconds=20)
    assert send("mailgun", connections=2).finished == [message.pk]
    assert set(mailed(fake).values()) == {1}


@pytest.mark.parametrize("name", SEARCHED)
@pytest.mark.parametrize("fault", ["reset", "error", "garbage", "too_many"])
def test_a_log_that_cannot_be_asked_proves_nothing(send, fake, name, fault):
    message = planned_message(readers=3)
    fake.fail("reset", after=True)
    send(name)
    send.clock.pass_time(hours=2)
    fake.fail(fault, on="look_up")
    send(name)
    assert states(message) == {"in_doubt": 3}
    assert send(name).settled == 3
    assert states(message) == {"accepted": 3}
    assert len(fake.mails()) == 3
