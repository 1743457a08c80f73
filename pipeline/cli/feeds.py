"""`feeds`: the pages and feeds that the world reads, made again."""

import click

from pipeline.cli.base import command, newsletter_option, pick_newsletter
from pipeline.cli.progress import counted_files


@click.group(name="feeds")
def feeds() -> None:
    """Make the pages and feeds again that the world reads."""


@command(feeds, name="rebuild")
@newsletter_option
def rebuild(slug: str | None) -> None:
    """Make every page and feed of output/ again from the database, to the byte as they were.

    For a folder that was altered, or lost. After a change of settings, design or program this happens by itself with
    the next issue; nothing is mailed.
    """
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.publish.feeds import rebuild as rebuild_feeds

    newsletter, config = pick_newsletter(slug), load_config()
    with counted_files() as seen:
        report = rebuild_feeds(newsletter, config=config, now=utc_now(), seen=seen)
    click.echo(
        f"{newsletter.slug}: {len(report.written)} files written, {len(report.removed)} taken away, "
        f"{report.unchanged} were right already, in {config.output / newsletter.slug}"
    )
