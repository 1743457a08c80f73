"""`tips`: list, show, approve, reject, rewrite and export; correct and withdraw are in `corrections`."""

import json
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.base import as_option, command, json_option, newsletter_option, pick_newsletter, visible
from pipeline.cli.corrections import correct, withdraw
from pipeline.errors import TipsheetError

if TYPE_CHECKING:
    from pipeline.derive.model import GuardReport
    from pipeline.editorial.models import Newsletter, Tip, TipRevision
    from pipeline.editorial.proposals import Proposal

STATES = ("draft", "in_review", "approved", "queued", "published", "rejected", "withdrawn")
_WIDTH = 88
_SIDE_BY_SIDE = 100  # columns that a terminal needs for two texts beside each other

state_option = click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(STATES),
    help="Only in this state; may be given again.",
)
topic_option = click.option("--topic", help="Only on this topic.")
ids_argument = click.argument("tip_ids", nargs=-1, type=int, metavar="ID...")


class SelectionError(TipsheetError):
    """It is not said which tips are meant, or there is none like that."""


@click.group(name="tips")
def tips() -> None:
    """List, show, approve, reject, correct, withdraw, rewrite and export tips."""


tips.add_command(correct)
tips.add_command(withdraw)


@command(tips, name="list")
@newsletter_option
@state_option
@topic_option
@click.option("--search", metavar="WORDS", help="Only with these words in title or text.")
@json_option
def list_tips(slug: str | None, states: tuple[str, ...], topic: str | None, search: str | None, as_json: bool) -> None:
    """List tips with their state, newest last."""
    from pipeline.editorial.tip_export import as_data

    found = _select(pick_newsletter(slug), states=states, topic=topic, search=search)
    if as_json:
        click.echo(json.dumps([as_data(tip) for tip in found], ensure_ascii=False, indent=2))
        return
    for tip in found:
        click.echo(_row(tip))
    click.echo(_count_line(found))


def _select(
    newsletter: "Newsletter", *, states: tuple[str, ...] = (), topic: str | None = None, search: str | None = None
) -> list["Tip"]:
    from django.db.models import Q

    from pipeline.editorial.models import Tip

    found = Tip.objects.filter(newsletter=newsletter).select_related("revision").order_by("pk")
    if states:
        found = found.filter(state__in=states)
    if topic:
        found = found.filter(revision__topic__iexact=topic)
    for word in (search or "").split():
        found = found.filter(Q(revision__title__icontains=word) | Q(revision__text__icontains=word))
    return list(found)


def _row(tip: "Tip") -> str:
    revision = _revision(tip)
    mark = "!" if revision.flags else " "
    return f"{tip.pk:>5} {mark} {tip.state.replace('_', ' '):<9}  {_cut(revision.topic, 24):<24}  {revision.title}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _count_line(found: list["Tip"]) -> str:
    if not found:
        return "No tips like that. Take some in: run.py ingest"
    counts = {state: sum(tip.state == state for tip in found) for state in STATES}
    listed = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in counts.items() if count)
    flagged = " A ! marks what needs a closer look: run.py tips show ID." if any(_flagged(tip) for tip in found) else ""
    return f"{listed}.{flagged}"


def _flagged(tip: "Tip") -> bool:
    return bool(_revision(tip).flags)


def _revision(tip: "Tip") -> "TipRevision":
    if tip.revision is None:
        raise AssertionError(f"tip {tip.pk} has no revision")
    return tip.revision


@command(tips, name="show")
@ids_argument
@json_option
def show(tip_ids: tuple[int, ...], as_json: bool) -> None:
    """Show tips: the source beside the text, and what the claims guard says."""
    from pipeline.editorial.claims import as_stored, guard_revision
    from pipeline.editorial.tip_export import as_data

    found = [_tip(tip_id) for tip_id in _given(tip_ids)]
    if as_json:
        answer = [as_data(tip) | {"guard": as_stored(guard_revision(_revision(tip)))} for tip in found]
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    for tip in found:
        for line in _page(tip, guard_revision(_revision(tip))):
            click.echo(line)


def _given(tip_ids: tuple[int, ...]) -> tuple[int, ...]:
    if not tip_ids:
        raise SelectionError("Say which tips, by their numbers. See: run.py tips list")
    return tuple(dict.fromkeys(tip_ids))


