"""`demo`: the whole product on sample documents, in a workspace of its own."""

import io
import os
import shlex
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.base import command, setup
from pipeline.config import CHECKOUT
from pipeline.errors import TipsheetError

if TYPE_CHECKING:
    from pipeline.editorial.models import Newsletter
    from pipeline.publish.publishing import Outcome

MARKER = ".tipsheet-demo"
SITE = "https://newsletter.example"
EDITOR = "Demo Editor"
APPROVED_TIPS = 9
SUBSCRIBERS = """address,name
ada@reader.example,Ada
grace@reader.example,Grace Hopper
mary@reader.example,Mary
noor@reader.example,Noor
reader@reader.example,
"""
CONSENT = "Yes, send me The Skin Letter with tips on caring for skin."
NEWSLETTER = {
    "slug": "skin-letter",
    "name": "The Skin Letter",
    "tagline": "Careful words on caring for skin",
    "sender_name": "The Skin Letter",
    "sender_address": "letter@newsletter.example",
    "list_id": "skin-letter.newsletter.example",
    "reason": "You get this letter because you subscribed to it at newsletter.example.",
    "postal_address": "The Skin Letter, 12 Example Street, 10115 Berlin, Germany",
    "time_zone": "Europe/Berlin",
    "weekdays": "TU",
    "local_time": "09:00",
    "tips_per_issue": 3,
}


class DemoError(TipsheetError):
    """The demo cannot be made where it was asked for."""


@command(name="demo", django=False)
@click.option(
    "--dir", "folder", type=click.Path(file_okay=False, path_type=Path),
    help="Where to make the demo's workspace. Default: var/demo. One that a demo made before is made anew.",
)  # fmt: skip
def demo(folder: Path | None) -> None:
    """See the whole product work on sample documents; needs no account, no key and no network.

    Documents go in; tips are derived, approved, queued and composed into an issue; the issue is rendered, mailed to
    five example subscribers through the outbox, and published as feeds and as a page on the web.
    """
    began = time.monotonic()
    home = (folder or CHECKOUT / "var" / "demo").expanduser().resolve()
    _make_workspace(home)
    os.environ["PIPELINE_HOME"] = str(home)
    setup(database=False)
    newsletter = _found()
    _subscribe(newsletter)
    _ingest(newsletter)
    _approve(newsletter)
    outcome = _publish(newsletter)
    _verify()
    _show_where(home, newsletter, outcome, time.monotonic() - began)


@contextmanager
def _stage(name: str) -> Iterator[list[str]]:
    """Say what a stage did, once it has: the caller appends what went in and what came out."""
    said: list[str] = []
    began = time.monotonic()
    yield said
    seconds = time.monotonic() - began
    click.echo(f"{name:<12}{said[0]:<96}{seconds:5.1f} s")
    for line in said[1:]:
        click.echo(f"{'':<12}{line}")


def _make_workspace(home: Path) -> None:
    if home.is_dir() and any(home.iterdir()):
        if not (home / MARKER).exists():
            raise DemoError(f"{home} holds other things, which the demo will not touch. Choose another with --dir.")
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    (home / MARKER).write_text("Made by run.py demo, which makes it anew when it is run again.\n", encoding="utf-8")
    shutil.copytree(CHECKOUT / "tips", home / "tips")
    (home / "output").mkdir()
    (home / "var").mkdir(mode=0o700)
    (home / "tipsheet.toml").write_text(f'public_url = "{SITE}"\nprovider = "outbox"\n', encoding="utf-8")


def _found() -> "Newsletter":
    from pipeline.cli.workspace import ADVICE_NOTE, prepare_database
    from pipeline.clock import utc_now
    from pipeline.editorial.actions.newsletters import create_newsletter
    from pipeline.editorial.queries import rule_of
    from pipeline.editorial.recurrence_words import describe

    with _stage("Workspace") as said:
        prepare_database()
        founded: dict[str, Any] = {**NEWSLETTER, "advice_note": ADVICE_NOTE}
        newsletter = create_newsletter(**founded, now=utc_now(), actor=EDITOR)
        rule = rule_of(newsletter)
        said.append(f"a database and a newsletter: {newsletter.name}, {describe(rule) if rule else ''}")
    return newsletter


def _subscribe(newsletter: "Newsletter") -> None:
    from pipeline.audience.actions.importing import ConsentProof, import_csv
    from pipeline.clock import utc_now

    with _stage("Subscribers") as said:
        now = utc_now()
        proof = ConsentProof("the demo's sample list", now - timedelta(days=1), CONSENT)
        report = import_csv(
            file=io.BytesIO(SUBSCRIBERS.encode()),
            mailing_list=newsletter.mailing_list,
            proof=proof,
            now=now,
            actor=EDITOR,
        )
        said.append(f"{report.rows} rows in → {report.added} confirmed subscribers, each with the proof of consent")


