"""What a person who runs this would check by hand: each finding says what to do.

Looks only; nothing is mended and nothing is sent. Works on a database that is not migrated, or not there.
"""

import shutil
import socket
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from pipeline.config import LOOPBACK_HOSTS, Config
from pipeline.delivery import hooks, installation
from pipeline.delivery.complaints import open_stop, stop_reason
from pipeline.delivery.hook_rules import HOOKS
from pipeline.delivery.models import Message, MessageState
from pipeline.delivery.providers import smtp
from pipeline.editorial.issue_rules import IssueState
from pipeline.editorial.models import Newsletter, QueueEntry
from pipeline.editorial.queries import free_slots
from pipeline.editorial.timetables import end_note
from pipeline.errors import TipsheetError
from pipeline.publish.findings import DoctorFinding
from pipeline.publish.issues import look_at_next
from pipeline.publish.mail_check import examine_domain
from pipeline.publish.mailing import warm_up_of
from pipeline.publish.previews import expected_deliveries

FREE_BYTES_WANTED = 500 * 1024 * 1024
CONNECT_TIMEOUT_SECONDS = 5
ISSUES_AHEAD_WANTED = 2


def examine(*, config: Config, now: datetime) -> Iterator[DoctorFinding]:
    """Every finding, good ones too, as it is made."""
    yield _folder("output/", config.output, "what readers read is written there")
    yield _private(config)
    yield _disk(config.home)
    yield _public_url(config)
    yield _provider(config)
    yield from _promises(config)
    yield from _hooks(config)
    yield from _bounces(config)
    yield from _warm_up(config, now)
    database = _database()
    yield database
    if database.grade == "good":
        yield _installation(config)
        yield from _newsletters(config, now)
        yield from _domains(config)


def _folder(subject: str, path: Path, why: str) -> DoctorFinding:
    if not path.is_dir():
        return DoctorFinding("bad", subject, f"{path} is missing; {why}", "Run: run.py init")
    try:
        probe = path / ".tipsheet-probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return DoctorFinding(
            "bad", subject, f"{path} cannot be written: {error.strerror}", "Give yourself the right to."
        )
    return DoctorFinding("good", subject, f"{path} can be written")


def _private(config: Config) -> DoctorFinding:
    if not config.var.is_dir():
        return DoctorFinding("bad", "var/", f"{config.var} is missing", "Run: run.py init")
    open_paths = [
        path for path in (config.var, config.var / "secret_key")
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]  # fmt: skip
    if open_paths:
        names = " ".join(f"'{path}'" for path in open_paths)
        return DoctorFinding("bad", "var/", f"others on this machine can read {names}", f"Run: chmod go-rwx {names}")
    return DoctorFinding("good", "var/", "nobody else on this machine can read it")


def _disk(home: Path) -> DoctorFinding:
    free = shutil.disk_usage(home).free
    if free < FREE_BYTES_WANTED:
        return DoctorFinding("note", "disk", f"{free / 1e6:,.0f} MB are free", "Make room before a large issue.")
    return DoctorFinding("good", "disk", f"{free / 1e9:,.1f} GB are free")


def _public_url(config: Config) -> DoctorFinding:
    if urlsplit(config.public_url).hostname in LOOPBACK_HOSTS:
        return DoctorFinding(
            "note", "public_url", f"links lead to {config.public_url}, which only this machine reaches",
            "Set public_url in tipsheet.toml before real readers get mail.",
        )  # fmt: skip
    return DoctorFinding("good", "public_url", f"links lead to {config.public_url}")


def _provider(config: Config) -> DoctorFinding:
    from pipeline.delivery import providers

    try:
        providers.load(config).close()
    except TipsheetError as error:
        return DoctorFinding("bad", "provider", str(error), "See docs/configuration.md")
    if config.provider == "outbox":
        return DoctorFinding(
            "note",
            "provider",
            "mail is written to var/outbox/ and reaches nobody",
            'In tipsheet.toml: provider = "smtp"; docs/configuration.md has the rest.',
        )
    if config.provider != "smtp":
        return DoctorFinding("good", "provider", f"{config.provider}. {providers.traits(config.provider).guarantee}")
    silent = [said for server in smtp.servers_of(config) if (said := _silence_of(server.host, server.port))]
    if silent:
        return DoctorFinding("bad", "provider", "; ".join(silent), "Check smtp_host and smtp_port, or smtp_servers.")
    places = ", ".join(server.place for server in smtp.servers_of(config))
    return DoctorFinding("good", "provider", f"{places} answers")


