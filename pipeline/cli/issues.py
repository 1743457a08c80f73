"""`preview`, `send-test`, `publish`, `issues`: from the queue to the readers."""

import json
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.base import as_option, command, json_option, newsletter_option, pick_newsletter
from pipeline.cli.issue_edits import add_to
from pipeline.cli.progress import sending_bar
from pipeline.errors import TipsheetError

if TYPE_CHECKING:
    from pipeline.editorial.models import Issue
    from pipeline.publish.issues import Look
    from pipeline.publish.publishing import Outcome


class NotPublishedError(TipsheetError):
    """Something that was to go out did not."""


@command(name="preview")
@newsletter_option
@click.option("--open", "open_it", is_flag=True, help="Open it in the browser.")
@json_option
def preview(slug: str | None, open_it: bool, as_json: bool) -> None:
    """Look at the next issue, as mail and as text; nothing is sent and nothing is stored.

    Writes var/preview/email.html and email.txt, and says what preflight found.
    """
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.publish.issues import look_at_next

    config = load_config()
    look = look_at_next(pick_newsletter(slug), config=config, now=utc_now())
    folder = config.var / "preview"
    html = _write_preview(folder, look)
    if as_json:
        click.echo(json.dumps(_look_data(look) | {"html": str(html), "text": str(folder / "email.txt")}))
    else:
        _show_look(look)
        click.echo(f"\nAs mail     {html}\nAs text     {folder / 'email.txt'}")
    if open_it:
        webbrowser.open(html.as_uri())


def _write_preview(folder: Path, look: "Look") -> Path:
    """The mail as an example reader would see it: the places are filled with plain words."""
    from pipeline.config import load_config
    from pipeline.publish.previews import filled, with_pictures_inside

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    page = folder / "email.html"
    newsletter, language = look.content.newsletter, look.content.newsletter.language
    html = filled(look.uncounted.html, language=language)
    page.write_text(with_pictures_inside(html, newsletter, config=load_config()), encoding="utf-8")
    (folder / "email.txt").write_text(filled(look.uncounted.text, language=language), encoding="utf-8")
    return page


def _look_data(look: "Look") -> dict[str, Any]:
    return {
        "number": look.number,
        "subject": look.content.subject,
        "preheader": look.content.preheader,
        "tips": [{"title": tip.title, "topic": tip.topic} for tip in look.content.tips],
        "html_bytes": look.rendered.html_bytes,
        "findings": [
            {"severity": f.severity, "place": f.place, "message": f.message, "remedy": f.remedy} for f in look.findings
        ],
    }


def _show_look(look: "Look") -> None:
    click.echo(f"Issue {look.number}: {look.content.subject}")
    if look.content.preheader:
        click.echo(f"            {look.content.preheader}")
    for tip in look.content.tips:
        click.echo(f"  {tip.topic:<20} {tip.title}")
    click.echo(f"\nHTML        {look.rendered.html_bytes:,} bytes")
    for finding in look.findings:
        click.echo(f"{finding.severity.capitalize():<11} {finding.place}: {finding.message} {finding.remedy}")
    if not look.findings:
        click.echo("Preflight   found nothing to mend")


@command(name="send-test")
@click.argument("address")
@newsletter_option
def send_test(address: str, slug: str | None) -> None:
    """Send the next issue to ADDRESS alone, to look at it there. It counts as nothing, and no reader gets it."""
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.publish.previews import send_test as send

    click.echo(send(pick_newsletter(slug), address=address, config=load_config(), clock=utc_now))


@command(name="publish")
@newsletter_option
@click.option("--now", "at_once", is_flag=True, help="Bring the next issue forward, and send it now.")
@click.option("--another", is_flag=True, help="With --now: a further issue, though this slot has had its own.")
@as_option
@click.option("--dry-run", is_flag=True, help="Say what would go out, and do nothing.")
@json_option
def publish(slug: str | None, at_once: bool, another: bool, actor: str, dry_run: bool, as_json: bool) -> None:
    """Send and publish what is due, and finish what was interrupted; with --now the next issue, at once.

    Run it as often as you like: nobody is mailed twice. An issue is approved in your name, or in that of --as.
    """
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.delivery.clock_check import refuse_skewed_clock
    from pipeline.publish import publishing

    refuse_skewed_clock(now=utc_now())
    if another and not at_once:
        raise click.UsageError("--another goes with --now.")
    newsletter, config = pick_newsletter(slug), load_config()
    if dry_run:
        _dry_run(newsletter, at_once=at_once, config=config, as_json=as_json)
        return
    with sending_bar() as bar:
        how: dict[str, Any] = {"config": config, "clock": utc_now, "actor": actor, "progress": bar}
        outcomes = list(publishing.publish_due(newsletter, **how))
        if at_once and not any(outcome.sums is not None for outcome in outcomes):
            outcomes.append(publishing.publish_now(newsletter, another=another, **how))
    _show_outcomes(outcomes, as_json=as_json)


