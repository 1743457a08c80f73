"""What is done in a cell: the workspace put back, the step with its fault in a child, the runs after it, the judge."""

import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from tests.delivery.matrix.faults import (
    FROM_THE_PROVIDER,
    IN_THE_PROCESS,
    STRUCK,
    Fault,
    Standstill,
    always,
    asked_of_the_provider,
    at,
    die,
    wait,
)
from tests.delivery.matrix.table import REPRESENTATIVES, Cell
from tests.delivery.matrix.world import CLASSES, SETTLED_BY_ITSELF, WINDOW, World, quiet_children

READERS = 8
_RUN_SECONDS_MOST = 240
OWN_SECRET, SVIX = "a-secret-of-our-own", "whsec_c2VjcmV0c2VjcmV0c2VjcmV0"
_SECRETS = f"mailgun={OWN_SECRET} resend={SVIX}"
_TURN = "pipeline.delivery.ledger:turn"
# What the sender does right after the commit: to begin a window, to count a recorded one. No transaction is open there.
_BEGUN, _COUNTED = "pipeline.delivery.lanes:Lanes.start", "pipeline.delivery.sender:_Run._count"
_POINTS = {
    ("connect", "http"): "pipeline.delivery.providers._http:Caller._connected",
    ("connect", "smtp"): "pipeline.delivery.providers.smtp:connect",
    ("sent", "http"): "pipeline.delivery.providers._http:Caller.call",
    ("sent", "smtp"): "pipeline.delivery.providers.smtp.conversation:Conversation._body",
    ("sent", "outbox"): "pipeline.delivery.providers.outbox:Provider._write",
}


@dataclass
class Seen:
    """What the judge found of one cell; `wrong` is empty where all is well."""

    mails: int
    duplicates: int
    losses: int
    in_doubt: int
    wrong: list[str]


