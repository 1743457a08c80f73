"""`issues`, `preview` and `publish`, as a person at a terminal meets them."""

import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.rules import ROOT
from tests.runner import CLEAN, answer, command, done, found, run

SAMPLE = ROOT / "tips" / "documents" / "what-microneedling-can-do.txt"


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """A workspace whose first issue is out, with a second one composed by hand."""
    home = found(tmp_path_factory.mktemp("issues"))
    done(home, "ingest", SAMPLE)
    done(home, "tips", "approve", *range(1, 7), "--override", "Read.", "--as", "Anna")
    done(home, "publish", "--now", "--as", "Anna")
    return home


def test_the_list_says_when_in_what_state_and_the_sum(sent):
    said = done(sent, "issues", "list")
    assert "published" in said
    assert "5 planned = 5 accepted" in said


def test_an_issue_says_why_each_tip_was_chosen_and_who_approved_it(sent):
    said = done(sent, "issues", "show", 1)
    assert "first in the queue" in said
    assert "Approved    by Anna" in said
    shown = answer(sent, "issues", "show", 1)
    assert len(shown["chosen"]) == 3
    assert len(shown["hash"]) == 64


def test_an_issue_that_is_not_there_is_said_in_one_line(sent):
    finished = run(sent, "issues", "show", 9)
    assert finished.returncode == 1
    assert finished.stderr == "Error: The Skin Letter has no issue 9. See: run.py issues list\n"


@pytest.mark.parametrize("deed", [("approve",), ("resume",), ("cancel", "--reason", "A mistake.")])
def test_what_is_published_can_be_neither_approved_nor_resumed_nor_cancelled(sent, deed):
    finished = run(sent, "issues", deed[0], 1, *deed[1:])
    assert finished.returncode == 1
    assert "is published" in finished.stderr


def test_cancelling_needs_a_reason(sent):
    assert run(sent, "issues", "cancel", 1).returncode == 2


def test_another_goes_with_now_alone(sent):
    finished = run(sent, "publish", "--another")
    assert finished.returncode == 2
    assert "--another goes with --now" in finished.stderr


def test_with_nothing_due_publish_says_how_to_send_now(sent):
    assert "run.py publish --now" in done(sent, "publish")


def test_preview_shows_the_next_issue_as_mail_and_text_with_its_size(sent):
    shown = answer(sent, "preview")
    assert shown["number"] == 2
    assert 0 < shown["html_bytes"] < 100_000
    assert len(shown["tips"]) == 3
    for part in ("html", "text"):
        assert "TIPSHEETPLACE" not in Path(shown[part]).read_text(encoding="utf-8")


def test_an_address_that_is_none_gets_no_test(sent):
    finished = run(sent, "send-test", "nobody at nowhere")
    assert finished.returncode == 1
    assert len(finished.stderr.splitlines()) == 1


def _at_a_terminal(home, *arguments) -> str:
    """What a command shows on the terminal that is its stderr."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command(home, *arguments), cwd=ROOT, env=CLEAN, stdout=subprocess.DEVNULL, stderr=theirs):
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 4096):
                shown += piece
        except OSError:  # how a terminal says that nobody writes to it any more
            pass
    os.close(ours)
    return shown.decode()


def test_a_person_at_a_terminal_sees_how_far_the_mail_is(tmp_path):
    home = found(tmp_path)
    done(home, "ingest", SAMPLE)
    done(home, "tips", "approve", *range(1, 4), "--override", "Read.")
    shown = _at_a_terminal(home, "publish", "--now")
    assert "Mailing" in shown
    assert "5/5" in shown
    assert _at_a_terminal(home, "publish", "--now") == ""


def test_a_program_that_reads_the_answer_sees_no_progress(tmp_path):
    home = found(tmp_path)
    done(home, "ingest", SAMPLE)
    done(home, "tips", "approve", *range(1, 4), "--override", "Read.")
    finished = run(home, "publish", "--now")
    assert finished.stderr == ""
    assert "\x1b" not in finished.stdout
