"""`tips correct` and `tips withdraw`: what happens to a tip that readers have."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.base import as_option, command
from pipeline.errors import TipsheetError

if TYPE_CHECKING:
    from pipeline.editorial.wording_rules import Wording
    from pipeline.publish.output import OutputReport


class CorrectionInputError(TipsheetError):
    """It is not said what the correction is, or its file cannot be read."""


@command(name="correct")
@click.argument("tip_id", type=int, metavar="ID")
@click.option("--note", required=True, help="What was wrong, for readers to see.")
@click.option("--title", help="The new title.")
@click.option("--text", help="The new text, in Markdown.")
@click.option(
    "--text-file", type=click.Path(dir_okay=False, path_type=Path), help="A file that holds the new text (UTF-8)."
)
@click.option("--topic", help="Another topic.")
@click.option("--author", help="Who vouches for it now.")
@click.option("--link", "link_url", metavar="URL", help="The new link; '' for none.")
@click.option("--override", "override_reason", default="", metavar="REASON", help="Approve what the guard blocks.")
@as_option
def correct(
    tip_id: int,
    note: str,
    title: str | None,
    text: str | None,
    text_file: Path | None,
    topic: str | None,
    author: str | None,
    link_url: str | None,
    override_reason: str,
    actor: str,
) -> None:
    """Correct a published tip, in your name and with a note: in the archive and in every feed.

    What you do not name stays as it is. The mail that was sent stays as it was, and nobody is mailed again.
    """
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.publish.feeds import correct_tip

    changes = {
        "title": title, "text": _text(text, text_file), "topic": topic, "author": author, "link_url": link_url,
    }  # fmt: skip
    report = correct_tip(
        tip_id=tip_id,
        wording=_reworded(tip_id, {name: value for name, value in changes.items() if value is not None}),
        note=note,
        actor=actor,
        override_reason=override_reason,
        config=load_config(),
        now=utc_now(),
    )
    click.echo(f"tip {tip_id}: corrected by {actor}; {_shown(report)}")


@command(name="withdraw")
@click.argument("tip_id", type=int, metavar="ID")
@click.option("--reason", required=True, help="Why; where readers have the tip, they see it.")
@as_option
def withdraw(tip_id: int, reason: str, actor: str) -> None:
    """Take a tip out for good. Where readers have it, archive and feeds say that it no longer stands, and why."""
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.publish.feeds import withdraw_tip

    report = withdraw_tip(
        tip_id=tip_id, reason=reason, actor=actor, config=load_config(), now=utc_now(), tell=click.echo
    )
    click.echo(f"tip {tip_id}: withdrawn by {actor}; {_shown(report)}")


def _reworded(tip_id: int, changes: dict[str, Any]) -> "Wording":
    from pipeline.editorial.actions.lifecycle import UnknownTipError
    from pipeline.editorial.models import Tip
    from pipeline.editorial.revisions import wording_of

    tip = Tip.objects.select_related("revision").filter(pk=tip_id).first()
    if tip is None or tip.revision is None:
        raise UnknownTipError(f"There is no tip {tip_id}. See: run.py tips list")
    if not changes:
        raise CorrectionInputError("Say what is right: --title, --text, --text-file, --topic, --author or --link.")
    return dataclasses.replace(wording_of(tip.revision), **changes)


def _text(text: str | None, file: Path | None) -> str | None:
    if text is not None and file is not None:
        raise CorrectionInputError("Give the new text once: by --text or by --text-file.")
    if file is None:
        return text
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CorrectionInputError(f"{file} cannot be read as UTF-8 text: {error}. Name another file.") from error


def _shown(report: "OutputReport") -> str:
    if not report.written:
        return "readers never had it"
    return f"{len(report.written)} files of archive and feeds say so. Nobody was mailed."
