"""The child process that native parsers run in: its limits hold, and what it says is not believed blindly."""

import json
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from pipeline.documents import DocumentError, isolated, read
from pipeline.documents.formats import format_named
from pipeline.documents.isolated import Limits
from tests.documents.making import ARTICLE, HEADINGS, as_docx, as_pdf

PDF = format_named("pdf")


def child_that(monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    """Puts other code into the child, under the same limits."""
    limits = "isolated._limit(*(int(each) for each in sys.argv[4:7]))"
    start = f"import sys; sys.path.insert(0, sys.argv[1]); from pipeline.documents import isolated; {limits}; {does}"
    monkeypatch.setattr(isolated, "_START", start)


def test_a_parser_that_eats_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    eater = (
        "from pipeline.documents.formats import format_named as f; import dataclasses;"
        "isolated.format_named = lambda n: dataclasses.replace(f(n), extract=lambda d, n: bytearray(2 * 1024 ** 3));"
        "isolated.main()"
    )
    monkeypatch.setattr(
        isolated,
        "_START",
        f"import sys; sys.path.insert(0, sys.argv[1]); from pipeline.documents import isolated; {eater}",
    )
    with pytest.raises(DocumentError, match="too much memory"):
        isolated.extract(PDF, b"x", "a.pdf")


@pytest.mark.parametrize(
    ("does", "limits"),
    [
        ("import time; time.sleep(60)", Limits(base_seconds=1, patience=1)),
        ("[None for _ in iter(int, 1)]", Limits(base_seconds=1, patience=50)),
    ],
    ids=["waits", "works"],
)
def test_a_parser_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch, does: str, limits: Limits) -> None:
    child_that(monkeypatch, does)
    began = time.monotonic()
    with pytest.raises(DocumentError, match="too long"):
        isolated.extract(PDF, b"x", "a.pdf", limits=limits)
    assert time.monotonic() - began < 40


def test_the_time_allowed_grows_with_the_document() -> None:
    assert Limits().processor_seconds(1000) == 4
    assert Limits().processor_seconds(10 * 1024 * 1024) == 24


def test_a_parser_that_crashes_takes_nothing_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    child_that(monkeypatch, "import os; os.abort()")
    with pytest.raises(DocumentError, match="damaged"):
        isolated.extract(PDF, b"x", "a.pdf")


def test_a_parser_that_writes_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    child_that(monkeypatch, "[sys.stdout.write('x' * 65536) for _ in range(10 ** 9)]")
    with pytest.raises(DocumentError, match="damaged"):
        isolated.extract(PDF, b"x", "a.pdf", limits=replace(Limits(), answer_bytes=1024 * 1024))


@pytest.mark.parametrize(
    "told",
    [
        "not json",
        "[]",
        "{}",
        json.dumps({"text": "abc", "pieces": [[0, 9, None, 1]], "title": ""}),
        json.dumps({"text": "abc", "pieces": [[2, 1, None, 1]], "title": ""}),
        json.dumps({"text": "abc", "pieces": [[0, 1, "song", 1]], "title": ""}),
        json.dumps({"text": "abc", "pieces": [[0]], "title": ""}),
        json.dumps({"text": 5, "pieces": [], "title": ""}),
    ],
)
def test_an_answer_that_is_no_extraction_is_refused(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    child_that(monkeypatch, f"sys.stdout.write({told!r})")
    with pytest.raises(DocumentError, match="damaged"):
        isolated.extract(PDF, b"x", "a.pdf")


def test_the_child_sees_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIPSHEET_SECRET", "hush")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    says = "import os, json; sys.stdout.write(json.dumps(dict(text=' '.join(os.environ) or '-', pieces=[], title='')))"
    child_that(monkeypatch, says)
    assert "SECRET" not in isolated.extract(PDF, b"x", "a.pdf").text


def test_the_child_loads_no_django() -> None:
    code = "import sys; import pipeline.documents.isolated; print('django' in sys.modules, 'requests' in sys.modules)"
    answered = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answered.stdout.split() == ["False", "False"]


def test_many_threads_read_at_once() -> None:
    made = [("a.pdf", as_pdf(ARTICLE)), ("a.docx", as_docx(ARTICLE))] * 3
    found: list[list[str]] = []

    def one(name: str, data: bytes) -> None:
        found.append([section.heading for section in read(data, name=name).sections])

    threads = [threading.Thread(target=one, args=each) for each in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [HEADINGS] * len(made)
