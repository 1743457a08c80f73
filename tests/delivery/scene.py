"""What delivery tests start from: a list with subscribers, a rendered email, a sender, a clock that is told."""

from datetime import UTC, datetime, timedelta

from pipeline.audience.models import (
    MailingList,
    Subscriber,
    Subscription,
    SubscriptionState,
    Suppression,
    SuppressionReason,
)
from pipeline.delivery.actions.messages import Sender, create_message, plan_issue
from pipeline.delivery.models import Delivery, Message, MessageKind
from pipeline.render.model import Place, RenderedEmail

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PUBLIC_URL = "https://newsletter.example"
SENDER = Sender(
    name="The Skin Letter",
    address="hello@newsletter.example",
    list_id="skin.newsletter.example",
    list_name="The Skin Letter",
)
RENDERED = RenderedEmail(
    subject="Three small habits",
    html=f"<html><body><p>{Place.GREETING.marker}</p><p>Wash gently.</p>"
    f'<a href="{Place.UNSUBSCRIBE_URL.marker}">Leave</a> <a href="{Place.PREFERENCES_URL.marker}">Choose</a>'
    "</body></html>\n",
    text=f"{Place.GREETING.marker}\n\nWash gently.\n\nLeave: {Place.UNSUBSCRIBE_URL.marker}\n"
    f"Choose: {Place.PREFERENCES_URL.marker}\n",
)


class Clock:
    """`clock()` is an instant; `pass_time` moves it."""

    def __init__(self, start: datetime = NOW) -> None:
        self.instant = start

    def __call__(self) -> datetime:
        return self.instant

    def pass_time(self, **duration: float) -> None:
        self.instant += timedelta(**duration)


def make_list(slug: str = "readers") -> MailingList:
    return MailingList.objects.create(name=slug.title(), slug=slug, created_at=NOW)


def subscribe(
    mailing_list: MailingList, number: int, *, state: str = SubscriptionState.CONFIRMED, name: str = ""
) -> Subscriber:
    address = f"reader{number}@example.org"
    subscriber, _ = Subscriber.objects.get_or_create(
        address_key=address,
        defaults={"address": address, "address_hash": f"{number:064x}", "name": name, "created_at": NOW},
    )
    Subscription.objects.create(
        subscriber=subscriber, mailing_list=mailing_list, state=state, state_changed_at=NOW, created_at=NOW
    )
    return subscriber


def suppress(subscriber: Subscriber, reason: SuppressionReason, mailing_list: MailingList | None = None) -> None:
    Suppression.objects.create(
        address_hash=subscriber.address_hash, mailing_list=mailing_list, reason=reason, created_at=NOW
    )


def make_message(mailing_list: MailingList | None, key: str = "issue:1", kind: str = MessageKind.ISSUE) -> Message:
    return create_message(
        kind=MessageKind(kind), key=key, rendered=RENDERED, sender=SENDER, now=NOW, mailing_list=mailing_list
    )


def planned_message(readers: int, key: str = "issue:1") -> Message:
    """A message planned for so many confirmed readers of a list of its own."""
    mailing_list = make_list(key.replace(":", "-"))
    for number in range(1, readers + 1):
        subscribe(mailing_list, number, name=f"Reader {number}")
    message = make_message(mailing_list, key)
    plan_issue(message=message, now=NOW)
    return message


def states(message: Message) -> dict[str, int]:
    """How many of the message's deliveries are in which state."""
    counts: dict[str, int] = {}
    for state in Delivery.objects.filter(message=message).values_list("state", flat=True):
        counts[state] = counts.get(state, 0) + 1
    return counts
