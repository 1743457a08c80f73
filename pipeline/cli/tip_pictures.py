"""`tips picture`: give a tip a picture, or take it out."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.base import as_option, command

if TYPE_CHECKING:
    from pipeline.editorial.wording_rules import Wording


@command(name="picture")
@click.argument("tip_id", type=int, metavar="ID")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--alt", default="", metavar="TEXT", help="What the picture shows, for readers who cannot see it.")
@click.option("--remove", is_flag=True, help="Take the picture out.")
@as_option
def picture(tip_id: int, file: Path | None, alt: str, remove: bool, actor: str) -> None:
    """Give tip ID the picture in FILE (JPEG, PNG or WebP); it is made smaller, and forgets where it was taken.

    The tip then needs approval again, as after any change.
    """
    from pipeline.clock import utc_now
    from pipeline.editorial.actions.revise import revise

    if (file is None) is not remove:
        raise click.UsageError("Name the picture's FILE, or give --remove.")
    if file is not None and not alt.strip():
        raise click.UsageError("Say what the picture shows: --alt TEXT.")
    before = _wording(tip_id)
    address = "" if file is None else _kept(file)
    wording = dataclasses.replace(before, picture_url=address, picture_alt=alt.strip())
    revise(tip_id=tip_id, wording=wording, now=utc_now(), actor=actor)
    if wording == before:
        click.echo(f"tip {tip_id}: it is so already")
    else:
        click.echo(f"tip {tip_id}: {'the picture is out' if remove else 'it has the picture'}; it needs approval again")


def _kept(file: Path) -> str:
    from pipeline.config import load_config
    from pipeline.editorial.picture_store import take_picture

    return take_picture(file, file.name, var=load_config().var)


def _wording(tip_id: int) -> "Wording":
    from pipeline.editorial.actions.lifecycle import UnknownTipError
    from pipeline.editorial.models import Tip
    from pipeline.editorial.revisions import wording_of

    tip = Tip.objects.select_related("revision").filter(pk=tip_id).first()
    if tip is None or tip.revision is None:
        raise UnknownTipError(f"There is no tip {tip_id}. See: run.py tips list")
    return wording_of(tip.revision)
