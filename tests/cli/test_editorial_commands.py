"""`ingest`, `tips` and `queue` as a person at a terminal, or a program that reads JSON, meets them."""

import csv
import json
import os

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.editorial.actions import queue as queue_actions
from pipeline.editorial.models import Document, Review, Tip, TipRevision, TipState
from tests.editorial.conftest import ANNA, NOW, make_newsletter

SUN = "---\ntitle: Sun first\ntopic: Sun protection\nauthor: Ida Berg\n---\nPut sunscreen on before you go out.\n"
ROWS = (
    "title,topic,author,text\n"
    "Damp skin,Moisture,Ida Berg,Put cream on damp skin.\n"
    "Cool water,Cleansing,Jon Lind,Wash with cool water.\n"
)
ARTICLE = (
    "Caring for skin after a peel\n\n"
    "Aftercare\n\n"
    "Use a mild cleanser for three days after a peel, because the skin may sting and redden easily. "
    "Wear a broad-spectrum sunscreen every day for two weeks after a peel, even when it is cloudy.\n\n"
    "Before the peel\n\n"
    "Stop using retinoid creams about a week before a peel, unless your dermatologist says otherwise.\n"
)


@pytest.fixture
def workspace(db, tmp_path, monkeypatch):
    """A workspace with a newsletter and an empty in-tray; the current folder is elsewhere."""
    (tmp_path / "home" / "tips" / "documents").mkdir(parents=True)
    monkeypatch.setenv("PIPELINE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    make_newsletter()
    return tmp_path / "home"


def run(*arguments, code=0):
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def put(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.fixture
def drafts(workspace):
    put(workspace / "tips" / "sun.md", SUN)
    put(workspace / "tips" / "rows.csv", ROWS)
    run("ingest")
    return {tip.revision.title: tip.pk for tip in Tip.objects.select_related("revision")}


def test_without_a_name_everything_in_the_in_tray_is_taken_in(workspace):
    put(workspace / "tips" / "sun.md", SUN)
    put(workspace / "tips" / "rows.csv", ROWS)
    put(workspace / "tips" / "README.md", "# What goes here")
    put(workspace / "tips" / "documents" / "peel.txt", ARTICLE)
    said = run("ingest").stdout
    assert "tips/sun.md: 1 tip: 1 new draft\n" in said
    assert "tips/rows.csv: 2 tips: 2 new drafts\n" in said
    assert "tips/documents/peel.txt: " in said
    assert "README" not in said
    assert {tip.origin for tip in Tip.objects.all()} == {"handwritten", "derived"}
    assert Document.objects.get().location == "tips/documents/peel.txt"


def test_taking_everything_in_twice_changes_nothing(workspace, drafts):
    put(workspace / "tips" / "documents" / "peel.txt", ARTICLE)
    run("ingest")
    before = (Tip.objects.count(), TipRevision.objects.count(), Document.objects.count())
    said = run("ingest").stdout
    assert (Tip.objects.count(), TipRevision.objects.count(), Document.objects.count()) == before
    assert "tips/sun.md: 1 tip: 1 unchanged" in said
    assert "tips/documents/peel.txt: nothing new; it was taken in before" in said
    again = run("ingest", "--again").stdout
    assert (Tip.objects.count(), TipRevision.objects.count(), Document.objects.count()) == before
    assert "unchanged" in again.split("peel.txt")[1]


def test_a_bad_file_gets_its_line_and_the_others_go_in(workspace):
    put(workspace / "tips" / "sun.md", SUN)
    put(workspace / "tips" / "bad.md", SUN.replace("author", "autor"))
    put(workspace / "tips" / "latin.csv", ROWS.replace("Cool", "K\xfchl").encode("latin-1"))
    put(workspace / "tips" / "documents" / "empty.txt", "")
    put(workspace / "tips" / "documents" / "peel.txt", ARTICLE)
    result = run("ingest", code=1)
    assert "tips/bad.md, line 4: 'autor' is not known. Did you mean 'author'?" in result.stderr
    assert "tips/latin.csv, line 3: it is not UTF-8." in result.stderr
    assert "empty.txt: it is empty" in result.stderr
    assert result.stderr.endswith("Error: 3 of 5 could not be taken in; see the lines above.\n")
    assert "tips/sun.md: 1 tip: 1 new draft" in result.stdout
    assert Document.objects.get().name == "peel.txt"


def test_a_file_is_known_by_its_place_in_the_workspace_from_wherever_it_is_named(workspace, drafts, monkeypatch):
    monkeypatch.chdir(workspace / "tips")
    assert "tips/sun.md: 1 tip: 1 unchanged" in run("ingest", "sun.md").stdout
    assert "tips/sun.md: 1 tip: 1 unchanged" in run("ingest", workspace / "tips" / "sun.md", "./sun.md").stdout
    assert Tip.objects.count() == 3


def test_changed_words_are_said_to_need_approval_again(workspace, drafts):
    run("tips", "approve", drafts["Sun first"])
    put(workspace / "tips" / "sun.md", SUN.replace("go out", "leave the house"))
    said = run("ingest").stdout
    assert "tips/sun.md: 1 tip: 1 reworded" in said
    assert f"tip {drafts['Sun first']}, Sun first: it is in review now" in said


def test_outside_the_in_tray_a_files_own_words_say_what_it_is(workspace, tmp_path):
    put(tmp_path / "tip.md", SUN)
    put(tmp_path / "article.md", f"---\ntitle: On peels\n---\n# On peels\n\n{ARTICLE}")
    run("ingest", "tip.md", "article.md")
    assert [document.name for document in Document.objects.all()] == ["article.md"]
    assert Tip.objects.filter(origin="handwritten").count() == 1


def test_a_file_that_is_not_there_is_said_in_one_line(workspace):
    result = run("ingest", "nowhere.txt", code=1)
    assert "nowhere.txt: there is no such file." in result.stderr
    assert "Traceback" not in result.output


def test_an_address_inside_the_own_network_is_refused_and_the_files_go_on(workspace, tmp_path):
    put(tmp_path / "tip.md", SUN)
    result = run("ingest", "http://127.0.0.1/secret", "tip.md", code=1)
    assert "127.0.0.1" in result.stderr
    assert Tip.objects.count() == 1


def test_an_empty_in_tray_says_what_to_put_where(workspace):
    assert "Put documents into tips/documents/" in run("ingest").stdout


def test_ingest_answers_a_program_with_what_became_of_each_file(workspace):
    put(workspace / "tips" / "sun.md", SUN)
    put(workspace / "tips" / "bad.md", "no front matter")
    answer = json.loads(run("ingest", "--json", code=1).stdout)
    files = {file["location"]: file for file in answer["files"]}
    assert answer["newsletter"] == "skin-letter"
    assert [tip["outcome"] for tip in files["tips/sun.md"]["tips"]] == ["added"]
    assert files["tips/bad.md"]["problems"][0].startswith("tips/bad.md, line 1: it does not start")


def test_derived_tips_are_limited_on_request(workspace, tmp_path):
    put(tmp_path / "peel.txt", ARTICLE)
    run("ingest", "peel.txt", "--limit", 1)
    assert Tip.objects.count() == 1


def test_with_several_newsletters_it_must_be_said_which(workspace):
    make_newsletter(slug="other", list_id="other.newsletter.example")
    assert "--newsletter SLUG" in run("ingest", code=1).stderr
    run("ingest", "--newsletter", "other")


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX alone")
def test_a_file_name_that_is_no_text_is_taken_all_the_same(workspace):
    odd = os.fsencode(workspace / "tips") + b"/sun-\xff.md"
    with open(odd, "wb") as file:  # noqa: PTH123 - a path of bytes
        file.write(SUN.encode())
    run("ingest")
    assert Tip.objects.count() == 1


def test_tips_are_listed_by_state_topic_and_words(drafts):
    run("tips", "approve", drafts["Sun first"])
    said = run("tips", "list").stdout
    assert said.endswith("2 draft, 1 queued.\n")
    assert [line.split()[0] for line in run("tips", "list", "--state", "queued").stdout.splitlines()[:-1]] == [
        str(drafts["Sun first"])
    ]
    assert "Cool water" in run("tips", "list", "--topic", "cleansing").stdout
    assert "1 draft." in run("tips", "list", "--search", "damp cream").stdout
    assert "No tips like that" in run("tips", "list", "--search", "volcano").stdout
    assert [tip["state"] for tip in json.loads(run("tips", "list", "--json").stdout)] == ["draft", "draft", "queued"]


def test_a_tip_is_shown_with_its_source_beside_it_and_what_the_guard_says(workspace, monkeypatch):
    put(workspace / "tips" / "documents" / "peel.txt", ARTICLE)
    run("ingest")
    tip = Tip.objects.select_related("revision").first()
    for columns, divider in (("140", " │ "), ("80", "Source\n")):
        monkeypatch.setenv("COLUMNS", columns)
        said = run("tips", "show", tip.pk).stdout
        assert f"Tip {tip.pk}: {tip.revision.title}" in said
        assert divider in said
        assert "source: tips/documents/peel.txt, " in said
        assert "guard" in said
    data = json.loads(run("tips", "show", tip.pk, "--json").stdout)
    source = data[0]["sources"][0]
    assert ARTICLE[source["start"] : source["end"]] == source["quote"]
    assert data[0]["guard"] == []


def test_words_that_would_steer_the_terminal_are_shown_and_not_obeyed(workspace, tmp_path):
    put(workspace / "tips" / "documents" / "peel\x1b[31m.txt", ARTICLE.replace("mild", "mild\x1b[2J"))
    put(workspace / "tips" / "bad\x07.md", "nothing")
    result = run("ingest", code=1)
    shown = result.output + "".join(run("tips", "show", tip.pk).output for tip in Tip.objects.all())
    assert "peel�[31m.txt" in shown
    assert not {"\x1b", "\x07"} & set(shown)


@pytest.mark.parametrize("name", ["", "  ", "x" * 151, "Anna\x1b[2J"])
def test_a_decision_is_taken_in_a_name_that_can_be_read(drafts, name):
    run("tips", "approve", drafts["Sun first"], "--as", name, code=2)
    assert not Review.objects.exists()


def test_many_tips_are_approved_in_a_persons_name_and_one_refusal_stops_none(drafts):
    first, second, third = drafts.values()
    result = run("tips", "approve", first, 99, second, third, "--as", ANNA, code=1)
    assert "tip 99: There is no tip 99." in result.stderr
    assert f"approved by {ANNA}, and queued" in result.stdout
    assert Tip.objects.filter(state=TipState.QUEUED).count() == 3
    assert {review.decided_by for review in Review.objects.all()} == {ANNA}


def test_all_clean_leaves_what_the_guard_speaks_against(workspace, drafts):
    put(workspace / "tips" / "bold.md", SUN.replace("Put sunscreen on before you go out.", "This cream cures acne."))
    run("ingest")
    said = run("tips", "approve", "--all-clean", "--as", ANNA).stdout
    assert "left for you to look at" in said
    assert sorted(tip.state for tip in Tip.objects.all()) == ["draft", "queued", "queued", "queued"]
    assert "No draft is free of findings" in run("tips", "approve", "--all-clean").stdout.splitlines()[-1]


def test_what_the_guard_blocks_needs_a_reason(workspace):
    put(workspace / "tips" / "bold.md", SUN.replace("Put sunscreen on before you go out.", "This cream cures acne."))
    run("ingest")
    tip = Tip.objects.get()
    assert "says more than it may" in run("tips", "approve", tip.pk, code=1).stderr
    said = run("tips", "approve", tip.pk, "--as", ANNA, "--override", "Quoted from the label").stdout
    assert "overruling the guard" in said
    assert Review.objects.get().override_reason == "Quoted from the label"


def test_a_rejection_needs_its_reason_and_keeps_it(drafts):
    tip_id = drafts["Cool water"]
    assert "--reason" in run("tips", "reject", tip_id, code=2).stderr
    run("tips", "reject", tip_id, "--reason", "We said so in May")
    assert "rejected by" in run("tips", "show", tip_id).stdout
    assert Review.objects.get().reason == "We said so in May"


@pytest.mark.parametrize("command", ["approve", "show"])
def test_a_command_without_numbers_says_where_they_are(drafts, command):
    assert "See: run.py tips list" in run("tips", command, code=1).stderr


def test_what_is_exported_as_csv_comes_back_unchanged(workspace, drafts, tmp_path):
    out = tmp_path / "out.csv"
    run("tips", "export", "--format", "csv", "--output", out)
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["title"] for row in rows] == [tip.revision.title for tip in Tip.objects.order_by("pk")]
    result = run("ingest", out)
    assert "3 tips: 3 said already" in result.stdout
    assert Tip.objects.count() == 3


def test_exports_are_complete_as_json_and_readable_as_markdown(drafts):
    data = json.loads(run("tips", "export").stdout)
    assert {tip["title"] for tip in data} == set(drafts)
    assert all(tip["content_hash"] and tip["author"] and tip["review"] is None for tip in data)
    page = run("tips", "export", "--format", "markdown", "--topic", "Moisture").stdout
    assert page.startswith("## Damp skin\n\n*Moisture · tip ")
    assert "Put cream on damp skin.\n\nBy Ida Berg\n" in page


def test_an_export_to_a_place_that_cannot_be_written_is_said(drafts):
    assert "cannot be written" in run("tips", "export", "--output", "no/such/folder/x.json", code=1).stderr


@pytest.fixture
def queued(drafts):
    run("tips", "approve", *drafts.values())
    return list(drafts.values())


def test_the_queue_shows_each_tips_expected_day_in_local_time_and_utc(queued):
    said = run("queue", "list").stdout
    assert said.count(" CET (") + said.count(" CEST (") == 3
    assert " UTC): first in the queue" in said
    data = json.loads(run("queue", "list", "--json").stdout)
    assert [tip["tip"] for tip in data] == queued
    assert data[0]["slot"].endswith("T09:00 Europe/Berlin")
    assert data[0]["expected_local"] != data[0]["expected_utc"]


def test_the_queue_is_arranged_by_hand(queued):
    assert "is number 1 in the queue" in run("queue", "move", queued[2], 1).stdout
    assert "--release" in run("queue", "hold", queued[0]).stdout
    run("queue", "drop", queued[1])
    data = json.loads(run("queue", "list", "--json").stdout)
    assert [(tip["tip"], tip["held"]) for tip in data] == [(queued[2], False), (queued[0], True)]
    assert "waits: held" in run("queue", "list").stdout
    run("queue", "hold", queued[0], "--release")
    run("tips", "approve", queued[1])
    assert [tip["held"] for tip in json.loads(run("queue", "list", "--json").stdout)] == [False, False, False]


def test_what_is_not_in_the_queue_is_said_with_what_it_is(drafts):
    tip_id = drafts["Sun first"]
    for arguments in (("move", tip_id, 1), ("hold", tip_id), ("drop", tip_id)):
        assert f"Error: Tip {tip_id} is draft, not in the queue." in run("queue", *arguments, code=1).stderr
    assert "The queue is empty." in run("queue", "list").stdout


def test_the_audit_log_names_who_arranged_the_queue(queued):
    from pipeline.audit.models import AuditEntry

    run("queue", "hold", queued[0], "--as", ANNA)
    assert AuditEntry.objects.get(action="queue.held").actor == ANNA
    queue_actions.hold(tip_id=queued[0], now=NOW, actor="Jon")
    assert AuditEntry.objects.filter(action="queue.held").count() == 1
