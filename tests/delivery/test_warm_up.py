"""The warm-up of a new sending domain: never more than the day's cap to a receiving domain, and nobody forgotten."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audience.models import Subscriber
from pipeline.config import Config
from pipeline.delivery.actions.installation import adopt_if_new
from pipeline.delivery.actions.messages import plan_issue, send_single
from pipeline.delivery.models import Delivery, MessageKind, WarmUpCount
from pipeline.delivery.sender import SenderSettings, send_open
from pipeline.delivery.sums import sums
from pipeline.delivery.warm_up_rules import WarmUp, next_day
from pipeline.publish.mailing import warm_up_of
from tests.delivery.scene import NOW, PUBLIC_URL, RENDERED, SENDER, Clock, make_list, make_message, subscribe
from tests.delivery.test_sender import Told

PLAN = WarmUp(NOW.date(), (2, 3))


@pytest.fixture
def day_of(tmp_path):
    """Send what is due on a day of the warm-up; who was mailed then, by domain."""
    adopt_if_new(var=tmp_path, now=NOW)
    here = SenderSettings(PUBLIC_URL, tmp_path, 900, warm_up=PLAN)
    clock = Clock()

    def run() -> Counter:
        provider = Told()
        send_open(provider=provider, settings=here, now=clock)
        clock.pass_time(days=1)
        return Counter(envelope.recipient.partition("@")[2] for envelope in provider.given)

    return run


def message_to(*domains: str):
    mailing_list = make_list()
    for number, domain in enumerate(domains, start=1):
        reader = subscribe(mailing_list, number)
        Subscriber.objects.filter(pk=reader.pk).update(address=f"reader{number}@{domain}")
    message = make_message(mailing_list)
    plan_issue(message=message, now=NOW)
    return message


@pytest.mark.django_db
def test_what_is_over_a_domains_cap_waits_for_the_next_day_until_everybody_was_mailed(day_of):
    message = message_to(*["big.example"] * 9, "Small.example", "small.example")
    assert day_of() == {"big.example": 2, "Small.example": 1, "small.example": 1}
    assert sums(message).describe() == "11 planned = 4 accepted + 7 waiting"
    assert day_of() == {"big.example": 3}
    assert day_of() == {"big.example": 4}  # the last cap was yesterday's: now as many as there are
    assert sums(message).describe() == "11 planned = 11 accepted"
    message.refresh_from_db()
    assert message.state == "finished"


@pytest.mark.django_db
def test_who_waits_is_shown_with_the_reason_and_the_day(day_of):
    message = message_to(*["big.example"] * 5)
    day_of()
    waiting = Delivery.objects.filter(retry_at=datetime(2026, 11, 25, tzinfo=UTC), state="planned", batch=None)
    assert set(waiting.values_list("reason", flat=True)) == {"warming up: 2 a day to big.example"}
    assert waiting.count() == 3
    assert message.state == "open"


@pytest.mark.django_db
def test_a_second_issue_of_the_day_has_what_the_first_has_left(day_of):
    first = message_to("big.example")
    second = make_message(first.mailing_list, "issue:2")
    third = make_message(first.mailing_list, "issue:3")
    for message in (second, third):
        plan_issue(message=message, now=NOW)
    assert day_of() == {"big.example": 2}
    assert WarmUpCount.objects.get().claimed == 2


@pytest.mark.django_db
def test_a_single_mail_that_somebody_waits_for_goes_beside_the_cap(day_of):
    message_to(*["big.example"] * 3)
    for number in range(4):
        send_single(
            kind=MessageKind.TEST, key=f"test:{number}", rendered=RENDERED, sender=SENDER, now=NOW,
            address=f"staff{number}@big.example",
        )  # fmt: skip
    assert day_of() == {"big.example": 6}


@given(st.timedeltas(timedelta(0), timedelta(days=366)))
def test_the_next_day_of_the_caps_comes_within_a_day(later):
    now = NOW + later
    assert now < next_day(now) <= now + timedelta(days=1)


def test_without_a_first_day_there_is_no_warm_up():
    assert warm_up_of(Config()) is None
    plan = warm_up_of(Config(warm_up_from=date(2026, 11, 24), warm_up_caps=[5]))
    assert (plan.cap_at(NOW - timedelta(days=3)), plan.cap_at(NOW), plan.cap_at(NOW + timedelta(days=1))) == (
        5,
        5,
        None,
    )
