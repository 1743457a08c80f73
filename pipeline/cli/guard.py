"""`guard` and `duplicates`: the claims guard and the duplicate check over lines of JSON, a line in, a line out."""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import click

from pipeline.cli.base import command, json_option
from pipeline.derive.duplicates import compare
from pipeline.derive.guard import check
from pipeline.derive.guard_claims import REGIONS
from pipeline.derive.model import Comparison, GuardReport
from pipeline.errors import TipsheetError


class BadLineError(TipsheetError):
    """A line on standard input is not what the command takes."""


@command(django=False)
@json_option
@click.option("--region", type=click.Choice(REGIONS), default="eu", show_default=True, help="Whose claims rules hold.")
def guard(as_json: bool, region: str) -> None:
    """Check texts against their sources: does one say more than the other?

    Reads JSON from standard input, one object a line: {"source": "...", "text": "...", "context": "..."}.
    The context (a heading, the whole document) may be left out. Answers one line for each.
    """

    def answer(entry: dict[str, str]) -> None:
        report = check(entry["source"], entry["text"], entry.get("context", ""), region=region)
        click.echo(json.dumps(_report(report), ensure_ascii=False) if as_json else _readable(entry["text"], report))

    _each_line(("source", "text"), ("context",), answer)


@command(django=False)
@json_option
def duplicates(as_json: bool) -> None:
    """Say which pairs of tips give the same advice.

    Reads JSON from standard input, one object a line: {"a": "...", "b": "..."}. Answers one line for each.
    """

    def answer(entry: dict[str, str]) -> None:
        comparison = compare(entry["a"], entry["b"])
        click.echo(json.dumps(_comparison(comparison), ensure_ascii=False) if as_json else _sentence(comparison))

    _each_line(("a", "b"), (), answer)


def _report(report: GuardReport) -> dict[str, Any]:
    findings = [
        {
            "kind": finding.kind.value,
            "message": finding.message,
            "source_words": finding.source_words,
            "text_words": finding.text_words,
            "suggestion": finding.suggestion,
        }
        for finding in report.findings
    ]
    return {"verdict": report.verdict.value, "findings": findings}


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {"score": comparison.score, "verdict": comparison.verdict.value, "reason": comparison.reason}


def _readable(text: str, report: GuardReport) -> str:
    lines = [f"{report.verdict.value.upper():5}  {text}"]
    for finding in report.findings:
        lines.append(f"       {finding.kind.value.replace('_', ' ')}: {finding.message}")
        if finding.source_words:
            lines.append(f"         source: {finding.source_words}")
        if finding.suggestion:
            lines.append(f"         better: {finding.suggestion}")
    return "\n".join(lines)


def _sentence(comparison: Comparison) -> str:
    return f"{comparison.verdict.value:9} {comparison.score:.2f}  {comparison.reason}"


def _each_line(needed: tuple[str, ...], optional: tuple[str, ...], answer: Callable[[dict[str, str]], None]) -> None:
    """Answer every good line as it comes; name the bad ones on stderr, and exit 1 at the end if there were any."""
    bad = 0
    for number, raw in _lines():
        try:
            answer(_entry(number, raw, needed, optional))
        except BadLineError as error:
            bad += 1
            click.echo(f"Error: {error}", err=True)
        sys.stdout.flush()
    if bad:
        sys.exit(1)


def _lines() -> Iterator[tuple[int, bytes]]:
    """The lines of standard input that are not blank, with their numbers from 1, as they come."""
    stream = sys.stdin.buffer
    if stream.isatty():
        click.echo("Waiting for lines of JSON on standard input; end with Ctrl-D.", err=True)
    for number, raw in enumerate(iter(stream.readline, b""), start=1):
        if raw.strip():
            yield number, raw


def _entry(number: int, raw: bytes, needed: tuple[str, ...], optional: tuple[str, ...]) -> dict[str, str]:
    """The line's object, checked; raises BadLineError."""
    try:
        entry = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadLineError(f"Line {number} is not UTF-8. Save the input as UTF-8.") from error
    except (ValueError, RecursionError) as error:
        detail = str(error) if isinstance(error, ValueError) else "nested too deep"
        raise BadLineError(f"Line {number} is not JSON ({detail}). Give one object a line.") from error
    if not isinstance(entry, dict):
        raise BadLineError(f"Line {number} is no object. Give {_shape(needed)}.")
    for name in (*needed, *optional):
        value = entry.get(name)
        if value is None and name in optional:
            entry.pop(name, None)
        elif not isinstance(value, str):
            problem = "is missing" if name not in entry else "is no text"
            raise BadLineError(f"Line {number}: '{name}' {problem}. Give {_shape(needed)}.")
    return entry


def _shape(needed: tuple[str, ...]) -> str:
    return "{" + ", ".join(f'"{name}": "..."' for name in needed) + "}"