def _tip(tip_id: int) -> "Tip":
    from pipeline.editorial.models import Tip

    tip = Tip.objects.select_related("revision", "newsletter").filter(pk=tip_id).first()
    if tip is None:
        raise SelectionError(f"There is no tip {tip_id}. See: run.py tips list")
    return tip


def _page(tip: "Tip", report: "GuardReport") -> Iterator[str]:
    revision = _revision(tip)
    yield click.style(f"Tip {tip.pk}: {revision.title}", bold=True)
    yield f"{tip.state.replace('_', ' ')} · {revision.topic} · revision {revision.number} by {revision.created_by}"
    if revision.author:
        yield f"vouched for by {revision.author}"
    yield ""
    basis = revision.provenances.select_related("document").order_by("corroborates", "pk")
    quotes = visible("\n\n".join(span.quote for span in basis if not span.corroborates))
    yield from _beside(revision.text, quotes)
    for span in basis:
        said = "says the same" if span.corroborates else "source"
        yield f"{said}: {visible(span.document.location)}, {span.start}–{span.end}"
    for label, value in _details(revision):
        yield f"{label}: {value}"
    yield from _findings(report)
    for review in revision.reviews.order_by("pk"):
        why = f": {review.reason or review.override_reason}" if review.reason or review.override_reason else ""
        yield f"{review.decision} by {review.decided_by}, {review.decided_at:%Y-%m-%d %H:%M} UTC{why}"
    yield ""


def _details(revision: "TipRevision") -> Iterator[tuple[str, object]]:
    fields = ("source_note", "link_url", "link_text", "picture_url", "picture_alt", "not_before", "not_after")
    for field in fields:
        if getattr(revision, field):
            yield field.removesuffix("_url").removesuffix("_note").replace("_", " "), getattr(revision, field)
    for edit in revision.edits:
        yield "edit", edit
    for flag in revision.flags:
        yield click.style("look", fg="yellow"), visible(flag)


def _findings(report: "GuardReport") -> Iterator[str]:
    if not report.findings:
        yield click.style("guard: nothing found", fg="green")
    for finding in report.findings:
        yield click.style(
            f"guard, {finding.verdict}: {finding.message}", fg="red" if finding.verdict == "block" else "yellow"
        )
        if finding.suggestion:
            yield textwrap.indent(textwrap.fill(f"better: {finding.suggestion}", _WIDTH), "  ")


def _beside(text: str, source: str, heads: tuple[str, str] = ("Text", "Source")) -> Iterator[str]:
    """The tip's text, and the source's words beside it where the terminal is wide enough, else below it."""
    columns = min(shutil.get_terminal_size().columns, 160)
    if not source or columns < _SIDE_BY_SIDE:
        yield from [heads[0], *_wrapped(text, _WIDTH), ""]
        yield from [heads[1], *_wrapped(source, _WIDTH), ""] if source else []
        return
    width = (columns - 3) // 2
    left, right = [heads[0], *_wrapped(text, width)], [heads[1], *_wrapped(source, width)]
    for number in range(max(len(left), len(right))):
        a, b = (side[number] if number < len(side) else "" for side in (left, right))
        yield f"{a:<{width}} │ {b}".rstrip()
    yield ""


def _wrapped(text: str, width: int) -> list[str]:
    return [line for part in text.split("\n") for line in textwrap.wrap(part, width) or [""]]


@command(tips, name="approve")
@ids_argument
@newsletter_option
@as_option
@click.option("--all-clean", is_flag=True, help="Every draft that neither the guard nor a flag speaks against.")
@click.option(
    "--override", "override_reason", default="", metavar="REASON", help="Approve what the guard blocks, and say why."
)
def approve(tip_ids: tuple[int, ...], slug: str | None, actor: str, all_clean: bool, override_reason: str) -> None:
    """Approve tips in your name, and queue them."""
    from pipeline.clock import utc_now
    from pipeline.editorial.actions import tips as actions

    chosen = list(dict.fromkeys((*tip_ids, *(_clean(pick_newsletter(slug)) if all_clean else ()))))
    if all_clean and not chosen:
        click.echo("No draft is free of findings and flags. See: run.py tips list --state draft")
        return

    def act(tip_id: int) -> str:
        review = actions.approve(tip_id=tip_id, now=utc_now(), actor=actor, override_reason=override_reason)
        overruled = ", overruling the guard" if review.override_reason else ""
        return f"approved by {review.decided_by}{overruled}, and queued"

    _each(_given(tuple(chosen)), act)


