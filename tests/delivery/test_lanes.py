"""Several lanes at once: every reader on one of them, once; one in trouble does not stop the others."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.delivery import ledger
from pipeline.delivery.actions import control
from pipeline.delivery.actions.installation import adopt_if_new
from pipeline.delivery.models import Batch, Delivery
from pipeline.delivery.providers.base import Envelope, SendOutcome, SendState
from pipeline.delivery.sender import SenderSettings, send_open
from pipeline.delivery.sums import sums
from tests.delivery.scene import NOW, PUBLIC_URL, Clock, planned_message, states
from tests.delivery.test_sender import Answer, Told, always

pytestmark = pytest.mark.django_db

ACCEPT = always(SendState.ACCEPTED)


class ToldLane:
    """A lane that answers as it is told, a little later."""

    def __init__(self, answer: Answer = ACCEPT) -> None:
        self.answer, self.given, self.threads = answer, [], set()

    def send(self, envelopes: Sequence[Envelope]) -> Iterator[SendOutcome]:
        self.threads.add(threading.current_thread().name)
        for envelope in envelopes:
            self.given.append(envelope.delivery_id)
            time.sleep(0.0005)
            yield self.answer(envelope)


class WithLanes(Told):
    traits = replace(Told.traits, window=5)

    def __init__(self, *lanes: ToldLane) -> None:
        super().__init__()
        self.lanes = lanes

    @property
    def mailed(self) -> list[int]:
        return sorted(delivery for lane in self.lanes for delivery in lane.given)


@pytest.fixture
def send(tmp_path):
    adopt_if_new(var=tmp_path, now=NOW)
    here = SenderSettings(PUBLIC_URL, tmp_path, lease_seconds=900)
    return lambda provider, clock=Clock(), **more: send_open(provider=provider, settings=here, now=clock, **more)  # noqa: B008 - it does not move


def test_every_reader_is_mailed_on_one_lane_and_each_lane_has_its_thread(send):
    message = planned_message(63)
    provider = WithLanes(ToldLane(), ToldLane(), ToldLane())
    report = send(provider)
    assert provider.mailed == list(Delivery.objects.order_by("pk").values_list("pk", flat=True))
    assert (report.accepted, report.finished) == (63, [message.pk])
    assert all(len(lane.given) >= 5 for lane in provider.lanes)
    assert sum(len(lane.threads) for lane in provider.lanes) >= 3
    assert not Batch.objects.exclude(state="done").exists()


def test_a_lane_that_lost_its_server_is_left_alone_and_the_others_go_on(send):
    message = planned_message(40)
    lost = ToldLane(always(SendState.RETRY, attempted=False, reply="the server is gone"))
    good = ToldLane()
    report = send(WithLanes(lost, good))
    assert len(lost.given) == 5
    assert (report.accepted, report.retried, report.put_off) == (35, 5, "the server is gone")
    assert states(message) == {"accepted": 35, "retry_at": 5}


def test_a_run_ends_when_every_lane_is_in_trouble_and_the_rest_waits(send):
    message = planned_message(60)
    lanes = [ToldLane(always(SendState.IN_DOUBT, reply="lost")) for _ in range(2)]
    report = send(WithLanes(*lanes))
    assert (report.in_doubt, report.put_off) == (10, "lost")
    assert states(message) == {"in_doubt": 10, "planned": 50}
    assert Delivery.objects.filter(state="planned", batch=None).count() == 50


def test_an_exception_on_one_lane_is_raised_after_everything_was_recorded(send):
    def breaks(envelope):
        raise RuntimeError("a fault of ours")

    message = planned_message(30)
    good = ToldLane()
    with pytest.raises(RuntimeError, match="a fault of ours"):
        send(WithLanes(ToldLane(breaks), good))
    seen = states(message)
    assert seen["in_doubt"] == 5
    assert seen["accepted"] == len(good.given)
    assert not Batch.objects.filter(state__in=["claimed", "submitting"]).exists()


def test_a_refused_sender_holds_the_message_whatever_lane_heard_it(send):
    message = planned_message(40)
    refusing = ToldLane(always(SendState.HELD, attempted=False, reply="535 wrong password"))
    good = ToldLane()
    send(WithLanes(refusing, good))
    message.refresh_from_db()
    assert message.state == "paused"
    assert "535 wrong password" in message.held_reason
    assert len(good.given) <= 20
    assert Counter(states(message))["accepted"] == len(good.given)
    assert not Batch.objects.filter(state__in=["claimed", "submitting"]).exists()


def test_stopping_waits_for_what_is_on_its_way_and_gives_the_rest_back(send):
    message = planned_message(100)
    provider = WithLanes(ToldLane(), ToldLane())
    send(provider, stop=lambda: bool(provider.mailed))
    seen = states(message)
    assert 10 <= seen["accepted"] <= 20
    assert Delivery.objects.filter(state="planned", batch=None).count() == 100 - seen["accepted"]


def test_cancelling_while_lanes_are_at_work_keeps_their_answers_and_the_sum_adds_up(send):
    message = planned_message(60)
    provider = WithLanes(ToldLane(), ToldLane())

    def cancelled_meanwhile() -> bool:
        if len(provider.mailed) >= 20:
            control.cancel(message=message, now=NOW, actor="ada", reason="wrong issue")
        return False

    send(provider, stop=cancelled_meanwhile)
    total = sums(message)
    assert total.adds_up
    assert total.accepted == len(provider.mailed) < 60
    assert total.cancelled == 60 - total.accepted


def test_leases_are_held_while_lanes_are_slow_and_a_batch_that_was_taken_away_is_not_recorded(send, monkeypatch):
    message, clock = planned_message(10), Clock()
    monkeypatch.setattr("pipeline.delivery.sender._LOOK_AROUND_SECONDS", 0.01)
    blocked = threading.Event()

    def slow(envelope):
        clock.pass_time(minutes=6)
        blocked.wait(0.3)
        return SendOutcome(envelope.delivery_id, SendState.ACCEPTED)

    first = ToldLane(slow)
    provider = WithLanes(first, ToldLane())
    renewed = []
    real = ledger.renew

    def renew(claimed, *, now):
        renewed.append(claimed.batch_id)
        return real(claimed, now=now)

    monkeypatch.setattr(ledger, "renew", renew)
    send(provider, clock)
    assert renewed
    assert states(message) == {"accepted": 10}


def test_the_provider_chooses_which_lane_is_next_and_may_choose_none(send):
    message = planned_message(20)
    provider = WithLanes(ToldLane(), ToldLane())
    provider.pick = lambda idle: next((lane for lane in idle if lane is provider.lanes[1]), None)
    send(provider)
    assert provider.lanes[0].given == []
    assert states(message) == {"accepted": 20}
    other = planned_message(5, key="issue:2")
    provider.pick, provider.trouble = (lambda _: None), "the server asks for a rest"
    assert send(provider).put_off == "the server asks for a rest"
    assert states(other) == {"planned": 5}


def test_an_expired_batch_that_waits_for_its_lane_is_not_sent_by_two(send):
    """Another run took the claimed windows away meanwhile: their fence has moved, and they are left to it."""
    message = planned_message(30)
    provider = WithLanes(ToldLane(), ToldLane())

    def others_expire() -> bool:
        if len(provider.mailed) == 10:
            ledger.expire(now=NOW + timedelta(hours=1), everyone=True)
        return False

    send(provider, stop=others_expire)
    mailed = Counter(provider.mailed)
    assert max(mailed.values()) == 1
    assert sums(message).waiting + sums(message).accepted + sums(message).in_doubt == 30
