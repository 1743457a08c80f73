"""The SMTP provider against a real server on loopback: what each reply means, and what silence does."""

import socket
import ssl
from collections import Counter
from contextlib import closing, contextmanager

import pytest
import trustme

from pipeline.config import Config
from pipeline.delivery.providers.base import Envelope, SendState
from pipeline.delivery.providers.smtp import Provider, SmtpServer, SmtpSettingsError, servers_of
from pipeline.delivery.providers.smtp.throttle import Throttle
from tests.delivery.smtp_server import ACCOUNT, PASSWORD, smtp_server

MAIL = b"Subject: x\r\n\r\nHello\r\n.a dot\r\n..two\r\n"
SENDER = "hello@newsletter.example"


def envelope(delivery_id: int, recipient: str = "") -> Envelope:
    return Envelope.whole(delivery_id, SENDER, recipient or f"reader{delivery_id}@example.org", MAIL)


def server_at(port: int, **changes: object) -> SmtpServer:
    values = {"host": "127.0.0.1", "port": port, "security": "none", "timeout_seconds": 5, **changes}
    return SmtpServer(**values)  # type: ignore[arg-type]


@contextmanager
def connected(tls: ssl.SSLContext | None = None, **changes: object):
    """A server and a provider for it: (truth, provider)."""
    server_tls = changes.pop("server", {})
    with smtp_server(**server_tls) as truth, closing(Provider(server_at(truth.port, **changes), tls=tls)) as provider:
        yield truth, provider


def sent(provider: Provider, *envelopes: Envelope) -> list[SendState]:
    return [outcome.state for outcome in provider.send(envelopes)]


def test_mail_arrives_as_it_was_made_over_one_connection():
    with connected() as (truth, provider):
        assert sent(provider, envelope(1), envelope(2)) == [SendState.ACCEPTED] * 2
        assert sent(provider, envelope(3)) == [SendState.ACCEPTED]
        assert truth.taken == [(f"reader{n}@example.org", MAIL) for n in (1, 2, 3)]
        assert truth.senders == [SENDER] * 3
        assert truth.sessions == 1


@pytest.mark.parametrize(
    ("reply", "state"), [("450 4.2.1 later", SendState.RETRY), ("550 5.1.1 nobody", SendState.REJECTED)]
)
@pytest.mark.parametrize("phase", ["rcpt_replies", "data_replies"])
def test_a_refusal_is_the_recipients_alone(phase, reply, state):
    with connected() as (truth, provider):
        getattr(truth, phase)["reader2@example.org"] = reply
        outcomes = list(provider.send([envelope(1), envelope(2), envelope(3)]))
        assert [outcome.state for outcome in outcomes] == [SendState.ACCEPTED, state, SendState.ACCEPTED]
        assert outcomes[1].reply == reply
        assert outcomes[1].attempted
        assert truth.sessions == 1


def test_a_servers_words_are_kept_without_the_addresses_in_them():
    with connected() as (truth, provider):
        truth.rcpt_replies["reader1@example.org"] = "550 5.1.1 <reader1@example.org>: no such user"
        (outcome,) = provider.send([envelope(1)])
        assert outcome.reply == "550 5.1.1 …: no such user"


@pytest.mark.parametrize(
    "reply", ["554 5.7.1 <x@y.example>: Relay access denied", "550 relay not permitted", "530 5.7.0 log in first"]
)
def test_a_refusal_that_is_about_the_sender_holds_and_sends_nothing_more(reply):
    with connected() as (truth, provider):
        truth.rcpt_replies["reader1@example.org"] = reply
        outcomes = list(provider.send([envelope(1), envelope(2)]))
        assert [outcome.state for outcome in outcomes] == [SendState.HELD, SendState.RETRY]
        assert not outcomes[1].attempted
        assert truth.taken == []


def test_a_refused_sender_address_holds():
    with connected() as (truth, provider):
        truth.mail_reply = "553 5.7.1 sender not owned"
        assert sent(provider, envelope(1)) == [SendState.HELD]


def test_a_connection_that_is_lost_after_the_mail_had_left_leaves_it_in_doubt_and_puts_off_the_rest():
    with connected() as (truth, provider):
        truth.drop_at["reader2@example.org"] = "before_reply"
        outcomes = list(provider.send([envelope(1), envelope(2), envelope(3)]))
        assert [o.state for o in outcomes] == [SendState.ACCEPTED, SendState.IN_DOUBT, SendState.RETRY]
        assert not outcomes[2].attempted
        assert len(truth.taken) == 2
        assert sent(provider, envelope(3)) == [SendState.ACCEPTED]


