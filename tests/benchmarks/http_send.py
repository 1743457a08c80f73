"""How fast mail leaves by a native batch, ledger included, on this machine, in one run:

    python -m tests.benchmarks.http_send --recipients 200000 [--provider sendgrid] [--postgres]

The sender itself runs (claim, call, commit `submitting`, answer, record; the real settings, so a commit is on the disk
when it returns) against a sink on loopback, a process of its own that reads each call and says that it was taken.
CPU is the sender's process alone, with its kernel time; the sink's is told beside it.
"""

import argparse
import json
import os
import resource
import socket
import sys
import tempfile
import time
from contextlib import contextmanager, nullcontext
from cProfile import Profile
from datetime import UTC, datetime
from pathlib import Path
from pstats import Stats
from threading import Thread

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ANSWERS = {
    "mailgun": (200, b'{"id": "<1@sink.example>", "message": "Queued. Thank you."}'),
    "sendgrid": (202, b""),
}


def _sink(server: socket.socket, provider: str) -> None:
    """Answers each call once its body has come; one thread a connection."""
    status, body = ANSWERS[provider]
    answer = b"HTTP/1.1 %d OK\r\nX-Message-Id: 1\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)

    def serve(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        buffer, held = bytearray(4_000_000), b""
        while True:
            while (end := held.find(b"\r\n\r\n")) < 0:
                data = connection.recv(65536)
                if not data:
                    return
                held += data
            head = held[:end].lower()
            left = int(head.partition(b"content-length:")[2].split(b"\r\n")[0]) - (len(held) - end - 4)
            held = b""
            while left > 0:
                left -= connection.recv_into(buffer, min(left, len(buffer)))
            connection.sendall(answer)

    while True:
        connection, _ = server.accept()
        Thread(target=serve, args=(connection,), daemon=True).start()


@contextmanager
def sink(provider: str):
    """The address of a sink that lives as long as the block; then its CPU seconds stand in the list."""
    server = socket.create_server(("127.0.0.1", 0))
    pid = os.fork()
    if not pid:
        try:
            _sink(server, provider)
        finally:
            os._exit(0)
    port = server.getsockname()[1]
    server.close()
    used: list[float] = []
    try:
        yield f"http://127.0.0.1:{port}", used
    finally:
        os.kill(pid, 9)
        _, _, usage = os.wait4(pid, 0)
        used.append(usage.ru_utime + usage.ru_stime)


def measure(recipients: int, provider: str, url: str, folder: Path) -> dict[str, object]:
    from pipeline.audience.models import MailingList
    from pipeline.config import Config
    from pipeline.delivery import providers
    from pipeline.delivery.actions.messages import Sender, create_message, plan_issue
    from pipeline.delivery.models import MessageKind
    from pipeline.delivery.sender import SenderSettings, send_open
    from pipeline.delivery.sums import sums
    from tests.benchmarks.ledger import make_readers

    mailing_list = MailingList.objects.get(pk=make_readers(recipients))
    message = create_message(
        kind=MessageKind.ISSUE, key="issue:1", rendered=_email(), now=NOW, mailing_list=mailing_list,
        sender=Sender("The Skin Letter", "hello@n.example", list_id="skin.n.example"),
    )  # fmt: skip
    plan_issue(message=message, now=NOW)
    config = Config(home=folder, provider=provider, provider_key="key", provider_url=url)
    made, settings = providers.load(config), SenderSettings("https://newsletter.example", folder / "var", 900)
    started, cpu = time.perf_counter(), time.process_time()
    report = send_open(provider=made, settings=settings, now=lambda: NOW)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    made.close()
    total = sums(message)
    assert total.adds_up
    assert total.accepted == report.accepted
    return {
        "provider": provider,
        "sum": total.describe(),
        "recipients_per_second": round(report.accepted / seconds),
        "cpu_us_per_recipient_of_the_sender": round(cpu / report.accepted * 1e6, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _email():
    from pipeline.render.model import Place, RenderedEmail

    links = f"{Place.UNSUBSCRIBE_URL.marker} {Place.PREFERENCES_URL.marker}"
    page = f"<p>{Place.GREETING.marker}</p>{'<p>A line of a tip, as long as such lines are.</p>' * 700}{links}"
    text = f"{Place.GREETING.marker}\n\n{'A line of a tip, as long as such lines are.' * 60}\n\n{links}\n"
    return RenderedEmail("Three small habits", page, text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipients", type=int, default=200_000)
    parser.add_argument("--provider", choices=sorted(ANSWERS), default="mailgun")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL that is started for this")
    parser.add_argument("--profile", action="store_true", help="where the CPU goes, by function; slower by itself")
    options = parser.parse_args()
    from django.db import connections

    from tests.delivery.matrix.world import make_workspace
    from tests.postgres import running_postgres

    database = running_postgres() if options.postgres else nullcontext("")
    with sink(options.provider) as (url, used), database as where, tempfile.TemporaryDirectory() as folder:
        make_workspace(Path(folder), where)
        profile = Profile()
        if options.profile:
            profile.enable()
        report = measure(options.recipients, options.provider, url, Path(folder))
        profile.disable()
        connections.close_all()
    if options.profile:
        Stats(profile).sort_stats("tottime").print_stats(30)
    report["database"] = "postgresql" if options.postgres else "sqlite"
    report["cpu_us_per_recipient_of_the_sink"] = round(used[0] / options.recipients * 1e6, 2)
    print(json.dumps(report, indent=2, ensure_ascii=False), file=sys.stdout)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pipeline.settings")
    main()
