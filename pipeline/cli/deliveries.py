"""`deliveries` and `providers`: what is in doubt or held, a person's word on it, and what each provider promises."""

import json
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.base import as_option, command, json_option, newsletter_option
from pipeline.errors import TipsheetError

if TYPE_CHECKING:
    from pipeline.publish.deliveries import Doubtful

# What a person knows of deliveries in doubt → the state that they get, and how the result is said.
ANSWERS = {
    "arrived": ("accepted", "count as accepted"),
    "leave": ("rejected", "count as rejected; nobody is mailed again"),
    "again": ("planned", "are sent again with the next tick, or with: run.py tick"),
}


@click.group(name="deliveries")
def deliveries() -> None:
    """See what mail is in doubt or held, and settle it."""


@command(deliveries, name="list")
@json_option
def list_deliveries(as_json: bool) -> None:
    """Every batch with deliveries in doubt, what was said, and what will settle it; then the mail that is held."""
    from dataclasses import asdict

    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.publish.deliveries import held, in_doubt

    doubtful = in_doubt(config=load_config(), now=utc_now())
    paused = [{"message": message.key, "reason": message.held_reason or "somebody paused it"} for message in held()]
    if as_json:
        data = {"in_doubt": [asdict(batch) for batch in doubtful], "held": paused}
        click.echo(json.dumps(data, default=str))
        return
    for batch in doubtful:
        _show(batch)
    for message in paused:
        click.echo(f"{message['message']} is held: {message['reason']}")
    if not doubtful and not paused:
        click.echo("Nothing is in doubt, and nothing is held.")


def _show(batch: "Doubtful") -> None:
    of = f"issue {batch.issue} of {batch.newsletter}" if batch.issue is not None else batch.message
    click.echo(f"Batch {batch.batch}: {batch.count} in doubt, {of}, given to {batch.provider} ", nl=False)
    click.echo(f"{batch.submitted_at:%Y-%m-%d %H:%M} UTC")
    if batch.reason:
        click.echo(f"      {batch.reason}")
    click.echo(f"      {batch.waits_for}")


class NothingNamedError(TipsheetError):
    """It is not said which deliveries are meant."""


@command(deliveries, name="settle")
@click.argument("answer", type=click.Choice(list(ANSWERS)), required=False)
@click.option("--issue", "number", type=int, help="Of this issue.")
@click.option("--batch", type=int, help="Of this batch alone; run.py deliveries list has the numbers.")
@newsletter_option
@as_option
@json_option
def settle(
    answer: str | None, number: int | None, batch: int | None, slug: str | None, actor: str, as_json: bool
) -> None:
    """Ask the provider now what became of what is in doubt; or say it yourself, with ANSWER.

    A delivery is in doubt when the connection broke after the provider had the mail: it may have arrived, and is
    never sent again on a guess. Where the provider can be asked, every tick does. Where it cannot, look at its own
    log, then answer: `arrived`; `leave` (do not mail them again); or `again` (it did not arrive: send it once more).
    """
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.publish import mailing

    if answer is None:
        count, said = mailing.settle(config=load_config(), clock=utc_now), "were settled by the provider's word"
    else:
        count, said = _by_person(answer, number, batch, slug, actor), ANSWERS[answer][1]
    click.echo(json.dumps({"settled": count}) if as_json else f"{count} deliveries {said}.")


def _by_person(answer: str, number: int | None, batch: int | None, slug: str | None, actor: str) -> int:
    from pipeline.cli.issues import issue_numbered
    from pipeline.clock import utc_now
    from pipeline.delivery.models import DeliveryState
    from pipeline.publish.deliveries import settle as settle_them

    if (number is None) == (batch is None):
        raise NothingNamedError("Say of which deliveries: --issue N, or --batch N (run.py deliveries list)")
    of: dict[str, Any] = {"issue": issue_numbered(slug, number)} if number is not None else {"batch_id": batch}
    return settle_them(state=DeliveryState(ANSWERS[answer][0]), actor=actor, now=utc_now(), **of)


@command(name="providers", database=False)
@json_option
def providers(as_json: bool) -> None:
    """Each provider's limits and guarantees; the one that is set is marked."""
    from dataclasses import asdict

    from pipeline.config import load_config
    from pipeline.publish.provider_table import every, facts

    current = load_config().provider
    if as_json:
        click.echo(json.dumps([asdict(traits) | {"is_set": traits.name == current} for traits in every()]))
        return
    for traits in every():
        click.echo(f"{traits.name}{' (set)' if traits.name == current else ''}: {traits.guarantee}")
        for fact in facts(traits):
            click.echo(f"      {fact}")
