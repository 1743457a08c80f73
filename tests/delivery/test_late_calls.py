"""A worker that stands still between its commit and its call, while others go on: its call comes too late, or not."""

from collections import Counter
from dataclasses import replace

import pytest

from pipeline.delivery import sender
from pipeline.delivery.actions.installation import adopt_if_new
from pipeline.delivery.fake.running import running_fake
from pipeline.delivery.models import Delivery
from pipeline.delivery.providers import _http as http
from pipeline.delivery.providers.base import SendOutcome, SendState
from pipeline.delivery.sender import SenderSettings, send_open
from tests.delivery.batch_scene import BATCH_PROVIDERS, adapter
from tests.delivery.scene import PUBLIC_URL, Clock, planned_message, states
from tests.delivery.test_sender import Told

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def fake(tmp_path_factory):
    with running_fake(tmp_path_factory.mktemp("fake") / "truth.jsonl", seconds=600) as running:
        yield running


@pytest.fixture
def worker(fake, tmp_path):
    """Runs the sender once; all runs tell the same time."""
    fake.mend(), fake.lag(on=False), fake.forget_keys()
    fake.truth.write_bytes(b"")
    adopt_if_new(var=tmp_path, now=Clock()())
    clock = Clock()

    def run(name: str):
        provider = adapter(name, fake, tmp_path)
        try:
            return send_open(
                provider=provider, settings=SenderSettings(PUBLIC_URL, tmp_path, lease_seconds=900), now=clock
            )
        finally:
            provider.close()

    run.clock = clock
    return run


def stop_before_the_call(monkeypatch, meanwhile) -> None:
    """The next call to a provider begins only after `meanwhile`."""
    made, waiting = http.Caller.call, [meanwhile]

    def late(self, *arguments, **named):
        if waiting:
            waiting.pop()()
        return made(self, *arguments, **named)

    monkeypatch.setattr(http.Caller, "call", late)


@pytest.mark.parametrize("name", BATCH_PROVIDERS)
@pytest.mark.parametrize("minutes", [(16,), (16, 20), (16, 70), (40, 1)], ids=str)
def test_whoever_wakes_after_others_have_taken_over_mails_nobody(worker, fake, monkeypatch, name, minutes):
    message = planned_message(readers=4)

    def others_go_on() -> None:
        for passed in minutes:
            worker.clock.pass_time(minutes=passed)
            worker(name)

    stop_before_the_call(monkeypatch, others_go_on)
    worker(name)
    for _ in range(3):
        worker.clock.pass_time(minutes=70)
        worker(name)
    assert max(Counter(mail["delivery"] for mail in fake.mails()).values(), default=0) <= 1
    waits_for_a_person = {"brevo", "resend", "ses"}
    assert states(message) == {"accepted": 4} or (name in waits_for_a_person and states(message) == {"in_doubt": 4})
    assert len(fake.mails()) == Delivery.objects.filter(message=message, state="accepted").count()


def test_over_smtp_the_mails_of_a_window_stop_when_its_lease_is_nearly_over(worker, tmp_path):
    """What was not begun is planned again; it is nobody's doing, and counts for nobody."""
    message = planned_message(readers=4)

    def slow(envelope):
        worker.clock.pass_time(minutes=14 if envelope.delivery_id == third else 0)
        return SendOutcome(envelope.delivery_id, SendState.ACCEPTED)

    third = Delivery.objects.filter(message=message).order_by("pk")[2].pk
    told = Told(slow)
    told.traits = replace(told.traits, longest_wait_seconds=300)
    here = SenderSettings(PUBLIC_URL, tmp_path, lease_seconds=900)
    with pytest.MonkeyPatch.context() as patch:  # a process that is stopped beats no more than it sends
        patch.setattr(sender._Run, "beat", lambda *_: None)
        report = send_open(provider=told, settings=here, now=worker.clock)
    assert "too late" in report.put_off
    assert states(message) == {"accepted": 3, "retry_at": 1}
    assert Delivery.objects.get(message=message, state="retry_at").attempts == 0
