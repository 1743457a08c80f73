"""A provider that keeps the list: one email there for an issue, however often it is tried."""

import pytest
import requests

from pipeline.delivery.actions.installation import adopt_if_new
from pipeline.delivery.actions.messages import plan_kept_list, send_single
from pipeline.delivery.fake.running import running_fake
from pipeline.delivery.fake.server import REVOKED_KEY
from pipeline.delivery.models import MessageKind, MessageState
from pipeline.delivery.sender import SenderSettings, send_open
from pipeline.delivery.sums import sums
from tests.delivery.batch_scene import adapter, make_compiled, recipient, submission
from tests.delivery.scene import NOW, PUBLIC_URL, RENDERED, SENDER, Clock, make_list, make_message, states, subscribe

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with running_fake(tmp_path_factory.mktemp("fake") / "truth.jsonl", with_bodies=True, seconds=600) as made:
        yield made


@pytest.fixture
def fake(running):
    running.begin_anew()
    return running


@pytest.fixture
def send(fake, tmp_path):
    adopt_if_new(var=tmp_path, now=NOW)
    clock = Clock()

    def run(key: str = "key"):
        provider = adapter("buttondown", fake, tmp_path, key=key)
        try:
            return send_open(provider=provider, settings=SenderSettings(PUBLIC_URL, tmp_path, 900), now=clock)
        finally:
            provider.close()

    run.clock = clock
    return run


def issue():
    """An issue's message for a list of three, planned for the list as a whole."""
    mailing_list = make_list()
    for number in (1, 2, 3):
        subscribe(mailing_list, number)
    message = make_message(mailing_list)
    plan_kept_list(message=message, provider="buttondown", now=NOW)
    plan_kept_list(message=message, provider="buttondown", now=NOW)
    return message


def emails(fake) -> list[dict]:
    listed = requests.get(f"{fake.url_for('buttondown')}/v1/emails", headers={"Authorization": "Token key"}, timeout=5)
    return listed.json()["results"]


def test_an_issue_is_one_email_there_and_the_list_counts_as_one(send, fake):
    message = issue()
    assert send().finished == [message.pk]
    assert sums(message).describe() == "1 planned = 1 accepted"
    (mail,) = fake.mails()
    assert mail["subject"] == RENDERED.subject
    assert "<p>Hello,</p>" in mail["html"]
    assert 'href="{{ unsubscribe_url }}"' in mail["html"]
    assert 'href="{{ manage_subscription_url }}"' in mail["html"]
    assert PUBLIC_URL not in mail["html"]


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("fault", [{"fault": "reset"}, {"fault": "error", "status": 503}, {"fault": "garbage"}])
def test_a_lost_answer_is_made_good_and_the_email_is_one(send, fake, fault, after):
    message = issue()
    fake.fail(**fault, after=after)
    send()
    for _ in range(3):
        send.clock.pass_time(minutes=2)
        send()
    assert states(message) == {"accepted": 1}
    assert len(fake.mails()) == len(emails(fake)) == 1


def test_a_draft_whose_making_was_lost_is_found_and_not_made_again(send, fake, tmp_path):
    provider = adapter("buttondown", fake, tmp_path)
    given = submission([recipient(1)])
    made = [provider.submit(given, provider.compose(given), now=NOW) for _ in range(3)]
    other = submission([recipient(1)])  # the same issue in a batch of its own, as after a kill
    made.append(provider.submit(other, provider.compose(other), now=NOW))
    provider.close()
    assert {answer.state for answer in made} == {"accepted"}
    assert len({answer.provider_message_id for answer in made}) == 1
    assert len(fake.mails()) == len(emails(fake)) == 1


def test_the_status_is_read_back_and_one_that_goes_nowhere_holds(send, fake, tmp_path):
    message = issue()
    send()
    email = emails(fake)[0]
    assert email["status"] == "about_to_send"
    assert email["metadata"]["tipsheet"].startswith("issue-1-")
    assert states(message) == {"accepted": 1}


def test_a_revoked_key_holds_the_issue(send, fake):
    message = issue()
    send(REVOKED_KEY)
    message.refresh_from_db()
    assert message.state == MessageState.PAUSED
    assert fake.mails() == []


def test_a_single_mail_cannot_go_this_way_and_says_so(send, fake):
    message = send_single(
        kind=MessageKind.TEST, key="test:1", rendered=RENDERED, sender=SENDER, now=NOW, address="ada@example.org"
    )
    send()
    assert states(message) == {"rejected": 1}
    assert fake.mails() == []


def test_what_looks_like_buttondowns_template_is_only_text(fake, tmp_path):
    provider = adapter("buttondown", fake, tmp_path)
    tempting = "{{ subscriber.email }} {% if x %} {# c #}"
    given = submission([recipient(1)], make_compiled(words=tempting, subject=tempting))
    provider.submit(given, provider.compose(given), now=NOW)
    provider.close()
    (mail,) = fake.mails()
    for word in ("{{ subscriber", "{% if", "{# c"):
        assert word not in mail["subject"] + mail["html"], word
    assert tempting in mail["html"].replace("&#123;", "{")


BROKEN = [
    {"fault": "reset"}, {"fault": "error", "status": 503}, {"fault": "garbage"}, {"fault": "too_many", "seconds": 30},
    {"fault": "stall", "seconds": 0.1}, {"fault": "slow", "seconds": 0.05},
]  # fmt: skip


@pytest.mark.parametrize("on", ["make", "look_up"])
@pytest.mark.parametrize("fault", BROKEN, ids=lambda fault: fault["fault"])
def test_whatever_goes_wrong_while_it_is_looked_for_or_made_the_email_is_one(send, fake, fault, on):
    """Before the call is taken, and after; queueing is broken as well, so that every step has its turn."""
    message = issue()
    for after in (False, True):
        fake.fail(**fault, after=after, on=on), fake.fail("reset", after=after)
    for _ in range(7):
        send()
        send.clock.pass_time(minutes=2)
    assert states(message) == {"accepted": 1}
    assert len(fake.mails()) == len(emails(fake)) == 1


@pytest.mark.parametrize("status", [400, 422])
def test_a_draft_that_is_refused_is_rejected_and_nothing_is_mailed(send, fake, status):
    message = issue()
    fake.fail("error", status=status, times=5, on="make")
    for _ in range(5):
        send()
        send.clock.pass_time(minutes=2)
    assert states(message) == {"rejected": 1}
    assert fake.mails() == emails(fake) == []
