"""How fast the ledger is, on this machine, in one run:

    python -m tests.benchmarks.ledger --recipients 1000000 [--postgres]

Plans so many recipients in one statement, then claims, submits and records batch after batch through the very
functions that the sender uses, with the real settings (a commit is on the disk when it returns). Memory is the
process's peak. Assembling is measured with an email of 41 KB, by itself.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def make_readers(count: int) -> int:
    """So many confirmed subscribers, and a suppression for each thousandth; the list's id."""
    from pipeline.audience.models import MailingList
    from pipeline.delivery.dialect import run

    mailing_list = MailingList.objects.create(name="Readers", slug="readers", created_at=NOW)
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
    run(
        f"""{numbers} INSERT INTO audience_subscriber (address, address_key, address_hash, name, language, created_at)
        SELECT 'reader' || i || '@example.org', 'reader' || i || '@example.org', CAST(i AS VARCHAR(64)),
            'Reader ' || i, 'en', %s FROM n"""
        if _is_sqlite()
        else f"""INSERT INTO audience_subscriber (address, address_key, address_hash, name, language, created_at)
        SELECT 'reader' || i || '@example.org', 'reader' || i || '@example.org', i::varchar, 'Reader ' || i, 'en', %s
        FROM generate_series(1, {count}) i""",
        (NOW,),
    )
    run(
        """INSERT INTO audience_subscription (subscriber_id, mailing_list_id, state, state_changed_at, created_at)
        SELECT id, %s, 'confirmed', %s, %s FROM audience_subscriber""",
        (mailing_list.pk, NOW, NOW),
    )
    run(
        """INSERT INTO audience_suppression (address_hash, mailing_list_id, reason, created_at)
        SELECT address_hash, NULL, 'hard_bounce', %s FROM audience_subscriber WHERE id %% 1000 = 0""",
        (NOW,),
    )
    return mailing_list.pk


def _is_sqlite() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite"


def measure(recipients: int, batch: int, batches: int) -> dict[str, object]:
    from pipeline.audience.models import MailingList
    from pipeline.delivery import ledger
    from pipeline.delivery.actions.messages import plan_issue
    from pipeline.delivery.providers.base import SendOutcome, SendState
    from tests.delivery.scene import make_message

    mailing_list = MailingList.objects.get(pk=make_readers(recipients))
    message = make_message(mailing_list)
    started, planned_cpu = time.perf_counter(), time.process_time()
    total = plan_issue(message=message, now=NOW)
    planned_seconds, planned_cpu = time.perf_counter() - started, time.process_time() - planned_cpu
    memory = peak_mb()
    started, cpu, done = time.perf_counter(), time.process_time(), 0
    for _ in range(batches):
        claimed = ledger.claim(
            message_id=message.pk, limit=batch, worker="bench", provider="none", now=NOW, lease=timedelta(hours=1)
        )
        if claimed is None:
            break
        ledger.mark_submitting(claimed, payload_hash="0" * 64, now=NOW)
        accepted = [SendOutcome(row.delivery_id, SendState.ACCEPTED, "250 ok", "id") for row in claimed.rows]
        ledger.record(claimed, accepted, now=NOW)
        done += len(claimed.rows) + claimed.suppressed
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    return {
        "planned": total.planned,
        "plan_seconds": round(planned_seconds, 2),
        "plan_cpu_seconds_of_this_process": round(planned_cpu, 2),
        f"rows_per_second_in_batches_of_{batch}": round(done / seconds),
        "cpu_us_per_row_of_this_process": round(cpu / done * 1e6, 1),
        "peak_mb_before_and_after_the_batches": [memory, peak_mb()],
    }


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def issue_like():
    """A rendered email whose message has 41 KB."""
    from pipeline.render.model import Place, RenderedEmail

    links = f"{Place.UNSUBSCRIBE_URL.marker} {Place.PREFERENCES_URL.marker}"
    page = f"<p>{Place.GREETING.marker}</p>{'<p>A line of a tip, as long as such lines are.</p>' * 700}{links}"
    text = f"{Place.GREETING.marker}\n\n{'A line of a tip, as long as such lines are.' * 60}\n\n{links}\n"
    return RenderedEmail("Three small habits", page, text)


def assemble_microseconds() -> dict[str, float]:
    from pipeline.delivery.compiled import RecipientValues, compile_message

    compiled = compile_message(
        issue_like(), from_name="The Skin Letter", from_address="a@n.example",
        list_id="skin.n.example", list_name="The Skin Letter", message_key="issue:1", sent_date=NOW,
    )  # fmt: skip
    link = "https://newsletter.example/unsubscribe/" + "A" * 48 + "/"
    seen = {}
    for name in ("Ada Lovelace", "Zoë 你好"):
        values = RecipientValues(1, "ada@example.org", name, f"Hello {name},", link, link)
        best = min(_timed(lambda values=values: compiled.assemble(values)) for _ in range(5))
        seen[f"assemble_us ({name}, {len(compiled.assemble(values)) // 1000} KB)"] = round(best, 1)
    return seen


def _timed(work, times: int = 5000) -> float:
    started = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - started) / times * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipients", type=int, default=1_000_000)
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--batches", type=int, default=50)
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL that is started for this")
    options = parser.parse_args()
    from tests.delivery.matrix.world import make_workspace
    from tests.postgres import running_postgres

    with running_postgres() if options.postgres else nullcontext("") as url, tempfile.TemporaryDirectory() as folder:
        make_workspace(Path(folder), url)
        report = measure(options.recipients, options.batch, options.batches)
        from django.db import connections

        connections.close_all()
    report |= {} if options.postgres else assemble_microseconds()
    print(json.dumps(report, indent=2, ensure_ascii=False), file=sys.stdout)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pipeline.settings")
    main()
