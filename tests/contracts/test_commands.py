"""What every command keeps to: help for people, JSON for programs, exit codes, and one clear line when it fails."""

import json
import re
import sqlite3
import sys
import time
from datetime import UTC, datetime

import click
import pytest

from pipeline.cli import COMMANDS, main
from pipeline.cli.reference import commands_page
from tests.rules import ROOT
from tests.runner import CLEAN, done, found, run

NO_DATABASE = {"demo", "init", "providers", "derive", "guard", "duplicates", "migrate", "doctor"}
CONTEXT = click.Context(main, info_name="run.py")


def leaves(command: click.Command, path: tuple[str, ...]):
    """Every command that can be run, with the words that run it."""
    if isinstance(command, click.Group):
        for name in command.list_commands(CONTEXT):
            yield from leaves(command.get_command(CONTEXT, name), (*path, name))
    else:
        yield path, command


NEED_A_SERVICE = {"tips rewrite"}  # shown with one in tests/cli/test_rewrite.py
ALL = {" ".join(path): (path, command) for path, command in leaves(main, ())}
NEED_DATABASE = [name for name in ALL if name.split()[0] not in NO_DATABASE]
# What each command with --json needs to answer; the others take no argument.
ARGUMENTS = {
    "derive": [str(ROOT / "tips" / "documents")],
    "tips show": ["1"],
    "ingest": [str(ROOT / "tips" / "documents" / "what-microneedling-can-do.txt")],
    "bounces read": ["bounces"],
    "issues show": ["1"],
    "schedule once": ["2027-03-01 09:00"],
    "staff add": ["anna"],
    "staff reset": ["ida"],
    "subscribers add": ["new@reader.example", "--source", "s", "--wording", "w"],
    "subscribers export": ["readers-out.csv"],
    "subscribers import": ["readers.csv", "--source", "s", "--consent-date", "2026-01-02", "--wording", "w"],
    "subscribers erase": ["reader1@reader.example", "--yes"],
}


def runnable(command: click.Command) -> bool:
    return any(parameter.name == "as_json" for parameter in command.params)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    home = found(tmp_path_factory.mktemp("commands"))
    done(home, "ingest", ROOT / "tips" / "documents" / "what-microneedling-can-do.txt")
    done(home, "tips", "approve", "1", "2", "3", "4", "--override", "Read.")
    done(home, "publish", "--now")
    done(home, "staff", "add", "ida")
    for folder in ("new", "cur", "tmp"):  # a maildir
        (home / "bounces" / folder).mkdir(parents=True)
    return home


@pytest.mark.parametrize("name", ALL)
def test_every_command_explains_itself_in_a_sentence_and_every_option_too(name):
    _, command = ALL[name]
    assert re.match(r"[A-Z].+[.?:]", command.help or ""), name
    undocumented = [p.name for p in command.params if isinstance(p, click.Option) and not p.help]
    assert undocumented == []


def test_the_list_of_commands_and_the_commands_agree():
    for name, (module, attribute, line) in COMMANDS.items():
        command = main.get_command(CONTEXT, name)
        assert command is not None, (module, attribute)
        assert command.name == name
        assert line.endswith((".", "?"))


def test_help_and_version_need_nothing_else_loaded(tmp_path):
    began = time.monotonic()
    for flag in ("--help", "--version"):
        finished = run(tmp_path, flag)
        assert finished.returncode == 0
    assert not (tmp_path / "var").exists()
    probe = "import sys; import pipeline.cli; print([m for m in ('django', 'lxml', 'pydantic') if m in sys.modules])"
    import subprocess

    loaded = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, env=CLEAN, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]"
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(
    "name", [name for name, (_, command) in ALL.items() if runnable(command) and name not in NEED_A_SERVICE]
)
def test_with_json_a_program_can_read_every_line_of_the_answer(workspace, name):
    path, _ = ALL[name]
    stdin = {"guard": '{"source": "It may help.", "text": "It helps."}\n', "duplicates": '{"a": "x", "b": "x"}\n'}
    arguments = [
        str(workspace / word) if word.endswith(".csv") or word == "bounces" else word
        for word in ARGUMENTS.get(name, [])
    ]
    finished = run(workspace, *path, *arguments, "--json", stdin=stdin.get(name, ""))
    assert finished.returncode in ({0, 1} if name == "doctor" else {0}), finished.stderr
    try:
        json.loads(finished.stdout)
    except json.JSONDecodeError:
        assert [json.loads(line) for line in finished.stdout.splitlines()], name


@pytest.mark.parametrize("name", ALL)
def test_a_command_that_is_called_wrongly_exits_2(tmp_path, name):
    path, _ = ALL[name]
    finished = run(tmp_path, *path, "--no-such-option")
    assert finished.returncode == 2
    assert "--no-such-option" in finished.stderr


@pytest.mark.parametrize("name", NEED_DATABASE)
def test_without_a_database_a_command_says_in_one_line_what_to_run(tmp_path, name):
    path, command = ALL[name]
    finished = run(tmp_path, *path, *needed(command, tmp_path))
    assert finished.returncode == 1, finished.stdout
    assert finished.stderr.splitlines() == ["Error: This workspace has no database yet. Run: run.py init"]


@pytest.mark.parametrize("name", ["status", "publish", "tips list", "serve", "tick", "verify"])
def test_on_a_database_that_is_older_a_command_refuses_and_says_what_to_run(tmp_path, name):
    found(tmp_path)
    with sqlite3.connect(tmp_path / "var" / "tipsheet.sqlite3") as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'delivery'")
    database.close()
    finished = run(tmp_path, *ALL[name][0])
    assert finished.returncode == 1
    assert finished.stderr.splitlines() == [
        "Error: The database is older than this version of Tipsheet. Run: run.py migrate"
    ]


def needed(command: click.Command, folder) -> list[str]:
    """The least that the command can be called with."""
    words = []
    for parameter in command.params:
        if not parameter.required:
            continue
        if isinstance(parameter.type, click.Path):
            (folder / "file.csv").write_text("address\n")
            value = str(folder / "file.csv")
        elif isinstance(parameter.type, click.types.IntParamType):
            value = "1"
        elif isinstance(parameter.type, click.Choice):
            value = str(parameter.type.choices[0])
        elif isinstance(parameter.type, click.DateTime):
            value = datetime(2026, 1, 2, 9, 0, tzinfo=UTC).strftime(parameter.type.formats[0])
        else:
            value = "2026-01-01" if "date" in (parameter.name or "") else "word"
        words += [parameter.opts[0], value] if isinstance(parameter, click.Option) else [value]
    return words


def test_a_setting_that_does_not_exist_is_said_in_one_line(tmp_path):
    (tmp_path / "tipsheet.toml").write_text("colour = 1\n")
    finished = run(tmp_path, "status")
    assert finished.returncode == 1
    assert "there is no setting 'colour'" in finished.stderr
    assert len(finished.stderr.splitlines()) == 1


def test_a_command_that_does_not_exist_exits_2(tmp_path):
    assert run(tmp_path, "bogus").returncode == 2


def test_the_page_of_commands_is_the_one_that_the_code_makes():
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == commands_page()
