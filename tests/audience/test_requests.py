from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pipeline.audience import actions
from pipeline.audience.actions import TooManyRequestsError
from pipeline.audience.actions.requests import (
    BETWEEN_CONFIRMATIONS,
    KEPT_FOR,
    REQUESTS_PER_IP_PER_HOUR,
    REQUESTS_PER_NETWORK_PER_HOUR,
)
from pipeline.audience.addresses import parse
from pipeline.audience.keys import address_hash
from pipeline.audience.models import Subscriber, SubscriptionRequest
from tests.audience.people import NOW, WORDING, add, ask, leave, state_of

DAY = BETWEEN_CONFIRMATIONS


def record(mailing_list, address="ada@example.com", *, ip="192.0.2.7", now=NOW):
    actions.record_request(mailing_list=mailing_list, address=parse(address), wording=WORDING, ip=ip, now=now)
    return SubscriptionRequest.objects.latest("pk")


def take(request, *, now=NOW):
    return actions.take_request(request_id=request.pk, now=now)


def known_in_every_way(letter):
    """One address for each standing that the form must not give away."""
    ask(letter, "pending@example.com")
    add(letter, "subscribed@example.com")
    leave(add(letter, "left@example.com"))
    actions.suppress(address_hash=address_hash("suppressed@example.com"), reason="complaint", now=NOW, actor="provider")
    return [f"{name}@example.com" for name in ("new", "pending", "subscribed", "left", "suppressed")]


def test_the_form_does_the_same_work_whoever_asks(letter):
    done = []
    for address in known_in_every_way(letter):
        with CaptureQueriesContext(connection) as queries:
            record(letter, address)
        done.append([query["sql"].split(" ")[:3] for query in queries if "SAVEPOINT" not in query["sql"]])
    assert ["INSERT", "INTO", '"audience_subscriptionrequest"'] in done[0]
    assert all(work == done[0] for work in done)


def test_only_who_is_to_confirm_is_mailed(letter):
    mailed = {address for address in known_in_every_way(letter) if take(record(letter, address))}
    assert mailed == {"new@example.com", "pending@example.com", "left@example.com"}


def test_a_request_is_handled_once_and_forgets_the_address(letter):
    request = record(letter)
    assert state_of(take(request)) == "pending"
    assert take(request) is None
    request.refresh_from_db()
    assert (request.address, request.address_key, request.handled_at, request.mailed_at) == ("", "", NOW, NOW)


def test_an_address_is_mailed_one_confirmation_in_24_hours(letter):
    assert take(record(letter)) is not None
    almost = NOW + DAY - timedelta(seconds=1)
    assert take(record(letter, now=almost), now=almost) is None
    after = NOW + DAY
    assert take(record(letter, now=after), now=after) is not None


def test_the_day_counts_from_the_mail_and_not_from_midnight(letter):
    late = NOW.replace(hour=23, minute=59)
    assert take(record(letter, now=late), now=late) is not None
    early = late + timedelta(minutes=2)
    assert take(record(letter, now=early), now=early) is None


def test_however_the_address_is_spelled(letter):
    assert take(record(letter, "Ada@Example.com")) is not None
    assert take(record(letter, "ada@EXAMPLE.com")) is None


def test_for_another_list_the_same_address_waits_for_its_day_and_is_not_forgotten(letter, other_letter):
    take(record(letter))
    request = record(other_letter)
    assert take(request) is None
    request.refresh_from_db()
    assert request.due_at == NOW + DAY
    assert take(request, now=NOW + DAY) is not None


def test_a_request_without_a_mail_uses_up_nobodys_day(letter, other_letter):
    add(letter)
    assert take(record(letter)) is None
    assert take(record(other_letter)) is not None


def test_one_ip_may_ask_so_often_an_hour(letter):
    for number in range(REQUESTS_PER_IP_PER_HOUR):
        record(letter, f"reader{number}@example.com")
    with pytest.raises(TooManyRequestsError, match="again in an hour"):
        record(letter, "one-more@example.com")
    record(letter, "neighbour@example.com", ip="192.0.2.8")
    record(letter, "later@example.com", now=NOW + timedelta(hours=1))


def test_one_ipv6_network_counts_as_one_however_many_addresses_it_has(letter):
    for number in range(REQUESTS_PER_NETWORK_PER_HOUR):
        record(letter, f"reader{number}@example.com", ip=f"2001:db8:1:2::{number + 1:x}")
    with pytest.raises(TooManyRequestsError):
        record(letter, "one-more@example.com", ip="2001:db8:1:2:ffff::1")
    record(letter, "neighbour@example.com", ip="2001:db8:1:3::1")


def test_a_request_that_is_refused_for_the_flood_leaves_nothing(letter):
    for number in range(REQUESTS_PER_IP_PER_HOUR):
        record(letter, f"reader{number}@example.com")
    with pytest.raises(TooManyRequestsError):
        record(letter, "one-more@example.com")
    assert SubscriptionRequest.objects.count() == REQUESTS_PER_IP_PER_HOUR


def test_requests_without_a_known_ip_are_taken(letter):
    assert take(record(letter, ip=None)) is not None


def test_handled_requests_go_after_two_days_and_the_others_stay(letter, other_letter):
    take(record(letter))
    waiting = record(other_letter)
    take(waiting)
    assert actions.forget_requests(now=NOW + KEPT_FOR) == 0
    assert actions.forget_requests(now=NOW + KEPT_FOR + timedelta(seconds=1)) == 1
    assert SubscriptionRequest.objects.get() == waiting


def test_nobody_is_stored_as_a_subscriber_before_the_request_is_handled(letter):
    record(letter)
    assert not Subscriber.objects.exists()