def test_a_connection_that_is_lost_before_the_mail_had_left_is_tried_again():
    with connected() as (truth, provider):
        truth.drop_at["reader1@example.org"] = "rcpt"
        assert sent(provider, envelope(1)) == [SendState.RETRY]
        assert truth.taken == []


def test_a_server_that_does_not_answer_in_time_leaves_one_mail_in_doubt():
    with connected(timeout_seconds=0.2) as (truth, provider):
        truth.stall_seconds["reader1@example.org"] = 0.6
        outcomes = list(provider.send([envelope(1), envelope(2)]))
        assert [outcome.state for outcome in outcomes] == [SendState.IN_DOUBT, SendState.RETRY]
        assert "no answer in time" in outcomes[0].reply


def test_a_server_that_is_closing_down_puts_off_the_rest():
    with connected() as (truth, provider):
        truth.rcpt_replies["reader1@example.org"] = "421 4.3.2 shutting down"
        outcomes = list(provider.send([envelope(1), envelope(2)]))
        assert [outcome.state for outcome in outcomes] == [SendState.RETRY, SendState.RETRY]
        assert not outcomes[1].attempted


def test_a_server_that_cannot_be_reached_puts_off_everything_and_nobody_loses_a_try():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        provider = Provider(server_at(unused.getsockname()[1]))
        outcomes = list(provider.send([envelope(1), envelope(2)]))
    assert [(outcome.state, outcome.attempted) for outcome in outcomes] == [(SendState.RETRY, False)] * 2


def test_an_idle_connection_that_the_server_closed_is_replaced():
    with connected() as (truth, provider):
        assert sent(provider, envelope(1)) == [SendState.ACCEPTED]
        truth.hang_up()
        assert sent(provider, envelope(2)) == [SendState.ACCEPTED]
        assert truth.sessions == 2


@pytest.fixture(scope="module")
def certificates():
    """(context of a server, context that trusts it)."""
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(server)
    authority.configure_trust(client)
    return server, client


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_over_tls_after_a_login(certificates, security):
    server, trusting = certificates
    account = {"user": ACCOUNT, "password": PASSWORD, "security": security}
    with connected(trusting, server={security: server, "auth": True}, **account) as (truth, provider):
        assert sent(provider, envelope(1)) == [SendState.ACCEPTED]
        assert truth.taken == [("reader1@example.org", MAIL)]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_is_not_trusted_holds(certificates, security):
    with connected(server={security: certificates[0]}, security=security) as (truth, provider):
        (outcome,) = provider.send([envelope(1)])
        assert outcome.state is SendState.HELD
        assert "certificate is not trusted" in outcome.reply
        assert truth.taken == []


def test_a_refused_login_holds_and_does_not_tell_the_password(certificates):
    server, trusting = certificates
    account = {"user": ACCOUNT, "password": "wrong horse", "security": "starttls"}
    with connected(trusting, server={"starttls": server, "auth": True}, **account) as (_, provider):
        (outcome,) = provider.send([envelope(1)])
        assert outcome.state is SendState.HELD
        assert "535" in outcome.reply
        assert "horse" not in outcome.reply


def test_a_server_without_starttls_is_not_spoken_to_in_the_clear():
    with connected(security="starttls") as (truth, provider):
        assert sent(provider, envelope(1)) == [SendState.HELD]
        assert truth.taken == []


def test_plain_smtp_is_for_this_machine_alone():
    with pytest.raises(SmtpSettingsError, match="without TLS only a server on this machine"):
        Provider(server_at(25, host="mail.example.org"))


# Several servers


def test_several_servers_are_read_from_the_configuration_and_share_one_password(tmp_path):
    secret = tmp_path / "second"
    secret.write_text("other horse\n")
    config = Config(
        smtp_password="right horse",
        public_url="https://news.example",
        smtp_servers=[
            {"host": "one.example", "user": "a", "weight": 3},
            {"host": "two.example", "port": 465, "security": "tls", "user": "b", "password_file": str(secret)},
        ],
    )
    one, two = servers_of(config)
    assert (one.host, one.port, one.security, one.weight) == ("one.example", 587, "starttls", 3)
    assert one.password == "right horse"
    assert (two.port, two.security, two.password, two.greeting_name) == (465, "tls", "other horse", "news.example")
    assert (one.timeout_seconds, one.connections, one.messages_per_minute) == (660, 4, 0)


def test_a_password_in_the_file_of_settings_is_refused_for_a_server_too():
    with pytest.raises(ValueError, match="Extra inputs are not permitted"):
        Config(smtp_servers=[{"host": "one.example", "password": "right horse"}])


def test_one_server_is_that_of_the_plain_settings_with_the_password_from_its_file(tmp_path):
    file = tmp_path / "password"
    file.write_text("right horse\n")
    (only,) = servers_of(Config(smtp_host="one.example", smtp_password_file=file, smtp_messages_per_minute=60))
    assert (only.host, only.password) == ("one.example", "right horse")
    assert (only.messages_per_minute, only.connections) == (60, 4)


