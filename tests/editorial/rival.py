"""One of several processes that do the same thing at once: `python -m tests.editorial.rival TASK START_FILE`.

It sets Django up, says "ready", waits until START_FILE appears, and prints what it did, one line a step.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.cli.base import setup
from pipeline.errors import TipsheetError


def _compose(say: Callable[[object], None]) -> None:
    from pipeline.editorial.actions import issues
    from pipeline.editorial.models import Newsletter
    from pipeline.editorial.queries import rule_of
    from pipeline.editorial.slots import slots_after
    from tests.editorial.conftest import NOW

    newsletter = Newsletter.objects.get()
    slots = slots_after(rule_of(newsletter), NOW)
    for _ in range(4):
        slot = next(slots)
        say(issues.compose(newsletter=newsletter, slot=slot, now=NOW, actor="rival").pk)


def _approve(say: Callable[[object], None]) -> None:
    from pipeline.editorial.actions import tips
    from pipeline.editorial.models import Tip
    from tests.editorial.conftest import NOW

    for tip_id in list(Tip.objects.order_by("pk").values_list("pk", flat=True)):
        try:
            say(f"approved {tips.approve(tip_id=tip_id, now=NOW, actor='rival').revision_id}")
        except TipsheetError as error:
            say(f"refused {type(error).__name__}")


def _ingest(say: Callable[[object], None]) -> None:
    from pipeline.editorial.actions import ingest
    from pipeline.editorial.models import Newsletter
    from pipeline.editorial.tip_files import WrittenTip
    from tests.editorial.conftest import NOW, wording

    newsletter = Newsletter.objects.get()
    for number in range(8):
        tip = WrittenTip("", 1, wording(title=f"Tip {number}", text=f"Advice number {number}, all of its own."))
        report = ingest.ingest_handwritten(
            newsletter=newsletter, location=f"tips/{number}.md", tips=[tip], now=NOW, actor="rival"
        )
        say(report.tips[0].outcome)


def _found(say: Callable[[object], None]) -> None:
    from pipeline.editorial.actions.newsletters import NewsletterError
    from tests.editorial.conftest import make_newsletter

    for number in range(12):
        try:
            made = make_newsletter(slug=f"letter-{number}", list_id=f"letter-{number}.newsletter.example")
            say(f"founded {made.slug}")
        except NewsletterError as error:
            say(f"refused for its {error.field}")


TASKS = {"found": _found, "compose": _compose, "approve": _approve, "ingest": _ingest}


def main() -> None:
    task, start = TASKS[sys.argv[1]], Path(sys.argv[2])
    setup()
    print("ready", flush=True)
    while not start.exists():
        time.sleep(0.001)
    task(lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()
