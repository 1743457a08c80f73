"""What every provider promises that takes mails one by one. A new one needs a stage here: its other side, on loopback.
(Those with a native batch: test_batch_providers.py.)
"""

import email
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from pathlib import Path

import pytest

from pipeline.config import Config
from pipeline.delivery import providers
from pipeline.delivery.providers import outbox, smtp
from pipeline.delivery.providers.base import DeliveryProvider, Envelope, SendState
from pipeline.errors import TipsheetError
from tests.delivery.batch_scene import BATCH_PROVIDERS
from tests.delivery.smtp_server import smtp_server


@dataclass
class Stage:
    """A provider and its other side. `taken` gives what arrived; `reject` makes it refuse an address, where it can."""

    provider: DeliveryProvider
    taken: Callable[[], list[bytes]]
    reject: Callable[[str], None] | None = None


@contextmanager
def _outbox(folder: Path) -> Iterator[Stage]:
    made = outbox.Provider(folder / "outbox")
    yield Stage(made, lambda: [path.read_bytes() for path in sorted((folder / "outbox").iterdir())])


@contextmanager
def _smtp(folder: Path) -> Iterator[Stage]:
    with smtp_server() as truth:
        made = smtp.Provider(smtp.SmtpServer("127.0.0.1", truth.port, "none", timeout_seconds=20))

        def reject(address: str) -> None:
            truth.rcpt_replies[address] = "550 5.1.1 unknown"

        yield Stage(made, lambda: [data for _, data in truth.taken], reject)
        made.close()


STAGES = {"outbox": _outbox, "smtp": _smtp}


def test_every_provider_has_a_contract():
    assert {*STAGES, *BATCH_PROVIDERS, "buttondown"} == set(providers.own())


@pytest.fixture(params=STAGES)
def stage(request, tmp_path):
    with STAGES[request.param](tmp_path) as made:
        yield made


def mail(body: str = "Hello", name: str = "Ada") -> bytes:
    message = email.message.EmailMessage(policy=policy.SMTP)
    message["To"] = f"{name} <ada@example.org>"
    message["Subject"] = name
    message.set_content(body, cte="quoted-printable")
    return message.as_bytes()


def envelope(delivery_id: int, data: bytes | None = None) -> Envelope:
    return Envelope.whole(delivery_id, "hello@newsletter.example", f"reader{delivery_id}@example.org", data or mail())


def test_each_mail_is_accepted_once_and_arrives_as_it_was_made(stage):
    envelopes = [envelope(number, mail(f"Number {number}")) for number in range(1, 6)]
    outcomes = list(stage.provider.send(envelopes))
    assert [(outcome.delivery_id, outcome.state) for outcome in outcomes] == [
        (n, SendState.ACCEPTED) for n in range(1, 6)
    ]
    assert sorted(stage.taken()) == sorted(item.data for item in envelopes)


def test_a_refused_recipient_is_rejected_alone_with_a_reason(stage):
    if stage.reject is None:
        assert "whatever happens" in stage.provider.traits.guarantee  # it takes everything
        return
    stage.reject("reader2@example.org")
    outcomes = list(stage.provider.send([envelope(1), envelope(2), envelope(3)]))
    assert [outcome.state for outcome in outcomes] == [SendState.ACCEPTED, SendState.REJECTED, SendState.ACCEPTED]
    assert outcomes[1].reply
    assert "@" not in outcomes[1].reply
    assert len(stage.taken()) == 2


def test_a_provider_that_can_settle_never_takes_a_delivery_twice_and_knows_what_it_has(stage):
    if not stage.provider.traits.can_settle:
        assert stage.provider.settle([1, 2]) == {}
        return
    first, second = envelope(1, mail("first")), envelope(1, mail("second"))
    states = [outcome.state for one in (first, second) for outcome in stage.provider.send([one])]
    assert states == [SendState.ACCEPTED] * 2
    assert stage.taken() == [first.data]
    assert stage.provider.settle([1, 2]) == {1: SendState.ACCEPTED, 2: SendState.RETRY}


def test_any_script_arrives_unharmed(stage):
    body = "Zoë 你好 שלום 🧴\n.\n..\nFrom here\n"
    data = mail(body, name="Zoë 你好")
    assert [outcome.state for outcome in stage.provider.send([envelope(1, data)])] == [SendState.ACCEPTED]
    (taken,) = stage.taken()
    assert taken == data
    assert email.message_from_bytes(taken, policy=policy.default).get_content().replace("\r\n", "\n") == body


def test_a_mail_of_four_megabytes_arrives_whole(stage):
    data = mail("0123456789 abcdef\n" * 235_000)
    assert len(data) > 4_000_000
    assert [outcome.state for outcome in stage.provider.send([envelope(1, data)])] == [SendState.ACCEPTED]
    assert stage.taken() == [data]


def test_nothing_to_send_is_no_trouble_and_closing_twice_neither(stage):
    assert list(stage.provider.send([])) == []
    stage.provider.close()
    stage.provider.close()
    assert [outcome.state for outcome in stage.provider.send([envelope(1)])] == [SendState.ACCEPTED]
    stage.provider.close()


def test_its_traits_can_be_shown_and_kept(stage):
    traits = stage.provider.traits
    assert traits.name in providers.available()
    assert 1 <= traits.window <= 1000
    assert traits.longest_wait_seconds > 0
    assert traits.guarantee.endswith(".")


@pytest.mark.parametrize("name", providers.own())
def test_a_provider_is_made_from_the_configuration_by_its_name(name, tmp_path):
    account = {"provider_key": "key", "provider_secret": "secret", "provider_options": {"region": "eu-central-1"}}
    made = providers.load(Config(home=tmp_path, provider=name, **account))
    assert made.traits.name == name
    made.close()


def test_an_unknown_provider_is_refused_with_the_names_that_exist(tmp_path):
    with pytest.raises(providers.ProviderError, match="outbox, postal, postmark"):
        providers.load(Config(home=tmp_path, provider="pigeon"))


@pytest.mark.parametrize("name", BATCH_PROVIDERS)
def test_a_provider_without_its_key_is_refused_with_what_to_set(name, tmp_path):
    with pytest.raises(TipsheetError, match="PIPELINE_PROVIDER_KEY"):
        providers.load(Config(home=tmp_path, provider=name))


def test_a_provider_without_an_option_that_it_needs_is_refused_with_what_to_set(tmp_path):
    with pytest.raises(TipsheetError, match=r"\[provider_options\], region"):
        providers.load(Config(home=tmp_path, provider="ses", provider_key="key", provider_secret="secret"))
    with pytest.raises(TipsheetError, match="PIPELINE_PROVIDER_SECRET"):
        providers.load(
            Config(home=tmp_path, provider="ses", provider_key="key", provider_options={"region": "eu-central-1"})
        )
