"""`rules`, `welcome`, `alerts`: what a newsletter's staff decide once, and what follows from it."""

import json
import webbrowser
from dataclasses import asdict

import click

from pipeline.cli.base import as_option, command, json_option, newsletter_option, pick_newsletter
from pipeline.errors import TipsheetError

# What is decided once too, and is kept with the newsletter itself.
OF_THE_NEWSLETTER = ("approval", "tips_per_issue", "lead_time_minutes")


class RuleInputError(TipsheetError):
    """A rule was not given as NAME=VALUE."""


@click.group(name="rules")
def rules() -> None:
    """See and change what a newsletter's staff decide once: approval, choice of tips, welcome, alerts."""


@command(rules, name="show")
@newsletter_option
@json_option
def show_rules(slug: str | None, as_json: bool) -> None:
    """Show every rule, what it is set to, and what it may be."""
    from pipeline.editorial.newsletter_rules import RULES, shown
    from pipeline.editorial.queries import rules_of

    newsletter = pick_newsletter(slug)
    current = asdict(rules_of(newsletter))
    own = {name: getattr(newsletter, name) for name in OF_THE_NEWSLETTER}
    if as_json:
        click.echo(json.dumps(own | current, ensure_ascii=False, indent=2))
        return
    for name, value in own.items():
        click.echo(f"{name:<22} {value}")
    group = ""
    for name, rule in RULES.items():
        if rule.group != group:
            group = rule.group
            click.echo(f"\n{group}")
        choices = f" ({', '.join(choice for choice, _ in rule.choices)})" if rule.choices else ""
        click.echo(f"  {name:<22} {shown(current[name]) or '(empty)':<10} {rule.label}{choices}")


@command(rules, name="set")
@click.argument("settings", nargs=-1, required=True, metavar="NAME=VALUE...")
@newsletter_option
@as_option
def set_rules(settings: tuple[str, ...], slug: str | None, actor: str) -> None:
    """Change rules: run.py rules set two_people=yes short_queue=reuse"""
    from pipeline.clock import utc_now
    from pipeline.editorial.actions.newsletters import update_newsletter
    from pipeline.editorial.actions.rules import update_rules

    newsletter, now = pick_newsletter(slug), utc_now()
    changes = dict(_parted(setting) for setting in settings)
    own = {name: changes.pop(name) for name in OF_THE_NEWSLETTER if name in changes}
    changed = update_rules(newsletter=newsletter, changes=changes, now=now, actor=actor)
    values = {name: value if name == "approval" else _whole(name, value) for name, value in own.items()}
    changed += update_newsletter(newsletter=newsletter, changes=values, now=now, actor=actor) if values else []
    click.echo(f"Changed: {', '.join(changed)}" if changed else "Nothing to change.")


def _parted(setting: str) -> tuple[str, str]:
    name, is_there, value = setting.partition("=")
    if not is_there:
        raise RuleInputError(f"'{setting}' is no NAME=VALUE. Write it as two_people=yes; see: run.py rules show")
    return name.strip(), value


def _whole(name: str, value: str) -> int:
    try:
        return int(value)
    except ValueError as error:
        raise RuleInputError(f"{name} is '{value}'; it is a whole number.") from error


@click.group(name="welcome")
def welcome() -> None:
    """What new readers are given: see it, choose the tips, look at the mails.

    Switched on by: run.py rules set welcome_mails=3
    """


@command(welcome, name="show")
@newsletter_option
@json_option
def show_welcome(slug: str | None, as_json: bool) -> None:
    """Show which tips a new reader gets, and how many readers are on their way through them."""
    from pipeline.delivery.models import WelcomeMail, WelcomeSequence
    from pipeline.editorial.queries import rules_of
    from pipeline.editorial.revisions import current_revision
    from pipeline.publish.welcome import welcome_tips

    newsletter = pick_newsletter(slug)
    given = rules_of(newsletter)
    tips = [(tip.pk, current_revision(tip).title) for tip in welcome_tips(newsletter)[: given.welcome_mails]]
    under_way = WelcomeSequence.objects.filter(newsletter=newsletter, next_at__isnull=False).count()
    mails = WelcomeMail.objects.filter(newsletter=newsletter).count()
    if as_json:
        data = {"mails": given.welcome_mails, "days": given.welcome_days, "pauses_issues": given.welcome_pauses_issues}
        click.echo(json.dumps(data | {"tips": [pk for pk, _ in tips], "under_way": under_way, "mails_planned": mails}))
        return
    if not given.welcome_mails:
        click.echo("New readers are not welcomed. To begin: run.py rules set welcome_mails=3")
    for step, (tip_id, title) in enumerate(tips, start=1):
        click.echo(f"{step}. tip {tip_id}, {title}")
    click.echo(f"{under_way} readers are being welcomed; {mails} welcome mails were planned so far.")