def _silence_of(host: str, port: int) -> str:
    try:
        socket.create_connection((host, port), CONNECT_TIMEOUT_SECONDS).close()
    except OSError as error:
        return f"{host}:{port} does not answer: {error}"
    return ""


def _bounces(config: Config) -> Iterator[DoctorFinding]:
    """Whether bounces of mail over SMTP come back to where they are read."""
    if config.provider != "smtp":
        return
    if not config.bounce_address:
        yield DoctorFinding(
            "note", "bounces", "nobody hears which addresses are gone: bounces go to the newsletter's sender",
            "Set bounce_address and bounce_mailbox; see docs/delivery.md",
        )  # fmt: skip
    elif not config.bounce_mailbox:
        yield DoctorFinding(
            "note", "bounces", "they go to bounce_address, and it is not said where they lie",
            'Set bounce_mailbox, or pipe them in: "|run.py bounces read -"',
        )  # fmt: skip


def _warm_up(config: Config, now: datetime) -> Iterator[DoctorFinding]:
    plan = warm_up_of(config)
    cap = plan.cap_at(now) if plan else None
    if plan and cap:
        last = plan.starts_on + timedelta(days=len(plan.caps) - 1)
        yield DoctorFinding(
            "note", "warm-up", f"today each receiving domain gets {cap:,} mails of issues; the last cap is {last}'s",
            "What is over it waits for the next day: run.py status",
        )  # fmt: skip


def _promises(config: Config) -> Iterator[DoctorFinding]:
    """What only the account can switch, and a choice that gives a promise up."""
    from pipeline.delivery import providers

    if config.provider in providers.available():
        for note in providers.traits(config.provider).account_notes:
            yield DoctorFinding(
                "note", "provider", f"only the account can see to this. {note}", "See docs/providers.md"
            )
    if config.in_doubt == "send_again":
        yield DoctorFinding(
            "note", "in_doubt", "what the provider cannot tell of is sent again: a reader may get a mail twice",
            'In tipsheet.toml: in_doubt = "hold", to wait for your word instead.',
        )  # fmt: skip


def _hooks(config: Config) -> Iterator[DoctorFinding]:
    """Whether the provider can tell of bounces and complaints, and which address it is to be given."""
    try:
        secrets = hooks.secrets_of(config)
    except TipsheetError as error:
        yield DoctorFinding("bad", "webhooks", str(error), "See docs/webhooks.md")
        return
    if config.provider in HOOKS and config.provider not in secrets:
        traits = HOOKS[config.provider]
        yield DoctorFinding(
            "note", "webhooks", f"nothing is heard of bounces and complaints at {traits.title}",
            f"Set PIPELINE_WEBHOOK_SECRETS to {traits.name}=…, which is {traits.secret}; then set, "
            f"{hooks.advice(config, traits.name)}",
        )  # fmt: skip
    for name in sorted(secrets):
        yield DoctorFinding("good", "webhooks", f"{HOOKS[name].title} is heard; set {hooks.advice(config, name)}")


def _database() -> DoctorFinding:
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return DoctorFinding("bad", "database", f"it cannot be opened: {error}".strip(), "Check database_url.")
    if pending:
        return DoctorFinding("bad", "database", f"{len(pending)} migrations are pending", "Run: run.py migrate")
    try:
        with transaction.atomic():  # on SQLite this takes the lock for writing
            pass
    except DatabaseError as error:
        return DoctorFinding(
            "bad", "database", f"it cannot be written: {error}".strip(),
            "Give this account the right to write to var/ and all in it.",
        )  # fmt: skip
    return DoctorFinding("good", "database", f"{connection.vendor}, up to date")


