"""What a person at a terminal sees of long work, and that a program sees nothing of it."""

import sys

import pytest

from pipeline.cli.progress import counted_files


def look(files):
    with counted_files() as seen:
        for number in range(files):
            seen(f"archive/{number}.html")


@pytest.mark.parametrize(("files", "said"), [(99, ""), (250, "100 files|200 files"), (1000, "1,000 files")])
def test_files_are_counted_for_a_person(monkeypatch, capsys, files, said):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    look(files)
    assert "|".join(capsys.readouterr().err.strip("\r").split("\r"))[-len(said) or 99 :] == said


def test_a_program_is_told_nothing(capsys):
    look(1000)
    assert capsys.readouterr() == ("", "")
