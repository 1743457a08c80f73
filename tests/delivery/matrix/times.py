"""How late the first mail leaves, and how soon leaving takes effect, in the real sizes of a window.

Lateness: from the beginning of the tick that finds an issue due to the commit before its first mail. A tick comes every
`tick_seconds`, so that a reader's issue is at most that much later than its slot.

Leaving: readers unsubscribe one after the other while 2,000 of them are mailed. Who left before their batch was claimed
must not be mailed; the time to the effect is from the unsubscribe's commit to the end of the last batch that was
claimed before it.
"""

import random
import statistics
import tempfile
from pathlib import Path

from tests.delivery.matrix.world import World

READERS, LEAVE, TICKS = 2000, 60, 5


def times(world: World, names: tuple[str, ...]) -> dict[str, object]:
    leaving = {name: _leaving(world, name) for name in names}
    wrong = [f"{name}: {seen['too_late']} were mailed after they had left" for name, seen in leaving.items()
             if seen["too_late"]]  # fmt: skip
    return {"leaving": leaving, "lateness_ms": _lateness(world), "wrong": wrong}


def _leaving(world: World, name: str) -> dict[str, object]:
    from pipeline.audience.actions.subscriptions import unsubscribe
    from pipeline.clock import utc_now
    from pipeline.delivery.actions.messages import create_message, plan_issue
    from pipeline.delivery.models import Delivery, MessageKind
    from pipeline.publish.rehearsal.forking import ended_within, forked, killed
    from tests.delivery.scene import RENDERED, SENDER, make_list, subscribe

    mailing_list = make_list(f"leaving-{name}")
    readers = [subscribe(mailing_list, number) for number in range(1, READERS + 1)]
    message = create_message(kind=MessageKind.ISSUE, key=f"issue:leaving:{name}", rendered=RENDERED, sender=SENDER,
                             now=utc_now(), mailing_list=mailing_list)  # fmt: skip
    plan_issue(message=message, now=utc_now())
    pid, left = forked(lambda: world.send(name, window=None)), {}
    chance = random.Random(name)
    for reader in chance.sample(readers, LEAVE):
        if (code := ended_within(pid, 0.01)) is not None:
            pid = 0
            break
        unsubscribe(list_id=mailing_list.pk, subscriber_id=reader.pk, now=utc_now())
        left[reader.pk] = utc_now()
    if pid and (code := ended_within(pid, 120)) is None:
        code = killed(pid)
    assert code == 0, f"{name}: the run ended with {code}"
    delays, too_late = [], 0
    rows = Delivery.objects.filter(message=message, subscriber__in=list(left), state="accepted", batch__isnull=False)
    for reader, claimed, finished in rows.values_list("subscriber", "batch__claimed_at", "batch__finished_at"):
        if finished > left[reader]:
            delays.append((finished - left[reader]).total_seconds() * 1000)
            too_late += claimed > left[reader]
    spared = Delivery.objects.filter(message=message, subscriber__in=list(left), state="suppressed").count()
    most = {"median": round(statistics.median(delays)), "most": round(max(delays))} if delays else {}
    return {"left": len(left), "spared": spared, "on_their_way": len(delays), "too_late": too_late, "effect_ms": most}


def _lateness(world: World) -> dict[str, object]:
    from pipeline.clock import utc_now
    from pipeline.delivery.models import Batch, Message
    from tests.delivery.matrix.scenes import Scenes

    seen = {}
    Message.objects.all().delete()
    with tempfile.TemporaryDirectory(dir=world.home.parent) as scratch:
        scenes = Scenes(world, Path(scratch))
        for stage in ("queued", "approved"):
            waits = []
            for _ in range(TICKS):
                scenes._put_back(stage)
                began = utc_now() + world.clock.ahead
                scenes.tick("outbox")
                first = Batch.objects.order_by("submitted_at").values_list("submitted_at", flat=True)[0]
                waits.append((first - began).total_seconds() * 1000)
            seen[stage] = {"median": round(statistics.median(waits)), "most": round(max(waits))}
    return seen
