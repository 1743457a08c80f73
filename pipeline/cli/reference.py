"""`docs/commands.md`, made from the commands' own help."""

import click

from pipeline.cli import COMMANDS, main

WIDTH = 100


def commands_page() -> str:
    """Every command and subcommand with its help, as one Markdown page."""
    lines = [
        "# Commands",
        "",
        "Made from the commands' own help by `python docs/generate.py`; change it there.",
        "",
        "Every command takes `--home DIR` before its name (`run.py --home DIR status`) for another workspace.",
        "Exit codes: 0; 1 (a line on stderr says what is wrong and what to do); 2 (the command was called wrongly).",
        "",
    ]
    context = click.Context(main, info_name="run.py", terminal_width=WIDTH)
    for name in COMMANDS:
        found = main.get_command(context, name)
        if found is not None:
            lines += _entry(found, name, context, level=2)
    return "\n".join(lines).rstrip() + "\n"


def _entry(command: click.Command, name: str, parent: click.Context, *, level: int) -> list[str]:
    context = click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH)
    lines = [f"{'#' * level} {context.command_path.removeprefix('run.py ')}", "", "```"]
    lines += [line.rstrip() for line in command.get_help(context).splitlines()] + ["```", ""]
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            found = command.get_command(context, sub)
            if found is not None:
                lines += _entry(found, sub, context, level=level + 1)
    return lines
