"""How far each new reader's welcome has come: who begins one, and one mail for all who are due for the same tip.

Everything about a mail is one transaction: its message, the deliveries, who is at which step, and when the next is due.
A run that is killed leaves all of it or nothing; the database refuses a step, or a tip, a second time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, QuerySet

from pipeline.audience.models import Channel, Consent, ConsentMechanism, Subscription, SubscriptionState
from pipeline.delivery import ledger
from pipeline.delivery.actions.messages import Sender, create_message
from pipeline.delivery.models import (
    Delivery,
    DeliveryState,
    Message,
    MessageKind,
    MessageTip,
    WelcomeMail,
    WelcomeSequence,
)
from pipeline.editorial.models import Newsletter
from pipeline.render.model import RenderedEmail

AT_ONCE = 500  # readers that are looked at together
OVERLAP = timedelta(minutes=10)  # how far back newcomers are looked for, for a clock that jumped
HAVE_IT = (DeliveryState.PLANNED, DeliveryState.RETRY_AT, DeliveryState.ACCEPTED, DeliveryState.IN_DOUBT)


@dataclass(frozen=True, slots=True)
class WelcomeStep:
    """One mail: the readers who get this tip as their mail number `step`, by their sequences."""

    step: int
    tip_id: int
    sequences: tuple[WelcomeSequence, ...]


def enrol(*, newsletter: Newsletter, since: datetime, now: datetime) -> int:
    """Begin a welcome for everybody who joined since `since` by their own wish; how many. Whoever was imported, or was
    a reader before, is noted as welcomed, so that nobody is looked at twice.
    """
    begun = 0
    while joined := list(_joined(newsletter, since)[:AT_ONCE]):
        with transaction.atomic():
            consents = _consents(joined)
            rows = [
                WelcomeSequence(
                    newsletter=newsletter,
                    subscriber_id=subscription.subscriber_id,
                    started_at=subscription.state_changed_at,
                    next_at=now if _is_new(consents.get(subscription.pk, ()), since) else None,
                )
                for subscription in joined
            ]
            WelcomeSequence.objects.bulk_create(rows, ignore_conflicts=True)
            begun += sum(row.next_at is not None for row in rows)
    return begun


def _joined(newsletter: Newsletter, since: datetime) -> QuerySet[Subscription]:
    """Confirmed readers of whom no welcome is known: of the newest ones, for those before were looked at already."""
    known = WelcomeSequence.objects.filter(newsletter=newsletter)
    last = known.aggregate(last=Max("started_at"))["last"]
    after = since if last is None else max(since, last - OVERLAP)
    joined = Subscription.objects.filter(
        mailing_list_id=newsletter.mailing_list_id, state=SubscriptionState.CONFIRMED, state_changed_at__gte=after
    )
    return joined.exclude(subscriber_id__in=known.values("subscriber_id")).order_by("state_changed_at", "pk")


def _consents(joined: Iterable[Subscription]) -> Mapping[int, list[Consent]]:
    found: dict[int, list[Consent]] = {}
    for consent in Consent.objects.filter(subscription__in=joined, confirmed_at__isnull=False):
        found.setdefault(consent.subscription_id, []).append(consent)
    return found


def _is_new(consents: Sequence[Consent], since: datetime) -> bool:
    """Whether the reader asked for the newsletter, and did so for the first time since then."""
    if any(consent.mechanism == ConsentMechanism.IMPORT for consent in consents):
        return False
    given = [consent.confirmed_at for consent in consents if consent.confirmed_at is not None]
    return bool(given) and min(given) >= since


def due(*, newsletter: Newsletter, tip_ids: Sequence[int], mails: int, now: datetime) -> list[WelcomeStep]:
    """Who is due for which mail, of the next readers in turn; locked until the caller's transaction ends.

    Whoever left the list, has had `mails` of them or all of `tip_ids` is welcomed, and their sequence ends here.
    """
    with transaction.atomic():
        rows = WelcomeSequence.objects.select_for_update().filter(newsletter=newsletter, next_at__lte=now)
        sequences = list(rows.order_by("next_at", "pk")[:AT_ONCE])
        readers = [sequence.subscriber_id for sequence in sequences]
        had, here = _had(readers, tip_ids), _subscribed(newsletter, readers)
        found: dict[tuple[int, int], list[WelcomeSequence]] = {}
        for sequence in sequences:
            known = had.get(sequence.subscriber_id, set())
            tip_id = next((each for each in tip_ids if each not in known), None)
            if tip_id is None or sequence.steps_done >= mails or sequence.subscriber_id not in here:
                sequence.next_at = None
            else:
                found.setdefault((sequence.steps_done + 1, tip_id), []).append(sequence)
        WelcomeSequence.objects.bulk_update([each for each in sequences if each.next_at is None], ["next_at"])
    return [WelcomeStep(step, tip_id, tuple(each)) for (step, tip_id), each in sorted(found.items())]


def _had(readers: Sequence[int], tip_ids: Sequence[int]) -> Mapping[int, set[int]]:
    """Which of the tips each reader was sent, or is about to be."""
    brought: dict[int, set[int]] = {}
    for message_id, tip_id in MessageTip.objects.filter(tip__in=tip_ids).values_list("message_id", "tip_id"):
        brought.setdefault(message_id, set()).add(tip_id)
    got = Delivery.objects.filter(subscriber_id__in=readers, message_id__in=brought, state__in=HAVE_IT)
    had: dict[int, set[int]] = {}
    for reader, message_id in got.values_list("subscriber_id", "message_id"):
        had.setdefault(reader or 0, set()).update(brought[message_id])
    for reader, tip_id in WelcomeMail.objects.filter(subscriber_id__in=readers).values_list("subscriber_id", "tip_id"):
        had.setdefault(reader, set()).add(tip_id)
    return had


def _subscribed(newsletter: Newsletter, readers: Sequence[int]) -> set[int]:
    confirmed = Subscription.objects.filter(
        mailing_list_id=newsletter.mailing_list_id,
        state=SubscriptionState.CONFIRMED,
        channel=Channel.MAIL,
        subscriber_id__in=readers,
    )
    return set(confirmed.values_list("subscriber_id", flat=True))


def plan_step(
    *,
    newsletter: Newsletter,
    step: WelcomeStep,
    rendered: RenderedEmail,
    sender: Sender,
    is_last: bool,
    days: int,
    now: datetime,
) -> Message:
    """Plan the mail to all of the step's readers; the next one is due so many days later, if there is one."""
    with transaction.atomic():
        first = step.sequences[0]
        message = create_message(
            kind=MessageKind.WELCOME,
            key=f"welcome:{newsletter.pk}:{step.step}:{step.tip_id}:{first.subscriber_id}",
            rendered=rendered,
            sender=sender,
            now=now,
            mailing_list=newsletter.mailing_list,
            tip_ids=[step.tip_id],
        )
        readers = [sequence.subscriber_id for sequence in step.sequences]
        WelcomeMail.objects.bulk_create(
            WelcomeMail(
                newsletter=newsletter, subscriber_id=reader, step=step.step, tip_id=step.tip_id, message=message,
                planned_at=now,
            )
            for reader in readers
        )  # fmt: skip
        message.planned_count = ledger.plan_many(message_id=message.pk, subscriber_ids=readers, now=now)
        message.planned_at = now
        message.save(update_fields=["planned_at", "planned_count"])
        for sequence in step.sequences:
            sequence.steps_done = step.step
            sequence.next_at = None if is_last else now + timedelta(days=days)
        WelcomeSequence.objects.bulk_update(step.sequences, ["steps_done", "next_at"])
    return message
