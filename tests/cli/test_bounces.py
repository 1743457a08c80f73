"""`run.py bounces`: from a mail in the mailbox to a reader who is not mailed again."""

import sqlite3

import pytest
from django.test import override_settings

from pipeline.delivery.return_path import return_paths
from tests.delivery.bounce_mails import arf, dsn
from tests.rules import ROOT
from tests.runner import answer, done, found, run

ADDRESS = "bounces+{token}@newsletter.example"
KNOWN = {"PIPELINE_BOUNCE_ADDRESS": ADDRESS}
SAMPLE = ROOT / "tips" / "documents" / "what-microneedling-can-do.txt"


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """A workspace whose first issue went to five readers."""
    home = found(tmp_path_factory.mktemp("bounces"))
    done(home, "ingest", SAMPLE)
    done(home, "tips", "approve", *range(1, 7), "--override", "Read.", "--as", "Anna")
    done(home, "publish", "--now", "--as", "Anna", **KNOWN)
    return home


def return_path(home, number: int) -> str:
    """Of the delivery with this place in the ledger."""
    with sqlite3.connect(home / "var" / "tipsheet.sqlite3") as database:
        rows = database.execute("SELECT id FROM delivery_delivery ORDER BY id").fetchall()
    with override_settings(SECRET_KEY=(home / "var" / "secret_key").read_text().split()[0], SECRET_KEY_FALLBACKS=[]):
        return return_paths(ADDRESS)(rows[number][0])


def test_a_bounce_that_a_server_pipes_in_suppresses_the_reader_once(sent):
    mail = dsn(return_path(sent, 0)).decode()
    said = done(sent, "bounces", "read", "-", stdin=mail, **KNOWN)
    assert said.startswith("1 reports, 1 of them new; 0 other mails")
    assert "1 addresses suppressed" in said
    seen = answer(sent, "bounces", "read", "-", stdin=mail, **KNOWN)
    assert (seen["reports"], seen["new"], seen["applied"]["suppressed"]) == (1, 0, 0)


def test_a_maildir_is_read_and_other_mails_in_it_are_left(sent, tmp_path):
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "1").write_bytes(arf(mail_from=return_path(sent, 1)))
    (tmp_path / "new" / "2").write_bytes(b"Subject: hello\r\n\r\nA person writes.")
    said = done(sent, "bounces", "read", PIPELINE_BOUNCE_MAILBOX=str(tmp_path), **KNOWN)
    assert said.startswith("1 reports, 1 of them new; 1 other mails")
    assert "1 of 5 readers complained" in said
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["2"]
    (row,) = answer(sent, "bounces", "list")
    assert (row["complaints"], row["accepted"], row["stopped_at"]) == (1, 5, None)


def test_three_complaints_stop_the_newsletter_until_a_person_lifts_it(sent):
    for number in (1, 2, 3):
        done(sent, "bounces", "read", "-", stdin=arf(mail_from=return_path(sent, number)).decode(), **KNOWN)
    assert "Stopped" in done(sent, "bounces", "list")
    held = run(sent, "publish", "--now", "--another", "--as", "Anna", **KNOWN)
    assert "3 of 5 readers complained" in held.stdout + held.stderr
    assert "may be mailed again" in done(sent, "bounces", "lift", "--as", "Anna")
    assert run(sent, "bounces", "lift").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (("read",), {}, "It is not said where bounces lie"), (("read", "/nowhere"), {}, "is no maildir"),
        (("read",), {"PIPELINE_BOUNCE_MAILBOX": "imap://a@mail.example.org"}, "without TLS"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_one_line(sent, arguments, environment, said):
    finished = run(sent, "bounces", *arguments, **environment)
    assert (finished.returncode, finished.stderr.count("\n")) == (1, 1)
    assert said in finished.stderr


def test_a_bounce_address_without_a_place_for_the_token_is_refused_before_anything_goes_out(sent):
    finished = run(sent, "publish", "--now", "--another", PIPELINE_BOUNCE_ADDRESS="bounces@newsletter.example")
    assert finished.returncode == 1
    assert "{token}" in finished.stderr
