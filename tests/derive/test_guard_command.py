"""`run.py guard` and `run.py duplicates`: lines in, lines out."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def run(*arguments: str, lines: list[Any]) -> subprocess.CompletedProcess[bytes]:
    raw = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
    return subprocess.run([sys.executable, "run.py", *arguments], input=raw, cwd=ROOT, capture_output=True, check=False)


def test_the_guard_answers_each_line_with_a_verdict_and_findings() -> None:
    done = run(
        "guard",
        "--json",
        lines=[{"source": "Oats may calm skin.", "text": "Oats calm skin."}, {"source": "A", "text": "A"}],
    )
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert done.returncode == 0
    assert first["verdict"] == "block"
    assert set(first["findings"][0]) == {"kind", "message", "source_words", "text_words", "suggestion"}
    assert first["findings"][0]["kind"] == "dropped_hedge"
    assert second == {"verdict": "pass", "findings": []}


def test_the_context_lends_words_and_may_be_null() -> None:
    line = {"source": "Leave it on.", "text": "Leave retinol on.", "context": "Retinol for beginners"}
    done = run("guard", "--json", lines=[line, {**line, "context": None}])
    with_context, without = (json.loads(answer) for answer in done.stdout.splitlines())
    assert with_context["verdict"] == "pass"
    assert without["findings"][0]["kind"] == "added_content"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b"{oops", b"Line 2 is not JSON"),
        (b"[1, 2]", b"Line 2 is no object"),
        (b'{"text": "Oats."}', b"Line 2: 'source' is missing"),
        (b'{"source": 5, "text": "Oats."}', b"Line 2: 'source' is no text"),
        (b'{"source": "\xff", "text": "Oats."}', b"Line 2 is not UTF-8"),
        (b"[" * 100_000, b"Line 2 is not JSON"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_answered(line: bytes, complaint: bytes) -> None:
    good = {"source": "Oats calm skin.", "text": "Oats calm skin."}
    done = run("guard", "--json", lines=[good, line, good])
    assert done.returncode == 1
    assert complaint in done.stderr
    assert len(done.stdout.splitlines()) == 2


def test_blank_lines_are_passed_over_and_no_lines_are_no_fault() -> None:
    assert run("guard", "--json", lines=[b"", b"  "]).stdout == b""
    assert run("duplicates", "--json", lines=[]).returncode == 0


def test_a_region_can_be_named() -> None:
    line = {"source": "Hydroquinone fades spots.", "text": "Hydroquinone fades spots."}
    assert json.loads(run("guard", "--json", "--region", "us", lines=[line]).stdout)["verdict"] == "pass"
    assert json.loads(run("guard", "--json", "--region", "uk", lines=[line]).stdout)["verdict"] == "block"
    assert run("guard", "--region", "mars", lines=[line]).returncode == 2


def test_without_json_a_person_can_read_it() -> None:
    done = run("guard", lines=[{"source": "Wait 20 minutes.", "text": "Wait 30 minutes."}])
    shown = done.stdout.decode()
    assert shown.startswith("BLOCK  Wait 30 minutes.")
    assert "better: Wait 20 minutes." in shown


def test_duplicates_answers_with_a_score_a_verdict_and_a_reason() -> None:
    pairs = [
        {"a": "Chill the dough for half an hour.", "b": "Chill your dough for 30 minutes."},
        {"a": "Wait 24 hours.", "b": "Wait 72 hours."},
    ]
    same, different = (json.loads(line) for line in run("duplicates", "--json", lines=pairs).stdout.splitlines())
    assert set(same) == {"score", "verdict", "reason"}
    assert same["verdict"] == "same"
    assert different["verdict"] == "different"
    assert b"24 hours and 72 hours" in run("duplicates", lines=pairs).stdout


def test_each_line_is_answered_before_the_next_is_read() -> None:
    with subprocess.Popen(
        [sys.executable, "run.py", "duplicates", "--json"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(2):
            process.stdin.write(b'{"a": "Air the room.", "b": "Air the room."}\n')
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["verdict"] == "same"
        process.stdin.close()
        assert process.wait(timeout=20) == 0
