"""`staff`: who may log in to the studio."""

import getpass
import sys

import click

from pipeline.cli.base import account_name, command, json_option


@click.group(name="staff")
def staff() -> None:
    """Add people to the studio; reset a password."""


def _password_from_stdin(ask: bool) -> str | None:
    """A password that a person types, or that another program hands over; None when one is to be made up."""
    if not ask:
        return None
    return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _show(name: str, password: str, *, made_up: bool, as_json: bool) -> None:
    import json

    if as_json:
        click.echo(json.dumps({"name": name, "password": password if made_up else None}))
    elif made_up:
        click.echo(f"{name} logs in with the password  {password}\nIt is shown this once; nobody can read it later.")
    else:
        click.echo(f"{name} logs in with the password that you gave.")


@command(staff, name="add")
@click.argument("name")
@click.option("--password", "ask", is_flag=True, help="Type the password (or pipe it in); otherwise one is made up.")
@json_option
def add(name: str, ask: bool, as_json: bool) -> None:
    """Give NAME an account for the studio, and show its password once."""
    from pipeline.clock import utc_now
    from pipeline.web.staff_actions import add_staff

    password = add_staff(name=name, password=_password_from_stdin(ask), actor=account_name(), now=utc_now())
    _show(name, password, made_up=not ask, as_json=as_json)


@command(staff, name="reset")
@click.argument("name")
@click.option("--password", "ask", is_flag=True, help="Type the password (or pipe it in); otherwise one is made up.")
@json_option
def reset(name: str, ask: bool, as_json: bool) -> None:
    """Give NAME a new password, and show it once. Wherever NAME is logged in, that ends."""
    from pipeline.clock import utc_now
    from pipeline.web.staff_actions import reset_staff

    password = reset_staff(name=name, password=_password_from_stdin(ask), actor=account_name(), now=utc_now())
    _show(name, password, made_up=not ask, as_json=as_json)
