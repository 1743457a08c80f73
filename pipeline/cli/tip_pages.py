"""Tips on a terminal: one tip with its sources and findings, and a proposed wording beside the tip's own."""

import shutil
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from pipeline.cli.base import visible

if TYPE_CHECKING:
    from pipeline.derive.model import GuardReport
    from pipeline.editorial.models import Provenance, Tip, TipRevision
    from pipeline.editorial.proposals import Proposal

WIDTH = 88
_SIDE_BY_SIDE = 100  # columns that a terminal needs for two texts beside each other


def tip_page(tip: "Tip", revision: "TipRevision", report: "GuardReport") -> Iterator[str]:
    from pipeline.editorial.changed_sources import agreeing, changes_of
    from pipeline.editorial.tip_history import history

    yield click.style(f"Tip {tip.pk}: {revision.title}", bold=True)
    yield f"{tip.state.replace('_', ' ')} · {revision.topic} · revision {revision.number} by {revision.created_by}"
    if revision.author:
        yield f"vouched for by {revision.author}"
    yield ""
    basis = revision.provenances.select_related("document").order_by("corroborates", "pk")
    quotes = visible("\n\n".join(span.quote for span in basis if not span.corroborates))
    yield from _beside(revision.text, quotes)
    for span in basis:
        yield from _source(span)
    agreed = len(agreeing(revision))
    if agreed > 1:
        yield f"{agreed} documents say so"
    for change in changes_of(revision):
        yield click.style("look", fg="yellow") + f": {visible(str(change))}"
    for label, value in _details(revision):
        yield f"{label}: {value}"
    yield from _findings(report)
    for review in revision.reviews.order_by("pk"):
        why = f": {review.reason or review.override_reason}" if review.reason or review.override_reason else ""
        yield f"{review.decision} by {review.decided_by}, {review.decided_at:%Y-%m-%d %H:%M} UTC{why}"
    yield "history:"
    for step in history(tip):
        why = f": {visible(step.why)}" if step.why else ""
        yield f"  {step.at:%Y-%m-%d %H:%M} UTC  {step.what} by {visible(step.actor)}{why}"
    yield ""


def _source(span: "Provenance") -> Iterator[str]:
    """Where the words stand; those of a further source are shown, since they are not beside the text."""
    said = "says the same" if span.corroborates else "source"
    under = f", under {visible(' › '.join(span.heading_path))}" if span.heading_path else ""
    yield f"{said}: {visible(span.document.location)}, {span.start}–{span.end}{under}"
    if span.corroborates:
        yield from (f"  {line}" for line in _wrapped(f"“{visible(' '.join(span.quote.split()))}”", WIDTH - 2))


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
            yield textwrap.indent(textwrap.fill(f"better: {finding.suggestion}", WIDTH), "  ")


def _beside(text: str, source: str, heads: tuple[str, str] = ("Text", "Source")) -> Iterator[str]:
    """The tip's text, and the source's words beside it where the terminal is wide enough, else below it."""
    columns = min(shutil.get_terminal_size().columns, 160)
    if not source or columns < _SIDE_BY_SIDE:
        yield from [heads[0], *_wrapped(text, WIDTH), ""]
        yield from [heads[1], *_wrapped(source, WIDTH), ""] if source else []
        return
    width = (columns - 3) // 2
    left, right = [heads[0], *_wrapped(text, width)], [heads[1], *_wrapped(source, width)]
    for number in range(max(len(left), len(right))):
        a, b = (side[number] if number < len(side) else "" for side in (left, right))
        yield f"{a:<{width}} │ {b}".rstrip()
    yield ""


def _wrapped(text: str, width: int) -> list[str]:
    return [line for part in text.split("\n") for line in textwrap.wrap(part, width) or [""]]


def proposal_page(proposal: "Proposal") -> Iterator[str]:
    yield from _beside(proposal.original, visible(proposal.text), ("The tip", f"Proposed by {proposal.model}"))
    if proposal.is_acceptable:
        yield click.style("Nothing found against it. To take it: run.py tips rewrite ID --accept", fg="green")
        return
    yield "The tip's own words stay, because of the proposal:"
    for reason in proposal.reasons:
        yield click.style(f"  {visible(reason)}", fg="yellow")
