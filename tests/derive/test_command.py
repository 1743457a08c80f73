"""`run.py derive`: what a person and a program see. Nothing is written, no database is needed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main

WASH = "Wash the brushes once a week with a mild soap and warm water, so that no mould can grow in them."
HANG = "Hang dry brushes up by the handle, because brushes that stand on their hairs bend within a few days."


@pytest.fixture
def brushes(tmp_path: Path) -> Path:
    path = tmp_path / "brushes.md"
    path.write_text(
        f"# Brushes\n\n## Washing brushes\n\nAlso, w{WASH[1:]}\n\n## Hanging up\n\n{HANG}\n", encoding="utf-8"
    )
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["derive", *map(str, arguments)])


def test_json_is_one_object_a_line_with_the_words_it_came_from(brushes: Path) -> None:
    result = run(brushes, "--json")
    assert result.exit_code == 0, result.stderr
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["text"] for row in rows} == {WASH, HANG}
    canonical = run(brushes, "--canonical").stdout
    for row in rows:
        assert set(row) == {"title", "text", "topic", "score", "edits", "flags", "source", "also"}
        source = row["source"]
        assert {"document", "sha256", "heading_path", "start", "end", "quote"} <= set(source)
        assert canonical[source["start"] : source["end"]] == source["quote"]
        assert source["heading_path"][0] == "Brushes"


def test_the_canonical_text_of_plain_text_is_the_file_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(f"Brushes\n\n{WASH}\n{HANG}\n".encode())
    assert run(path, "--canonical").stdout.encode() == path.read_bytes()


def test_a_limit_takes_the_best(brushes: Path) -> None:
    assert len(run(brushes, "--json", "--limit", "1").stdout.splitlines()) == 1


def test_a_limit_of_nothing_is_refused(brushes: Path) -> None:
    assert run(brushes, "--limit", "0").exit_code == 2


def test_a_person_gets_a_list_to_read(brushes: Path) -> None:
    shown = run(brushes).stdout
    assert "Washing brushes" in shown
    assert "removed 'Also, '" in shown
    assert "under Brushes › Hanging up" in shown
    assert "2 tips from 1 document. Nothing was stored" in shown


def test_explain_shows_which_rules_fired_and_why_a_sentence_was_refused(brushes: Path) -> None:
    brushes.write_text(brushes.read_text() + "\nIn such cases, soak it. Visit our shop in the harbour.\n\n" + HANG)
    shown = run(brushes, "--explain").stdout
    assert "order +2.0" in shown
    assert "edit: removed 'Also, '" in shown
    assert "cannot open a tip: dangling start, “in such cases”" in shown
    assert "refused: call to action, “visit”. It asks something of the reader" in shown
    assert "→ a tip, " in shown


def test_a_folder_is_read_through(brushes: Path) -> None:
    (brushes.parent / "more").mkdir()
    (brushes.parent / "more" / "copy.md").write_text(f"# Brushes again\n\n{WASH}\n", encoding="utf-8")
    rows = [json.loads(line) for line in run(brushes.parent, "--json").stdout.splitlines()]
    assert [len(row["also"]) for row in rows if row["text"] == WASH] == [1]


def test_a_document_that_cannot_be_read_is_named_and_the_others_go_on(brushes: Path) -> None:
    result = run(brushes.parent / "none.md", brushes, "--json")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    assert "none.md: there is no such file" in result.stderr


def test_another_language_is_refused_in_a_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "haut.txt"
    path.write_text(
        "Die Haut braucht im Winter mehr Fett, weil die Luft trocken ist und die Heizung läuft. Tragen Sie morgens und "
        "abends eine Creme auf, und trinken Sie genug Wasser, damit die Haut nicht spannt.\n",
        encoding="utf-8",
    )
    result = run(path)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "haut.txt seems to be in German" in result.stderr


def test_a_private_address_is_not_fetched() -> None:
    result = run("http://127.0.0.1:9/tips.html")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: http://127.0.0.1:9/tips.html")


def test_nothing_is_written(brushes: Path) -> None:
    before = sorted(brushes.parent.rglob("*"))
    run(brushes, "--json")
    assert sorted(brushes.parent.rglob("*")) == before
