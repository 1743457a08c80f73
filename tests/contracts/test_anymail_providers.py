"""What every provider promises that goes through django-anymail, against an answer as its API gives it."""

import json

import pytest

from pipeline.config import Config
from pipeline.delivery import providers
from pipeline.delivery.providers._anymail_cases import _LONGEST_CALL_SECONDS, CASES
from pipeline.delivery.providers._http import LONGEST_CALL_SECONDS
from pipeline.delivery.providers.base import Envelope, SendState
from pipeline.errors import TipsheetError
from tests.delivery.anymail_servers import TAKEN, anymail_server
from tests.delivery.batch_scene import make_compiled, recipient


@pytest.fixture(params=sorted(CASES))
def server(request):
    with anymail_server(request.param) as running:
        yield running


def made(server, tmp_path):
    config = Config(
        home=tmp_path, provider=server.name, provider_key="key", provider_secret="secret", provider_url=server.url,
        provider_options={"project_id": "project"},
    )  # fmt: skip
    return providers.load(config)


def envelope(number: int = 1, **changes: str) -> Envelope:
    compiled = make_compiled(**changes)
    return Envelope.whole(
        number, "hello@newsletter.example", f"reader{number}@example.org", compiled.assemble(recipient(number))
    )


def send(server, tmp_path, *envelopes):
    provider = made(server, tmp_path)
    try:
        return list(provider.send(envelopes or [envelope()]))
    finally:
        provider.close()


def strings(value) -> str:
    """All that a call says, however its JSON nests."""
    if isinstance(value, dict):
        return "\n".join(f"{key}: {strings(one)}" for key, one in value.items())
    return "\n".join(strings(one) for one in value) if isinstance(value, list) else str(value)


def test_each_that_anymail_knows_is_either_here_or_has_its_own_adapter():
    from pkgutil import iter_modules

    import anymail.backends

    shared = {"base", "base_requests", "console", "test", "sendinblue", "amazon_ses"}
    known = {module.name for module in iter_modules(anymail.backends.__path__)} - shared
    assert known == {*CASES, "brevo", "mailgun", "postmark", "resend", "sendgrid"}
    assert set(TAKEN) == set(CASES)
    assert _LONGEST_CALL_SECONDS == LONGEST_CALL_SECONDS


def test_a_mail_is_accepted_with_all_that_the_frozen_bytes_say(server, tmp_path):
    (outcome,) = send(server, tmp_path)
    assert outcome.state is SendState.ACCEPTED, outcome.reply
    (call,) = server.calls
    said = strings(json.loads(call))
    for word in ("reader1@example.org", "hello@newsletter.example", "Three small habits", "Wash gently.", "Hello Ada,"):
        assert word in said, word
    assert "List-Unsubscribe" in said or server.name == "unisender_go"
    assert recipient(1).unsubscribe_url in said


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (400, SendState.REJECTED),
        (401, SendState.HELD),
        (422, SendState.REJECTED),
        (500, SendState.IN_DOUBT),
        (503, SendState.IN_DOUBT),
    ],
)
def test_each_status_has_its_meaning(server, tmp_path, status, state):
    server.answers.append((status, {}, {"message": "no reader1@example.org"}))
    (outcome,) = send(server, tmp_path)
    assert outcome.state is state
    assert "@" not in outcome.reply


def test_too_many_calls_put_the_rest_of_the_window_off(server, tmp_path):
    server.answers.append((429, {"Retry-After": "41"}, {}))
    outcomes = send(server, tmp_path, envelope(1), envelope(2))
    assert [(one.state, one.retry_after_seconds, one.attempted) for one in outcomes] == [
        (SendState.RETRY, 41, False)
    ] * 2
    assert len(server.calls) == 1


def test_a_lost_connection_is_in_doubt_and_nothing_is_sent_twice(server, tmp_path):
    server.answers.append(None)
    outcomes = send(server, tmp_path, envelope(1), envelope(2))
    assert [outcome.state for outcome in outcomes] == [SendState.IN_DOUBT, SendState.RETRY]
    assert len(server.calls) == 1


def test_an_answer_that_cannot_be_read_is_in_doubt(server, tmp_path):
    server.answers.append((200, {}, {"what": "is this"}))
    (outcome,) = send(server, tmp_path)
    assert outcome.state in {SendState.IN_DOUBT, SendState.REJECTED}  # MailerSend says of everybody: suppressed
    assert outcome.state is SendState.IN_DOUBT or server.name == "mailersend"


def test_a_provider_that_is_not_there_was_sent_nothing(server, tmp_path):
    server.url = "http://127.0.0.1:9/"
    (outcome,) = send(server, tmp_path)
    assert (outcome.state, outcome.attempted) == (SendState.RETRY, False)


def test_what_looks_like_a_template_is_broken_up(server, tmp_path):
    tempting = "{{x}} *|UNSUB|* {$x} {% if %} [[x]]"
    (outcome,) = send(server, tmp_path, envelope(words=tempting, subject=tempting))
    assert outcome.state is SendState.ACCEPTED, outcome.reply
    for word in ("{{x", "*|UNSUB", "{$x", "{% if", "[[x"):
        assert word not in strings(json.loads(server.calls[0])), word


@pytest.mark.parametrize("name", sorted(CASES))
def test_what_is_missing_is_named(name, tmp_path):
    with pytest.raises(TipsheetError, match="PIPELINE_PROVIDER_KEY"):
        providers.load(Config(home=tmp_path, provider=name))
    assert providers.traits(name).guarantee.endswith(".")


def test_postal_says_no_with_200(tmp_path):
    with anymail_server("postal") as server:
        server.answers += [
            (200, {}, {"status": "error", "data": {"code": "InvalidServerAPIKey"}}),
            (200, {}, {"status": "parameter-error", "data": {"message": "no such address"}}),
        ]
        outcomes = [send(server, tmp_path)[0], send(server, tmp_path)[0]]
    assert [outcome.state for outcome in outcomes] == [SendState.HELD, SendState.REJECTED]