def _show_outcomes(outcomes: "list[Outcome]", *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([_outcome_data(outcome) for outcome in outcomes]))
    elif not outcomes:
        click.echo("Nothing is due. To send the next issue now: run.py publish --now")
    for outcome in [] if as_json else outcomes:
        click.echo(f"Issue {outcome.number}: {outcome.subject}")
        click.echo(f"  {outcome.state}" + (f", {outcome.files_written} files written" if outcome.files_written else ""))
        if outcome.sums is not None:
            click.echo(f"  {outcome.sums.describe()}")
        for line in outcome.answers:
            click.echo(f"    {line}")
        if outcome.note:
            click.echo(f"  {outcome.note}")
    stuck = [outcome for outcome in outcomes if outcome.state not in {"published", "publishing", "cancelled"}]
    if stuck:
        raise NotPublishedError(f"Issue {stuck[0].number} did not go out. {stuck[0].note}")


def _outcome_data(outcome: "Outcome") -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(outcome)


def _dry_run(newsletter: Any, *, at_once: bool, config: Any, as_json: bool) -> None:
    from pipeline.clock import utc_now
    from pipeline.publish.issues import look_at, look_at_next
    from pipeline.publish.previews import expected_deliveries
    from pipeline.publish.publishing import due_issues

    now = utc_now()
    due = due_issues(newsletter, now=now)
    looks = [look_at(issue, config=config) for issue in due]
    if at_once and not due:
        looks.append(look_at_next(newsletter, config=config, now=now))
    count = expected_deliveries(newsletter)
    if as_json:
        click.echo(json.dumps([_look_data(look) | {"deliveries": count} for look in looks]))
        return
    for look in looks:
        _show_look(look)
        click.echo(f"Readers     {count} would be mailed by {config.provider}; nothing was done")
    if not looks:
        click.echo("Nothing is due; nothing was done.")


@click.group(name="issues")
def issues() -> None:
    """List, show, change, approve, pause and cancel issues."""


add_to(issues)


class UnknownIssueNumberError(TipsheetError):
    """The newsletter has no issue with that number."""


def issue_numbered(slug: str | None, number: int) -> "Issue":
    """Raises UnknownIssueNumberError."""
    newsletter = pick_newsletter(slug)
    issue: Issue | None = newsletter.issues.select_related("newsletter").filter(number=number).first()
    if issue is None:
        raise UnknownIssueNumberError(f"{newsletter.name} has no issue {number}. See: run.py issues list")
    return issue


@command(issues, name="list")
@newsletter_option
@json_option
def list_issues(slug: str | None, as_json: bool) -> None:
    """Every issue, newest first, with its state and the sum of its deliveries."""
    from dataclasses import asdict

    from pipeline.clock import utc_now
    from pipeline.publish.status import newsletter_status

    newsletter = pick_newsletter(slug)
    rows = newsletter_status(newsletter, now=utc_now(), recent=newsletter.issues.count()).issues
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], default=str))
        return
    for row in rows:
        click.echo(f"{row.number:>4}  {row.slot_at:%Y-%m-%d %H:%M} UTC  {row.state:<10}  {row.subject}")
        for line in (row.held_reason, row.sums.describe() if row.sums else ""):
            if line:
                click.echo(f"      {line}")
    if not rows:
        click.echo("No issue yet. To make the first: run.py publish --now")


