"""`ingest`: documents, addresses and tips written by hand, taken in as drafts."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.base import as_option, command, json_option, newsletter_option, pick_newsletter, visible

if TYPE_CHECKING:
    from pipeline.editorial.actions.sources import Unsettled
    from pipeline.editorial.intake import Taken

# Outcome → how one and several tips of it are called, in the order in which they are said.
_WORDS = {
    "added": ("new draft", "new drafts"),
    "revised": ("reworded", "reworded"),
    "duplicate": ("said already", "said already"),
    "unchanged": ("unchanged", "unchanged"),
    "kept": ("left as it was", "left as they were"),
}


@command(name="ingest")
@click.argument("sources", nargs=-1, metavar="[PATH|URL]...")
@newsletter_option
@click.option("--limit", type=click.IntRange(min=1), help="Derive at most so many tips. Default: all that are good.")
@click.option("--again", is_flag=True, help="Derive from documents that gave tips before, too.")
@as_option
@json_option
def ingest(
    sources: tuple[str, ...], slug: str | None, limit: int | None, again: bool, actor: str, as_json: bool
) -> None:
    """Take documents, URLs and hand-written tips in, as drafts. Without a name: everything under tips/.

    The same thing twice changes nothing; a tip whose words changed needs approval again. A file that cannot be taken
    gets a line with its fault, and the others go in; the exit code is then 1.
    """
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.editorial.intake import Workspace, take_in

    config = load_config()
    newsletter = pick_newsletter(slug)
    progress = _Progress()
    results: list[Taken] = []
    for taken in take_in(
        sources, workspace=Workspace(config.home), newsletter=newsletter, now=utc_now(), actor=actor,
        limit=limit, again=again, progress=progress,
    ):  # fmt: skip
        progress.clear()
        results.append(taken)
        _show(taken, as_json=as_json)
    progress.clear()
    if as_json:
        click.echo(json.dumps({"newsletter": newsletter.slug, "files": [_data(taken) for taken in results]}, indent=2))
    else:
        _sum_up(results)
    bad = sum(bool(taken.problems) for taken in results)
    if bad:
        click.echo(f"Error: {bad} of {len(results)} could not be taken in; see the lines above.", err=True)
        sys.exit(1)


class _Progress:
    """One line on a terminal that says how far it is; silent where stderr is a file or a pipe."""

    def __init__(self) -> None:
        self._is_shown = False
        self._on_terminal = sys.stderr.isatty()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._on_terminal:
            click.echo(f"\r\033[K{stage} {done} of {total}", nl=False, err=True)
            self._is_shown = True

    def clear(self) -> None:
        if self._is_shown:
            click.echo("\r\033[K", nl=False, err=True)
            self._is_shown = False


def _show(taken: "Taken", *, as_json: bool) -> None:
    for problem in taken.problems:
        click.echo(visible(problem), err=True)
    if as_json or taken.problems:
        return
    if taken.is_known:
        click.echo(f"{visible(taken.location)}: nothing new; it was taken in before")
        return
    result = "its file is not there any more" if taken.is_gone else _result(taken)
    click.echo(f"{visible(taken.location)}: {result}")
    for tip in taken.report.tips:
        if tip.note and tip.outcome in {"revised", "kept"}:
            click.echo(f"  tip {tip.tip_id}, {tip.title}: {tip.note}")
    for line in _unsettled(taken.report.unsettled):
        click.echo(f"  {line}")


def _unsettled(unsettled: "Unsettled") -> Iterator[str]:
    """A line for each thing that has to be done about tips whose words are gone from their source."""
    if unsettled.sent_back:
        yield f"back to review, because the words that they rest on are gone: {_tips(unsettled.sent_back)}"
    if unsettled.undecided:
        why = "because the words that they rest on are gone"
        yield f"to look at before they are approved, {why}: {_tips(unsettled.undecided)}"
    if unsettled.to_correct:
        numbers = _tips(unsettled.to_correct)
        yield f"readers have them, and their source does not say so any more: {numbers}"
        yield "  see what to correct: run.py tips list --needs-correction"


def _tips(numbers: tuple[int, ...]) -> str:
    return f"tip{'' if len(numbers) == 1 else 's'} {', '.join(map(str, numbers))}"


def _result(taken: "Taken") -> str:
    found = len(taken.report.tips)
    if not found:
        return "no tips found in it"
    tips = "1 tip" if found == 1 else f"{found} tips"
    return f"{tips}: {_counted(Counter(tip.outcome.value for tip in taken.report.tips))}"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[name]} {words[counts[name] != 1]}" for name, words in _WORDS.items() if counts[name])


def _sum_up(results: list["Taken"]) -> None:
    if not results:
        click.echo("There is nothing to take in. Put documents into tips/documents/, or tips into tips/.")
        return
    counts = Counter(tip.outcome.value for taken in results for tip in taken.report.tips)
    if counts["added"] or counts["revised"]:
        click.echo(f"In all {_counted(counts)}. Look at them: run.py tips list")


def _data(taken: "Taken") -> dict[str, Any]:
    return {
        "location": taken.location,
        "kind": "document" if taken.is_document else "tips",
        "was_known": taken.is_known,
        "tips": [asdict(tip) for tip in taken.report.tips],
        "is_gone": taken.is_gone,
        **asdict(taken.report.unsettled),
        "problems": list(taken.problems),
    }
