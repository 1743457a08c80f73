"""`queue`: what goes out next, and when; and its order."""

import json
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.base import as_option, command, json_option, newsletter_option, pick_newsletter

if TYPE_CHECKING:
    from pipeline.editorial.queue_rules import QueuedTip, QueuePlan

id_argument = click.argument("tip_id", type=int, metavar="ID")


@click.group(name="queue")
def queue() -> None:
    """See and arrange what goes out next."""


@command(queue, name="list")
@newsletter_option
@json_option
def list_queue(slug: str | None, as_json: bool) -> None:
    """List the queue in its order, with the day on which each tip is expected to go out, and why then."""
    from pipeline.clock import utc_now
    from pipeline.editorial.queries import queue_of, queue_plan

    newsletter = pick_newsletter(slug)
    queued, plan = queue_of(newsletter), queue_plan(newsletter, now=utc_now())
    if as_json:
        click.echo(json.dumps([_data(tip, plan) for tip in queued], ensure_ascii=False, indent=2))
        return
    if not queued:
        click.echo("The queue is empty. Approve some tips: run.py tips list")
        return
    for tip in queued:
        click.echo(f"{tip.rank:>3}. tip {tip.tip_id}, {tip.title} ({tip.topic})")
        click.echo(f"     {_expected(tip, plan)}")
    click.echo(f"{len(queued)} in the queue of {newsletter.name}; {newsletter.tips_per_issue} tips an issue.")


def _expected(tip: "QueuedTip", plan: "QueuePlan") -> str:
    slot = plan.slot_of(tip.tip_id)
    if slot is None:
        return f"waits: {plan.waiting[tip.tip_id]}"
    return f"expected {slot.local:%Y-%m-%d %H:%M %Z} ({slot.at_utc:%Y-%m-%d %H:%M} UTC): {plan.why(tip.tip_id)}"


def _data(tip: "QueuedTip", plan: "QueuePlan") -> dict[str, Any]:
    slot = plan.slot_of(tip.tip_id)
    return {
        "place": tip.rank,
        "tip": tip.tip_id,
        "title": tip.title,
        "topic": tip.topic,
        "held": tip.held,
        "not_before": tip.not_before.isoformat() if tip.not_before else None,
        "not_after": tip.not_after.isoformat() if tip.not_after else None,
        "slot": slot.key if slot else None,
        "expected_local": slot.local.isoformat() if slot else None,
        "expected_utc": slot.at_utc.isoformat() if slot else None,
        "why": plan.why(tip.tip_id),
    }


@command(queue, name="move")
@id_argument
@click.argument("place", type=click.IntRange(min=1))
@as_option
def move(tip_id: int, place: int, actor: str) -> None:
    """Move tip ID to PLACE in the queue; 1 is the head."""
    from pipeline.clock import utc_now
    from pipeline.editorial.actions import queue as actions

    now_at = actions.move(tip_id=tip_id, to_place=place, now=utc_now(), actor=actor)
    click.echo(f"tip {tip_id} is number {now_at} in the queue")


@command(queue, name="hold")
@id_argument
@click.option("--release", is_flag=True, help="Let it go out again.")
@as_option
def hold(tip_id: int, release: bool, actor: str) -> None:
    """Keep tip ID in its place but out of issues, until it is released."""
    from pipeline.clock import utc_now
    from pipeline.editorial.actions import queue as actions

    act = actions.release if release else actions.hold
    act(tip_id=tip_id, now=utc_now(), actor=actor)
    click.echo(
        f"tip {tip_id} may go out again" if release else f"tip {tip_id} is held: run.py queue hold {tip_id} --release"
    )


@command(queue, name="drop")
@id_argument
@as_option
def drop(tip_id: int, actor: str) -> None:
    """Take tip ID from the queue. It stays approved: `tips approve ID` queues it again."""
    from pipeline.clock import utc_now
    from pipeline.editorial.actions import queue as actions

    actions.drop(tip_id=tip_id, now=utc_now(), actor=actor)
    click.echo(f"tip {tip_id} is out of the queue, and still approved")
