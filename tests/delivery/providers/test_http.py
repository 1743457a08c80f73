"""The call that all HTTP adapters share: what it means, what it never does."""

import contextlib
import socket
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.delivery.providers import _http as http
from pipeline.delivery.providers.base import SendState
from pipeline.errors import TipsheetError

AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (301, SendState.HELD),
        (400, SendState.SPLIT),
        (401, SendState.HELD),
        (402, SendState.HELD),
        (403, SendState.HELD),
        (404, SendState.HELD),
        (408, SendState.IN_DOUBT),
        (413, SendState.SPLIT),
        (422, SendState.SPLIT),
        (429, SendState.RETRY),
        (500, SendState.IN_DOUBT),
        (502, SendState.IN_DOUBT),
        (503, SendState.IN_DOUBT),
    ],
)
def test_each_status_has_its_meaning(status, state):
    assert http.refusal(http.Answer(status, b"no")).state is state


@given(status=st.integers(300, 999))
def test_no_refusal_is_ever_taken_for_an_acceptance(status):
    assert http.refusal(http.Answer(status)).state is not SendState.ACCEPTED


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("", 0),
        ("soon", 0),
        ("-5", 0),
        ("999999999", 86400),
        ("Tue, 24 Nov 2026 08:02:00 GMT", 120),
        ("Tue, 24 Nov 2026 07:00:00 GMT", 0),
    ],
)
def test_retry_after_is_a_number_or_a_date(asked, seconds):
    assert http.retry_after(http.Answer(429, headers={"Retry-After": asked}), now=AT) == seconds


def test_the_providers_words_lose_their_addresses():
    answer = http.Answer(400, b'{"message": "ada@example.org, <bob@example.org> are\\n no mailboxes"}')
    assert "@" not in http.said(answer)
    assert "no mailboxes" in http.said(answer)


def test_a_key_never_goes_out_in_the_clear():
    with pytest.raises(TipsheetError, match="https"):
        http.Caller("http://api.example.org", headers={})


def _silent_server(answers):
    """Takes connections, reads what comes, and does what `answers` says with each; counts them."""
    server = socket.create_server(("127.0.0.1", 0))
    seen = []

    def serve():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            seen.append(connection.recv(65536))
            answers(connection)
            connection.close()

    threading.Thread(target=serve, daemon=True).start()
    return server, seen


def test_a_lost_connection_is_in_doubt_and_nothing_is_sent_twice():
    server, seen = _silent_server(lambda _: None)
    with server:
        caller = http.Caller(f"http://127.0.0.1:{server.getsockname()[1]}", headers={})
        answer = caller.call("POST", "/send", body=b"{}")
        caller.close()
    assert (answer.status, answer.may_have_arrived) == (0, True)
    assert http.refusal(answer).state is SendState.IN_DOUBT
    assert len(seen) == 1


def test_no_answer_in_time_is_in_doubt(monkeypatch):
    monkeypatch.setattr(http, "ANSWER_TIMEOUT_SECONDS", 0.2)
    release = threading.Event()
    server, seen = _silent_server(lambda _: release.wait(10))
    with server:
        caller = http.Caller(f"http://127.0.0.1:{server.getsockname()[1]}", headers={})
        answer = caller.call("POST", "/send", body=b"{}")
        release.set()
        caller.close()
    assert answer.problem == "no answer in time"
    assert http.refusal(answer).state is SendState.IN_DOUBT
    assert len(seen) == 1


def test_a_connection_that_was_never_made_is_tried_again_later():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    answer = http.Caller(f"http://127.0.0.1:{port}", headers={}).call("POST", "/send", body=b"{}")
    assert not answer.may_have_arrived
    assert http.refusal(answer).state is SendState.RETRY


def test_a_redirect_is_not_followed_and_holds():
    reply = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
    server, seen = _silent_server(lambda connection: connection.sendall(reply))
    with server:
        answer = http.Caller(f"http://127.0.0.1:{server.getsockname()[1]}", headers={}).call("POST", "/", body=b"")
    assert http.refusal(answer).state is SendState.HELD
    assert len(seen) == 1


def test_no_proxy_and_no_password_is_taken_from_the_environment(monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login x password y\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    server, seen = _silent_server(lambda connection: connection.sendall(reply))
    with server:
        caller = http.Caller(f"http://127.0.0.1:{server.getsockname()[1]}", headers={"Authorization": "Bearer key"})
        assert caller.call("GET", "/").json() == {}
        caller.close()
    assert b"Bearer key" in seen[0]
    assert b"Basic" not in seen[0]


def test_a_call_that_may_not_begin_any_more_never_begins():
    server, seen = _silent_server(lambda _: None)
    with server:
        caller = http.Caller(f"http://127.0.0.1:{server.getsockname()[1]}", headers={})
        answer = caller.call("POST", "/send", body=b"{}", may_begin=lambda: False)
        caller.close()
    assert not answer.may_have_arrived
    assert http.refusal(answer).state is SendState.RETRY
    assert "too late" in answer.problem
    assert seen in ([], [b""])  # it is asked on the open connection, and then nothing is said on it


def test_whether_it_may_begin_is_asked_on_the_open_connection_before_each_piece():
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    server, _ = _silent_server(lambda connection: connection.sendall(reply))
    answers = iter([True, False])
    with server:
        caller = http.Caller(f"http://127.0.0.1:{server.getsockname()[1]}", headers={})
        answer = caller.call("POST", "/send", body=b"{}", may_begin=lambda: next(answers))
        caller.close()
    assert http.refusal(answer).state is SendState.RETRY  # its body did not leave: it was no call
    assert not list(answers)


def test_who_stands_still_on_an_open_connection_finds_it_closed_and_mails_nobody():
    """The last thing that holds when no clock tells: a provider does not keep a silent connection open for long."""
    server = socket.create_server(("127.0.0.1", 0))
    seen = []

    def serve():
        connection, _ = server.accept()
        connection.close()
        closed.set()
        with contextlib.suppress(OSError):
            seen.append(server.accept())

    def stand_still():
        assert closed.wait(10)
        return True

    closed = threading.Event()
    threading.Thread(target=serve, daemon=True).start()
    caller = http.Caller(f"http://127.0.0.1:{server.getsockname()[1]}", headers={})
    answer = caller.call("POST", "/send", body=b"x" * 200_000, may_begin=stand_still)
    server.close(), caller.close()
    assert http.refusal(answer).state is SendState.IN_DOUBT
    assert not seen


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="Linux alone has it")
def test_the_kernel_gives_up_what_is_not_acknowledged_when_we_do():
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    server, _ = _silent_server(lambda connection: connection.sendall(reply))
    with server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        caller = http.Caller(url, headers={})
        caller.call("POST", "/send", body=b"{}")
        pools = caller._session.get_adapter(url).poolmanager.pools
        [pool] = [pools[key] for key in pools.keys()]  # noqa: SIM118 - urllib3's container has no iterator
        kept = pool.pool.get()
        options = [
            kept.sock.getsockopt(socket.IPPROTO_TCP, each) for each in (socket.TCP_USER_TIMEOUT, socket.TCP_NODELAY)
        ]
        pool.pool.put(kept)
        caller.close()
    assert options == [http.ANSWER_TIMEOUT_SECONDS * 1000, 1]
