"""Importing subscribers whose consent was given elsewhere.

The file is streamed in chunks; each chunk is looked up and written by a few set-based statements in one transaction,
so that an import can be stopped at any moment, and run again: whoever is there already is left as they are. A dry run
goes the same way and writes nothing. Suppressed addresses, readers who left and readers who have yet to confirm are
refused with the reason, never changed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from django.db import connection, transaction

from pipeline.audience.actions.subscriptions import NOT_FOR_STAFF
from pipeline.audience.csv_files import Person, RefusedRow, read_people
from pipeline.audience.keys import address_hash
from pipeline.audience.models import (
    MailingList,
    Subscriber,
    Subscription,
)
from pipeline.audience.suppressions import WORDS, reasons_for
from pipeline.audience.wording import wording_version
from pipeline.audit.actions import record
from pipeline.errors import TipsheetError

ROWS_PER_CHUNK = 5000

# Both databases take these. Whoever is added had no subscription to the list when the chunk was looked up; who came by
# the form in the meantime keeps the subscription and the consent of their own.
_ADD_SUBSCRIBER = """
INSERT INTO audience_subscriber (address, address_key, address_hash, name, language, time_zone, created_at)
VALUES (%s, %s, %s, %s, '', %s, %s) ON CONFLICT (address_key) DO NOTHING
"""
_ADD_SUBSCRIPTIONS = """
INSERT INTO audience_subscription (subscriber_id, mailing_list_id, state, state_changed_at, created_at)
SELECT id, %s, 'confirmed', %s, %s FROM audience_subscriber WHERE address_key IN ({}) ORDER BY id
ON CONFLICT (subscriber_id, mailing_list_id) DO NOTHING
"""
_ADD_CONSENTS = """
INSERT INTO audience_consent
    (subscription_id, mechanism, wording_version, wording, source, recorded_at, confirmed_at)
SELECT subscription.id, 'import', %s, %s, %s, %s, %s
FROM audience_subscription subscription
JOIN audience_subscriber subscriber ON subscriber.id = subscription.subscriber_id
WHERE subscription.mailing_list_id = %s AND subscriber.address_key IN ({})
    AND NOT EXISTS (SELECT 1 FROM audience_consent c WHERE c.subscription_id = subscription.id)
