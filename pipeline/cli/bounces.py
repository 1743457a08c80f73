"""`bounces`: what comes back by mail, and how the newsletters stand with it."""

import json
import sys

import click

from pipeline.cli.base import as_option, command, json_option, newsletter_option, pick_newsletter


@click.group(name="bounces")
def bounces() -> None:
    """Read bounces and complaints that come by mail; see and lift a stop for complaints.

    \b
    A maildir or an IMAP folder:  run.py bounces read      (bounce_mailbox in the configuration)
    From a mail server's alias:   bounces: "|run.py bounces read -"
    """


@command(bounces, name="read")
@click.argument("place", required=False)
@json_option
def read(place: str | None, as_json: bool) -> None:
    """Read what came back, and see to it that who is gone or complained is not mailed again.

    PLACE is a maildir, an imaps:// address, or - for one mail on standard input; without it, the mailbox of the
    configuration. A report is marked as read; other mails are left as they are. Reading one twice changes nothing.
    """
    from dataclasses import asdict

    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.publish import bounces as publish

    config, now = load_config(), utc_now()
    if place == "-":
        seen = publish.read_one(sys.stdin.buffer.read(), config=config, now=now)
    elif place:
        seen = publish.read_from(place, config=config, now=now)
    else:
        seen = publish.read_configured(config=config, now=now)
    if as_json:
        click.echo(json.dumps(asdict(seen)))
        return
    click.echo(f"{seen.reports} reports, {seen.new} of them new; {seen.others} other mails left as they are.")
    if seen.applied.suppressed or seen.applied.settled:
        click.echo(f"{seen.applied.suppressed} addresses suppressed, {seen.applied.settled} deliveries settled.")
    for line in seen.applied.alerts:
        click.echo(line)


@command(bounces, name="list")
@json_option
def list_standings(as_json: bool) -> None:
    """How each newsletter stands: bounces and complaints of the last 30 days."""
    from dataclasses import asdict

    from pipeline.clock import utc_now
    from pipeline.editorial.models import Newsletter
    from pipeline.publish.bounces import standings

    rows = standings(Newsletter.objects.order_by("slug"), now=utc_now())
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], default=str))
        return
    for row in rows:
        click.echo(
            f"{row.newsletter}: {row.accepted:,} accepted, {row.hard_bounces} hard and {row.soft_bounces} soft "
            f"bounces, {row.complaints} complaints ({row.complaint_rate:.2%})"
        )
        if row.stopped_at:
            click.echo(f"  Stopped {row.stopped_at:%Y-%m-%d %H:%M} UTC. To go on: run.py bounces lift")


@command(bounces, name="lift")
@newsletter_option
@as_option
def lift(slug: str | None, actor: str) -> None:
    """Let a newsletter be mailed again that was stopped for complaints. Find out first why they complained."""
    from pipeline.clock import utc_now
    from pipeline.delivery.actions.events import lift_stop

    newsletter = pick_newsletter(slug)
    lift_stop(mailing_list=newsletter.mailing_list, now=utc_now(), actor=actor)
    click.echo(f"{newsletter.name} may be mailed again. An issue that was held: run.py issues resume NUMBER")
