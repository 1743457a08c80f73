"""What is wrong with the machine is said in one line, too: a full disk, a locked or damaged database, a closed door."""

import errno
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError

from pipeline.cli.faults import said_plainly
from tests.runner import CLEAN, FOUNDING, ROOT, command, done, run


@pytest.fixture
def home(tmp_path):
    done(tmp_path, *FOUNDING)
    return tmp_path


def _one_line(finished) -> str:
    assert finished.returncode == 1
    assert "Traceback" not in finished.stderr
    assert len(finished.stderr.splitlines()) == 1
    return finished.stderr


@pytest.mark.parametrize(
    "arguments", [("status",), ("migrate",), ("verify",), ("tick",), ("init", "--name", "A Letter")]
)
def test_a_database_file_that_is_none_is_named_by_every_command(tmp_path, arguments):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "tipsheet.sqlite3").write_bytes(b"nothing that a database would begin with" * 200)
    assert "holds something else" in _one_line(run(tmp_path, *arguments))


def test_a_workspace_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    said = _one_line(run(tmp_path / "file" / "below", "init", "--name", "A Letter"))
    assert str(tmp_path / "file" / "below") in said


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_disk_that_is_full_is_said(home):
    with Path("/dev/full").open("wb") as full:
        finished = subprocess.run(command(home, "status"), cwd=ROOT, env=CLEAN, stdout=full, stderr=subprocess.PIPE,
                                  text=True, check=False)  # fmt: skip
    assert "The disk is full" in _one_line(finished)


@pytest.mark.parametrize(
    "arguments", [("tips", "list"), ("tips", "list", "--json"), ("--help",), ("subscribers", "export")]
)
def test_a_reader_that_goes_away_is_no_error_to_tell_of(home, arguments):
    read_end, write_end = os.pipe()
    os.close(read_end)
    finished = subprocess.run(command(home, *arguments), cwd=ROOT, env=CLEAN, stdout=write_end, stderr=subprocess.PIPE,
                              text=True, check=False)  # fmt: skip
    os.close(write_end)
    assert finished.stderr == ""


def test_ctrl_c_ends_a_command_without_a_traceback(home):
    process = subprocess.Popen(
        command(home, "tick", "--watch"), cwd=ROOT, env=CLEAN, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - no threads here
    )  # fmt: skip
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert "Traceback" not in said


@pytest.mark.parametrize(("error", "words"), [
    (OSError(errno.ENOSPC, "x", "/w/output/feed.xml"), "The disk is full: /w/output/feed.xml."),
    (OSError(errno.EACCES, "x", "/w/var"), "may not read or write: /w/var."),
    (OSError(errno.EROFS, "x", "/w/var"), "can only be read: /w/var."),
    (OSError(errno.EIO, "Input/output error"), "Input/output error."),
    (OperationalError("attempt to write a readonly database"), "may not be written by this account"),
    (OperationalError("database is locked"), "Another program has kept the database busy"),
    (OperationalError("database or disk is full"), "The disk is full."),
    (OperationalError("connection refused"), "The database refuses: connection refused."),
])  # fmt: skip
def test_each_fault_of_the_machine_has_words_that_say_what_to_do(error, words):
    said = said_plainly(error)
    assert said is not None
    assert words in said
    assert "\n" not in said


@pytest.mark.parametrize("error", [IntegrityError("UNIQUE constraint failed: tip"), BrokenPipeError()])
def test_a_fault_of_the_program_keeps_its_traceback(error):
    assert said_plainly(error) is None


def test_nothing_is_erased_unless_somebody_says_yes(home):
    done(home, "subscribers", "add", "ada@reader.example")
    finished = run(home, "subscribers", "erase", "ada@reader.example")
    assert finished.returncode == 2
    assert "--yes" in finished.stderr
    assert "ada@reader.example" in done(home, "subscribers", "export")
    assert "Erased" in done(home, "subscribers", "erase", "ada@reader.example", stdin="y\n")


@pytest.mark.parametrize("name", ["", "  ", "a\x07b", "x" * 151])
def test_an_account_needs_a_name_that_can_be_read(home, name):
    assert "1 to 150 characters" in _one_line(run(home, "staff", "add", name))


@pytest.mark.parametrize("name", ["anna", "Zoë", "美咲", "О. Петрова"])
def test_an_account_may_be_named_in_any_script(home, name):
    assert f"{name} logs in with the password" in done(home, "staff", "add", name)


def test_a_design_that_is_not_there_is_refused_before_anything_is_stored(home):
    said = _one_line(run(home, "init", "--design", "poster"))
    assert "poster" in said
    assert "digest" in said
    assert "Nothing to change." in done(home, "init", "--design", "digest")


def test_a_place_far_beyond_the_end_of_the_queue_is_its_end(home):
    (home / "tips" / "scarf.md").write_text(
        "---\ntitle: A scarf\ntopic: Winter\nauthor: Ida\n---\nWash your scarf each week.\n", encoding="utf-8"
    )
    done(home, "ingest")
    done(home, "tips", "approve", 1)
    assert "number 1 in the queue" in done(home, "queue", "move", 1, 10**23)
