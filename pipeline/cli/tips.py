"""`tips`: list, show, approve, reject, rewrite and export; correct and withdraw are in `corrections`, picture in
`tip_pictures`.
"""

import json
import sys
import textwrap
from collections.abc import Callable, Container
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.base import as_option, command, json_option, newsletter_option, pick_newsletter, visible
from pipeline.cli.corrections import correct, withdraw
from pipeline.cli.tip_pages import WIDTH, proposal_page, tip_page
from pipeline.cli.tip_pictures import picture
from pipeline.errors import TipsheetError

if TYPE_CHECKING:
    from pipeline.editorial.models import Newsletter, Tip, TipRevision

STATES = ("draft", "in_review", "approved", "queued", "published", "rejected", "withdrawn")

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
    """List, show, illustrate, approve, reject, correct, withdraw, rewrite and export tips."""


tips.add_command(picture)
tips.add_command(correct)
tips.add_command(withdraw)


@command(tips, name="list")
@newsletter_option
@state_option
@topic_option
@click.option("--search", metavar="WORDS", help="Only with these words in title or text.")
@click.option(
    "--needs-correction", is_flag=True, help="Only those that readers have and whose source does not say so any more."
)
@json_option
def list_tips(
    slug: str | None,
    states: tuple[str, ...],
    topic: str | None,
    search: str | None,
    needs_correction: bool,
    as_json: bool,
) -> None:
    """List tips with their state, newest last."""
    from pipeline.editorial.changed_sources import needing_correction, open_changes
    from pipeline.editorial.tip_export import as_data, with_details

    newsletter = pick_newsletter(slug)
    found = _select(newsletter, states=states, topic=topic, search=search)
    changes = needing_correction(newsletter) if needs_correction else open_changes(newsletter)
    if needs_correction:
        found = [tip for tip in found if tip.pk in changes]
    if as_json:
        answer = [
            as_data(tip) | {"source_changes": [str(c) for c in changes.get(tip.pk, ())]} for tip in with_details(found)
        ]
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    for tip in found:
        click.echo(_row(tip, needs_look=tip.pk in changes))
        for change in changes[tip.pk] if needs_correction else ():
            click.echo(textwrap.fill(visible(str(change)), WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 8))
    click.echo(_correction_line(found) if needs_correction else _count_line(found, changes))


def _correction_line(found: list["Tip"]) -> str:
    if not found:
        return "No published tip needs a correction: every source still says what it said."
    return (
        f"{len(found)} to correct. For each: run.py tips correct ID, run.py tips withdraw ID, "
        "or, where it still stands, run.py tips keep ID"
    )


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


def _row(tip: "Tip", *, needs_look: bool) -> str:
    revision = _revision(tip)
    mark = "!" if revision.flags or needs_look else " "
    return f"{tip.pk:>5} {mark} {tip.state.replace('_', ' '):<9}  {_cut(revision.topic, 24):<24}  {revision.title}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _count_line(found: list["Tip"], changes: Container[int]) -> str:
    if not found:
        return "No tips like that. Take some in: run.py ingest"
    counts = {state: sum(tip.state == state for tip in found) for state in STATES}
    listed = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in counts.items() if count)
    flagged = (
        " A ! marks what needs a closer look: run.py tips show ID."
        if any(_flagged(tip) or tip.pk in changes for tip in found)
        else ""
    )
    return f"{listed}.{flagged}"


def _flagged(tip: "Tip") -> bool:
    return bool(_revision(tip).flags)


def _revision(tip: "Tip") -> "TipRevision":
    from pipeline.editorial.revisions import current_revision

    return current_revision(tip)


@command(tips, name="show")
@ids_argument
@json_option
def show(tip_ids: tuple[int, ...], as_json: bool) -> None:
    """Show tips: the source beside the text, and what the claims guard says."""
    from pipeline.editorial.changed_sources import changes_of
    from pipeline.editorial.claims import as_stored, guard_revision
    from pipeline.editorial.tip_export import as_data

    found = [_tip(tip_id) for tip_id in _given(tip_ids)]
    if as_json:
        answer = [
            as_data(tip)
            | {
                "guard": as_stored(guard_revision(_revision(tip))),
                "source_changes": [str(change) for change in changes_of(_revision(tip))],
            }
            for tip in found
        ]
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    for tip in found:
        for line in tip_page(tip, _revision(tip), guard_revision(_revision(tip))):
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
        for line in proposal_page(proposal):
            click.echo(line)
    if accept:
        tip = take_proposal(proposal=proposal, now=utc_now(), actor=actor)
        number = _revision(_tip(tip_id)).number
        click.echo(f"Taken as revision {number} of tip {tip.pk}; it is {tip.state.replace('_', ' ')} now.", err=as_json)


@command(tips, name="keep")
@click.argument("tip_id", type=int, metavar="ID")
@click.option("--reason", required=True, help="Why it still stands; your colleagues will read it.")
@as_option
def keep(tip_id: int, reason: str, actor: str) -> None:
    """Say that a published tip still stands, though its source changed. Readers see no difference."""
    from pipeline.clock import utc_now
    from pipeline.editorial.actions.sources import keep as keep_tip

    review = keep_tip(tip_id=tip_id, reason=reason, now=utc_now(), actor=actor)
    click.echo(f"tip {tip_id}, {_revision(_tip(tip_id)).title}: still stands, says {review.decided_by}")
