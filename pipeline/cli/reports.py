"""`status`, `doctor`, `verify`: how it stands, what to mend, and whether it all agrees."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.base import command, json_option, newsletter_option, pick_newsletter, setup, visible

if TYPE_CHECKING:
    from pipeline.publish.findings import DoctorFinding
    from pipeline.publish.status import NewsletterStatus


@command(name="status")
@json_option
def status(as_json: bool) -> None:
    """What is queued, what is next, and the sums of what was sent."""
    from pipeline.clock import utc_now
    from pipeline.editorial.models import Newsletter
    from pipeline.publish.status import newsletter_status

    now = utc_now()
    standings = [newsletter_status(newsletter, now=now) for newsletter in Newsletter.objects.order_by("pk")]
    if as_json:
        click.echo(json.dumps([asdict(standing) for standing in standings], default=str))
        return
    if not standings:
        click.echo("There is no newsletter yet. Run: run.py init")
    for standing in standings:
        _show(standing)
    _show_mail()


def _show_mail() -> None:
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.delivery import providers
    from pipeline.publish.deliveries import in_doubt

    config = load_config()
    if config.provider in providers.available():
        click.echo(f"Mail goes by {config.provider}. {providers.traits(config.provider).guarantee}")
    if doubtful := sum(batch.count for batch in in_doubt(config=config, now=utc_now())):
        click.echo(f"{doubtful} deliveries are in doubt. See: run.py deliveries list")


def _show(standing: "NewsletterStatus") -> None:
    click.echo(f"{standing.name} ({standing.slug})")
    slot = standing.next_slot
    if slot is None:
        click.echo(f"  next slot    none: {'the schedule is paused' if not standing.end_note else 'see below'}")
    else:
        click.echo(f"  next slot    {slot.local:%A %Y-%m-%d %H:%M %Z}, which is {slot.at_utc:%H:%M} UTC")
    if standing.end_note:
        click.echo(f"  schedule     {standing.end_note}")
    held = f", {standing.held} held back" if standing.held else ""
    click.echo(f"  queue        {standing.queued} tips{held}")
    click.echo(f"  tips         {_counts(standing.tips)}")
    if standing.to_correct:
        numbers = ", ".join(map(str, standing.to_correct))
        click.echo(f"  to correct   {numbers}: their source changed. See: run.py tips list --needs-correction")
    click.echo(f"  subscribers  {_counts(standing.subscriptions)}")
    for issue in standing.issues:
        click.echo(f"  issue {issue.number:<6} {issue.state}, {issue.slot_at:%Y-%m-%d %H:%M} UTC: {issue.subject}")
        if issue.sums is not None:
            click.echo(f"               {issue.sums.describe()}")
        if issue.local_wait is not None:
            click.echo(f"               {issue.local_wait.describe()}")
        if issue.warming_up:
            click.echo(f"               {issue.warming_up} wait for another day, while the sending domain is new")
        if issue.held_reason:
            click.echo(f"               {issue.held_reason}")


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in counts.items()) or "none"


@command(name="doctor", database=False)
@click.option("--mail", "address", metavar="ADDRESS", help="Send one short mail there, to see how it arrives.")
@click.option(
    "--received", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="Read such a mail, saved as a file with all of its headers.",
)  # fmt: skip
@newsletter_option
@json_option
def doctor(address: str | None, received: Path | None, slug: str | None, as_json: bool) -> None:
    """Check the workspace and say what to mend. Exit code 1 if something must be mended before mail can leave.

    With --mail and --received it looks at what becomes of your mail on its way: whether it is signed, by whom, and
    whether the signature covers what lets readers leave with one click.
    """
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.publish.doctor import examine
    from pipeline.publish.mail_check import read_received, send_check

    if address is not None:
        setup()
        click.echo(send_check(pick_newsletter(slug), address=address, config=load_config(), clock=utc_now))
        return
    findings = list(
        examine(config=load_config(), now=utc_now()) if received is None else read_received(received.read_bytes())
    )
    _show_findings(findings, as_json=as_json)


def _show_findings(findings: "list[DoctorFinding]", *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            mark = {"good": "ok  ", "note": "note", "bad": "BAD "}[finding.grade]
            click.echo(visible(f"{mark}  {finding.subject}: {finding.message}"))
            if finding.remedy:
                click.echo(f"      → {finding.remedy}")
    if any(finding.grade == "bad" for finding in findings):
        sys.exit(1)


@command(name="verify")
@json_option
def verify(as_json: bool) -> None:
    """Prove that feeds, archive and mail say the same. Exit code 1 if anything does not hold.

    Parses the files under output/ and the mails in the outbox, and compares them with what was frozen.
    """
    from pipeline.config import load_config
    from pipeline.publish.verify import verify as run_checks

    checks = list(run_checks(config=load_config()))
    if as_json:
        click.echo(json.dumps([asdict(check) for check in checks]))
    else:
        for check in checks:
            click.echo(f"{'ok ' if check.holds else 'BAD'}  {check.subject}: {check.problem or check.statement}")
        click.echo(f"{sum(check.holds for check in checks)} of {len(checks)} statements hold.")
    if not all(check.holds for check in checks):
        sys.exit(1)
