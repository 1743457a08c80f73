"""`issues edit`, `swap`, `add`, `remove`, `suggest`: changing an issue before it is sent."""

from typing import TYPE_CHECKING

import click

from pipeline.cli.base import as_option, command, newsletter_option
from pipeline.errors import TipsheetError

if TYPE_CHECKING:
    from pipeline.editorial.models import Issue

number_argument = click.argument("number", type=int)
tip_argument = click.argument("tip_id", type=int, metavar="TIP")


class NothingGivenError(TipsheetError):
    """A command that changes something was given nothing to change."""


def add_to(group: click.Group) -> None:
    """Put these commands among the group's own."""
    for each in (edit, swap, add, remove, suggest):
        group.add_command(each)


def _issue(slug: str | None, number: int) -> "Issue":
    from pipeline.cli.issues import issue_numbered

    return issue_numbered(slug, number)


def _said(issue: "Issue", what: str) -> None:
    issue.refresh_from_db()
    again = " It needs approval." if issue.state in {"composed", "held"} else ""
    click.echo(f"Issue {issue.number}: {what}.{again}")


@command(name="edit")
@number_argument
@click.option("--subject", help="The subject line.")
@click.option("--preheader", help="What inboxes show behind the subject.")
@click.option("--intro", help="What stands before the tips, as Markdown; '' takes it away.")
@newsletter_option
@as_option
def edit(
    number: int, subject: str | None, preheader: str | None, intro: str | None, slug: str | None, actor: str
) -> None:
    """Change what is said around the tips of issue NUMBER. An approved issue needs approval again."""
    from pipeline.clock import utc_now
    from pipeline.editorial.actions import issues as actions

    if subject is None and preheader is None and intro is None:
        raise NothingGivenError("Say what to change: --subject, --preheader or --intro.")
    found = _issue(slug, number)
    actions.edit(issue_id=found.pk, subject=subject, preheader=preheader, intro=intro, now=utc_now(), actor=actor)
    _said(found, "changed")


@command(name="swap")
@number_argument
@click.argument("out_tip", type=int)
@click.argument("in_tip", type=int)
@newsletter_option
@as_option
def swap(number: int, out_tip: int, in_tip: int, slug: str | None, actor: str) -> None:
    """Put IN_TIP, from the queue or published before, in the place of OUT_TIP in issue NUMBER."""
    from pipeline.clock import utc_now
    from pipeline.editorial.actions import issues as actions

    found = _issue(slug, number)
    actions.swap(issue_id=found.pk, out_tip_id=out_tip, in_tip_id=in_tip, now=utc_now(), actor=actor)
    _said(found, f"tip {in_tip} is in the place of tip {out_tip}")


@command(name="add")
@number_argument
@tip_argument
@newsletter_option
@as_option
def add(number: int, tip_id: int, slug: str | None, actor: str) -> None:
    """Put TIP, from the queue or published before, at the end of issue NUMBER."""
    from pipeline.clock import utc_now
    from pipeline.editorial.actions import issues as actions

    found = _issue(slug, number)
    actions.add_tip(issue_id=found.pk, tip_id=tip_id, now=utc_now(), actor=actor)
    _said(found, f"tip {tip_id} is in it")


@command(name="remove")
@number_argument
@tip_argument
@newsletter_option
@as_option
def remove(number: int, tip_id: int, slug: str | None, actor: str) -> None:
    """Take TIP out of issue NUMBER; it goes back to the head of the queue."""
    from pipeline.clock import utc_now
    from pipeline.editorial.actions import issues as actions

    found = _issue(slug, number)
    actions.remove_tip(issue_id=found.pk, tip_id=tip_id, now=utc_now(), actor=actor)
    _said(found, f"tip {tip_id} is out of it")


@command(name="suggest")
@number_argument
@newsletter_option
def suggest(number: int, slug: str | None) -> None:
    """Say what the subject and the preheader of issue NUMBER could be: words of its tips, never invented ones."""
    from pipeline.editorial.queries import suggestions

    found = suggestions(_issue(slug, number))
    for name, lines in (("Subjects", found.subjects), ("Preheaders", found.preheaders)):
        click.echo(name)
        for line in lines:
            click.echo(f"  {line}")