@command(welcome, name="choose")
@click.argument("tip_ids", nargs=-1, type=int, required=True, metavar="ID...")
@newsletter_option
@as_option
def choose_welcome(tip_ids: tuple[int, ...], slug: str | None, actor: str) -> None:
    """Welcome new readers with these published tips, in this order."""
    from pipeline.clock import utc_now
    from pipeline.editorial.actions.rules import choose_welcome_tips, update_rules

    newsletter, now = pick_newsletter(slug), utc_now()
    choose_welcome_tips(newsletter=newsletter, tip_ids=tip_ids, now=now, actor=actor)
    update_rules(newsletter=newsletter, changes={"welcome_choice": "chosen"}, now=now, actor=actor)
    click.echo(f"New readers get: {', '.join(f'tip {tip_id}' for tip_id in dict.fromkeys(tip_ids))}")


@command(welcome, name="preview")
@click.argument("step", type=click.IntRange(min=1))
@newsletter_option
@click.option("--open", "open_it", is_flag=True, help="Open it in the browser.")
def preview_welcome(step: int, slug: str | None, open_it: bool) -> None:
    """Look at welcome mail number STEP; nothing is sent. Writes var/preview/welcome.html and welcome.txt."""
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.publish.previews import filled, with_pictures_inside
    from pipeline.publish.welcome import WelcomeError, look_at, welcome_tips

    newsletter, config = pick_newsletter(slug), load_config()
    tips = welcome_tips(newsletter)
    if step > len(tips):
        raise WelcomeError(f"There are {len(tips)} published tips to welcome a reader with, not {step}.")
    look = look_at(tips[step - 1], config=config, now=utc_now())
    folder = config.var / "preview"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    html = filled(look.rendered.html, language=newsletter.language)
    page = folder / "welcome.html"
    page.write_text(with_pictures_inside(html, look.content.newsletter, config=config), encoding="utf-8")
    text = filled(look.rendered.text, language=newsletter.language)
    (folder / "welcome.txt").write_text(text, encoding="utf-8")
    click.echo(f"{look.content.subject}\nAs mail     {page}\nAs text     {folder / 'welcome.txt'}")
    for finding in look.findings:
        click.echo(f"{finding.severity.capitalize():<11} {finding.place}: {finding.message} {finding.remedy}")
    if open_it:
        webbrowser.open(page.as_uri())


@click.group(name="alerts")
def alerts() -> None:
    """What the staff were told of, and whether it arrived."""


@command(alerts, name="list")
@newsletter_option
@json_option
def list_alerts(slug: str | None, as_json: bool) -> None:
    """List the alerts, newest first, with who was mailed and what the webhook said."""
    from pipeline.delivery.models import Alert

    newsletter = pick_newsletter(slug)
    rows = list(Alert.objects.filter(newsletter=newsletter).order_by("-pk"))
    if as_json:
        fields = ("kind", "subject", "text", "created_at", "mailed", "call_state", "call_attempts", "call_said")
        click.echo(json.dumps([{name: getattr(row, name) for name in fields} for row in rows], default=str))
        return
    for row in rows:
        call = f", webhook {row.call_state}" + (f": {row.call_said}" if row.call_said else "") if row.call_url else ""
        click.echo(f"{row.created_at:%Y-%m-%d %H:%M} UTC  {row.subject}")
        click.echo(f"    {row.text}")
        click.echo(f"    mailed to {row.mailed}{call}")
    if not rows:
        click.echo("Nothing needed a person so far.")


@command(alerts, name="test")
@newsletter_option
@as_option
def test_alert(slug: str | None, actor: str) -> None:
    """Send an alert that says only that alerts arrive."""
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.publish import alerts as publish_alerts
    from pipeline.publish import mailing, webhook

    newsletter, config = pick_newsletter(slug), load_config()
    raised = publish_alerts.test(newsletter, config=config, now=utc_now(), actor=actor)
    mailing.send(config=config, clock=utc_now)
    webhook.call_due(config=config, clock=utc_now)
    if raised is not None:
        raised.refresh_from_db()
        call = f"; webhook {raised.call_state} {raised.call_said}".rstrip() if raised.call_url else ""
        click.echo(f"Mailed to {raised.mailed}{call}. See: run.py alerts list")
