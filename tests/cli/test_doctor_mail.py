"""`doctor --mail` and `doctor --received`, as a person at a terminal meets them."""

import json

import pytest

from tests.runner import done, found, run


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return found(tmp_path_factory.mktemp("doctor"))


def test_one_mail_is_sent_and_what_arrived_is_read(workspace):
    said = done(workspace, "doctor", "--mail", "ada@reader.example")
    assert "The mail was taken by outbox" in said
    (path,) = (workspace / "var" / "outbox").glob("*.eml")
    finished = run(workspace, "doctor", "--received", path)
    assert finished.returncode == 1
    assert "ok    List-Unsubscribe-Post: one click is enough" in finished.stdout
    assert "BAD   DKIM: the mail carries no signature" in finished.stdout
    assert "→ Let your provider sign with" in finished.stdout
    told = json.loads(run(workspace, "doctor", "--received", path, "--json").stdout)
    assert {finding["subject"]: finding["grade"] for finding in told}["DKIM"] == "bad"


def test_an_address_that_is_none_and_a_file_that_is_no_mail_are_said_in_one_line(workspace):
    finished = run(workspace, "doctor", "--mail", "nobody")
    assert finished.returncode == 1
    assert finished.stderr.startswith("Error: ")
    (workspace / "words.txt").write_text("Dear all")
    finished = run(workspace, "doctor", "--received", workspace / "words.txt")
    assert finished.returncode == 1
    assert "holds no mail" in finished.stderr
