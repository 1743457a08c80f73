"""The answers behind the sum, and what a person says of deliveries in doubt."""

from datetime import timedelta

import pytest

from pipeline.delivery.models import Delivery, DeliveryState
from pipeline.delivery.providers.base import ProviderTraits, SendOutcome, SendState
from pipeline.delivery.sums import sums
from pipeline.editorial.models import Issue
from pipeline.publish.deliveries import NothingInDoubtError, answers, described, settle
from pipeline.publish.publishing import publish_now
from pipeline.publish.ticks import tick
from tests.publish.conftest import EDITOR, SUNDAY

pytestmark = pytest.mark.django_db


class Told:
    """A provider that answers by address."""

    traits = ProviderTraits(
        name="told", window=25, longest_wait_seconds=60, can_settle=False, takes_unicode_mailboxes=False,
        guarantee="None.",
    )  # fmt: skip

    def __init__(self, answer):
        self.answer, self.given = answer, []

    def send(self, envelopes):
        for envelope in envelopes:
            self.given.append(envelope.recipient)
            state, reply = self.answer(envelope.recipient)
            yield SendOutcome(envelope.delivery_id, state, reply)

    def settle(self, delivery_ids):  # noqa: ARG002 - the seam's signature
        return {}

    def close(self):
        pass


@pytest.fixture
def publish_with(newsletter, readers, queue, config, clock, monkeypatch):
    """publish_with(answer) → the outcome of an issue whose provider answers so, and the provider."""
    queue(2)

    def publish(answer):
        provider = Told(answer)
        monkeypatch.setattr("pipeline.delivery.providers.load", lambda config: provider)  # noqa: ARG005
        return publish_now(newsletter, config=config, clock=clock, actor=EDITOR), provider

    return publish


def _doubtful(address):
    return (SendState.IN_DOUBT if address.startswith("reader3") else SendState.ACCEPTED), "connection lost"


def test_an_outcome_says_why_mail_was_not_accepted_the_commonest_answer_first(publish_with):
    def answer(address):
        return (SendState.REJECTED, "550 full") if address < "reader3" else (SendState.REJECTED, "550 no such user")

    outcome, _ = publish_with(answer)
    assert outcome.answers == ("3 rejected: 550 full", "2 rejected: 550 no such user")
    assert outcome.note == ""


def test_what_waits_says_what_the_server_said_and_when_it_is_tried_again(publish_with):
    outcome, _ = publish_with(lambda _: (SendState.RETRY, "451 later"))
    assert outcome.answers == ("5 waiting: 451 later (next try 2026-11-22 12:01 UTC)",)
    assert "the ticks go on" in outcome.note


def test_when_all_is_accepted_there_is_nothing_to_answer_for(publish_with):
    outcome, _ = publish_with(lambda _: (SendState.ACCEPTED, ""))
    assert (outcome.answers, outcome.note) == ((), "")


def test_answers_that_name_each_reader_are_shown_five_at_most_and_the_rest_counted():
    from pipeline.publish.deliveries import Answer

    every = [Answer("rejected", f"550 reader{number} unknown", 1, None) for number in range(12)]
    lines = described(every)
    assert len(lines) == 6
    assert lines[-1] == "7 for other reasons"


def test_an_issue_with_doubt_says_what_a_person_can_do(publish_with):
    outcome, _ = publish_with(_doubtful)
    assert "run.py deliveries settle" in outcome.note
    assert outcome.answers == ("1 in doubt: connection lost",)


@pytest.mark.parametrize(("state", "counted", "mailed"), [
    (DeliveryState.ACCEPTED, "5 planned = 5 accepted", 1),
    (DeliveryState.REJECTED, "5 planned = 4 accepted + 1 rejected", 1),
    (DeliveryState.PLANNED, "5 planned = 5 accepted", 2),
])  # fmt: skip
def test_a_persons_word_settles_what_is_in_doubt(publish_with, config, clock, state, counted, mailed):
    _, provider = publish_with(_doubtful)
    issue = Issue.objects.get()
    provider.answer = lambda _: (SendState.ACCEPTED, "")
    assert settle(issue=issue, state=state, actor="Anna", now=clock()) == 1
    clock.move_to(SUNDAY + timedelta(minutes=5))
    tick(config=config, clock=clock)
    assert sums(Delivery.objects.first().message).describe() == counted
    assert provider.given.count("reader3@reader.example") == mailed
    assert len(provider.given) == 4 + mailed


def test_there_is_nothing_to_settle_where_nothing_is_in_doubt(publish_with, clock):
    publish_with(lambda _: (SendState.ACCEPTED, ""))
    with pytest.raises(NothingInDoubtError, match="No delivery of issue 1 is in doubt"):
        settle(issue=Issue.objects.get(), state=DeliveryState.PLANNED, actor="Anna", now=clock())


def test_answers_are_those_of_one_issue(publish_with):
    publish_with(lambda _: (SendState.REJECTED, "550 no"))
    assert [answer.count for answer in answers(Issue.objects.get())] == [5]
