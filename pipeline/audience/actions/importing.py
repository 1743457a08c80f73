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
from typing import BinaryIO

from django.db import transaction

from pipeline.audience.actions.subscriptions import NOT_FOR_STAFF
from pipeline.audience.csv_files import Person, RefusedRow, read_people
from pipeline.audience.keys import address_hash
from pipeline.audience.models import (
    Consent,
    ConsentMechanism,
    MailingList,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from pipeline.audience.suppressions import WORDS, reasons_for
from pipeline.audience.wording import wording_version
from pipeline.audit.actions import record
from pipeline.errors import TipsheetError

ROWS_PER_CHUNK = 5000


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
    """One chunk's people by address key, and what the database knows of them."""

    people: dict[str, Person]
    subscriber_ids: dict[str, int]
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
    _add_missing_subscribers(chunk, now)
    subscriptions = Subscription.objects.bulk_create(
        Subscription(
            subscriber_id=chunk.subscriber_ids[person.address.key],
            mailing_list=mailing_list,
            state=SubscriptionState.CONFIRMED,
            state_changed_at=now,
            created_at=now,
        )
        for person in chunk.to_add
    )
    version = wording_version(proof.wording)
    Consent.objects.bulk_create(
        Consent(
            subscription=subscription,
            mechanism=ConsentMechanism.IMPORT,
            wording=proof.wording,
            wording_version=version,
            source=proof.source,
            recorded_at=proof.given_at,
            confirmed_at=proof.given_at,
        )
        for subscription in subscriptions
    )
    report.added += len(subscriptions)


def _add_missing_subscribers(chunk: _Chunk, now: datetime) -> None:
    made = Subscriber.objects.bulk_create(
        Subscriber(
            address=person.address.address,
            address_key=person.address.key,
            address_hash=address_hash(person.address.key),
            name=person.name,
            created_at=now,
        )
        for person in chunk.to_add
        if person.address.key not in chunk.subscriber_ids
    )
    chunk.subscriber_ids.update((str(subscriber.address_key), subscriber.pk) for subscriber in made)


def _look_up(people: Sequence[Person], mailing_list: MailingList, report: ImportReport) -> _Chunk:
    """Sort a chunk into who is to be added, who is there already, and who is refused and why."""
    by_key: dict[str, Person] = {}
    for person in people:
        by_key.setdefault(person.address.key, person)
    report.unchanged += len(people) - len(by_key)  # the same address twice: the first row stands
    hashes = {address_hash(key): key for key in by_key}
    suppressed = {hashes[found]: reason for found, reason in reasons_for(hashes, mailing_list).items()}
    known = dict(Subscriber.objects.filter(address_key__in=by_key).values_list("address_key", "pk"))
    states = _states(by_key, mailing_list)
    chunk = _Chunk(by_key, {str(key): pk for key, pk in known.items()})
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