ORDER BY subscription.id
"""


class ConsentProofError(TipsheetError):
    """An import does not say where, when and to what its people agreed."""


@dataclass(frozen=True, slots=True)
class ConsentProof:
    """What everyone in a file agreed to: where (`source`), when, and in which words."""

    source: str
    given_at: datetime
    wording: str


@dataclass(slots=True)
class ImportReport:
    """What became of each row: rows = added + unchanged + refused. After a dry run: what would become of it."""

    rows: int = 0
    added: int = 0
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list)


@dataclass(slots=True)
class _Chunk:
    """Who is to be added, and the address keys that have a subscriber already (on another list)."""

    known: set[str]
    to_add: list[Person] = field(default_factory=list)


def import_csv(
    *,
    file: BinaryIO,
    mailing_list: MailingList,
    proof: ConsentProof,
    now: datetime,
    actor: str,
    dry_run: bool = False,
    unicode_mailboxes: bool = False,
    progress: Callable[[ImportReport], None] | None = None,
) -> ImportReport:
    """Add everyone in the file as confirmed. `progress` is called after each chunk with the report so far.

    Raises CsvFileError if the file has no usable header, ConsentProofError if the proof is incomplete.
    """
    _refuse_incomplete(proof, now)
    report = ImportReport()
    seen: set[int] = set()  # a dry run alone: its earlier chunks are not in the database
    rows = read_people(file, unicode_mailboxes=unicode_mailboxes)
    while chunk := list(islice(rows, ROWS_PER_CHUNK)):
        report.rows += len(chunk)
        report.refused += [row for row in chunk if isinstance(row, RefusedRow)]
        people = [row for row in chunk if isinstance(row, Person)]
        if dry_run:
            _count_new(_look_up(people, mailing_list, report), seen, report)
        else:
            _import_chunk(people, mailing_list, proof, report, now=now)
        if progress:
            progress(report)
    report.refused.sort(key=lambda row: row.line)
    if not dry_run:
        _record(report, mailing_list, now=now, actor=actor)
    return report


def _refuse_incomplete(proof: ConsentProof, now: datetime) -> None:
    if not proof.source.strip():
        raise ConsentProofError("Say where these people agreed, for example: --source 'paper forms, spring fair'")
    if not proof.wording.strip():
        raise ConsentProofError("Say in which words these people agreed, for example: --wording 'Send me tips by mail'")
    if proof.given_at > now:
        raise ConsentProofError(f"The consent date {proof.given_at:%Y-%m-%d} is in the future. Give the day it was.")


@transaction.atomic
def _import_chunk(
    people: Sequence[Person], mailing_list: MailingList, proof: ConsentProof, report: ImportReport, *, now: datetime
) -> None:
    chunk = _look_up(people, mailing_list, report)
    if not chunk.to_add:
        return
    keys = [person.address.key for person in chunk.to_add]
    instant, given_at = (connection.ops.adapt_datetimefield_value(value) for value in (now, proof.given_at))
    missing = (person for person in chunk.to_add if person.address.key not in chunk.known)
    with connection.cursor() as cursor:
        cursor.executemany(_ADD_SUBSCRIBER, [_subscriber_row(person, instant) for person in missing])
        cursor.execute(_ADD_SUBSCRIPTIONS.format(_places(keys)), [mailing_list.pk, instant, instant, *keys])
        added = cursor.rowcount
        consent = [wording_version(proof.wording), proof.wording, proof.source, given_at, given_at]
        cursor.execute(_ADD_CONSENTS.format(_places(keys)), [*consent, mailing_list.pk, *keys])
    report.added += added
    report.unchanged += len(keys) - added


def _subscriber_row(person: Person, instant: Any) -> tuple[Any, ...]:
    address = person.address
    return (address.address, address.key, address_hash(address.key), person.name, person.time_zone, instant)


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _look_up(people: Sequence[Person], mailing_list: MailingList, report: ImportReport) -> _Chunk:
    """Sort a chunk into who is to be added, who is there already, and who is refused and why."""
    by_key: dict[str, Person] = {}
    for person in people:
        by_key.setdefault(person.address.key, person)
    report.unchanged += len(people) - len(by_key)  # the same address twice: the first row stands
    hashes = {address_hash(key): key for key in by_key}
    suppressed = {hashes[found]: reason for found, reason in reasons_for(hashes, mailing_list).items()}
    known = Subscriber.objects.filter(address_key__in=by_key).values_list("address_key", flat=True)
    states = _states(by_key, mailing_list)
    chunk = _Chunk({str(key) for key in known})
    for key, person in by_key.items():
        if key in suppressed:
            _refuse(report, person, WORDS[suppressed[key]])
        elif key not in states:
            chunk.to_add.append(person)
        elif states[key] in NOT_FOR_STAFF:
            _refuse(report, person, NOT_FOR_STAFF[states[key]])
        else:
            report.unchanged += 1
    return chunk


def _states(keys: dict[str, Person], mailing_list: MailingList) -> dict[str, str]:
    """The state of each address key's subscription to the list, where there is one."""
    rows = Subscription.objects.filter(mailing_list=mailing_list, subscriber__address_key__in=keys)
    return {str(key): state for key, state in rows.values_list("subscriber__address_key", "state")}


def _count_new(chunk: _Chunk, seen: set[int], report: ImportReport) -> None:
    before = len(seen)
    seen.update(hash(person.address.key) for person in chunk.to_add)
    report.added += len(seen) - before
    report.unchanged += len(chunk.to_add) - (len(seen) - before)


def _refuse(report: ImportReport, person: Person, reason: str) -> None:
    report.refused.append(RefusedRow(person.line, reason, person.address.address))


@transaction.atomic
def _record(report: ImportReport, mailing_list: MailingList, *, now: datetime, actor: str) -> None:
    record(
        now=now,
        actor=actor,
        action="subscribers.imported",
        subject_kind="mailing_list",
        subject_id=mailing_list.pk,
        rows=report.rows,
        added=report.added,
        unchanged=report.unchanged,
        refused=len(report.refused),
    )
