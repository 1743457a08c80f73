"""Whether a recipient costs more after many issues than after one:

    python -m tests.benchmarks.past_issues [--recipients 2000] [--past 1 --past 100 --past 1000] [--postgres]

For each number of past issues, sent to the same readers, it plans one more and claims, submits and records it in
batches of 50, as SMTP does; and prints the CPU microseconds of this process and the time, for each recipient. Each
figure is the middle one of several issues.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

from tests.benchmarks.ledger import NOW, make_readers

BATCH, ROUNDS = 50, 5


def add_past(list_id: int, first: int, count: int) -> None:
    """So many issues that everybody got, as the ledger keeps them."""
    from pipeline.delivery.dialect import run
    from pipeline.delivery.models import Message
    from tests.delivery.scene import make_message

    template = make_message(None, key=f"template:{first}", kind="test")
    for number in range(first, first + count):
        template.pk, template.key, template.state = None, f"past:{number}", "finished"
        template.planned_at = NOW
        template.save(force_insert=True)
        run(
            """INSERT INTO delivery_delivery
            (message_id, subscriber_id, address, state, reason, attempts, provider_message_id, planned_at, updated_at)
            SELECT %s, subscriber_id, '', 'accepted', '250 ok', 1, '', %s, %s FROM audience_subscription
            WHERE mailing_list_id = %s ORDER BY subscriber_id""",
            (template.pk, NOW, NOW, list_id),
        )
    Message.objects.filter(key__startswith="template:").delete()


def one_issue(list_id: int, key: str) -> dict[str, float]:
    from pipeline.audience.models import MailingList
    from pipeline.delivery import ledger
    from pipeline.delivery.actions.messages import plan_issue
    from pipeline.delivery.providers.base import SendOutcome, SendState
    from tests.delivery.scene import make_message

    message = make_message(MailingList.objects.get(pk=list_id), key)
    planned = timed(lambda: plan_issue(message=message, now=NOW))

    def send() -> None:
        while claims := ledger.claim_windows(
            message_id=message.pk, window=BATCH, count=4, worker="bench", provider="none", now=NOW,
            lease=timedelta(hours=1),
        ):  # fmt: skip
            for claim in claims:
                ledger.mark_submitting(claim, payload_hash="0" * 64, now=NOW)
                accepted = [SendOutcome(row.delivery_id, SendState.ACCEPTED, "250 ok") for row in claim.rows]
                ledger.record(claim, accepted, now=NOW)

    sent = timed(send)
    return {f"plan_{unit}": value for unit, value in planned.items()} | {f"send_{u}": v for u, v in sent.items()}


def timed(work) -> dict[str, float]:
    started, cpu = time.perf_counter(), time.process_time()
    work()
    return {"cpu_us": (time.process_time() - cpu) * 1e6, "us": (time.perf_counter() - started) * 1e6}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipients", type=int, default=2000)
    parser.add_argument("--past", type=int, action="append")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL that is started for this")
    options = parser.parse_args()
    from tests.delivery.matrix.world import make_workspace
    from tests.postgres import running_postgres

    report, made = {}, 0
    with running_postgres() if options.postgres else nullcontext("") as url, tempfile.TemporaryDirectory() as folder:
        make_workspace(Path(folder), url)
        list_id = make_readers(options.recipients)
        for past in sorted(options.past or [1, 100, 1000]):
            add_past(list_id, made, past - made)
            made = past
            seen = [one_issue(list_id, f"issue:{past}:{number}") for number in range(ROUNDS)]
            report[f"after {past} issues"] = {
                name: round(statistics.median(each[name] for each in seen) / options.recipients, 2) for name in seen[0]
            }
        from django.db import connections

        connections.close_all()
    print(json.dumps({"recipients": options.recipients, "for_each_recipient": report}, indent=2))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pipeline.settings")
    main()
