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
    from pipeline.editorial.queue_rules import PRIORITIES

    newsletter = pick_newsletter(slug)
    queued, plan = queue_of(newsletter), queue_plan(newsletter, now=utc_now())
    if as_json:
        click.echo(json.dumps([_data(tip, plan) for tip in queued], ensure_ascii=False, indent=2))
        return
    if not queued:
        click.echo("The queue is empty. Approve some tips: run.py tips list")
        return
    for tip in queued:
        mark = f", {PRIORITIES[tip.priority]} priority" if tip.priority else ""
        click.echo(f"{tip.rank:>3}. tip {tip.tip_id}, {tip.title} ({tip.topic}{mark})")
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
        "priority": tip.priority,
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
@click.argument("place", metavar="PLACE")
@as_option
def move(tip_id: int, place: str, actor: str) -> None:
    """Move tip ID to PLACE in the queue: a number (1 is the head), or up, down, top, bottom.

    Tips of a higher priority stay before it: see `queue priority`.
    """
    from pipeline.clock import utc_now
    from pipeline.editorial.actions import queue as actions

    now_at = actions.move(tip_id=tip_id, to_place=_place(place, tip_id), now=utc_now(), actor=actor)
    click.echo(f"tip {tip_id} is number {now_at} in the queue")


def _place(text: str, tip_id: int) -> int:
    """The place that was asked for, counted from 1. Raises BadParameter for what is none."""
    from pipeline.editorial.queries import place_of

    if text in {"up", "down"}:
        return place_of(tip_id) + (-1 if text == "up" else 1)
    if text in {"top", "bottom"}:
        return 1 if text == "top" else 2**31
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise click.BadParameter(f"'{text}' is no place. Write a number from 1 on, or up, down, top, bottom.")
    return int(text)


@command(queue, name="priority")
@id_argument
@click.argument("priority", type=click.Choice(["high", "normal", "low"]))
@as_option
def priority(tip_id: int, priority: str, actor: str) -> None:
    """Let tip ID go before those of a lower priority, or behind those of a higher one."""
    from pipeline.clock import utc_now
    from pipeline.editorial.actions import queue as actions
    from pipeline.editorial.queue_rules import PRIORITIES

    value = {words: number for number, words in PRIORITIES.items()}[priority]
    now_at = actions.prioritise(tip_id=tip_id, priority=value, now=utc_now(), actor=actor)
    click.echo(f"tip {tip_id} has {priority} priority, and is number {now_at} in the queue")


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
