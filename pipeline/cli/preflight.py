"""`preflight`: what would go wrong with an issue at its readers, said before anybody approves it."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from pipeline.cli.base import command, json_option, newsletter_option, pick_newsletter, visible
from pipeline.errors import TipsheetError

if TYPE_CHECKING:
    from pipeline.publish.issues import Look
    from pipeline.publish.link_check import LinkState


class BlockedError(TipsheetError):
    """Preflight blocks the issue."""


@command(name="preflight")
@click.argument("number", type=int, required=False)
@click.option("--links", "ask_links", is_flag=True, help="Follow each link to another site as well; this takes time.")
@newsletter_option
@json_option
def preflight(number: int | None, ask_links: bool, slug: str | None, as_json: bool) -> None:
    """Check the next issue, or issue NUMBER: the mail, its links, its claims. Stores nothing.

    Exits with 1 when something blocks. Each finding names the place and what to do.
    """
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.publish.issues import look_at, look_at_next
    from pipeline.publish.link_check import check_links

    newsletter, config = pick_newsletter(slug), load_config()
    if number is None:
        look = look_at_next(newsletter, config=config, now=utc_now())
    else:
        from pipeline.cli.issues import issue_numbered

        look = look_at(issue_numbered(slug, number), config=config)
    links = list(check_links(look.content, look.rendered)) if ask_links else []
    if as_json:
        click.echo(json.dumps(_data(look, links)))
    else:
        _show(look, links)
    if look.is_blocked:
        count = sum(finding.blocks for finding in look.findings)
        raise BlockedError(f"Issue {look.number} cannot go out yet: {count} finding{'s' if count > 1 else ''} above.")


def _data(look: "Look", links: "list[LinkState]") -> dict[str, object]:
    return {
        "number": look.number,
        "subject": look.content.subject,
        "html_bytes": look.rendered.html_bytes,
        "blocked": look.is_blocked,
        "findings": [asdict(finding) for finding in look.findings],
        "links": [asdict(link) for link in links],
    }


def _show(look: "Look", links: "list[LinkState]") -> None:
    click.echo(visible(f"Issue {look.number}: {look.content.subject} ({look.rendered.html_bytes:,} bytes of HTML)"))
    for finding in look.findings:
        click.echo(visible(f"\n{finding.severity.capitalize():<9} {finding.place}\n          {finding.message}"))
        click.echo(visible(f"          → {finding.remedy}"))
        if finding.may_override:
            click.echo(f"          or answer for it: run.py issues approve {look.number} --override REASON")
    if not look.findings:
        click.echo("Nothing to mend.")
    for link in links:
        click.echo(visible(f"\n{'Link' if not link.problem else 'No answer':<9} {link.url}\n          {link.words}"))
        if link.problem:
            click.echo(visible(f"          {link.problem}"))
