"""The only writer of the audit log."""

from datetime import datetime
from typing import Any

from pipeline.audit.models import AuditEntry


def record(
    *,
    now: datetime,
    actor: str,
    action: str,
    subject_kind: str,
    subject_id: object,
    hash_before: str = "",
    hash_after: str = "",
    **detail: Any,
) -> None:
    """Append one line, in the caller's transaction: what is rolled back was never done, and is not logged.

    `action` is dotted (`tip.approved`); `detail` is JSON and holds neither addresses nor secrets.
    """
    AuditEntry.objects.create(
        at=now,
        actor=actor,
        action=action,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        hash_before=hash_before,
        hash_after=hash_after,
        detail=detail,
    )
