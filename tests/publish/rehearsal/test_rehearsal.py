"""A rehearsal: everything goes wrong, everything adds up, and nobody and nothing real is touched."""

import hashlib
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

import pytest

from pipeline.delivery.fake.faults import KINDS
from pipeline.publish.rehearsal.rehearsing import playable
from pipeline.publish.rehearsal.staging import FAULTS
from tests.journeys.test_whole_way import SAMPLES
from tests.rules import ROOT
from tests.runner import CLEAN, answer, done, found, run

READERS = "address,name\n" + "".join(f"reader{number}@reader.example,Reader {number}\n" for number in range(60))


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = found(tmp_path_factory.mktemp("rehearsed"), readers=READERS)
    done(folder, "ingest", SAMPLES / "what-microneedling-can-do.txt")
    done(folder, "tips", "approve", 1, 2, 3, "--override", "Read and found right.")
    return folder


@pytest.fixture
def trap():
    """A server where the configured provider is said to be; how often anybody came."""
    listening = socket.create_server(("127.0.0.1", 0))
    came: list[object] = []

    def watch() -> None:
        while True:
            try:
                connection, address = listening.accept()
            except OSError:
                return
            came.append(address)
            connection.close()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    yield listening.getsockname()[1], came
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()


def everything_in(home: Path) -> dict[str, str]:
    """Every file's hash; of the database the rows."""
    seen = {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and "sqlite3" not in path.name
    }
    with sqlite3.connect(home / "var" / "tipsheet.sqlite3") as database:
        seen["rows"] = hashlib.sha256("\n".join(database.iterdump()).encode()).hexdigest()
    database.close()
    return seen


def left_behind() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("tipsheet-rehearsal-*"))


@pytest.mark.parametrize("provider", ["mailgun", "resend", "smtp"])
def test_it_reaches_no_reader_and_not_the_configured_provider_and_leaves_nothing_behind(home, trap, provider):
    port, came = trap
    before, folders = everything_in(home), left_behind()
    configured = {
        "PIPELINE_PROVIDER": provider, "PIPELINE_PROVIDER_KEY": "the-real-key", "PIPELINE_SMTP_HOST": "127.0.0.1",
        "PIPELINE_PROVIDER_URL": f"http://127.0.0.1:{port}", "PIPELINE_SMTP_PORT": str(port),
        "PIPELINE_SMTP_SECURITY": "none", "PIPELINE_WEBSUB_HUB": f"http://127.0.0.1:{port}/hub",
        "HTTP_PROXY": f"http://127.0.0.1:{port}", "ALL_PROXY": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    told = answer(home, "rehearse", "--kills", "3", "--seconds", "300", **configured)
    assert came == []
    assert everything_in(home) == before
    assert left_behind() <= folders
    assert told["provider"] == provider
    assert told["planned"] == told["readers"] == 60
    assert told["adds_up"]
    assert (told["twice"], told["lost"], told["untold"], told["waiting"]) == (0, 0, 0, 0)
    assert told["faults"]
    # Over SMTP what a kill left in doubt waits for a person, so that there may be fewer mails than faults.
    assert sum(told["faults"].values()) == 10 or provider == "smtp"
    if provider != "smtp":
        assert told["in_doubt"] == 0
        assert told["told"] == min(200, told["mailed"])


def test_what_a_person_sees_is_a_short_table_of_what_became_of_everybody(home):
    said = done(home, "rehearse", "--readers", "20", "--kills", "1", "--faults", "0")
    assert "for 20 of 60 readers, to outbox as it is played on this machine. Nobody was mailed." in said
    rows = dict(line.rsplit(maxsplit=1) for line in said.splitlines() if line.startswith(("Planned", "Mailed", "Forg")))
    assert rows == {"Planned": "20", "Mailed twice": "0", "Forgotten": "0"}
    assert "It adds up" in said
    assert len(said.splitlines()) < 20


def test_a_provider_that_cannot_be_played_is_refused_with_those_that_can(home):
    refused = run(home, "rehearse", "--provider", "pigeon")
    assert refused.returncode == 1
    assert all(name in refused.stderr for name in playable())


def test_what_keeps_the_next_issue_back_is_said(tmp_path):
    refused = run(found(tmp_path), "rehearse")
    assert refused.returncode == 1
    assert "queue" in refused.stderr


def test_the_stage_can_reach_this_machine_alone():
    """In a process of its own, because what refuses cannot be taken away again."""
    program = (
        "import socket\n"
        "from pipeline.publish.rehearsal.staging import StageError, stay_on_loopback\n"
        "stay_on_loopback()\n"
        "listening = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(listening.getsockname()).close()\n"
        "for address in (('192.0.2.1', 80), ('2001:db8::1', 80)):\n"
        "    family = socket.AF_INET6 if ':' in address[0] else socket.AF_INET\n"
        "    try:\n"
        "        socket.socket(family).connect(address)\n"
        "    except StageError:\n"
        "        print('refused')\n"
    )
    setup = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; django.setup()\n"
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", setup + program], cwd=ROOT, env=CLEAN, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert ran.stdout.split() == ["refused", "refused"], ran.stderr


def test_a_rehearsal_that_was_killed_itself_is_cleared_away_by_the_next(home):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = Path(tempfile.mkdtemp(prefix=f"tipsheet-rehearsal-{ended.pid}-"))
    running = Path(tempfile.mkdtemp(prefix=f"tipsheet-rehearsal-{os.getpid()}-"))
    try:
        done(home, "rehearse", "--readers", "2", "--kills", "0", "--faults", "0")
        assert not left.exists()
        assert running.exists()
    finally:
        running.rmdir()


def test_a_rehearsal_that_finds_a_fault_says_it_and_ends_with_1(home):
    """Who chose that what is in doubt is sent again, at a provider that cannot be asked, mails some readers twice: the
    rehearsal finds it out.
    """
    chosen = {"PIPELINE_IN_DOUBT": "send_again", "PIPELINE_PROVIDER": "ses", "PIPELINE_PROVIDER_KEY": "key"}
    found_out = run(home, "rehearse", "--readers", "36", "--kills", "0", **chosen)
    assert found_out.returncode == 1
    assert "It does not add up, in" in found_out.stdout
    assert "mails too many were taken" in found_out.stderr
    twice = next(line for line in found_out.stdout.splitlines() if line.startswith("Mailed twice"))
    assert int(twice.split()[-1]) > 0


def test_every_kind_of_fault_that_the_fake_provider_knows_is_rehearsed():
    kinds = Counter(how["fault"] for _, how in FAULTS)
    assert set(kinds) == set(KINDS)
    assert all(kinds[kind] == 2 for kind in ("error", "reset", "stall")), "before and after"
