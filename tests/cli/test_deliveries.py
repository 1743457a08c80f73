"""`deliveries list`, `deliveries settle` and `providers`, as a person and as a program meet them."""

import json
import re
from datetime import timedelta

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.delivery import ledger, providers
from pipeline.delivery.actions.installation import adopt_if_new
from pipeline.delivery.models import Delivery
from tests.delivery.scene import NOW, planned_message, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path, monkeypatch):
    """run("deliveries", "list") → what it printed; with an exit code of 0 unless another is expected."""
    monkeypatch.setenv("PIPELINE_HOME", str(tmp_path))
    (tmp_path / "var").mkdir(mode=0o700)
    adopt_if_new(var=tmp_path / "var", now=NOW)

    def _run(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, list(arguments))
        assert result.exit_code == code, result.output + str(result.exception)
        return result.output

    return _run


@pytest.fixture
def doubtful():
    """A message of which three deliveries are in doubt with SMTP."""
    message = planned_message(readers=3)
    claim = ledger.claim(message_id=message.pk, limit=3, worker="gone", provider="smtp", now=NOW, lease=timedelta(0))
    ledger.mark_submitting(claim, payload_hash="", now=NOW)
    ledger.expire(now=NOW, dead_workers=["gone"])
    return message


def test_nothing_in_doubt_is_said_so(run):
    assert run("deliveries", "list") == "Nothing is in doubt, and nothing is held.\n"
    assert json.loads(run("deliveries", "list", "--json")) == {"in_doubt": [], "held": []}


def test_what_is_in_doubt_is_listed_with_what_it_waits_for(run, doubtful, monkeypatch):
    monkeypatch.setenv("PIPELINE_PROVIDER", "smtp")
    said = run("deliveries", "list")
    assert re.search(r"Batch \d+: 3 in doubt, issue:1, given to smtp 2026-11-24 08:00 UTC", said)
    assert "it waits for a person's word" in said
    (batch,) = json.loads(run("deliveries", "list", "--json"))["in_doubt"]
    assert (batch["count"], batch["provider"], batch["needs_person"]) == (3, "smtp", True)


def test_the_choice_to_send_again_is_said(run, doubtful, monkeypatch):
    monkeypatch.setenv("PIPELINE_PROVIDER", "smtp")
    monkeypatch.setenv("PIPELINE_IN_DOUBT", "send_again")
    assert "it is sent once more with the next tick" in run("deliveries", "list")


def test_what_another_provider_took_waits_for_a_person(run, doubtful):
    assert "by another provider" in run("deliveries", "list")


@pytest.mark.parametrize(("answer", "state"), [("arrived", "accepted"), ("leave", "rejected"), ("again", "planned")])
def test_a_persons_word_settles_a_batch(run, doubtful, answer, state):
    batch = Delivery.objects.first().batch_id
    assert run("deliveries", "settle", answer, "--batch", str(batch), "--as", "ada").startswith("3 deliveries ")
    assert states(doubtful) == {state: 3}
    again = run("deliveries", "settle", answer, "--batch", str(batch), code=1)
    assert "nothing to settle" in again


def test_an_answer_without_deliveries_is_refused_with_what_to_say(run, doubtful):
    assert "--issue N, or --batch N" in run("deliveries", "settle", "arrived", code=1)
    assert states(doubtful) == {"in_doubt": 3}


def test_without_an_answer_the_provider_is_asked(run):
    message = planned_message(readers=2)
    claim = ledger.claim(
        message_id=message.pk, limit=2, worker="gone", provider="outbox", now=NOW,
        lease=timedelta(0),
    )  # fmt: skip
    ledger.mark_submitting(claim, payload_hash="", now=NOW)
    ledger.expire(now=NOW, dead_workers=["gone"])
    assert json.loads(run("deliveries", "settle", "--json")) == {"settled": 2}
    assert states(message) == {"planned": 2}  # the outbox holds no such files


def test_every_provider_is_shown_with_its_guarantee_and_how_doubt_ends(run):
    said = run("providers")
    for name in providers.available():
        assert f"{name}" in said
        assert providers.traits(name).guarantee in said
    assert "outbox (set):" in said
    shown = {row["name"]: row for row in json.loads(run("providers", "--json"))}
    assert set(shown) == set(providers.available())
    assert shown["mailgun"]["window"] == 1000
    assert shown["outbox"]["is_set"]