def many(count: int) -> list[Envelope]:
    return [envelope(number) for number in range(count)]


def given(provider: Provider, windows: int, size: int = 50) -> Counter:
    """Who was picked for so many windows, one after the other, as if each was sent at once."""
    taken = Counter()
    for _ in range(windows):
        lane = provider.pick(provider.lanes)
        if lane is not None:
            lane.taken += size
            taken[lane.server.host] += 1
    return taken


def servers(*weights: int, **more: object) -> list[SmtpServer]:
    return [
        SmtpServer(f"{number}.example", 587, "starttls", weight=weight, connections=2, **more)
        for number, weight in enumerate(weights)
    ]


def test_servers_share_the_mail_by_their_weights():
    assert given(Provider(*servers(3, 1)), 400) == {"0.example": 300, "1.example": 100}


def test_a_server_whose_lanes_are_all_at_work_is_waited_for_once_the_others_are_far_ahead():
    provider = Provider(*servers(1, 1))
    busy, idle = provider.lanes[:2], provider.lanes[2:]
    picked = 0
    while (lane := provider.pick(idle)) is not None:
        lane.taken += 50
        picked += 1
    assert 3 <= picked <= 6
    assert provider.pick([*busy, *idle]).server.host == "0.example"


def test_a_server_that_rests_is_passed_over_and_does_not_make_up_for_it():
    provider = Provider(*servers(1, 1, user="rests"))
    provider.lanes[0].throttle.rest("421 later")
    assert given(provider, 100) == {"1.example": 100}
    assert provider.trouble == "421 later"
    provider.lanes[0].throttle._rests_until = 0
    shared = given(provider, 100)
    assert abs(shared["0.example"] - shared["1.example"]) <= 4


def test_a_server_that_is_lost_is_passed_over():
    provider = Provider(*servers(1, 1))
    for lane in provider.lanes[:2]:
        lane.is_lost = True
    idle = provider.lanes[2:]
    for _ in range(20):
        lane = provider.pick(idle)
        lane.taken += 50
    assert sum(lane.taken for lane in idle) == 1000


# How much one server is given


class Ticking:
    def __init__(self) -> None:
        self.seconds, self.slept = 1000.0, []

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


def test_a_pace_is_kept_mail_by_mail_whoever_sends():
    clock = Ticking()
    throttle = Throttle(4, 60, monotonic=clock, sleep=clock.sleep)
    for _ in range(10):
        throttle.wait_for_turn()
    assert clock.seconds == pytest.approx(1009)
    assert not Throttle(4).has_pace


def test_a_rest_is_longer_each_time_and_what_goes_well_shortens_it_and_gives_connections_back():
    clock = Ticking()
    throttle = Throttle(8, monotonic=clock)
    lengths = []
    for _ in range(10):
        throttle.rest("421 later")
        throttle.rest("421 said on another lane too")
        lengths.append(throttle._rests_until - clock.seconds)
        assert throttle.is_resting
        clock.seconds = throttle._rests_until
        assert not throttle.is_resting
    assert lengths == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]
    assert throttle.allowed == 1
    for _ in range(20):
        throttle.went_well()
    assert (throttle.allowed, throttle.said) == (8, "")
    throttle.rest("421 later")
    assert throttle._rests_until - clock.seconds == 5


def test_a_server_that_asks_for_a_rest_gets_it_and_is_used_again_after_it():
    with connected() as (truth, provider):
        lane = provider.lanes[0]
        truth.rcpt_replies["reader1@example.org"] = "421 4.3.2 shutting down"
        assert sent(provider, *many(3)[1:]) == [SendState.RETRY, SendState.RETRY]
        assert provider.pick(provider.lanes) is None
        assert "421" in provider.trouble
        lane.throttle._rests_until = 0
        truth.rcpt_replies.clear()
        assert provider.pick(provider.lanes) is lane
        assert sent(provider, *many(3)) == [SendState.ACCEPTED] * 3


def test_fewer_mails_are_in_a_window_where_they_are_far_apart():
    assert [Provider(server).traits.window for server in servers(1)] == [50]
    slow = [SmtpServer("a.example", 587, "starttls", messages_per_minute=n) for n in (1, 60, 600, 6000)]
    assert [Provider(server).traits.window for server in slow] == [1, 10, 50, 50]


def test_a_paced_server_is_not_told_of_the_next_mail_ahead():
    with connected(messages_per_minute=6000) as (truth, provider):
        assert sent(provider, *many(3)) == [SendState.ACCEPTED] * 3
        assert len(truth.taken) == 3
