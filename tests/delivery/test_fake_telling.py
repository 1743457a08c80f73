"""What the fake provider tells of the mails it took: again, in disorder, and by somebody who is not the provider."""

import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.delivery.fake.running import FakeNotStartedError, running_fake
from pipeline.delivery.fake.telling import SPEAKS, Order, Telling, TellingError, Told, calls, told_over_http
from pipeline.delivery.fake.told import KINDS
from tests.delivery.batch_scene import NOW, adapter, recipient, submission
from tests.web.hook_scene import OWN, SVIX

MAILS = [{"delivery": str(one), "batch": "b" * 32, "to": f"r{one}@example.org", "id": f"id-{one}"} for one in (1, 2, 3)]


def secret_of(provider: str) -> str:
    return SVIX if provider == "resend" else OWN


def words_of(told: Told) -> tuple[bytes, str]:
    """A call and its proof."""
    return told.call.body, str(sorted(told.call.headers.items()))


@pytest.fixture
def listener():
    """A server that writes down what comes; what begins with the same proof twice is answered all the same."""
    heard: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hooks/", heard
    server.shutdown()
    thread.join()
    server.server_close()


@given(
    provider=st.sampled_from(sorted(SPEAKS)),
    kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=4, unique=True),
    times=st.integers(1, 4),
    order=st.sampled_from(Order),
    forged=st.booleans(),
)
def test_every_mail_is_told_of_as_often_as_was_asked_in_whatever_order(provider, kinds, times, order, forged):
    telling = Telling(tuple(kinds), times=times, order=order, forged=forged)
    told = calls(provider, MAILS, telling, now=NOW, secret=secret_of(provider))
    true = Counter(words_of(one) for one in told if not one.is_forged)
    assert len(true) == len(MAILS) * len(kinds)
    assert set(true.values()) == {times}
    others = {words_of(one) for one in told if one.is_forged}
    assert len(others) == (len(MAILS) if forged else 0)
    assert not others & set(true)


def test_the_orders_are_those_of_sending_its_reverse_and_one_that_can_be_had_again():
    def bodies(order: Order, seed: int = 1) -> list[bytes]:
        telling = Telling(("delivered", "complaint"), order=order, seed=seed)
        return [one.call.body for one in calls("postmark", MAILS, telling, now=NOW, secret=OWN)]

    sent = bodies(Order.SENT)
    assert bodies(Order.REVERSED) == sent[::-1]
    assert bodies(Order.SHUFFLED) == bodies(Order.SHUFFLED) != sent
    assert sorted(bodies(Order.SHUFFLED, 2)) == sorted(sent)


def test_the_running_provider_tells_over_http_of_all_that_it_took(tmp_path, listener):
    url, heard = listener
    with running_fake(tmp_path / "truth.jsonl") as fake:
        provider, given_ = adapter("mailgun", fake, tmp_path), submission([recipient(1), recipient(2)])
        provider.submit(given_, provider.compose(given_), now=NOW)
        provider.close()
        said = fake.tell("mailgun", url=url, secret=OWN, now=NOW, kinds=["delivered"], times=3, forged=True)
    assert said == {"200": 6, "forged 200": 2}  # this listener believes everything
    assert sorted(Counter(heard).values()) == [1, 1, 3, 3]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"kinds": ["laughed"]}, "kinds are"),
        ({"times": 0}, "100 times"),
        ({"order": "sideways"}, "cannot be told"),
        ({"loudly": True}, "cannot be told"),
    ],
)
def test_what_cannot_be_told_is_refused(tmp_path, listener, asked, why):
    with running_fake(tmp_path / "truth.jsonl") as fake, pytest.raises(FakeNotStartedError, match=why):
        fake.tell("mailgun", url=listener[0], secret=OWN, now=NOW, **asked)


def test_who_signs_with_a_key_of_their_own_cannot_be_played():
    with pytest.raises(TellingError, match="it alone has"):
        calls("sendgrid", MAILS, Telling(), now=NOW, secret=OWN)


def test_no_other_machine_is_called():
    with pytest.raises(TellingError, match="this machine"):
        told_over_http("https://example.org/hooks/", calls("brevo", MAILS, Telling(), now=NOW, secret=OWN))
