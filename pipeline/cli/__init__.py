"""The commands. This module knows their names alone, so that `--help` and `--version` need nothing else loaded."""

import os
from importlib import import_module
from pathlib import Path

import click

# name → (module below pipeline.cli, attribute, one line of help)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "demo": ("demo", "demo", "See the whole product work on sample documents; needs no account and no key."),
    "init": ("workspace", "init", "Set up a workspace: folders, database, your newsletter."),
    "derive": ("derive", "derive", "Show the tips that documents hold; nothing is stored."),
    "guard": ("guard", "guard", "Check texts against their sources: does one say more than the other?"),
    "duplicates": ("guard", "duplicates", "Say which pairs of tips give the same advice."),
    "ingest": ("ingest", "ingest", "Take documents, URLs and hand-written tips in, as drafts."),
    "tips": ("tips", "tips", "List, show, approve, reject, correct and export tips."),
    "queue": ("queue", "queue", "See and arrange what goes out next."),
    "schedule": ("schedules", "schedule", "See and change when issues are due: days off, pauses, one-offs."),
    "plan": ("plan", "plan", "Show what goes out in the coming weeks, and when topics run dry."),
    "preview": ("issues", "preview", "Look at the next issue, as mail and as text; nothing is sent."),
    "preflight": ("preflight", "preflight", "Say what would go wrong with the next issue at its readers."),
    "send-test": ("issues", "send_test", "Send the next issue to one address, to look at it there."),
    "publish": ("issues", "publish", "Send and publish what is due, or the next issue now."),
    "issues": ("issues", "issues", "List, show, change, approve, pause and cancel issues."),
    "rules": ("rules", "rules", "See and change what a newsletter's staff decide once."),
    "welcome": ("rules", "welcome", "What new readers are given, and at what pace."),
    "alerts": ("rules", "alerts", "What the staff were told of, and whether it arrived."),
    "deliveries": ("deliveries", "deliveries", "See what mail is in doubt or held, and settle it."),
    "providers": ("deliveries", "providers", "See each mail provider's limits and guarantees."),
    "rehearse": ("rehearse", "rehearse", "Try the next issue out under faults and kills; nobody is mailed."),
    "feeds": ("feeds", "feeds", "Make the pages and feeds again that the world reads."),
    "subscribers": ("subscribers", "subscribers", "Add, import, export and erase subscribers."),
    "bounces": ("bounces", "bounces", "Read bounces and complaints; lift a stop for complaints."),
    "staff": ("staff", "staff", "Add people to the studio; reset a password."),
    "serve": ("serve", "serve", "Run it all: the web pages and the ticks, until you stop it."),
    "tick": ("serve", "tick", "Look once for work that is due, do it, and end."),
    "migrate": ("workspace", "migrate", "Bring the database up to date with this version."),
    "adopt": ("workspace", "adopt", "Say that this database may mail, after a copy or a restore."),
    "status": ("reports", "status", "What is queued, what is next, and the sums of what was sent."),
    "doctor": ("reports", "doctor", "Check the workspace and say what to mend."),
    "verify": ("reports", "verify", "Prove that feeds, archive and mail say the same."),
}


class LazyGroup(click.Group):
    """Loads a command's module when it is run, or when its own help is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"pipeline.cli.{module}"), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001 - click's signature
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"tipsheet {version('tipsheet')}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="The workspace to work in: the folder with tips/, output/ and var/. Default: PIPELINE_HOME, or here.",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Say the version.")
def main(home: Path | None) -> None:
    """Tipsheet: tips from your documents, published as a newsletter and as feeds.

    \b
    A first look:     run.py demo
    A working week:   run.py ingest FILE · run.py tips list · run.py tips approve 1 2 3 · run.py publish --now
    """
    if home is not None:
        os.environ["PIPELINE_HOME"] = str(home.expanduser().resolve())
