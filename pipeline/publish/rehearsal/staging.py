"""The stage: the copy's issue is frozen, then sent by children that are killed, to a provider that fails."""

import importlib
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min

from pipeline.config import Config
from pipeline.delivery.actions.installation import adopt
from pipeline.delivery.fake.running import Fake
from pipeline.delivery.fake.telling import SPEAKS, Order, Telling, calls
from pipeline.delivery.fake.told import HookCall
from pipeline.delivery.fake.truth import mails_taken
from pipeline.delivery.hooks import secrets_of
from pipeline.delivery.models import Batch, Delivery, DeliveryState, Message
from pipeline.delivery.providers.base import ProviderTraits, Settling
from pipeline.delivery.settle_rules import CLOCK_TOLERANCE
from pipeline.editorial.actions import issues as actions
from pipeline.editorial.issue_rules import IssueState
from pipeline.editorial.models import Issue, Newsletter
from pipeline.errors import TipsheetError
from pipeline.publish import mailing
from pipeline.publish.issues import approve, coming_slot, extra_slot
from pipeline.publish.publishing import publish_issue
from pipeline.publish.rehearsal.copying import keep_readers
from pipeline.publish.rehearsal.forking import ended, ended_within, forked, killed
from pipeline.publish.rehearsal.rehearsing import OUTBOX, Plan, Rehearsed
from pipeline.publish.rehearsal.verdict import Verdict, verdict

ACTOR = "rehearsal"
_RUNS_MAX = 60
_BATCHES_WANTED = 20
_HOOKED_MAX = 200
_TOLD = Telling(("delivered", "soft_bounce"), times=2, order=Order.SHUFFLED, forged=True)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
# What can go wrong, in words, and how it is asked for (delivery/fake/faults.py).
FAULTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("told to slow down", {"fault": "too_many", "seconds": 1}),
    ("an error before the mail was taken", {"fault": "error", "status": 503}),
    ("an error after the mail was taken", {"fault": "error", "status": 500, "after": True}),
    ("a lost connection before", {"fault": "reset"}),
    ("a lost connection after", {"fault": "reset", "after": True}),
    ("no answer before", {"fault": "stall", "seconds": 0.3}),
    ("no answer after", {"fault": "stall", "seconds": 0.3, "after": True}),
    ("a late answer", {"fault": "slow", "seconds": 0.3}),
    ("some refused", {"fault": "partial", "every": 25}),
    ("an answer that cannot be read", {"fault": "garbage"}),
)


class StageError(TipsheetError):
    """The stage cannot be set."""


def stay_on_loopback() -> None:
    """From here on this process and its children can reach no other machine."""

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in ("socket.connect", "socket.sendto") or not isinstance(arguments[1], tuple):
            return
        if str(arguments[1][0]) not in _LOOPBACK:
            raise StageError("A rehearsal reaches no other machine")

    sys.addaudithook(refuse)


Tell = Callable[[str, HookCall], int]
"""Makes a provider's call to this installation; the status that it is answered with."""


