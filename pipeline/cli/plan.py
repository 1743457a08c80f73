"""`plan`: the coming slots, what would go out at each and why, and when which topic runs dry. Changes nothing."""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from pipeline.cli.base import command, json_option, newsletter_option, pick_newsletter, visible

if TYPE_CHECKING:
    from pipeline.editorial.models import Newsletter
    from pipeline.editorial.outlook_rules import Outlook, OutlookSlot, TopicOutlook


@command(name="plan")
@newsletter_option
@click.option("--days", type=click.IntRange(1, 730), default=90, show_default=True, help="How far to look ahead.")
@json_option
def plan(slug: str | None, days: int, as_json: bool) -> None:
    """Show the coming slots, what would go out at each and why, and when topics run dry.

    Nothing is changed: it is what would happen if nobody touched the queue from now on, by the very choice that
    composes issues. Every time is there in the newsletter's zone and in UTC.
    """
    from pipeline.clock import utc_now
    from pipeline.editorial.queries import outlook_of

    newsletter, now = pick_newsletter(slug), utc_now()
    outlook = outlook_of(newsletter, now=now, until=now + timedelta(days=days))
    if as_json:
        click.echo(json.dumps(asdict(outlook), default=_as_text, ensure_ascii=False, indent=2))
        return
    _show(newsletter, outlook)


def _as_text(value: object) -> str:
    isoformat = getattr(value, "isoformat", None)
    return str(isoformat()) if isoformat else str(value)


def _show(newsletter: "Newsletter", outlook: "Outlook") -> None:
    from pipeline.editorial.queue_rules import in_words
    from pipeline.editorial.recurrence_words import describe
    from pipeline.editorial.timetables import rule_of

    rule = rule_of(newsletter)
    when = describe(rule) if rule is not None else "no schedule is running"
    click.echo(f"{newsletter.name}: {when}; up to {in_words(outlook.until.date())}")
    if outlook.end_note:
        click.echo(f"  {outlook.end_note}")
    for slot in outlook.slots:
        _show_slot(slot)
    if not outlook.slots:
        click.echo("  No slot is coming.")
    for topic in outlook.topics:
        click.echo(f"{visible(topic.topic)}: {_lasts(topic)}")


def _show_slot(slot: "OutlookSlot") -> None:
    from pipeline.editorial.outlook_rules import Standing

    said = {
        Standing.ISSUE: f"issue {slot.issue.number}, {slot.issue.state}: {slot.issue.subject}" if slot.issue else "",
        Standing.PLANNED: "to be composed",
        Standing.EMPTY: "nothing: too few tips are free by then",
        Standing.SKIPPED: f"skipped: {slot.skipped}",
    }[slot.standing]
    click.echo(f"  {slot.local_at:%a %Y-%m-%d %H:%M %Z} ({slot.at_utc:%Y-%m-%d %H:%M} UTC)  {visible(said)}")
    for note in slot.notes:
        click.echo(f"      {visible(note)}")
    for tip in slot.tips:
        click.echo(f"      tip {tip.tip_id}, {visible(tip.title)} ({visible(tip.topic)}): {tip.why}")


def _lasts(topic: "TopicOutlook") -> str:
    from pipeline.editorial.queue_rules import in_words

    if topic.left:
        return f"{topic.coming} to go out, {topic.left} left after that"
    if topic.dry_after is None:
        return "dry: no tip of it may go out"
    return f"dry {'since' if topic.is_dry_now else 'after'} {in_words(topic.dry_after)}"
