"""`subscribers`: add, import, export and erase the people who are mailed."""

import csv
import io
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from pipeline.cli.base import account_name, command, confirmed, json_option, newsletter_option, pick_newsletter
from pipeline.errors import TipsheetError

if TYPE_CHECKING:
    from pipeline.audience.actions import ImportReport
    from pipeline.audience.csv_files import RefusedRow

REFUSED_SHOWN = 20
STAFF_WORDING = "Added by staff, who hold this reader's consent."


class UnknownSubscriberError(TipsheetError):
    """Nobody with this address is known."""


class ExportFileError(TipsheetError):
    """The file for the export cannot be written."""


@click.group(name="subscribers")
def subscribers() -> None:
    """Add, import, export and erase subscribers.

    \b
    One person:      run.py subscribers add ada@example.com --name Ada
    A list:          run.py subscribers import people.csv --source "paper forms, spring fair" \\
                       --consent-date 2026-03-14 --wording "Send me tips by email" --dry-run
    """


@command(subscribers, name="add")
@click.argument("address")
@click.option("--name", default="", help="What mails greet this reader by.")
@click.option("--source", default="added at the command line", show_default=True, help="Where they said yes.")
@click.option("--wording", default=STAFF_WORDING, show_default=True, help="The words that they said yes to.")
@newsletter_option
@json_option
def add(address: str, name: str, source: str, wording: str, slug: str | None, as_json: bool) -> None:
    """Add ADDRESS, whose consent you hold; it gets the next issue.

    Somebody who left, or reported a mail as spam, is not brought back: only they can do that, by the form.
    """
    from pipeline.audience import actions
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.publish.confirmations import parse_address

    newsletter = pick_newsletter(slug)
    subscription, is_new = actions.add_subscriber(
        mailing_list=newsletter.mailing_list,
        address=parse_address(address, config=load_config()),
        name=name,
        source=source,
        wording=wording,
        now=utc_now(),
        actor=account_name(),
    )
    known = str(subscription.subscriber.address)
    if as_json:
        click.echo(json.dumps({"address": known, "newsletter": newsletter.slug, "added": is_new}))
    elif is_new:
        click.echo(f"{known} gets {newsletter.name} from now on.")
    else:
        click.echo(f"{known} gets {newsletter.name} already; nothing changed.")


@command(subscribers, name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="Where these people said yes, such as 'paper forms, spring fair'.")
@click.option("--consent-date", required=True, type=click.DateTime(["%Y-%m-%d"]), help="When they did: YYYY-MM-DD.")
@click.option("--wording", required=True, help="The words that they said yes to.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option(
    "--report", "report_file", type=click.Path(dir_okay=False, path_type=Path), help="Write refused rows here."
)
@newsletter_option
@json_option
def import_file(
    file: Path,
    source: str,
    consent_date: datetime,
    wording: str,
    dry_run: bool,
    report_file: Path | None,
    slug: str | None,
    as_json: bool,
) -> None:
    """Import the people in the CSV FILE, whose consent you hold.

    The first line names the columns; 'email' is needed, 'name' is taken. Whoever is there already is left as they
    are, so that an import can be run again. Suppressed addresses and people who left are refused.
    """
    from pipeline.audience import actions
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.publish.confirmations import takes_unicode_mailboxes

    newsletter = pick_newsletter(slug)
    proof = actions.ConsentProof(source=source, given_at=consent_date.replace(tzinfo=UTC), wording=wording)
    with file.open("rb") as stream, _progress(file.stat().st_size, hidden=as_json) as bar:
        report = actions.import_csv(
            file=stream,
            mailing_list=newsletter.mailing_list,
            proof=proof,
            now=utc_now(),
            actor=account_name(),
            dry_run=dry_run,
            unicode_mailboxes=takes_unicode_mailboxes(load_config()),
            progress=lambda _: bar.update(stream.tell() - bar.pos),
        )
    if report_file is not None:
        _write_report(report_file, report.refused)
    _show(report, dry_run=dry_run, as_json=as_json, report_file=report_file)


