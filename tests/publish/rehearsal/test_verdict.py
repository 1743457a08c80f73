"""The verdict: what the ledger says, held against what the provider has."""

from datetime import timedelta

import pytest

from pipeline.delivery import ledger
from pipeline.delivery.models import Delivery
from pipeline.delivery.providers.base import SendOutcome, SendState
from pipeline.publish.rehearsal.verdict import verdict
from tests.delivery.scene import NOW, planned_message

pytestmark = pytest.mark.django_db
STATES = [SendState.ACCEPTED, SendState.ACCEPTED, SendState.REJECTED, SendState.IN_DOUBT]


@pytest.fixture
def message():
    """Four deliveries: two accepted, one rejected, one in doubt."""
    made = planned_message(4)
    claim = ledger.claim(message_id=made.pk, limit=9, worker="w", provider="x", now=NOW, lease=timedelta(hours=1))
    ledger.mark_submitting(claim, payload_hash="", now=NOW)
    outcomes = [SendOutcome(row.delivery_id, state) for row, state in zip(claim.rows, STATES, strict=True)]
    ledger.record(claim, outcomes, now=NOW)
    return made


def of(message, *counts):
    ids = Delivery.objects.filter(message=message).order_by("pk").values_list("pk", flat=True)
    return verdict(message, {pk: count for pk, count in zip(ids, counts, strict=True) if count})


@pytest.mark.parametrize("counts", [(1, 1, 0, 0), (1, 1, 0, 1)])
def test_it_holds_where_the_accepted_have_it_once_and_the_doubtful_may(message, counts):
    seen = of(message, *counts)
    assert seen.holds
    assert seen.mailed == sum(counts)


@pytest.mark.parametrize(("counts", "field"), [
    ((2, 1, 0, 0), "twice"), ((1, 1, 0, 2), "twice"), ((0, 1, 0, 0), "lost"), ((1, 1, 1, 0), "untold"),
])  # fmt: skip
def test_a_mail_too_many_one_too_few_and_one_that_the_ledger_does_not_know_are_told_apart(message, counts, field):
    seen = of(message, *counts)
    assert not seen.holds
    assert {name: getattr(seen, name) for name in ("twice", "lost", "untold")} == {
        "twice": 0, "lost": 0, "untold": 0, field: 1
    }  # fmt: skip


def test_a_sum_that_does_not_add_up_does_not_hold(message):
    message.planned_count = 5
    assert not of(message, 1, 1, 0, 0).holds


def test_mail_of_other_messages_is_none_of_its_business(message):
    assert verdict(message, {10_000: 3}).twice == 0