class Stage:
    """`clock` tells the time; waiting is not rehearsed: when nothing is due the stage's own time jumps ahead."""

    def __init__(self, plan: Plan, fake: Fake, *, config: Config, clock: Callable[[], datetime], tell: Tell) -> None:
        self._plan, self._fake, self._config, self._real, self._tell = plan, fake, config, clock, tell
        self._ahead = timedelta()
        self._random = random.Random(plan.seed)
        self._faults: Counter[str] = Counter()
        self._kills, self._forged, self._recoveries = 0, 0, [0.0]

    def now(self) -> datetime:
        return self._real() + self._ahead

    def run(self) -> Rehearsed:
        """Set the stage, go through with it, and judge."""
        began = time.monotonic()
        adopt(var=self._config.var, now=self.now(), actor=ACTOR)
        newsletter = Newsletter.objects.get(slug=self._plan.newsletter)
        of_readers = keep_readers(newsletter.mailing_list_id, self._plan.readers, self._random)
        issue = self._frozen(newsletter)
        message = Message.objects.defer("compiled").get(issue=issue)
        self._smaller_batches(min(of_readers, self._plan.readers))
        self._disturb(issue.pk)
        self._leave_alone(issue.pk)
        calls, told = self._tell_of_deliveries(message)
        message.refresh_from_db(fields=["state", "planned_count"])
        return self._rehearsed(issue, message, of_readers, calls, told, time.monotonic() - began)

    def _frozen(self, newsletter: Newsletter) -> Issue:
        """The next issue as it would be sent now: as it was approved, else approved here."""
        now = self.now()
        waiting = newsletter.issues.filter(state__in=[IssueState.COMPOSED, IssueState.APPROVED, IssueState.HELD])
        issue = waiting.order_by("slot_at").first()
        if issue is None:
            issue = actions.compose(newsletter=newsletter, slot=coming_slot(newsletter, now=now), now=now, actor=ACTOR)
        if issue.state not in {IssueState.COMPOSED, IssueState.APPROVED, IssueState.HELD}:
            issue = actions.compose(newsletter=newsletter, slot=extra_slot(now), now=now, actor=ACTOR)
        if issue.state != IssueState.APPROVED:
            approve(issue, config=self._config, now=now, actor=ACTOR)
        return Issue.objects.select_related("newsletter").get(pk=issue.pk)

    def _smaller_batches(self, readers: int) -> None:
        """A batch may be as large as the whole rehearsal: made smaller, so that there is something between two."""
        kind = importlib.import_module(f"pipeline.delivery.providers.{self._plan.provider}").Provider
        traits = getattr(kind, "traits", None)
        if isinstance(traits, ProviderTraits):
            kind.traits = replace(traits, window=max(1, min(traits.window, readers // _BATCHES_WANTED)))

    def _send(self, issue_id: int) -> None:
        """What the ticks do: publish, and once that is done, settle what is still in doubt."""
        if Issue.objects.filter(pk=issue_id, state=IssueState.PUBLISHED).exists():
            mailing.send(config=self._config, clock=self.now)
        else:
            publish_issue(issue_id, config=self._config, clock=self.now, actor=ACTOR)

    def _disturb(self, issue_id: int) -> None:
        """Runs that are killed at a moment drawn by chance, while the provider fails every few calls; once there were
        kills enough, those that are left to the faults, until nothing waits.
        """
        if self._plan.provider != OUTBOX:
            self._ask_for_faults()
        ends = time.monotonic() + self._plan.seconds
        longest = 1.0
        while (left := ends - time.monotonic()) > 0:
            began = time.monotonic()
            pid = forked(lambda: self._send(issue_id))
            is_killed = self._kills < self._plan.kills
            if ended_within(pid, self._random.uniform(0.02, longest) if is_killed else left) is None:
                killed(pid)
                self._kills += 1
            else:
                longest = max(0.05, time.monotonic() - began)
                if self._is_quiet(issue_id) or not self._jump(issue_id):
                    return

    def _ask_for_faults(self) -> None:
        for number in range(self._plan.faults):
            if self._random.random() < 0.5:  # a quiet call between two
                self._fake.fail("slow", seconds=0)
            self._fake.fail(**FAULTS[number % len(FAULTS)][1])

    def _leave_alone(self, issue_id: int) -> None:
        """Runs that nobody disturbs, until nothing waits and what can be settled is; the first is the recovery."""
        left = sum(fault["kind"] != "slow" or fault["seconds"] > 0 for fault in self._fake.mend())
        asked = self._plan.faults if self._plan.provider != OUTBOX else 0
        self._faults.update(FAULTS[number % len(FAULTS)][0] for number in range(asked - left))
        for number in range(_RUNS_MAX):
            began = time.monotonic()
            if ended(forked(lambda: self._send(issue_id))) != 0:
                raise StageError("A run that was left alone failed; see what it wrote above")
            if number == 0:
                self._recoveries.append(time.monotonic() - began)
            if self._is_quiet(issue_id) or not self._jump(issue_id):
                return

    def _is_quiet(self, issue_id: int) -> bool:
        open_states = [DeliveryState.PLANNED, DeliveryState.RETRY_AT, DeliveryState.IN_DOUBT]
        message = Message.objects.defer("compiled").filter(issue=issue_id, planned_at__isnull=False).first()
        return message is not None and not Delivery.objects.filter(message=message, state__in=open_states).exists()

    def _jump(self, issue_id: int) -> bool:
        """Ahead to the next try, or to when absence from the provider's log proves something; False where neither can
        come: what is in doubt then waits for a person.
        """
        self._fake.quiet()
        rows = Delivery.objects.filter(message__issue=issue_id)
        retry_at = rows.filter(state=DeliveryState.RETRY_AT).aggregate(at=Min("retry_at"))["at"]
        if retry_at is not None:
            self._ahead += max(timedelta(), retry_at - self.now()) + timedelta(seconds=1)
            return True
        kind = importlib.import_module(f"pipeline.delivery.providers.{self._plan.provider}").Provider
        traits = getattr(kind, "traits", None)
        if isinstance(traits, ProviderTraits) and traits.settling is Settling.SEARCH:
            self._ahead += timedelta(seconds=traits.settle_window_seconds) + 2 * CLOCK_TOLERANCE
            return True
        return rows.filter(state=DeliveryState.PLANNED).exists()

    def _tell_of_deliveries(self, message: Message) -> tuple[int, int]:
        """Each of some mails is told of twice, and in disorder: as delivered, and as bounced; and by somebody who is
        not the provider. Calls that were believed, deliveries that were moved to where they belong.
        """
        name = self._plan.provider
        secret = secrets_of(self._config).get(name)
        if name not in SPEAKS or secret is None:
            return 0, 0
        mails = [mail for mail in mails_taken(self._fake.truth) if mail["delivery"]][:_HOOKED_MAX]
        told = calls(name, mails, _TOLD, now=self._real(), secret=secret)
        believed = Counter(one.is_forged for one in told if self._tell(name, one.call) == 200)
        self._forged = believed[True]
        ids = [int(mail["delivery"]) for mail in mails]
        moved = Delivery.objects.filter(message=message, pk__in=ids, outcome="soft_bounce").count()
        return believed[False], moved

    def _taken(self) -> Mapping[int, int]:
        if self._plan.provider == OUTBOX:
            return Counter(int(path.stem) for path in (self._config.var / "outbox").glob("*.eml"))
        mails = mails_taken(self._fake.truth)
        return Counter(int(mail["delivery"]) for mail in mails if mail["delivery"])

    def _rehearsed(
        self, issue: Issue, message: Message, of_readers: int, calls: int, told: int, seconds: float
    ) -> Rehearsed:
        seen = verdict(message, self._taken())
        doubtful = Batch.objects.filter(message=message, submitted_at__isnull=False, fence__gt=1)
        wanted = min(_HOOKED_MAX, seen.mailed) if calls else 0
        total = seen.sums
        return Rehearsed(
            issue=f"issue {issue.number}: {issue.subject}",
            provider=self._plan.provider,
            readers=min(of_readers, self._plan.readers),
            of_readers=of_readers,
            planned=total.planned,
            accepted=total.accepted,
            rejected=total.rejected,
            suppressed=total.suppressed,
            excluded=total.excluded,
            cancelled=total.cancelled,
            in_doubt=total.in_doubt,
            waiting=total.waiting,
            mailed=seen.mailed,
            twice=seen.twice,
            lost=seen.lost,
            untold=seen.untold,
            kills=self._kills,
            faults=dict(self._faults),
            was_in_doubt=sum(doubtful.values_list("size", flat=True)),
            hooks=calls,
            told=told,
            recovery_seconds=round(max(self._recoveries), 2),
            seconds=round(seconds, 1),
            problems=_problems(seen, in_vain=wanted - told, forged=self._forged),
        )


def _problems(seen: Verdict, *, in_vain: int, forged: int) -> list[str]:
    said = {
        f"the sum does not add up: {seen.sums.describe()}": not seen.sums.adds_up,
        f"{seen.twice} mails too many were taken": seen.twice,
        f"{seen.lost} deliveries were accepted, and nobody has them": seen.lost,
        f"{seen.untold} mails were taken that the ledger does not know of": seen.untold,
        f"{in_vain} deliveries were told of in vain": in_vain,
        f"{forged} forged calls were believed": forged,
    }
    return [line for line, is_so in said.items() if is_so]