class Scenes:
    """Makes the workspaces that cells begin with, and plays cells."""

    def __init__(self, world: World, scratch: Path) -> None:
        self.world, self.scratch = world, scratch
        self._small_windows()
        self._found()
        self._keep("queued")
        self._approve()
        self._keep("approved")

    # The workspace ---------------------------------------------------------------------------------------------------

    def _small_windows(self) -> None:
        from importlib import import_module

        for name in REPRESENTATIVES:
            kind = import_module(f"pipeline.delivery.providers.{name}").Provider
            if hasattr(kind, "traits"):
                kind.traits = replace(kind.traits, window=WINDOW)
        import pipeline.delivery.providers.smtp as smtp

        smtp._WINDOW = WINDOW

    def _found(self) -> None:
        from pipeline.audience.models import Subscriber, SuppressionReason
        from pipeline.editorial.queries import free_slots
        from tests.delivery.scene import suppress as suppress_reader
        from tests.publish import conftest as scene

        self.newsletter = scene.make_newsletter(weekdays="TU", now=self.world.clock())
        for number in range(READERS):
            scene.subscribe(self.newsletter, f"reader{number}@reader.example")
        suppress_reader(Subscriber.objects.order_by("pk")[0], SuppressionReason.COMPLAINT)
        for topic, text in scene.ADVICE[:2]:
            scene._approved(self.newsletter, topic, text)
        slot = next(free_slots(self.newsletter, after=self.world.clock()))
        self.world.clock.ahead = slot.at_utc - self.world.clock() + timedelta(minutes=1)
        self.began = self.world.clock.ahead

    def _approve(self) -> None:
        from pipeline.editorial.actions import issues as actions
        from pipeline.editorial.queries import free_slots
        from pipeline.publish.issues import approve
        from pipeline.publish.publishing import write_site

        config, now = self.world.config("outbox"), self.world.clock()
        slot = next(free_slots(self.newsletter, after=now - timedelta(minutes=2)))
        issue = actions.compose(newsletter=self.newsletter, slot=slot, now=now, actor="ada")
        approve(issue, config=config, now=now, actor="ada")
        write_site(self.newsletter, config=config, now=now)

    def _keep(self, stage: str) -> None:
        from django.db import connection, connections

        vendor = connection.vendor
        connections.close_all()
        kept = self.scratch / stage
        shutil.copytree(self.world.var, kept / "var")
        shutil.copytree(self.world.home / "output", kept / "output")
        if vendor == "postgresql":
            self._on_the_server(f'CREATE DATABASE kept_{stage} TEMPLATE "{self._database()}"')

    def _put_back(self, stage: str) -> None:
        from django.db import connection, connections

        vendor = connection.vendor
        connections.close_all()
        for folder in ("var", "output"):
            _emptied(self.world.home / folder)
            shutil.copytree(self.scratch / stage / folder, self.world.home / folder, dirs_exist_ok=True)
        if vendor == "postgresql":
            name = self._database()
            self._on_the_server(
                f'DROP DATABASE "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE kept_{stage}'
            )
        self.world.clock.ahead = self.began
        self.world.fake.mend(), self.world.fake.lag(on=False)
        self.world.taken("mailgun", [])

    def _database(self) -> str:
        from django.db import connection

        return str(connection.settings_dict["NAME"])

    def _on_the_server(self, *statements: str) -> None:
        import psycopg
        from django.db import connection

        from tests.delivery.matrix.faults import _where

        with psycopg.connect(**(_where(connection) | {"dbname": "template1"}), autocommit=True) as server:
            for statement in statements:
                server.execute(statement)

    # The runs --------------------------------------------------------------------------------------------------------

    def tick(self, provider: str) -> None:
        from pipeline.publish.ticks import tick

        tick(config=self.world.config(provider), clock=self.world.clock)

    def child(self, *work: Callable[[], object]) -> int:
        from pipeline.publish.rehearsal.forking import forked

        def done() -> None:
            quiet_children()
            for one in work:
                one()

        return forked(done)

    def play(self, cell: Cell) -> Seen:
        self._put_back(cell.row.begins)
        self.told, self.missed = [], ""
        scene = _DONE.get(cell.row.done, Scenes.at_the_point)
        STRUCK[0] = 0
        scene(self, cell, self._ended)
        if cell.fault in IN_THE_PROCESS and not STRUCK[0]:
            self.missed = "the fault never struck"
        self._after(cell, self._ended)
        return self._judged(cell)

    def _ended(self, pid: int) -> int:
        """The child's exit code. None may stand still for ever, whatever went wrong around it."""
        from pipeline.publish.rehearsal.forking import ended_within, killed

        code = ended_within(pid, _RUN_SECONDS_MOST)
        if code is None:
            self.missed, code = f"a run took more than {_RUN_SECONDS_MOST} s", killed(pid)
        return code

    def at_the_point(self, cell: Cell, ended, *, point: str = "", when=always) -> None:
        """The step with its fault, in a run that does everything; for `duplicate` and `slow`, two at once."""
        point = point or cell.row.point
        late = cell.fault is Fault.KILL_AFTER
        action = IN_THE_PROCESS.get(cell.fault, wait)
        pids = [self.child(lambda: at(point, action, after=late, when=when), lambda: self.tick(cell.provider))]
        if cell.fault in (Fault.DUPLICATE, Fault.SLOW):
            pids.append(self.child(lambda: at(point, wait, when=when), lambda: self.tick(cell.provider)))
        for pid in pids:
            ended(pid)

    def submitting(self, cell: Cell, ended) -> None:
        self._around_the_commit(cell, ended, "submitting", once_committed=_BEGUN)

    def recorded(self, cell: Cell, ended) -> None:
        self._around_the_commit(cell, ended, "recorded", once_committed=_COUNTED)

    def _around_the_commit(self, cell: Cell, ended, what: str, *, once_committed: str) -> None:
        """Before it is written, or after the commit: at what the sender does next."""
        if cell.fault is Fault.KILL_AFTER:
            ended(self.child(lambda: at(once_committed, die), lambda: self.tick(cell.provider)))
        else:
            self.at_the_point(cell, ended, when=lambda call: call[what])

    def connect(self, cell: Cell, ended) -> None:
        self._spoken(cell, ended, "connect", after=False)

    def sent(self, cell: Cell, ended) -> None:
        self._spoken(cell, ended, "sent", after=True)

    def _spoken(self, cell: Cell, ended, what: str, *, after: bool) -> None:
        if cell.fault in FROM_THE_PROVIDER:
            asked_of_the_provider(self.world.fake, cell.fault, after=after)
            ended(self.child(lambda: self.tick(cell.provider)))
            return
        kind = cell.provider if cell.provider in ("smtp", "outbox") else "http"
        self.at_the_point(cell, ended, point=_POINTS[what, kind])

    def part(self, cell: Cell, ended) -> None:
        """Some of the first call's readers are refused; then it goes wrong before that is written down."""
        self.world.fake.fail("partial", every=2)
        if cell.fault in FROM_THE_PROVIDER:
            asked_of_the_provider(self.world.fake, cell.fault, after=True)
            ended(self.child(lambda: self.tick(cell.provider)))
        else:
            self.recorded(cell, ended)

    def lease(self, cell: Cell, ended) -> None:
        """A worker stands still before its bytes leave: another comes when its lease has run out, and a third when the
        provider's log is believed; then it goes on. The fault is the second one's.
        """
        if cell.fault in FROM_THE_PROVIDER:
            asked_of_the_provider(self.world.fake, cell.fault, after=True)
        point = _POINTS["sent", cell.provider if cell.provider in ("smtp", "outbox") else "http"]
        standstill = Standstill()
        slow = self.child(lambda: at(point, standstill), lambda: self.tick(cell.provider))
        reached = standstill.reached()
        STRUCK[0] = 0
        self.world.clock.ahead += timedelta(minutes=16)
        self.at_the_point(cell, ended)
        self.world.clock.ahead += timedelta(minutes=20)
        ended(self.child(lambda: self.tick(cell.provider)))
        standstill.ends(slow)
        ended(slow)
        self.missed = self.missed or ("" if reached else "nobody stood still")

    def reconcile(self, cell: Cell, ended) -> None:
        """A run was killed before its results were written down; settling that goes wrong."""
        died = IN_THE_PROCESS[Fault.KILL_BEFORE]
        ended(self.child(lambda: at(_TURN, died, when=lambda call: call["recorded"]), lambda: self.tick(cell.provider)))
        STRUCK[0] = 0
        self.world.fake.quiet()
        self.world.clock.ahead += timedelta(minutes=2 if CLASSES[cell.provider] == "key" else 20)
        if cell.fault in FROM_THE_PROVIDER:
            asked_of_the_provider(self.world.fake, cell.fault, after=True)
        self.at_the_point(cell, ended)

    def unsubscribe(self, cell: Cell, ended) -> None:
        """The last reader leaves while the first window is out."""
        self._meanwhile(cell, ended, self._leaves)

    def pause(self, cell: Cell, ended) -> None:
        self._meanwhile(cell, ended, lambda: self._controlled("pause"))

    def cancel(self, cell: Cell, ended) -> None:
        self._meanwhile(cell, ended, lambda: self._controlled("cancel", reason="stop"))

    def _meanwhile(self, cell: Cell, ended, act: Callable[[], object]) -> None:
        """`act` by somebody else while the run is between two windows; the fault strikes `act`."""

        def other() -> None:
            action = IN_THE_PROCESS.get(cell.fault, wait)

            def struck() -> None:
                at(cell.row.point, action, after=cell.fault is Fault.KILL_AFTER)
                with suppress(Exception):
                    act()

            pids = [self.child(struck) for _ in range(2 if cell.fault is Fault.DUPLICATE else 1)]
            for pid in pids:
                ended(pid)

        ended(self.child(lambda: at(_COUNTED, other), lambda: self.tick(cell.provider)))

    def _leaves(self) -> None:
        from pipeline.audience.actions import subscriptions
        from pipeline.audience.models import Subscriber

        last = Subscriber.objects.order_by("-pk")[0]
        subscriptions.unsubscribe(
            list_id=self.newsletter.mailing_list_id, subscriber_id=last.pk, now=self.world.clock()
        )

    def _controlled(self, verb: str, **more: str) -> None:
        from pipeline.delivery.actions import control
        from pipeline.delivery.models import Message

        getattr(control, verb)(message=Message.objects.get(), now=self.world.clock(), actor="ada", **more)

    def restore(self, cell: Cell, ended) -> None:
        """Everybody was mailed; then the database of before is put in place, and a person adopts it."""
        ended(self.child(lambda: self.tick(cell.provider)))
        self._old_database()
        ended(self.child(lambda: self.tick(cell.provider)))
        action = IN_THE_PROCESS.get(cell.fault, wait)

        def adopted() -> None:
            from pipeline.delivery.actions.installation import adopt

            at(cell.row.point, action, after=cell.fault is Fault.KILL_AFTER)
            adopt(var=self.world.var, now=self.world.clock(), actor="ada")

        for pid in [self.child(adopted) for _ in range(2 if cell.fault is Fault.DUPLICATE else 1)]:
            ended(pid)

    def _old_database(self) -> None:
        from django.db import connection, connections

        vendor = connection.vendor
        connections.close_all()
        if vendor == "postgresql":
            name = self._database()
            self._on_the_server(
                f'DROP DATABASE "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE kept_approved'
            )
            return
        for path in self.world.var.glob("tipsheet.sqlite3*"):
            path.unlink()
        shutil.copy(self.scratch / "approved" / "var" / "tipsheet.sqlite3", self.world.var)

    # What the provider tells -----------------------------------------------------------------------------------------

    def told_twice(self, cell: Cell, ended) -> None:
        ended(self.child(lambda: self.tick(cell.provider)))
        self._tell(cell, ended, ("hard_bounce", "hard_bounce"))

    def told_in_disorder(self, cell: Cell, ended) -> None:
        ended(self.child(lambda: self.tick(cell.provider)))
        self._tell(cell, ended, ("hard_bounce", "delivered"))

    def told_early(self, cell: Cell, ended) -> None:
        died = IN_THE_PROCESS[Fault.KILL_BEFORE]
        ended(self.child(lambda: at(_TURN, died, when=lambda call: call["recorded"]), lambda: self.tick(cell.provider)))
        STRUCK[0] = 0
        self._tell(cell, ended, ("hard_bounce",))

    def _tell(self, cell: Cell, ended, kinds: tuple[str, ...]) -> None:
        """The provider calls until it is answered with success; the first time it goes wrong here."""
        from pipeline.delivery.fake.truth import mails_taken

        mail = mails_taken(self.world.fake.truth)[-1]
        self.told = [int(mail["delivery"])]
        action = IN_THE_PROCESS.get(cell.fault, wait)
        for kind in kinds:
            pids = [self.child(
                lambda: at(cell.row.point, action, after=cell.fault is Fault.KILL_AFTER),
                lambda kind=kind: self._call(cell.provider, mail, kind),
            ) for _ in range(2 if cell.fault in (Fault.DUPLICATE, Fault.SLOW) else 1)]  # fmt: skip
            for pid in pids:
                ended(pid)
            if ended(self.child(lambda kind=kind: self._call(cell.provider, mail, kind))):
                self.told.append(-1)

    def _call(self, provider: str, mail, kind: str) -> None:
        from django.conf import settings
        from pydantic import SecretStr

        from pipeline.cli.rehearsal_stage import call
        from pipeline.clock import utc_now
        from pipeline.delivery.fake.told import TELLS, Mailed

        settings.CONFIG = self.world.config(provider).model_copy(update={"webhook_secrets": SecretStr(_SECRETS)})
        known = Mailed(mail["delivery"], mail["batch"], mail["to"], mail["id"])
        secret = SVIX if provider == "resend" else OWN_SECRET
        sent = TELLS[provider](known, kind, number=int(mail["delivery"]) * 10 + (kind == "delivered"), now=utc_now(),
                               secret=secret)  # fmt: skip
        status = call(provider, sent)
        if status != 200:
            raise RuntimeError(f"answered with {status}")

    # Afterwards ------------------------------------------------------------------------------------------------------

    def _after(self, cell: Cell, ended) -> None:
        """Runs that nothing disturbs, later and later; and what a person does where one is needed."""
        self.world.fake.mend()
        self.failed = 0
        for minutes in (2, 5, 20, 70, 70):
            if self._is_over(cell):
                return
            self.world.fake.quiet()
            self.world.clock.ahead += timedelta(minutes=minutes)
            if cell.row.done == "pause":
                ended(self.child(lambda: suppress(Exception) and self._resumed()))
            self.failed += ended(self.child(lambda: self.tick(cell.provider))) != 0

    def _resumed(self) -> None:
        from pipeline.delivery.models import Message

        if Message.objects.get().state == "paused":
            self._controlled("resume")

    def _is_over(self, cell: Cell) -> bool:
        from pipeline.delivery.models import Delivery, Message

        if cell.row.done == "restore":
            return False
        is_out = Message.objects.filter(state__in=["finished", "cancelled"], issue__state="published").exists()
        doubtful = Delivery.objects.filter(state="in_doubt").exists()
        return is_out and not (doubtful and CLASSES[cell.provider] in SETTLED_BY_ITSELF)

    def _judged(self, cell: Cell) -> Seen:
        from pipeline.delivery.models import Delivery, Message
        from pipeline.publish.rehearsal.verdict import verdict
        from pipeline.publish.verify import verify

        message = Message.objects.get()
        ids = list(Delivery.objects.filter(message=message).values_list("pk", flat=True))
        taken = self._taken(cell.provider, ids)
        if cell.row.done == "restore":
            return self._judged_restored(cell, message, taken)
        seen = verdict(message, taken)
        total = seen.sums
        known = seen.mailed + total.in_doubt + total.rejected + total.suppressed + total.cancelled
        wrong = [
            f"the sum does not add up: {total.describe()}" if not total.adds_up or total.planned != READERS else "",
            f"the ledger says other than the truth: {total.describe()}, {seen}" if not seen.holds else "",
            f"{total.in_doubt} stayed in doubt" if total.in_doubt and CLASSES[cell.provider] in SETTLED_BY_ITSELF
            and not total.cancelled else "",
            f"{self.failed} runs that were left alone failed" if self.failed else "",
            "the issue is not published" if message.issue is None or message.issue.state != "published" else "",
            *(check.problem for check in verify(config=self.world.config(cell.provider))),
            "a part of a file was left" if any(self.world.home.rglob("*.part")) else "",
            self._told_wrong(),
            self.missed,
            self._left_wrong(message, taken) if cell.row.done == "unsubscribe" else "",
        ]  # fmt: skip
        return Seen(seen.mailed, seen.twice + taken.total() - sum(taken[pk] for pk in ids),
                    seen.lost + max(0, READERS - known), total.in_doubt, [line for line in wrong if line])  # fmt: skip

    def _taken(self, provider: str, ids: list[int]) -> Counter[int]:
        """By address, so that a database of before that numbers its deliveries anew is held to the same truth."""
        return self.world.taken(provider, ids)

    def _judged_restored(self, cell: Cell, message, taken: Counter[int]) -> Seen:
        """Whoever was mailed before the restore is not mailed again by any run; a person must resume first."""
        if cell.provider == "outbox":
            folders = [path for path in self.world.var.glob("outbox*") if path.is_dir()]
            taken = Counter(int(path.stem) for folder in folders for path in folder.glob("*.eml"))
        wrong = [] if message.state in ("paused", "open") else [f"the message is {message.state}"]
        twice = taken.total() - len(taken)
        return Seen(len(taken), twice, max(0, READERS - 1 - len(taken)), 0, wrong)

    def _told_wrong(self) -> str:
        from pipeline.audience.models import Suppression
        from pipeline.delivery.models import Delivery

        if not self.told:
            return ""
        if -1 in self.told:
            return "the provider's call was not taken in the end"
        delivery = Delivery.objects.get(pk=self.told[0])
        bounced = Suppression.objects.filter(reason="hard_bounce").count()
        is_right = (delivery.state, delivery.outcome, bounced) == ("accepted", "hard_bounce", 1)
        return "" if is_right else f"told in vain: {delivery.state}, {delivery.outcome}, {bounced} suppressed"

    def _left_wrong(self, message, taken: Counter[int]) -> str:
        from pipeline.audience.models import Subscription
        from pipeline.delivery.models import Delivery

        left = dict(Subscription.objects.filter(state="unsubscribed").values_list("subscriber", "state_changed_at"))
        mailed = Delivery.objects.filter(message=message, subscriber__in=list(left), pk__in=list(taken))
        late = [one for one, claimed in mailed.values_list("subscriber", "batch__claimed_at") if claimed > left[one]]
        return "who had left before the claim was mailed" if late else ""


def _emptied(folder: Path) -> None:
    """Its own number (inode) stays: the workspace knows its folder by it."""
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


_DONE = {
    "submitting": Scenes.submitting, "recorded": Scenes.recorded, "connect": Scenes.connect, "sent": Scenes.sent,
    "part": Scenes.part, "lease": Scenes.lease, "reconcile": Scenes.reconcile, "unsubscribe": Scenes.unsubscribe,
    "pause": Scenes.pause, "cancel": Scenes.cancel, "restore": Scenes.restore, "told twice": Scenes.told_twice,
    "told in disorder": Scenes.told_in_disorder, "told early": Scenes.told_early,
}  # fmt: skip
