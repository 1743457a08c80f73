"""The whole of the matrix in slices: nothing twice, nothing left out, and tables that say what was seen."""

import json
from collections import Counter
from dataclasses import replace

import pytest

from tests.delivery.matrix import whole
from tests.delivery.matrix.table import ROWS
from tests.delivery.matrix.world import CLASSES


def seen(one: whole.Slice, **more) -> dict:
    """What a slice that holds says of itself."""
    sums = {"mails": 40, "duplicates": 0, "losses": 0, "wrong": []}
    killed = sums | {"kills": 28, "was_in_doubt": 10, "waits": 0, "recovery_ms": {"median": 20.0, "most": 30.0}}
    parts = {
        "table": sums | {"cells": 12, "wrong": {}},
        "kills": {"kills": {"resend": killed, "ses": killed | {"waits": 10}}},
        "cold": {"cold": sums | {"kills": 30, "recovery_seconds": {"median": 2.0, "most": 3.0}}},
    }
    line = {"slice": one.name, "kind": one.kind, "commit": "abc1234", "at": "2026-11-22T21:00Z", "is_wrong": False}
    return line | {"database": one.database, "seconds": 1.0} | parts[one.kind] | more


@pytest.fixture
def results(tmp_path, monkeypatch):
    """The file, and what was run for it."""
    ran: list[whole.Slice] = []
    monkeypatch.setattr(whole, "_ran", lambda one: ran.append(one) or seen(one))
    return tmp_path / "results.jsonl", ran


def test_every_row_and_enough_kills_are_cut_into_slices_for_each_database():
    cut = list(whole.slices())
    assert len({one.name for one in cut}) == len(cut)
    assert len({tuple(one.arguments) for one in cut}) == len(cut)
    for database in whole.DATABASES:
        mine = [one for one in cut if one.database == database]
        assert {one.options[1] for one in mine if one.kind == "table"} == {row.name for row in ROWS}
        kills = Counter()
        for one in mine:
            if one.kind != "table":
                kills[one.kind] += int(one.options[1])
        assert kills["kills"] >= whole.KILLS / len(whole.DATABASES)
        assert kills["cold"] >= whole.COLD
        assert all(("--postgres" in one.arguments) is (database == "postgresql") for one in mine)
    assert whole.KILLS_A_SLICE % len(CLASSES) == 0  # as many for each provider, and none left over


def test_it_goes_on_where_it_was_interrupted(results):
    path, ran = results
    assert whole.run_whole(path, ("cold",)) == 0
    everything = [one.name for one in ran]
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:5]))
    ran.clear()
    assert whole.run_whole(path, ("cold",)) == 0
    assert [one.name for one in ran] == everything[5:]
    assert sorted(json.loads(line)["slice"] for line in path.read_text().splitlines()) == sorted(everything)


def test_a_slice_that_breaks_off_is_run_again_with_the_next_call(results, monkeypatch):
    path, _ = results
    with monkeypatch.context() as patch:
        patch.setattr(whole, "_ran", lambda one: None if one.name.endswith(" 2") else seen(one))
        assert whole.run_whole(path, ("cold",)) == 1
    assert whole.run_whole(path, ("cold",)) == 0


def test_whatever_was_wrong_is_remembered(results, monkeypatch):
    path, _ = results
    monkeypatch.setattr(whole, "_ran", lambda one: seen(one, is_wrong=one.name == "cold sqlite 3"))
    assert whole.run_whole(path, ("cold",)) == 1
    assert whole.run_whole(path, ("cold",)) == 1


def test_a_slice_is_a_command_whose_answer_names_its_commit(tmp_path):
    found = whole._ran(replace(next(whole.slices()), options=("--row", "render", "--provider", "smtp")))
    assert found["senseless"] == 10  # cells that make no sense: nothing is played
    assert (found["cells"], found["is_wrong"], found["slice"]) == (0, False, "table sqlite schedule tick")
    assert found["commit"]


def test_the_tables_say_how_much_and_how_sure(results):
    path, _ = results
    whole.run_whole(path)
    said = whole.report(path)
    tables = [line for line in said.splitlines() if line.startswith("|")]
    assert any(line.startswith("| sqlite | ") and "| 240 | 800 | 0 | 0 | 0 |" in line for line in tables)
    assert any(
        line.startswith("| kills, postgresql | 1,120 | 1,600 | 0 | 0 | 0 | 20.0 ms, 30.0 at most") for line in tables
    )
    assert any(line.startswith("| cold, sqlite | 300 | 400 | 0 | 0 | 0 | 2.0 seconds, 3.0 at most") for line in tables)
    assert any(line.startswith("| key (resend, brevo) |") and line.endswith("| 100% |") for line in tables)
    assert any(line.startswith("| none (") and line.endswith("| 0% |") for line in tables)
    assert "5,600 mails in all: 0 duplicates and 0 losses in a million; none in so many is fewer than 536" in said
    assert "abc1234: 40 of table" in said


def test_a_duplicate_is_told_as_one(results, monkeypatch):
    path, _ = results
    monkeypatch.setattr(whole, "_ran", lambda one: seen(one, duplicates=1 if one.name.endswith("claim") else 0))
    whole.run_whole(path, ("table",))
    said = whole.report(path)
    assert "1,600 mails in all: 1250 duplicates and 0 losses in a million." in said
