"""Corrections, withdrawals and rebuilding, by the commands that a person types."""

import json

import pytest

from tests.rules import ROOT
from tests.runner import answer, done, found, run

DOCUMENT = ROOT / "tips" / "documents" / "what-microneedling-can-do.txt"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    home = found(tmp_path_factory.mktemp("corrections"))
    done(home, "ingest", DOCUMENT)
    done(home, "tips", "approve", "1", "2", "3", "--override", "Read.")
    done(home, "publish", "--now")
    return home


def tree(home):
    folder = home / "output" / "skin-letter"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def entries(home):
    items = json.loads(tree(home)["feed.json"])["items"]
    return {item["title"]: item for item in items}


def mails(home):
    return sorted((home / "var" / "outbox").glob("*.eml"))


def published(home):
    return [tip for tip in answer(home, "tips", "list") if tip["state"] == "published"]


def test_a_correction_reaches_archive_and_feeds_and_nobody_is_mailed(workspace):
    tip, before = published(workspace)[0], mails(workspace)
    old = entries(workspace)[tip["title"]]
    said = done(
        workspace, "tips", "correct", tip["id"], "--title", "A better title", "--note", "The title promised too much.",
        "--as", "Ben Editor", "--override", "Read."
    )  # fmt: skip
    assert said.startswith(f"tip {tip['id']}: corrected by Ben Editor; ")
    assert said.endswith("files of archive and feeds say so. Nobody was mailed.\n")
    new = entries(workspace)["A better title"]
    assert (new["id"], new["date_published"], new["url"]) == (old["id"], old["date_published"], old["url"])
    assert new["date_modified"] > old["date_modified"]
    assert "The title promised too much." in new["content_html"]
    assert mails(workspace) == before
    assert "corrected" not in done(workspace, "tick")
    assert done(workspace, "verify")


def test_a_withdrawal_reaches_archive_and_feeds(workspace):
    tip = published(workspace)[-1]
    done(workspace, "tips", "withdraw", tip["id"], "--reason", "A newer study disproved it.")
    gone = entries(workspace)[f"Withdrawn: {tip['title']}"]
    assert "A newer study disproved it." in gone["content_html"]
    assert "A newer study disproved it." in tree(workspace)["archive/1.html"].decode()


def test_withdrawing_a_draft_writes_nothing_for_readers(workspace):
    draft = next(tip for tip in answer(workspace, "tips", "list") if tip["state"] == "draft")
    before = tree(workspace)
    said = done(workspace, "tips", "withdraw", draft["id"], "--reason", "Not ours to say.", "--as", "Ben")
    assert said == f"tip {draft['id']}: withdrawn by Ben; readers never had it\n"
    assert tree(workspace) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("999", "--title", "x"), "There is no tip 999"),
        (("2",), "Say what is right: --title"),
        (("2", "--text", "a", "--text-file", "b"), "Give the new text once"),
        (("2", "--text-file", "missing.md"), "missing.md cannot be read"),
    ],
)
def test_what_cannot_be_corrected_is_one_clear_line(workspace, arguments, said):
    finished = run(workspace, "tips", "correct", *arguments, "--note", "It was wrong.")
    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr.startswith("Error: ")
    assert finished.stderr.count("\n") == 1
    assert said in finished.stderr


def test_the_new_text_may_come_from_a_file(workspace, tmp_path):
    tip = published(workspace)[0]
    words = tmp_path / "words.md"
    words.write_text("Ask before the first session.", encoding="utf-8")
    done(
        workspace, "tips", "correct", tip["id"], "--text-file", words, "--note", "Too long.", "--override", "Read."
    )  # fmt: skip
    assert "Ask before the first session." in entries(workspace)["A better title"]["content_html"]


def test_a_rebuild_makes_everything_as_it_was_to_the_byte(workspace):
    right, feed = tree(workspace), workspace / "output" / "skin-letter" / "feed.xml"
    said = done(workspace, "feeds", "rebuild")
    assert said.startswith("skin-letter: 0 files written, 0 taken away, ")
    feed.write_bytes(b"altered")
    (workspace / "output" / "skin-letter" / "archive" / "1.html").unlink()
    assert done(workspace, "feeds", "rebuild").startswith("skin-letter: 2 files written, 0 taken away, ")
    assert tree(workspace) == right