@command(issues, name="show")
@click.argument("number", type=int)
@newsletter_option
@json_option
def show(number: int, slug: str | None, as_json: bool) -> None:
    """Issue NUMBER: its tips and why each was chosen, what preflight says, who approved it, the sum."""
    from dataclasses import asdict

    from pipeline.config import load_config
    from pipeline.publish.clicks import clicks_of
    from pipeline.publish.deliveries import answers, described
    from pipeline.publish.issues import look_at
    from pipeline.publish.overrides import override_of
    from pipeline.publish.publishing import sums_of

    issue = issue_numbered(slug, number)
    look = look_at(issue, config=load_config())
    whys = list(issue.issue_tips.values_list("tip_id", "why"))
    total, given, clicks, answer = sums_of(issue), answers(issue), clicks_of(issue), override_of(issue)
    if as_json:
        data = _look_data(look) | {"state": issue.state, "approved_by": issue.approved_by, "hash": issue.frozen_hash}
        data |= {"chosen": [{"tip": tip, "why": why} for tip, why in whys], "choice": issue.choice}
        data |= {"sums": asdict(total) if total else None, "answers": [asdict(answer) for answer in given]}
        data |= {"override": {"by": answer.actor, "reason": answer.reason} if answer else None}
        data |= {"clicks": [asdict(link) for link in clicks]}
        click.echo(json.dumps(data, default=str))
        return
    _show_look(look)
    click.echo(f"State       {issue.state}{f': {issue.held_reason}' if issue.held_reason else ''}")
    click.echo(f"Slot        {issue.slot_key}, due {issue.slot_at:%Y-%m-%d %H:%M} UTC")
    if issue.approved_by:
        click.echo(
            f"Approved    by {issue.approved_by}, {issue.approved_at:%Y-%m-%d %H:%M} UTC, as {issue.frozen_hash}"
        )
    if answer:
        click.echo(f"Answered    for what preflight blocks, by {answer.actor}: {answer.reason}")
    for tip_id, why in whys:
        click.echo(f"Tip {tip_id:<7} {why}")
    _show_choice(issue.choice)
    if total is not None:
        click.echo(f"Mail        {total.describe()}")
    for line in described(given):
        click.echo(f"            {line}")
    if clicks:
        click.echo(f"Clicks      {sum(link.clicks for link in clicks)} in all, counted without person")
    for link in clicks:
        click.echo(f"  {link.clicks:>6}    {link.url}{f' ({link.place})' if link.place else ''}")


def _show_choice(choice: dict[str, Any]) -> None:
    """Why other tips were passed over when the issue was composed."""
    for each in choice.get("passed_over", ()):
        click.echo(f"Not {each['tip']:<7} {each['why']}")
    if choice.get("not_reached"):
        click.echo(f"            {choice['not_reached']} more waited behind them in the queue")
    if choice.get("shortage"):
        click.echo(f"Short       {choice['shortage']}")


@command(issues, name="approve")
@click.argument("number", type=int)
@click.option(
    "--override", metavar="REASON", default="", help="Send it although preflight blocks; your reason is kept."
)
@newsletter_option
@as_option
def approve(number: int, override: str, slug: str | None, actor: str) -> None:
    """Freeze issue NUMBER as it is: what you approve is what is sent. A late one goes out with the next tick.

    What preflight finds in what is said can be overridden, in your name and with a reason; what law, the way out or a
    reader's mail program ask cannot.
    """
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.publish.publishing import approve_by_person

    found, config = issue_numbered(slug, number), load_config()
    issue = approve_by_person(found, config=config, now=utc_now(), actor=actor, override=override)
    click.echo(f"Issue {number} is approved by {actor} and frozen as {issue.frozen_hash[:12]}….")
    click.echo(f"It goes out {issue.slot_at:%Y-%m-%d %H:%M} UTC.")


@command(issues, name="pause")
@click.argument("number", type=int)
@newsletter_option
@as_option
def pause(number: int, slug: str | None, actor: str) -> None:
    """Keep issue NUMBER back; one that is being sent stops between two batches."""
    from pipeline.clock import utc_now
    from pipeline.publish.publishing import pause as pause_issue

    click.echo(pause_issue(issue_numbered(slug, number), now=utc_now(), actor=actor))


@command(issues, name="resume")
@click.argument("number", type=int)
@newsletter_option
@as_option
def resume(number: int, slug: str | None, actor: str) -> None:
    """Let a paused issue NUMBER go on."""
    from pipeline.clock import utc_now
    from pipeline.publish.publishing import resume as resume_issue

    click.echo(resume_issue(issue_numbered(slug, number), now=utc_now(), actor=actor))


@command(issues, name="cancel")
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why; your colleagues will read it.")
@newsletter_option
@as_option
def cancel(number: int, reason: str, slug: str | None, actor: str) -> None:
    """Give issue NUMBER up; its tips go back to the queue. One that is being sent stops with whom it has reached."""
    from pipeline.clock import utc_now
    from pipeline.publish.publishing import cancel as cancel_issue

    click.echo(cancel_issue(issue_numbered(slug, number), reason=reason, now=utc_now(), actor=actor))
