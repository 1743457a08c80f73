"""`run.py subscribers`: the commands, as a person or a program runs them."""

import csv
import io
import json
import stat

import pytest
from click.testing import CliRunner

from pipeline.audience.models import Consent, Subscriber, Subscription
from pipeline.cli.subscribers import subscribers
from pipeline.clock import utc_now
from pipeline.config import load_config
from pipeline.delivery.actions.messages import Sender, send_single
from pipeline.delivery.models import Delivery
from pipeline.editorial.actions.newsletters import create_newsletter
from pipeline.render.model import RenderedEmail

PROOF = ["--source", "paper forms", "--consent-date", "2026-03-14", "--wording", "Send me tips by email"]


def newsletter(slug="skin-letter"):
    return create_newsletter(
        slug=slug, name=slug.replace("-", " ").title(), sender_name="Letters", sender_address="l@newsletter.example",
        list_id=f"{slug}.newsletter.example", reason="You subscribed.", time_zone="UTC", now=utc_now(), actor="cli",
    )  # fmt: skip


@pytest.fixture
def letter(db):
    return newsletter()


@pytest.fixture
def run(letter):
    def run(*arguments, code=0):
        result = CliRunner().invoke(subscribers, [str(argument) for argument in arguments])
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def people(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("email,name\nada@example.com,Ada\nnobody,X\nbob@example.com,Bob\n", encoding="utf-8")
    return file


def test_a_reader_is_added_with_a_consent(run):
    said = run("add", "Ada@Example.com", "--name", "Ada").output
    assert said == "Ada@example.com gets Skin Letter from now on.\n"
    assert Subscription.objects.get().state == "confirmed"
    consent = Consent.objects.get()
    assert (consent.mechanism, consent.source) == ("staff", "added at the command line")


def test_adding_again_says_that_nothing_changed(run):
    run("add", "ada@example.com")
    assert "nothing changed" in run("add", "ADA@example.com").output
    answer = json.loads(run("add", "ada@example.com", "--json").stdout)
    assert answer == {"address": "ada@example.com", "newsletter": "skin-letter", "added": False}


@pytest.mark.parametrize(
    ("address", "words"),
    [("ada", "@-sign"), ("käthe@example.com", "cannot deliver"), ("a@b.org\nBcc: c@d.org", "line break")],
)
def test_a_bad_address_is_refused_in_one_line(run, address, words):
    result = run("add", address, code=1)
    assert result.stderr.startswith("Error: ")
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert not Subscriber.objects.exists()


def test_with_several_newsletters_one_must_be_named(run):
    newsletter("sun-letter")
    assert "skin-letter, sun-letter" in run("add", "ada@example.com", code=1).stderr
    run("add", "ada@example.com", "--newsletter", "sun-letter")
    assert Subscription.objects.get().mailing_list.slug == "sun-letter"
    assert "There is: skin-letter" in run("add", "ada@example.com", "--newsletter", "moon", code=1).stderr


def test_a_dry_run_says_what_would_happen_and_writes_nothing(run, people):
    said = run("import", people, *PROOF, "--dry-run").output
    assert "2 would be added" in said
    assert "line 3: 'nobody' is not an email address" in said
    assert "Nothing was written" in said
    assert not Subscriber.objects.exists()


def test_an_import_adds_once_and_a_second_one_nothing(run, people):
    assert "2 added" in run("import", people, *PROOF).output
    second = json.loads(run("import", people, *PROOF, "--json").stdout)
    assert (second["rows"], second["added"], second["unchanged"]) == (3, 0, 2)
    assert [row["line"] for row in second["refused"]] == [3]
    assert {consent.recorded_at.date().isoformat() for consent in Consent.objects.all()} == {"2026-03-14"}


@pytest.mark.parametrize("missing", ["--source", "--consent-date", "--wording"])
def test_an_import_asks_for_all_of_the_proof(run, people, missing):
    place = PROOF.index(missing)
    result = run("import", people, *PROOF[:place], *PROOF[place + 2 :], code=2)
    assert f"Missing option '{missing}'" in result.stderr


def test_a_date_that_is_none_is_a_usage_error(run, people):
    proof = ["--source", "forms", "--consent-date", "2026-02-30", "--wording", "Yes"]
    assert "2026-02-30" in run("import", people, *proof, code=2).stderr


def test_a_file_without_a_header_is_refused_with_what_to_do(run, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("ada@example.com\n", encoding="utf-8")
    assert "email,name" in run("import", file, *PROOF, code=1).stderr


def test_many_refused_rows_are_all_in_the_report_and_none_is_hidden_in_silence(run, tmp_path):
    file, report = tmp_path / "people.csv", tmp_path / "refused.csv"
    file.write_text("email\n" + "".join(f"=nobody{number}\n" for number in range(30)), encoding="utf-8")
    assert "and 10 more: --report FILE" in run("import", file, *PROOF).output
    run("import", file, *PROOF, "--report", report)
    rows = list(csv.DictReader(io.StringIO(report.read_text(encoding="utf-8"))))
    assert [int(row["line"]) for row in rows] == list(range(2, 32))
    assert rows[0]["typed"] == "'=nobody0"
    assert stat.S_IMODE(report.stat().st_mode) == 0o600


def test_an_export_goes_to_the_screen_or_to_a_file_that_its_owner_alone_can_read(run, tmp_path):
    run("add", "ada@example.com", "--name", "=1+1")
    screen = run("export").stdout_bytes
    (row,) = csv.DictReader(io.StringIO(screen.decode()))
    assert (row["email"], row["name"], row["state"]) == ("ada@example.com", "'=1+1", "confirmed")
    file = tmp_path / "people.csv"
    file.write_text("what was there before", encoding="utf-8")
    answer = json.loads(run("export", file, "--json").stdout)
    assert answer == {"file": str(file), "newsletter": "skin-letter", "subscriptions": 1}
    assert file.read_bytes() == screen
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_export_that_cannot_be_written_says_so(run, tmp_path):
    assert "cannot be written" in run("export", tmp_path / "no" / "such" / "folder.csv", code=1).stderr
    assert "name the FILE" in run("export", "--json", code=2).stderr


def test_erasing_takes_the_person_and_the_copies_of_their_mails(run):
    run("add", "ada@example.com")
    run("add", "bob@example.com")
    outbox = load_config().var / "outbox"
    outbox.mkdir(parents=True, exist_ok=True)
    copies = {}
    for person in Subscriber.objects.all():
        message = send_single(
            kind="welcome", key=f"welcome:{person.pk}", rendered=RenderedEmail("Hello", "<p>Hello</p>", "Hello"),
            sender=Sender("Letters", "l@newsletter.example"), subscriber=person, now=utc_now(),
        )  # fmt: skip
        delivery = Delivery.objects.get(message=message)
        copies[person.address] = outbox / f"{delivery.pk}.eml"
        copies[person.address].write_text("a mail")
    said = run("erase", "ADA@example.com", "--yes").output
    assert said == "Erased. Copies of mails removed from the outbox: 1\n"
    assert not copies["ada@example.com"].exists()
    assert copies["bob@example.com"].exists()
    copies["bob@example.com"].unlink()
    assert list(Subscriber.objects.values_list("address", flat=True)) == [None, "bob@example.com"]
    assert Delivery.objects.count() == 2


def test_erasing_whoever_is_not_known_is_an_error_in_one_line(run):
    assert run("erase", "ada@example.com", "--yes", code=1).stderr == (
        "Error: Nobody with the address ada@example.com is known; nothing was erased.\n"
    )


def test_who_was_erased_is_not_brought_back_by_any_command(run, people):
    run("import", people, *PROOF)
    assert json.loads(run("erase", "ada@example.com", "--yes", "--json").stdout)["erased"] is True
    assert "asked to be erased" in run("import", people, *PROOF).output
    assert "asked to be erased" in run("add", "ada@example.com", code=1).stderr


def test_help_is_written_for_people(run):
    for command in ("add", "import", "export", "erase"):
        said = run(command, "--help").output
        assert "Usage:" in said
        assert len(said.splitlines()) > 8
