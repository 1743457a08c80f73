"""How fast mail leaves over SMTP, beside others, with the same message to the same sink, in one run:

    python -m tests.benchmarks.smtp --count 20000 [--rounds 3] [--postgres] [--django-newsletter PYTHON]

Needs `smtp-sink` and `smtp-source` (Debian package postfix). The sink has one processor and the clients another, so
that what is compared is the client; each round runs all of them, one after the other, and the middle one of the rounds
counts. Ours is the whole way: the ledger on the disk (`submitting` is committed before the first byte, results after
each window), assembling, the wire; only planning, which comes before, is not in it. The CPU is the client process's,
its threads and the kernel's work for it included.

`--only ours` runs one alone. `--django-newsletter` names the Python of an environment that has it.
"""

import argparse
import json
import os
import resource
import shutil
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from email.message import EmailMessage
from pathlib import Path

from tests.benchmarks.ledger import NOW, issue_like, make_readers, peak_mb

RIVALS = Path(__file__).parent / "rivals"
SESSIONS = 10  # of smtp-source


@contextmanager
def sink() -> Iterator[int]:
    """A smtp-sink on a free port of loopback, on the last processor; this process stays on the first."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    processors = sorted(os.sched_getaffinity(0))
    process = subprocess.Popen(
        [program("smtp-sink"), *user, f"127.0.0.1:{port}", "100"],
        preexec_fn=lambda: os.sched_setaffinity(0, {processors[-1]}),  # noqa: PLW1509 - no threads yet
    )
    os.sched_setaffinity(0, {processors[0]})
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        os.sched_setaffinity(0, processors)
        process.terminate()
        process.wait()


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if not found:
        sys.exit(f"{name} is missing: install the Debian package postfix, or put its folder into PATH")
    return found


class Ours:
    """Each call plans an issue for the list's readers, and sends it."""

    def __init__(self, list_id: int, connections: int) -> None:
        self.list_id, self.connections = list_id, connections

    def __call__(self, port: int) -> dict[str, float]:
        from pipeline.audience.models import MailingList
        from pipeline.clock import utc_now
        from pipeline.config import load_config
        from pipeline.delivery.actions.messages import create_message, plan_issue
        from pipeline.delivery.models import MessageKind
        from pipeline.delivery.providers.smtp import Provider, SmtpServer
        from pipeline.delivery.sender import SenderSettings, send_open
        from tests.delivery.scene import SENDER

        message = create_message(
            kind=MessageKind.ISSUE, key=f"issue:{port}", rendered=issue_like(), sender=SENDER, now=NOW,
            mailing_list=MailingList.objects.get(pk=self.list_id),
        )  # fmt: skip
        plan_issue(message=message, now=NOW)
        provider = Provider(SmtpServer("127.0.0.1", port, "none", connections=self.connections))
        settings = SenderSettings("https://newsletter.example", load_config().var, 900)
        started, cpu = time.perf_counter(), time.process_time()
        report = send_open(provider=provider, settings=settings, now=utc_now)
        seen = {"seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - cpu}
        provider.close()
        assert report.finished, report
        return seen | {"messages": report.accepted}


def smtp_source(count: int, file: Path) -> Callable[[int], dict[str, float]]:
    def run(port: int) -> dict[str, float]:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        subprocess.run(
            [program("smtp-source"), "-s", str(SESSIONS), "-m", str(count), "-f", "a@n.example", "-t",
             "reader@example.org", "-F", str(file), f"127.0.0.1:{port}"],
            check=True,
        )  # fmt: skip
        seconds = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return {"seconds": seconds, "cpu_seconds": cpu, "messages": count}

    return run


def smtplib_email_message(count: int, mail: dict[str, str]) -> Callable[[int], dict[str, float]]:
    """A message built for each recipient and sent over one connection, as scripts do it."""

    def run(port: int) -> dict[str, float]:
        started, cpu = time.perf_counter(), time.process_time()
        with smtplib.SMTP("127.0.0.1", port) as server:
            for number in range(count):
                message = EmailMessage()
                message["From"], message["Subject"] = "The Skin Letter <a@n.example>", mail["subject"]
                message["To"] = f"Reader {number} <reader{number}@example.org>"
                message.set_content(mail["text"].replace("GREETING", f"Hello Reader {number},"))
                message.add_alternative(mail["html"].replace("GREETING", f"Hello Reader {number},"), subtype="html")
                server.send_message(message)
        seen = {"seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - cpu}
        return seen | {"messages": count}

    return run


def other_process(count: int, *command: str) -> Callable[[int], dict[str, float]]:
    """A rival that prints its seconds; PORT in the command is the sink's."""

    def run(port: int) -> dict[str, float]:
        told = [str(port) if word == "PORT" else word for word in command]
        done = subprocess.run(told, check=True, capture_output=True, text=True)
        return json.loads(done.stdout.splitlines()[-1]) | {"messages": count}

    return run


def clients(options: argparse.Namespace, folder: Path) -> dict[str, Callable[[int], dict[str, float]]]:
    from pipeline.delivery.compiled import RecipientValues, compile_message
    from pipeline.render.model import Place

    rendered = issue_like()
    mail = {"subject": rendered.subject, "html": rendered.html, "text": rendered.text}
    for place in Place:
        word = "GREETING" if place is Place.GREETING else f"https://newsletter.example/{place.value}/{'A' * 48}/"
        mail = {part: text.replace(place.marker, word) for part, text in mail.items()}
    (folder / "mail.json").write_text(json.dumps(mail))
    compiled = compile_message(rendered, from_name="The Skin Letter", from_address="a@n.example", message_key="x",
                               sent_date=NOW)  # fmt: skip
    link = f"https://newsletter.example/unsubscribe/{'A' * 48}/"
    ready = compiled.assemble(RecipientValues(1, "reader@example.org", "Reader 1", "Hello Reader 1,", link, link))
    (folder / "ready.eml").write_bytes(ready.replace(b"\r\n", b"\n"))
    slow, few = max(options.count // 10, 200), max(options.count // 20, 200)
    list_id = make_readers(options.count)
    known = {f"ours, {n} connections": Ours(list_id, n) for n in options.connections or [1, 4]}
    known |= {
        f"smtp-source, {SESSIONS} sessions": smtp_source(options.count, folder / "ready.eml"),
        "smtplib + EmailMessage": smtplib_email_message(few, mail),
        "nodemailer, pool of 10": other_process(
            slow, shutil.which("node") or "node", str(RIVALS / "nodemailer_pool.mjs"), "PORT", str(slow), "10",
            str(folder / "mail.json"),
        ),
    }  # fmt: skip
    if options.django_newsletter:
        known["django-newsletter"] = other_process(
            few, options.django_newsletter, str(RIVALS / "django_newsletter_send.py"), "PORT", str(few),
            str(folder / "mail.json"),
        )  # fmt: skip
    return {name: run for name, run in known.items() if not options.only or name.startswith(options.only)}


def table(seen: dict[str, list[dict[str, float]]], size: int) -> dict[str, object]:
    """The middle round of each: messages a second, CPU microseconds of the client, and its rate beside smtp-source."""
    rows: dict[str, dict[str, float]] = {}
    for name, rounds in seen.items():
        rows[name] = {
            "messages_per_second": round(statistics.median(run["messages"] / run["seconds"] for run in rounds)),
            "client_cpu_us": round(statistics.median(run["cpu_seconds"] / run["messages"] * 1e6 for run in rounds)),
        }
    source = next((row for name, row in rows.items() if name.startswith("smtp-source")), None)
    for row in rows.values() if source else ():
        row["of_smtp_source"] = round(row["messages_per_second"] / source["messages_per_second"], 2)
    return {"message_bytes": size, "clients": rows, "peak_mb": peak_mb()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000, help="messages of ours and of smtp-source; others fewer")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, action="append", help="ours with so many; may be given again")
    parser.add_argument("--only", default="", help="the clients whose names begin so")
    parser.add_argument("--postgres", action="store_true", help="our ledger on a PostgreSQL that is started for this")
    parser.add_argument("--django-newsletter", metavar="PYTHON", default="")
    options = parser.parse_args()
    from tests.delivery.matrix.world import make_workspace
    from tests.postgres import running_postgres

    with running_postgres() if options.postgres else nullcontext("") as url, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_workspace(folder, url)
        known = clients(options, folder)
        seen: dict[str, list[dict[str, float]]] = {client: [] for client in known}
        for _ in range(options.rounds):
            for client, run in known.items():
                with sink() as port:
                    seen[client].append(run(port))
        size = (folder / "ready.eml").stat().st_size
        from django.db import connections

        connections.close_all()
    print(json.dumps(table(seen, size), indent=2))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pipeline.settings")
    main()
