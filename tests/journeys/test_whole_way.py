"""Document → tip → issue → mail and feed, by the commands alone, as the person who runs it does."""

import csv
import email
import email.policy
import io
import json
import random
import re
import signal
import subprocess
import time
from pathlib import Path

import feedparser
import pytest

from tests.rules import ROOT
from tests.runner import CLEAN, READERS, answer, command, copied, done, found, run

SAMPLES = ROOT / "tips" / "documents"


@pytest.fixture
def workspace(tmp_path) -> Path:
    return found(tmp_path)


@pytest.fixture(scope="module")
def approved(tmp_path_factory) -> Path:
    home = found(tmp_path_factory.mktemp("approved"))
    done(home, "ingest", SAMPLES / "what-microneedling-can-do.txt")
    done(home, "tips", "approve", 1, 2, 3, "--as", "Anna", "--override", "Read and found right.")
    return home


@pytest.fixture
def with_tips(approved, tmp_path) -> Path:
    return copied(approved, tmp_path)


def outbox(home: Path) -> list[Path]:
    return sorted((home / "var" / "outbox").glob("*.eml"))


def parsed(path: Path) -> email.message.EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, email.message.EmailMessage)
    return message


def test_a_document_becomes_an_issue_with_its_own_words_in_five_mails_and_in_the_feed(with_tips):
    done(with_tips, "publish", "--now", "--as", "Anna")
    feed = feedparser.parse(with_tips / "output" / "skin-letter" / "feed.xml")
    assert not feed.bozo
    assert len(feed.entries) == 3
    assert len(outbox(with_tips)) == 5
    text = " ".join(parsed(outbox(with_tips)[0]).get_body(("plain",)).get_content().split())
    source = (SAMPLES / "what-microneedling-can-do.txt").read_text(encoding="utf-8")
    for tip in answer(with_tips, "tips", "list", "--state", "published"):
        assert " ".join(tip["text"].split()) in text
        assert tip["text"] in source or tip["edits"]


def test_each_reader_gets_one_mail_of_their_own(with_tips):
    done(with_tips, "publish", "--now")
    messages = [parsed(path) for path in outbox(with_tips)]
    assert {re.search(r"[\w.]+@[\w.]+", str(message["To"])).group() for message in messages} == {
        f"reader{number}@reader.example" for number in range(5)
    }
    assert len({message["Message-ID"] for message in messages}) == 5
    assert len({message["List-Unsubscribe"] for message in messages}) == 5
    assert {message["List-Unsubscribe-Post"] for message in messages} == {"List-Unsubscribe=One-Click"}
    assert all("Reader" in message.get_body(("html",)).get_content() for message in messages)


def test_publishing_twice_mails_nobody_twice(with_tips):
    done(with_tips, "publish", "--now")
    before = {path.name: path.read_bytes() for path in outbox(with_tips)}
    again = done(with_tips, "publish", "--now")
    done(with_tips, "publish")
    done(with_tips, "tick")
    assert "nothing was sent again" in again
    assert {path.name: path.read_bytes() for path in outbox(with_tips)} == before


def test_a_dry_run_says_what_would_go_out_and_does_nothing(with_tips):
    said = done(with_tips, "publish", "--now", "--dry-run")
    assert "5 would be mailed" in said
    assert outbox(with_tips) == []
    assert answer(with_tips, "issues", "list") == []