def _progress(size_bytes: int, *, hidden: bool) -> Any:
    silent = hidden or not sys.stderr.isatty()
    return click.progressbar(length=size_bytes, label="Importing", file=io.StringIO() if silent else sys.stderr)


def _show(report: "ImportReport", *, dry_run: bool, as_json: bool, report_file: Path | None) -> None:
    if as_json:
        refused = [{"line": row.line, "reason": row.reason, "typed": row.typed} for row in report.refused]
        counts = {"rows": report.rows, "added": report.added, "unchanged": report.unchanged}
        click.echo(json.dumps({"dry_run": dry_run, **counts, "refused": refused}))
        return
    would = "would be " if dry_run else ""
    click.echo(f"{report.rows:>9,} rows read")
    click.echo(f"{report.added:>9,} {would}added")
    click.echo(f"{report.unchanged:>9,} there already")
    click.echo(f"{len(report.refused):>9,} {would}refused")
    for row in report.refused[:REFUSED_SHOWN]:
        click.echo(f"  line {row.line}: {row.reason}")
    more = len(report.refused) - REFUSED_SHOWN
    if more > 0 and report_file is None:
        click.echo(f"  … and {more:,} more: --report FILE writes them all")
    if report_file is not None:
        click.echo(f"Refused rows: {report_file}")
    if dry_run:
        click.echo("Nothing was written. Run it again without --dry-run to import.")


def _write_report(path: Path, refused: "Sequence[RefusedRow]") -> None:
    from pipeline.audience.csv_files import quoted

    with _private_file(path) as file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason", "typed"])
        writer.writerows([row.line, quoted(row.reason), quoted(row.typed)] for row in refused)


@command(subscribers, name="export")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@newsletter_option
@json_option
def export(file: Path | None, slug: str | None, as_json: bool) -> None:
    """Export everyone, with the consent that each subscription rests on, as CSV.

    Into FILE (readable by you alone), or to the screen without one.
    """
    from pipeline.audience import actions
    from pipeline.clock import utc_now

    if as_json and file is None:
        raise click.UsageError("--json says what was written to a file: name the FILE")
    newsletter = pick_newsletter(slug)
    pieces = actions.export_csv(mailing_list=newsletter.mailing_list, now=utc_now(), actor=account_name())
    if file is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    with _private_file(file) as stream:
        stream.writelines(pieces)
    count = newsletter.mailing_list.subscriptions.count()
    if as_json:
        click.echo(json.dumps({"file": str(file), "newsletter": newsletter.slug, "subscriptions": count}))
    else:
        click.echo(f"{count:,} subscriptions of {newsletter.name}: {file}")


def _private_file(path: Path) -> TextIO:
    """A new file that its owner alone can read: it holds addresses. One that is there is replaced."""
    try:
        path.unlink(missing_ok=True)
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="")
    except OSError as error:
        raise ExportFileError(f"{path} cannot be written: {error.strerror}. Name another file.") from error


@command(subscribers, name="erase")
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def erase(address: str, yes: bool, as_json: bool) -> None:
    """Forget the person with ADDRESS, in every newsletter. This cannot be undone.

    Address, name, subscriptions and consents go, and so do the outbox's copies of mails to them. A keyed hash stays,
    so that no import brings the address back.
    """
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.publish.erasure import erase_address

    if not yes:
        confirmed(f"Erase {address} for good?")
    copies = erase_address(address=address, config=load_config(), now=utc_now(), actor=account_name())
    if copies is None:
        raise UnknownSubscriberError(f"Nobody with the address {address} is known; nothing was erased.")
    if as_json:
        click.echo(json.dumps({"erased": True, "outbox_copies_removed": copies}))
    else:
        click.echo(f"Erased. Copies of mails removed from the outbox: {copies}")
