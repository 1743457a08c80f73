"""`init`, `migrate`, `adopt`: what a workspace needs before it works."""

import re
import sys
import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from pipeline.cli.base import account_name, command, confirmed

FIRST_CONFIG = """\
# Settings of this Tipsheet workspace; docs/configuration.md lists them all, with their defaults.
# Secrets (passwords, keys) never stand here: they come from the environment.

# The address that readers reach this installation at; links in mails and feeds start with it.
# public_url = "https://newsletter.example"

# Who takes the mail: "outbox" writes .eml files to var/outbox/, "smtp" hands over to a server.
# provider = "smtp"
# smtp_host = "mail.example"
# smtp_user = "newsletter"
"""
ADVICE_NOTE = (
    "These tips are general information and no substitute for professional advice. "
    "Talk to a doctor or dermatologist about your own skin."
)


@command(name="init", database=False)
@click.option("--further", is_flag=True, help="Found a further newsletter beside those there are; give its --name.")
@click.option("--name", help="What readers know the newsletter by.")
@click.option("--slug", help="Its part of web addresses, such as skin-letter. Default: made from the name.")
@click.option("--tagline", help="A line below the name.")
@click.option("--sender-name", help="Who the mail is from. Default: the newsletter's name.")
@click.option("--sender-address", help="The address that the mail is from.")
@click.option("--reply-to", help="Where answers go, if not to the sender's address.")
@click.option("--postal-address", help="Your postal address: the law wants it in every issue.")
@click.option("--schedule", help="When an issue is due: 'every Tuesday and Friday at 9:00', a cron line or an RRULE.")
@click.option("--days", "weekdays", help="The days alone, without --schedule: MO,TU,WE,TH,FR,SA,SU.")
@click.option("--at", "local_time", help="The time of day alone, without --schedule, such as 09:00.")
@click.option("--zone", "time_zone", help="The time zone of that time, such as Europe/Berlin.")
@click.option("--tips", "tips_per_issue", type=click.IntRange(1, 50), help="How many tips an issue holds.")
@click.option("--language", help="The language of the newsletter's own wording: en or de.")
@click.option("--colour", "accent_colour", help="The brand's colour, such as #b4533c.")
@click.option(
    "--fonts", type=click.Choice(["house", "sans", "serif"]),
    help="The fonts of its mails: serifs in headings (house), nowhere (sans), throughout (serif).",
)  # fmt: skip
@click.option("--logo", "logo_url", help="The logo's https:// address.")
@click.option("--design", help="The design of its mails: digest, single or letter, or one of your own.")
@click.option("--utm-source", help="Its name in web statistics: links then carry UTM parameters. Empty: none.")
@click.option(
    "--count-clicks/--no-count-clicks",
    "counts_clicks",
    default=None,
    help="Whether clicks on its mails' links are counted, without person. Default: no.",
)
@click.option("--region", "claims_region", type=click.Choice(["us", "uk", "eu"]), help="Whose rules on claims hold.")
@click.option("--advice-note", help="The note on professional advice at the end of each issue.")
@click.option("--approval", type=click.Choice(["automatic", "required"]), help="Whether a person approves each issue.")
def init(*, further: bool, **given: Any) -> None:
    """Set up a workspace: folders, database, your newsletter.

    Asks for what it needs to know when you run it in a terminal; everything can be given as an option as well. Run it
    again to change what you name; the rest stays. Where there are several newsletters, --slug says which.
    """
    from pipeline.config import load_config
    from pipeline.editorial.models import Newsletter
    from pipeline.render.designs import find_design

    config = load_config()
    _make_folders(config.home)
    prepare_database()
    wanted = {name: value for name, value in given.items() if value is not None}
    if "design" in wanted:
        find_design(config.templates, wanted["design"])
    existing = list(Newsletter.objects.order_by("pk")[:2])
    if further and "name" not in wanted:
        raise click.UsageError("--further goes with --name: what the further newsletter is called.")
    if further or not existing:
        _found(wanted, config.public_url)
    elif wanted:
        _change(existing, wanted)
    else:
        click.echo(f"This workspace is set up already: {config.home}")


def _make_folders(home: Path) -> None:
    for name in ("tips/documents", "output"):
        (home / name).mkdir(parents=True, exist_ok=True)
    (home / "var").mkdir(mode=0o700, exist_ok=True)
    config_file = home / "tipsheet.toml"
    if not config_file.exists():
        config_file.write_text(FIRST_CONFIG, encoding="utf-8")


def _found(wanted: dict[str, Any], public_url: str) -> None:
    from pipeline.clock import utc_now
    from pipeline.editorial.actions.newsletters import create_newsletter

    asked = _ask(wanted) if sys.stdin.isatty() else wanted
    newsletter = create_newsletter(**_with_defaults(asked, public_url), now=utc_now(), actor=account_name())
    click.echo(f"Newsletter  {newsletter.name} ({newsletter.slug}), from {newsletter.sender_address}")
    click.echo(f"Schedule    {_schedule_words(newsletter)}")
    if first := _first_slot(newsletter):
        click.echo(f"First slot  {first}")
    if not newsletter.postal_address:
        click.echo('To do       the postal address, without which no issue goes out: run.py init --postal-address "…"')
    click.echo("Next        put documents into tips/documents/ and run: run.py ingest")