def _ingest(newsletter: "Newsletter") -> None:
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.editorial.actions.ingest import Outcome
    from pipeline.editorial.intake import Workspace, take_in

    with _stage("Documents") as said:
        workspace = Workspace(load_config().home)
        results = list(take_in((), workspace=workspace, newsletter=newsletter, now=utc_now(), actor=EDITOR))
        problems = [problem for taken in results for problem in taken.problems]
        if problems:
            raise DemoError(problems[0])
        added = sum(taken.report.count(Outcome.ADDED) for taken in results)
        said.append(f"{len(results)} files in → {added} drafts")
        said += [f"{taken.location}: {_tips(taken.report.count(Outcome.ADDED))}" for taken in results]


def _tips(count: int) -> str:
    return f"{count} tip{'' if count == 1 else 's'}"


def _approve(newsletter: "Newsletter") -> None:
    """Approve the best tips that nothing speaks against: hand-written and derived ones by turns, best first."""
    from pipeline.clock import utc_now
    from pipeline.editorial.actions.tips import approve
    from pipeline.editorial.claims import guard_revision, is_clean
    from pipeline.editorial.models import Tip

    with _stage("Review") as said:
        drafts = list(Tip.objects.filter(newsletter=newsletter).select_related("revision"))
        clean = [tip for tip in drafts if tip.revision and is_clean(tip.revision, guard_revision(tip.revision))]
        clean.sort(key=lambda tip: -(tip.revision.score or 0.0) if tip.revision else 0.0)
        for tip in clean[:APPROVED_TIPS]:
            approve(tip_id=tip.pk, now=utc_now(), actor=EDITOR)
        said.append(
            f"{len(drafts)} drafts in → {len(clean)} with nothing against them → the {len(clean[:APPROVED_TIPS])} best "
            f"approved by {EDITOR}"
        )


def _publish(newsletter: "Newsletter") -> "Outcome":
    from pipeline.clock import utc_now
    from pipeline.config import load_config
    from pipeline.publish.publishing import publish_now

    with _stage("Issue") as said:
        outcome = publish_now(newsletter, config=load_config(), clock=utc_now, actor=EDITOR)
        issue = newsletter.issues.get(number=outcome.number)
        said.append(f"issue {outcome.number} composed of {issue.issue_tips.count()} tips: {outcome.subject}")
        said.append(
            f"approved and frozen as {issue.frozen_hash[:12]}…; the email has {len(issue.html.encode()):,} bytes"
        )
        said.append(f"{outcome.files_written} files of feeds and archive written")
        said.append(f"mail: {outcome.sums.describe() if outcome.sums else 'none'}")
    return outcome


def _verify() -> None:
    from pipeline.config import load_config
    from pipeline.publish.verify import verify

    with _stage("Verify") as said:
        checks = list(verify(config=load_config()))
        said.append(
            f"{sum(check.holds for check in checks)} of {len(checks)} statements hold: mail, feeds and archive agree"
        )
        said += [f"{check.subject}: {check.problem}" for check in checks if not check.holds]
    if not all(check.holds for check in checks):
        raise DemoError("The demo's mail, feeds and archive do not agree; see above.")


def _show_where(home: Path, newsletter: "Newsletter", outcome: "Outcome", seconds: float) -> None:
    from pipeline.config import load_config
    from pipeline.delivery.models import Delivery
    from pipeline.editorial.content import IssueContent
    from pipeline.publish.previews import filled, with_pictures_inside

    issue = newsletter.issues.get(number=outcome.number)
    page = home / "var" / "email.html"
    html = filled(issue.html, language=newsletter.language)
    shown = IssueContent.from_json(issue.content).newsletter
    page.write_text(with_pictures_inside(html, shown, config=load_config()), encoding="utf-8")
    mail = home / "var" / "outbox" / f"{Delivery.objects.order_by('pk').values_list('pk', flat=True)[0]}.eml"
    folder = home / "output" / newsletter.slug
    click.echo(f"\nDone in {seconds:.1f} s. Look at\n")
    for what, where in (
        ("the email, as a page", page),
        ("the email, as mail", mail),
        ("the feed", folder / "feed.xml"),
        ("the issue on the web", folder / "archive" / f"{outcome.number}.html"),
    ):
        click.echo(f"  {what:<22}{where}")
    click.echo("\nTo see the studio and the public pages, with a password of your own:\n")
    # The interpreter that runs this one: a bare `python` would lack what was installed beside it.
    command = f"{shlex.quote(sys.executable)} run.py --home {shlex.quote(str(home))}"
    click.echo(f"  {command} staff add me")
    click.echo(f"  PIPELINE_PUBLIC_URL=http://127.0.0.1:8000 {command} serve")
