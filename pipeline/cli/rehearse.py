"""`rehearse`: the next issue, sent while things go wrong, to a provider that is played on this machine."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from pipeline.cli.base import command, json_option, newsletter_option, pick_newsletter
from pipeline.errors import TipsheetError

if TYPE_CHECKING:
    from pipeline.publish.rehearsal.rehearsing import Rehearsed


class RehearsalFailedError(TipsheetError):
    """What was rehearsed does not add up."""


@command(name="rehearse")
@newsletter_option
@click.option("--provider", metavar="NAME", help="Which provider to play. Default: the configured one.")
@click.option("--readers", type=click.IntRange(1), default=1000, show_default=True, help="How many readers at most.")
@click.option("--kills", type=click.IntRange(0, 1000), default=10, show_default=True, help="How often to kill it.")
@click.option("--faults", type=click.IntRange(0, 1000), default=10, show_default=True, help="How often to fail.")
@click.option("--seconds", type=click.IntRange(1, 3600), default=60, show_default=True,
              help="How long kills and faults go on at most.")  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help="Another one draws other moments.")
@json_option
def rehearse(
    slug: str | None,
    provider: str | None,
    readers: int,
    kills: int,
    faults: int,
    seconds: int,
    seed: int,
    as_json: bool,
) -> None:
    """Send the next issue to a provider that is played here, under faults and kills, and see whether it adds up.

    No reader is mailed, and nothing is changed: it works on a copy, without your provider's keys, and can reach this
    machine alone. Ends with exit code 1 if anybody was mailed twice, was forgotten, or the sum does not add up.
    """
    from pipeline.config import load_config
    from pipeline.publish.rehearsal.rehearsing import Plan
    from pipeline.publish.rehearsal.rehearsing import rehearse as hold

    config, newsletter = load_config(), pick_newsletter(slug)
    plan = Plan(newsletter.slug, provider or config.provider, readers, kills, faults, seconds, seed)
    done = hold(plan, config=config)
    if as_json:
        click.echo(json.dumps(asdict(done) | {"adds_up": done.adds_up}))
    else:
        _show(done)
    if not done.adds_up:
        raise RehearsalFailedError(f"It does not add up: {'; '.join(done.problems)}")


def _show(done: "Rehearsed") -> None:
    of_all = f"{done.readers:,} of {done.of_readers:,}" if done.readers < done.of_readers else f"{done.readers:,}"
    click.echo(f"Rehearsal of {done.issue}")
    click.echo(f"for {of_all} readers, to {done.provider} as it is played on this machine. Nobody was mailed.\n")
    _row("Planned", done.planned)
    for word in ("accepted", "rejected", "suppressed", "excluded", "cancelled", "in_doubt", "waiting"):
        count = getattr(done, word)
        if count or word in ("accepted", "in_doubt"):
            _row(f"  {word.replace('_', ' ')}", count)
    click.echo()
    _row("Readers who got it", done.mailed)
    _row("Mailed twice", done.twice)
    _row("Forgotten", done.lost + done.untold)
    click.echo()
    _row("Killed", done.kills, f"the run after the last one took {done.recovery_seconds:.1f} s")
    if done.faults:
        _row("Made to fail", sum(done.faults.values()), f"in {len(done.faults)} ways")
    if done.was_in_doubt > done.in_doubt:
        _row("Were in doubt", done.was_in_doubt, f"at a kill; {done.was_in_doubt - done.in_doubt:,} were settled")
    if done.in_doubt:
        _row(
            "Wait for a word",
            done.in_doubt,
            f"{done.provider} cannot tell what it took; see run.py deliveries --help",
        )
    if done.hooks:
        _row("Told of", done.told, f"by {done.hooks:,} calls, each twice and in disorder")
    click.echo(f"\n{'It adds up' if done.adds_up else 'It does not add up'}, in {done.seconds:.0f} s.")


def _row(word: str, count: int, more: str = "") -> None:
    click.echo(f"{word:<20}{count:>9,}{f'  {more}' if more else ''}".rstrip())
