"""Exporting a list with the consent that each subscription rests on."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction

from pipeline.audience.csv_files import quoted
from pipeline.audience.models import Consent, MailingList, Subscription
from pipeline.audience.suppressions import reasons_for
from pipeline.audit.actions import record

ROWS_PER_CHUNK = 2000
COLUMNS = (
    "email",
    "name",
    "state",
    "since",
    "suppressed",
    "consent_mechanism",
    "consent_source",
    "consent_wording",
    "consent_wording_version",
    "consent_at",
    "consent_ip",
    "confirmed_at",
    "confirmed_ip",
    "channel",
    "time_zone",
)


def export_csv(*, mailing_list: MailingList, now: datetime, actor: str) -> Iterator[str]:
    """The list as CSV, piece by piece: every subscription, whatever its state, with its latest consent.

    Times are ISO 8601 in UTC; lines end in CRLF (RFC 4180). Every cell is quoted. Taking the export is audited.
    """
    with transaction.atomic():
        record(
            now=now,
            actor=actor,
            action="subscribers.exported",
            subject_kind="mailing_list",
            subject_id=mailing_list.pk,
        )
    yield _lines([COLUMNS])
    subscriptions = (
        Subscription.objects.filter(mailing_list=mailing_list).select_related("subscriber").order_by("pk")
    ).iterator(chunk_size=ROWS_PER_CHUNK)
    while chunk := list(islice(subscriptions, ROWS_PER_CHUNK)):
        yield _lines(_rows(chunk, mailing_list))


def _rows(chunk: Sequence[Subscription], mailing_list: MailingList) -> Iterator[tuple[str, ...]]:
    found = Consent.objects.filter(subscription__in=[subscription.pk for subscription in chunk]).order_by("pk")
    consents = {consent.subscription_id: consent for consent in found}  # the latest one stays
    suppressed = reasons_for({subscription.subscriber.address_hash for subscription in chunk}, mailing_list)
    for subscription in chunk:
        person = subscription.subscriber
        yield (
            person.address or "",
            person.name,
            subscription.state,
            subscription.state_changed_at.isoformat(),
            str(suppressed.get(person.address_hash, "")),
            *_consent_cells(consents.get(subscription.pk)),
            subscription.channel,
            person.time_zone,
        )


def _consent_cells(consent: Consent | None) -> tuple[str, ...]:
    if consent is None:
        return ("",) * 8
    return (
        consent.mechanism,
        consent.source,
        consent.wording,
        consent.wording_version,
        consent.recorded_at.isoformat(),
        consent.ip or "",
        consent.confirmed_at.isoformat() if consent.confirmed_at else "",
        consent.confirmed_ip or "",
    )


def _lines(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(
        [quoted(cell) for cell in row] for row in rows
    )
    return text.getvalue()
