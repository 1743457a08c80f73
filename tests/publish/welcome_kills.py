"""SIGKILLs of real processes that welcome new readers: `python -m tests.publish.welcome_kills --kills 200`.

Each child runs the ticks from where the one before left, and dies at a statement that chance draws, before it or after
it was executed. Then everything is left to end, and the mails in the outbox are counted: each reader has each welcome
mail, and none twice. Prints one JSON object; exit code 1 if a mail is missing or came twice.
"""

import argparse
import email
import email.policy
import json
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.publish.year import START, WHO, workspace

MAILS, TIPS = 3, 6


def found(config: Any) -> Any:
    """A newsletter with published tips, whose schedule is paused, and that welcomes whoever joins."""
    from pipeline.editorial.actions import revise, schedules, tips
    from pipeline.editorial.actions.newsletters import create_newsletter
    from pipeline.editorial.actions.rules import update_rules
    from pipeline.editorial.wording_rules import Wording
    from pipeline.publish.publishing import publish_now

    newsletter = create_newsletter(
        slug="welcome", name="The Welcome", sender_name="W", sender_address="letter@newsletter.example",
        list_id="welcome.newsletter.example", reason="You subscribed.", time_zone="Europe/Berlin", weekdays="TU",
        postal_address="1 Orchard Road", tips_per_issue=TIPS, now=START, **WHO,
    )  # fmt: skip
    for number in range(TIPS):
        words = Wording(f"Tip {number}", f"Advice number {number}, like no other.", f"Topic {number}", author="Ida")
        tip = revise.write_tip(newsletter=newsletter, wording=words, now=START, **WHO)
        tips.approve(tip_id=tip.pk, now=START, **WHO)
    publish_now(newsletter, config=config, clock=lambda: START, **WHO)
    schedules.pause_schedule(newsletter=newsletter, paused=True, now=START, **WHO)
    rules = {"welcome_mails": str(MAILS), "welcome_days": "2"}
    update_rules(newsletter=newsletter, changes=rules, now=START, **WHO)
    return newsletter


def join(newsletter: Any, number: int, now: datetime) -> None:
    from pipeline.audience.actions.subscriptions import add_subscriber
    from pipeline.audience.addresses import parse

    address = parse(f"reader{number}@reader.example")
    add_subscriber(
        mailing_list=newsletter.mailing_list, address=address, wording="Yes.", now=now, source="by hand", **WHO
    )


def run(config: Any, now: datetime, dies_at: int, *, after: bool) -> bool:
    """A tick in a child that dies at its `dies_at`th statement, never for 0; whether it died."""
    from django.db import connection

    connection.close()
    pid = os.fork()
    if pid == 0:
        _tick_and_die(config, now, dies_at, after=after)
    _, status = os.waitpid(pid, 0)
    if not os.WIFSIGNALED(status) and os.WEXITSTATUS(status):
        raise SystemExit(f"a tick ended with {os.WEXITSTATUS(status)}")
    return os.WIFSIGNALED(status)


def _tick_and_die(config: Any, now: datetime, dies_at: int, *, after: bool) -> None:
    from django.db import connection

    from pipeline.publish.ticks import tick

    left = [dies_at]

    def wrapper(execute: Callable[..., Any], *arguments: Any) -> Any:
        left[0] -= 1
        if left[0] == 0 and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = execute(*arguments)
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    code = 1
    try:
        with connection.execute_wrapper(wrapper):
            tick(config=config, clock=lambda: now)
        code = 0
    finally:
        os._exit(code)


def judge(outbox: Path, readers: int) -> dict[str, int]:
    """What came of the welcome mails, by what lies in the outbox."""
    seen: Counter[tuple[str, str]] = Counter()
    for path in outbox.glob("*.eml"):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        seen[str(mail["To"]), str(mail["Subject"])] += 1
    each = Counter(to for to, _ in seen)
    return {
        "readers": readers,
        "mails": seen.total(),
        "twice": sum(count > 1 for count in seen.values()),
        "readers_short": sum(each[f"reader{number}@reader.example"] != MAILS for number in range(readers)),
    }


def kill(config: Any, kills: int, seed: int) -> dict[str, int]:
    chance, newsletter, now = random.Random(seed), found(config), START
    died = readers = 0
    while died < kills:
        now += timedelta(hours=chance.uniform(1, 20))
        if chance.random() < 0.4:
            join(newsletter, readers, now)
            readers += 1
        died += run(config, now, chance.randint(1, 160), after=chance.random() < 0.5)
    for _ in range(4 * MAILS):
        now += timedelta(days=1)
        run(config, now, 0, after=False)
    return {"kills": died, **judge(config.var / "outbox", readers)}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with workspace("sqlite") as home:
        (home / "var").mkdir(mode=0o700)
        from pipeline.cli.base import setup
        from pipeline.cli.workspace import prepare_database
        from pipeline.config import load_config

        setup(database=False)
        prepare_database()
        came = kill(load_config(), given.kills, given.seed)
    print(json.dumps(came))
    return 1 if came["twice"] or came["readers_short"] else 0


if __name__ == "__main__":
    sys.exit(main())