def _installation(config: Config) -> DoctorFinding:
    try:
        installation.refuse_foreign_database(config.var)
    except installation.InstallationError as error:
        return DoctorFinding("bad", "installation", str(error))
    return DoctorFinding("good", "installation", "this database belongs to this workspace")


def _newsletters(config: Config, now: datetime) -> Iterator[DoctorFinding]:
    newsletters = list(Newsletter.objects.order_by("pk"))
    if not newsletters:
        yield DoctorFinding("bad", "newsletter", "there is none", "Run: run.py init")
    for newsletter in newsletters:
        yield _readers(newsletter)
        yield _postal_address(newsletter)
        yield _queue(newsletter)
        if next(free_slots(newsletter, after=now), None) is None:
            yield DoctorFinding("note", newsletter.slug, end_note(newsletter, now=now) or "its schedule is paused")
        yield _next_issue(newsletter, config, now)
        yield from _stuck(newsletter)


def _domains(config: Config) -> Iterator[DoctorFinding]:
    """What the senders' domains say in DNS; of no account while the mail reaches nobody."""
    if config.provider == "outbox":
        return
    senders = Newsletter.objects.values_list("sender_address", flat=True)
    for domain in sorted({sender.rpartition("@")[2].lower() for sender in senders}):
        yield from examine_domain(domain)


def _readers(newsletter: Newsletter) -> DoctorFinding:
    count = expected_deliveries(newsletter)
    if not count:
        return DoctorFinding("note", newsletter.slug, "nobody would be mailed", "See: run.py subscribers --help")
    return DoctorFinding("good", newsletter.slug, f"{count:,} {'reader' if count == 1 else 'readers'} would be mailed")


def _stuck(newsletter: Newsletter) -> Iterator[DoctorFinding]:
    """Issues that wait for a person."""
    if stop := open_stop(newsletter.mailing_list_id):
        yield DoctorFinding("bad", newsletter.slug, "its issues are not mailed", stop_reason(stop))
    for issue in newsletter.issues.filter(state=IssueState.HELD).order_by("number"):
        remedy = f"run.py issues show {issue.number}, then approve or cancel it"
        yield DoctorFinding("note", newsletter.slug, f"issue {issue.number} is held: {issue.held_reason}", remedy)
    for message in Message.objects.filter(issue__newsletter=newsletter, state=MessageState.PAUSED).order_by("pk"):
        number = message.issue.number if message.issue else ""
        why = f": {message.held_reason}" if message.held_reason else ""
        remedy = f"run.py issues resume {number}, or cancel it"
        yield DoctorFinding("note", newsletter.slug, f"the mail of issue {number} is paused{why}", remedy)


def _postal_address(newsletter: Newsletter) -> DoctorFinding:
    if newsletter.postal_address.strip():
        return DoctorFinding("good", newsletter.slug, "it has a postal address")
    return DoctorFinding(
        "bad", newsletter.slug, "it has no postal address, which the law wants in every issue",
        'Run: run.py init --postal-address "…"',
    )  # fmt: skip


def _queue(newsletter: Newsletter) -> DoctorFinding:
    waiting = QueueEntry.objects.filter(tip__newsletter=newsletter, held=False).count()
    ahead = waiting // newsletter.tips_per_issue
    said = (
        f"{waiting} {'tip waits' if waiting == 1 else 'tips wait'} in the queue: "
        f"enough for {ahead} {'issue' if ahead == 1 else 'issues'}"
    )
    if ahead < ISSUES_AHEAD_WANTED:
        return DoctorFinding("note", newsletter.slug, said, "Approve more: run.py tips list")
    return DoctorFinding("good", newsletter.slug, said)


def _next_issue(newsletter: Newsletter, config: Config, now: datetime) -> DoctorFinding:
    try:
        look = look_at_next(newsletter, config=config, now=now)
    except TipsheetError as error:
        return DoctorFinding("note", newsletter.slug, str(error))
    if look.is_blocked:
        return DoctorFinding("bad", newsletter.slug, "preflight blocks the next issue", "Run: run.py preview")
    return DoctorFinding("good", newsletter.slug, f"the next issue passes preflight: {look.content.subject}")