def _clean(newsletter: "Newsletter") -> list[int]:
    """The drafts against which nothing at all speaks; for each of the others, a line says that it is left."""
    from pipeline.editorial.claims import guard_revision, is_clean

    clean = []
    for tip in _select(newsletter, states=("draft", "in_review")):
        revision = _revision(tip)
        if is_clean(revision, guard_revision(revision)):
            clean.append(tip.pk)
        else:
            click.echo(f"tip {tip.pk}, {revision.title}: left for you to look at: run.py tips show {tip.pk}")
    return clean


@command(tips, name="reject")
@ids_argument
@click.option("--reason", required=True, help="Why; your colleagues will read it.")
@as_option
def reject(tip_ids: tuple[int, ...], reason: str, actor: str) -> None:
    """Say no to tips, and why. They leave the queue."""
    from pipeline.clock import utc_now
    from pipeline.editorial.actions import tips as actions

    def act(tip_id: int) -> str:
        review = actions.reject(tip_id=tip_id, reason=reason, now=utc_now(), actor=actor)
        return f"rejected by {review.decided_by}"

    _each(_given(tip_ids), act)


def _each(tip_ids: tuple[int, ...], act: Callable[[int], str]) -> None:
    """Do it for each tip; one that refuses gets its line, and the others go on. Exit code 1 if one refused."""
    refused = 0
    for tip_id in tip_ids:
        try:
            done = act(tip_id)
        except TipsheetError as error:
            refused += 1
            click.echo(f"tip {tip_id}: {error}", err=True)
        else:
            click.echo(f"tip {tip_id}, {_revision(_tip(tip_id)).title}: {done}")
    if refused:
        sys.exit(1)


@command(tips, name="export")
@newsletter_option
@state_option
@topic_option
@click.option(
    "--format", "form", type=click.Choice(["json", "csv", "markdown"]), default="json", show_default=True,
    help="What to write: for a program, for a spreadsheet, or for people.",
)  # fmt: skip
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file. Default: the screen.")
def export(slug: str | None, states: tuple[str, ...], topic: str | None, form: str, output: Path | None) -> None:
    """Export tips as JSON, as CSV (which `ingest` takes back), or as Markdown to read."""
    from pipeline.editorial import tip_export

    found = _select(pick_newsletter(slug), states=states, topic=topic)
    writers = {"json": tip_export.as_json, "csv": tip_export.as_csv, "markdown": tip_export.as_markdown}
    text = writers[form](found)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise SelectionError(f"{output} cannot be written: {error.strerror}. Name another file.") from error
    click.echo(f"{len(found)} tips written to {output}", err=True)


@command(tips, name="rewrite")
@click.argument("tip_id", type=int, metavar="ID")
@click.option("--accept", is_flag=True, help="Take the wording that is shown, as a new revision to be reviewed.")
@as_option
@json_option
def rewrite(tip_id: int, accept: bool, actor: str, as_json: bool) -> None:
    """Ask the rewriter for a smoother wording of a tip, and show it beside the tip's own.

    Needs a rewriter (rewriter_url, rewriter_model in docs/configuration.md). Its wording is only a proposal: it must
    pass the guard, keep to the source and be no longer, or the tip's own words stay.
    """
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.editorial.actions.rewrite import take_proposal
    from pipeline.editorial.proposals import as_data, propose
    from pipeline.editorial.rewriter import required_endpoint

    endpoint = required_endpoint(load_config())
    proposal = propose(_tip(tip_id), endpoint=endpoint)
    if as_json:
        click.echo(json.dumps(as_data(proposal), ensure_ascii=False, indent=2))
    else:
        for line in _proposal(proposal):
            click.echo(line)
    if accept:
        tip = take_proposal(proposal=proposal, now=utc_now(), actor=actor)
        number = _revision(_tip(tip_id)).number
        click.echo(f"Taken as revision {number} of tip {tip.pk}; it is {tip.state.replace('_', ' ')} now.", err=as_json)


def _proposal(proposal: "Proposal") -> Iterator[str]:
    yield from _beside(proposal.original, visible(proposal.text), ("The tip", f"Proposed by {proposal.model}"))
    if proposal.is_acceptable:
        yield click.style("Nothing found against it. To take it: run.py tips rewrite ID --accept", fg="green")
        return
    yield "The tip's own words stay, because of the proposal:"
    for reason in proposal.reasons:
        yield click.style(f"  {visible(reason)}", fg="yellow")
