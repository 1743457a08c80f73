"""What every command shares: how errors are shown, and how Django is set up.

`@command()` makes a Click command whose TipsheetError becomes one line on stderr and exit code 1; so do a full disk, a
file that may not be written and a database that refuses (`faults.py`). With
`database=True` (the default) Django is set up before the body runs, and a database whose migrations are pending
refuses with the command to run.
"""

import functools
import getpass
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

import click

from pipeline.cli.faults import machine_faults, said_plainly
from pipeline.errors import TipsheetError

if TYPE_CHECKING:
    from pipeline.editorial.models import Newsletter


class PendingMigrationsError(TipsheetError):
    """The database is older, or newer, than this version of the program."""


class NewsletterChoiceError(TipsheetError):
    """It is not clear which newsletter is meant."""


def setup(*, database: bool = True) -> None:
    """Set Django up for the workspace that PIPELINE_HOME names; check that the database is up to date."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pipeline.settings")
    import django

    django.setup()
    if database:
        refuse_pending_migrations()


def refuse_pending_migrations() -> None:
    """Raise PendingMigrationsError unless every migration of this version has run."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.loader.applied_migrations:
        raise PendingMigrationsError("This workspace has no database yet. Run: run.py init")
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise PendingMigrationsError("The database is older than this version of Tipsheet. Run: run.py migrate")


def shows_errors(function: Callable[..., Any]) -> Callable[..., Any]:
    """Print a TipsheetError, or a fault of the machine, as one line on stderr and exit 1."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except TipsheetError as error:
            refuse(str(error))
        except machine_faults() as error:
            line = said_plainly(error)
            if line is None:
                raise
            refuse(line)

    return wrapper


def refuse(message: str) -> NoReturn:
    """Say on one line of stderr what is wrong, and end with exit code 1."""
    click.echo(f"Error: {' '.join(message.split())}", err=True)
    sys.exit(1)


def command(
    group: click.Group | None = None, *, database: bool = True, django: bool = True, **attributes: Any
) -> Callable[[Callable[..., Any]], click.Command]:
    """A Click command, alone or in a group, with the project's manners. `django=False` for one that needs neither."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        @functools.wraps(function)
        def body(*args: Any, **kwargs: Any) -> Any:
            if django:
                setup(database=database)
            return function(*args, **kwargs)

        factory = group.command if group is not None else click.command
        made: click.Command = factory(**attributes)(shows_errors(body))
        return made

    return decorate


newsletter_option = click.option("--newsletter", "slug", metavar="SLUG", help="Which newsletter, if there are several.")


def pick_newsletter(slug: str | None) -> "Newsletter":
    """The newsletter with this slug; without one, the only newsletter there is. Raises NewsletterChoiceError."""
    from pipeline.editorial.models import Newsletter

    newsletters = {newsletter.slug: newsletter for newsletter in Newsletter.objects.order_by("slug")}
    if not newsletters:
        raise NewsletterChoiceError("There is no newsletter yet. Run: run.py init")
    if slug is None and len(newsletters) == 1:
        return next(iter(newsletters.values()))
    names = ", ".join(newsletters)
    if slug is None:
        raise NewsletterChoiceError(f"There are several newsletters: {names}. Say which: --newsletter SLUG")
    if slug not in newsletters:
        raise NewsletterChoiceError(f"There is no newsletter '{slug}'. There is: {names}")
    return newsletters[slug]


json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for a program to read.")


def account_name() -> str:
    """The name of the account that runs the command: in whose name things are done, unless `--as` says another."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        return "operator"


def _name_given(ctx: click.Context, param: click.Parameter, value: str) -> str:  # noqa: ARG001 - click's signature
    name = " ".join(value.split())
    if not name or len(name) > 150 or not name.isprintable():
        raise click.BadParameter("write a name of up to 150 characters that can be read.")
    return name


as_option = click.option(
    "--as",
    "actor",
    metavar="NAME",
    default=account_name,
    callback=_name_given,
    help="In whose name. Default: your own.",
)


def visible(text: str) -> str:
    """`text` without the characters that a terminal would obey: a document's words may hold escape sequences."""
    return "".join(character if character.isprintable() or character == "\n" else "�" for character in text)


def confirmed(question: str) -> None:
    """Go on only if a person says yes. A program that cannot answer is told of `--yes`."""
    try:
        agreed = click.confirm(question)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise click.UsageError("Nothing was done, for nobody answered. To go on without a question: --yes") from None
    if not agreed:
        raise click.Abort