def _schedule_words(newsletter: Any) -> str:
    from pipeline.editorial.queries import rule_of
    from pipeline.editorial.recurrence_words import describe

    rule = rule_of(newsletter)
    return describe(rule) if rule is not None else "none"


def _first_slot(newsletter: Any) -> str:
    from pipeline.clock import utc_now
    from pipeline.editorial.timetables import coming_slots

    slot = next(coming_slots(newsletter, after=utc_now()), None)
    return f"{slot.local:%A %Y-%m-%d %H:%M %Z}, which is {slot.at_utc:%Y-%m-%d %H:%M} UTC" if slot else ""


def _ask(wanted: dict[str, Any]) -> dict[str, Any]:
    questions = {
        "name": ("What is the newsletter called?", "Tipsheet"),
        "sender_address": ("Which address is it sent from?", None),
        "postal_address": ("Your postal address, for the end of each issue:", None),
        "schedule": ("When is an issue due?", "every Tuesday at 9:00"),
        "time_zone": ("In which time zone?", "Europe/Berlin"),
    }
    answers = dict(wanted)
    if {"weekdays", "local_time"} & wanted.keys():
        del questions["schedule"]
    for name, (question, default) in questions.items():
        if name not in answers:
            answers[name] = click.prompt(question, default=default)
    return answers


def _with_defaults(wanted: dict[str, Any], public_url: str) -> dict[str, Any]:
    name = wanted.get("name", "Tipsheet")
    slug = wanted.get("slug") or slug_of(name)
    host = urlsplit(public_url).hostname or ""
    domain = host if "." in host and not host.replace(".", "").isdigit() else "newsletter.example"
    sender = wanted.get("sender_address", f"{slug}@{domain}")
    defaults = {
        "name": name,
        "slug": slug,
        "sender_name": name,
        "sender_address": sender,
        "list_id": f"{slug}.{sender.rpartition('@')[2]}",
        "reason": f"You get this because you subscribed to {name}.",
        "time_zone": "UTC",
        "advice_note": ADVICE_NOTE,
    }
    return defaults | wanted


def slug_of(name: str) -> str:
    """The part of a web address for a name: "The Skin Letter" is the-skin-letter."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "newsletter"


def _change(existing: list[Any], wanted: dict[str, Any]) -> None:
    from pipeline.cli.base import pick_newsletter
    from pipeline.clock import utc_now
    from pipeline.editorial.actions.newsletters import update_newsletter

    newsletter = existing[0] if len(existing) == 1 else pick_newsletter(wanted.get("slug"))
    changed = update_newsletter(newsletter=newsletter, changes=wanted, now=utc_now(), actor=account_name())
    click.echo(f"Changed: {', '.join(changed).replace('_', ' ')}" if changed else "Nothing to change.")


def _migrate() -> list[str]:
    """Run the pending migrations; returns their names."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    call_command("migrate", verbosity=0, interactive=False)
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def prepare_database() -> None:
    """Bring the database up to date; one that was made this moment belongs to this workspace, and may mail from it."""
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.delivery.actions import installation

    _migrate()
    installation.adopt_if_new(var=load_config().var, now=utc_now())


@command(name="migrate", database=False)
def migrate() -> None:
    """Bring the database up to date with this version of Tipsheet. Safe to run at any time."""
    from pipeline.config import load_config

    load_config().var.mkdir(mode=0o700, parents=True, exist_ok=True)
    done = _migrate()
    click.echo(f"Migrated: {', '.join(done)}" if done else "The database is up to date.")


@command(name="adopt")
@click.option("--yes", is_flag=True, help="Do not ask.")
def adopt(yes: bool) -> None:
    """Say that this database may mail, after a copy or a restore.

    A database that was copied or restored does not mail until a person has looked: what was sent since the copy was
    made is not in it, and would be sent again.
    """
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.delivery import installation
    from pipeline.publish.adoption import adopt as adopt_database

    config = load_config()
    if installation.agrees(config.var):
        click.echo("This database belongs to this workspace already; there is nothing to adopt.")
        return
    if not yes:
        confirmed("Does nothing else mail from a copy of this database, and is it up to date?")
    adopted = adopt_database(config=config, now=utc_now(), actor=account_name())
    click.echo("Adopted: this workspace mails from this database now.")
    if adopted.last_mailed_at is not None:
        click.echo(f"Known       what was mailed up to {adopted.last_mailed_at:%Y-%m-%d %H:%M} UTC")
    for key in adopted.paused:
        click.echo(f"Paused      {key}: look whether its readers were mailed already, then resume or cancel it.")
    for slug, number in adopted.held:
        click.echo(f"Held        {slug} issue {number}: look whether it went out already, then approve or cancel it.")
    for slug, slot in adopted.unknown_slots:
        click.echo(f"Unknown     {slug} {slot}: nothing is sent for it. If it had no issue: run.py publish --now")
