"""Writing the installation's identity: when it is founded, when it mails, and when a person adopts a database."""

import uuid
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr

from pipeline.audit.actions import record as audit
from pipeline.delivery import ledger
from pipeline.delivery.installation import (
    Identity,
    in_database,
    in_file,
    refuse_foreign_database,
    write_file,
)
from pipeline.delivery.models import Batch, Installation, Message, MessageState

_BEFORE = " before adoption"
_ADOPTED = "this database was adopted: look whether these readers were mailed already, then resume or cancel"


def adopt_if_new(*, var: Path, now: datetime) -> None:
    """Give a new database and a new workspace their common id. Where either has one already, nothing changes."""
    if in_database() is None and in_file(var) is None:
        _write(Identity(uuid.uuid4(), 0), var=var, now=now)


def adopt(*, var: Path, now: datetime, actor: str) -> list[Message]:
    """Let this database mail from this workspace; the messages that were open, which are paused for a person.

    The database gets an id of its own, so that the one it was copied from is not disturbed. The outbox of before is
    set aside, because its files may speak of deliveries that this database does not know; and what is in doubt since
    before is not settled by asking a provider, but by a person.
    """
    with transaction.atomic():
        held = list(Message.objects.select_for_update().filter(state=MessageState.OPEN))
        for message in held:
            message.state, message.held_reason = MessageState.PAUSED, _ADOPTED
            message.save(update_fields=["state", "held_reason"])
        ledger.expire(now=now, everyone=True)
        Batch.objects.update(provider=Concat(Substr("provider", 1, 20), Value(_BEFORE)))
        identity = Identity(uuid.uuid4(), 0)
        audit(
            now=now, actor=actor, action="installation.adopted", subject_kind="installation",
            subject_id=identity.installation_id, paused=len(held),
        )  # fmt: skip
        _set_outbox_aside(var, now)
        _write(identity, var=var, now=now)
    return held


def begin_run(*, var: Path, now: datetime) -> None:
    """Count a run that is about to mail, in the database and then in the file, and note when; raises InstallationError
    for a database that does not belong here.
    """
    identity = refuse_foreign_database(var)
    ours = Installation.objects.filter(installation_id=identity.installation_id)
    ours.update(generation=F("generation") + 1)
    ours.filter(Q(seen_at=None) | Q(seen_at__lt=now)).update(seen_at=now)
    write_file(var, in_database() or identity)


def _write(identity: Identity, *, var: Path, now: datetime) -> None:
    with transaction.atomic():
        Installation.objects.all().delete()
        Installation.objects.create(
            installation_id=identity.installation_id, generation=identity.generation, adopted_at=now
        )
        write_file(var, identity)


def _set_outbox_aside(var: Path, now: datetime) -> None:
    outbox = var / "outbox"
    if outbox.is_dir() and any(outbox.iterdir()):
        outbox.rename(var / f"outbox-until-{now:%Y%m%dT%H%M%S%f}")
