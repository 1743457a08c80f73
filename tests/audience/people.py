"""What the tests of this room share: an instant, an address, and the shortest ways to the usual states."""

import io
from datetime import UTC, datetime, timedelta

from pipeline.audience import actions
from pipeline.audience.actions import ConsentProof
from pipeline.audience.addresses import parse
from pipeline.audience.models import Subscription

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WORDING = "Send me The Skin Letter by email."
PROOF = ConsentProof(source="paper forms, spring fair", given_at=NOW - timedelta(days=30), wording=WORDING)


def add(mailing_list, address="ada@example.com", *, name="", now=NOW) -> Subscription:
    subscription, _ = actions.add_subscriber(
        mailing_list=mailing_list, address=parse(address), source="the shop", wording=WORDING, now=now,
        actor="editor", name=name,
    )  # fmt: skip
    return subscription


def ask(mailing_list, address="ada@example.com", *, ip="192.0.2.7", now=NOW) -> Subscription | None:
    return actions.request_subscription(
        mailing_list=mailing_list, address=parse(address), wording=WORDING, ip=ip, requested_at=now, now=now
    )


def leave(subscription, *, now=NOW) -> bool:
    return actions.unsubscribe(**ids(subscription), now=now)


def ids(subscription) -> dict[str, int]:
    return {"list_id": subscription.mailing_list_id, "subscriber_id": subscription.subscriber_id}


def state_of(subscription) -> str:
    return Subscription.objects.get(pk=subscription.pk).state


def import_text(text, mailing_list, *, now=NOW, **options) -> actions.ImportReport:
    data = text if isinstance(text, bytes) else text.encode()
    return actions.import_csv(
        file=io.BytesIO(data), mailing_list=mailing_list, proof=PROOF, now=now, actor="editor", **options
    )


def export_text(mailing_list, *, now=NOW) -> str:
    return "".join(actions.export_csv(mailing_list=mailing_list, now=now, actor="editor"))