@pytest.mark.parametrize("seed", range(6))
def test_a_kill_at_any_moment_and_a_second_run_mail_everybody_once(with_tips, seed):
    """SIGKILL at a random moment of a cold `publish --now`; the next run finishes what was begun."""
    wait = random.Random(seed).uniform(0.2, 1.4)
    process = subprocess.Popen(
        command(with_tips, "publish", "--now"), cwd=ROOT, env=CLEAN, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    time.sleep(wait)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done(with_tips, "publish", "--now")
    recipients = [str(parsed(path)["To"]) for path in outbox(with_tips)]
    assert len(recipients) == len(set(recipients)) == 5
    sums = answer(with_tips, "issues", "list")
    assert len(sums) == 1
    assert sums[0]["sums"]["accepted"] == 5
    assert all(not check["problem"] for check in answer(with_tips, "verify"))


def test_a_hundred_readers_killed_while_they_are_mailed_get_one_mail_each(tmp_path):
    readers = "address,name\n" + "".join(f"reader{number}@reader.example,\n" for number in range(400))
    home = found(tmp_path, readers=readers)
    done(home, "ingest", SAMPLES / "what-microneedling-can-do.txt")
    done(home, "tips", "approve", 1, 2, 3, "--override", "Read.")
    for _ in range(4):
        process = subprocess.Popen(
            command(home, "publish", "--now"), cwd=ROOT, env=CLEAN, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        before = len(outbox(home))
        deadline = time.monotonic() + 20
        while process.poll() is None and len(outbox(home)) < before + 60 and time.monotonic() < deadline:
            time.sleep(0.005)
        process.kill()
        process.wait()
    done(home, "publish", "--now")
    recipients = [str(parsed(path)["To"]) for path in outbox(home)]
    assert len(recipients) == len(set(recipients)) == 400
    assert answer(home, "issues", "list")[0]["sums"]["accepted"] == 400


def test_the_same_documents_twice_change_nothing(workspace):
    done(workspace, "ingest", SAMPLES)
    before = answer(workspace, "tips", "list")
    done(workspace, "ingest", SAMPLES)
    assert answer(workspace, "tips", "list") == before


def test_a_hand_written_tip_goes_in_and_out_with_its_author(workspace):
    (workspace / "tips" / "soap.md").write_text(
        "---\ntitle: Leave the soap\ntopic: Cleansing\nauthor: Dr Ida Berg\n---\nWater is enough on most evenings.\n"
    )
    done(workspace, "ingest")
    done(workspace, "tips", "approve", 1)
    done(workspace, "publish", "--now")
    assert "Leave the soap" in parsed(outbox(workspace)[0])["Subject"]


def test_bad_files_get_a_line_each_and_the_good_ones_go_in(workspace):
    tips = workspace / "tips"
    (tips / "good.md").write_text("---\ntitle: A\ntopic: B\nauthor: C\n---\nWater is enough on most evenings.\n")
    (tips / "no-title.md").write_text("---\ntopic: B\nauthor: C\n---\nText enough for anyone.\n")
    (tips / "unknown.md").write_text("---\ntitle: A\ntopic: B\nauthor: C\ntittle: D\n---\nOther text entirely.\n")
    (tips / "latin.md").write_bytes("---\ntitle: Käse\n---\nx\n".encode("latin-1"))
    (tips / "documents" / "empty.txt").write_text("")
    finished = run(workspace, "ingest")
    assert finished.returncode == 1
    for name, word in (
        ("no-title.md", "title"),
        ("unknown.md", "tittle"),
        ("latin.md", "UTF-8"),
        ("empty.txt", "empty"),
    ):
        line = next(line for line in finished.stderr.splitlines() if name in line)
        assert word in line
    assert len(answer(workspace, "tips", "list")) == 1


def test_a_document_that_changed_sends_its_tips_back_to_review(workspace):
    document = workspace / "tips" / "documents" / "care.txt"
    text = (SAMPLES / "what-microneedling-can-do.txt").read_text(encoding="utf-8")
    document.write_text(text, encoding="utf-8")
    done(workspace, "ingest")
    done(workspace, "tips", "approve", "--all-clean")
    queued = answer(workspace, "tips", "list", "--state", "queued")
    document.write_text(text.replace(queued[0]["text"].split(". ")[0], "Something else stands here now"))
    done(workspace, "ingest")
    states = {tip["id"]: tip["state"] for tip in answer(workspace, "tips", "list")}
    assert states[queued[0]["id"]] == "in_review"


def test_subscribers_come_out_as_they_went_in(workspace):
    rows = list(csv.DictReader(io.StringIO(done(workspace, "subscribers", "export"))))
    assert {row["email"] for row in rows} == {row["address"] for row in csv.DictReader(io.StringIO(READERS))}
    assert {row["consent_wording"] for row in rows} == {"Yes, send it to me."}


def test_an_erased_subscriber_is_mailed_no_more_and_leaves_no_copy(with_tips):
    done(with_tips, "publish", "--now")
    done(with_tips, "subscribers", "erase", "reader1@reader.example", "--yes")
    assert not any(b"reader1@" in path.read_bytes() for path in outbox(with_tips))
    assert "reader1@" not in done(with_tips, "subscribers", "export")


def test_preview_and_test_send_reach_no_reader(with_tips):
    preview = answer(with_tips, "preview")
    assert Path(preview["html"]).read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html")
    done(with_tips, "send-test", "me@staff.example")
    assert [str(parsed(path)["To"]) for path in outbox(with_tips)] == ["me@staff.example"]
    assert parsed(outbox(with_tips)[0])["Subject"].startswith("[Test]")
    assert answer(with_tips, "issues", "list") == []


def test_status_shows_the_next_slot_in_both_times_and_the_sum(with_tips):
    done(with_tips, "publish", "--now")
    said = done(with_tips, "status")
    assert re.search(r"next slot +\w+ \d{4}-\d\d-\d\d 09:00 CES?T, which is 0[78]:00 UTC", said)
    assert "5 planned = 5 accepted" in said


def test_a_database_copied_elsewhere_does_not_mail_until_it_is_adopted(with_tips, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("copy")
    for name in ("tipsheet.sqlite3", "tipsheet.sqlite3-wal", "secret_key"):
        file = with_tips / "var" / name
        if file.exists():
            (elsewhere / "var").mkdir(exist_ok=True)
            (elsewhere / "var" / name).write_bytes(file.read_bytes())
    refused = run(elsewhere, "publish", "--now")
    assert refused.returncode == 1
    assert "run.py adopt" in refused.stderr
    done(elsewhere, "adopt", "--yes")
    done(elsewhere, "publish", "--now")
    assert len(outbox(elsewhere)) == 5


def test_the_demo_shows_the_whole_way_twice(tmp_path):
    folder = tmp_path / "a demo"
    for _ in range(2):
        said = done(tmp_path, "demo", "--dir", folder)
        assert "5 planned = 5 accepted" in said
    mails = sorted((folder / "var" / "outbox").glob("*.eml"))
    assert len(mails) == 5
    assert all("https://newsletter.example/" in parsed(path).get_body(("html",)).get_content() for path in mails)
    assert json.loads(done(folder, "issues", "list", "--json"))[0]["state"] == "published"
    for line in ("the email, as a page", "the email, as mail", "the feed", "the issue on the web"):
        place = next(row for row in said.splitlines() if row.strip().startswith(line)).strip().removeprefix(line)
        assert Path(place.strip()).is_file()


def test_the_demo_touches_no_folder_that_is_not_its_own(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    finished = run(tmp_path, "demo", "--dir", tmp_path)
    assert finished.returncode == 1
    assert "--dir" in finished.stderr
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_document_in_another_language_is_refused_with_a_line_and_a_way_on(workspace):
    document = workspace / "tips" / "documents" / "haut.txt"
    document.write_text(
        "Nach der Behandlung ist die Haut oft gerötet und sollte einige Tage vor der Sonne geschützt werden.\n" * 5,
        encoding="utf-8",
    )
    finished = run(workspace, "ingest")
    assert finished.returncode == 1
    assert "haut.txt" in finished.stderr
    assert "by hand" in finished.stderr
    assert answer(workspace, "tips", "list") == []
