"""What became of a tip, from the audit log: each step of its life, who took it, and why."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.audit.models import AuditEntry
from pipeline.editorial.models import Tip

# The log's actions in a reader's words; an action that is not here is shown as it is.
_SAID = {
    "tip.created": "written",
    "tip.submit": "submitted for review",
    "tip.approve": "approved",
    "tip.reject": "rejected",
    "tip.revise": "given new words",
    "tip.send_back": "sent back to review",
    "tip.enqueue": "queued",
    "tip.drop": "taken out of the queue",
    "tip.expire": "left the queue",
    "tip.publish": "published",
    "tip.correct": "corrected",
    "tip.withdraw": "withdrawn",
    "tip.corroborated": "found in a further source",
    "queue.moved": "moved in the queue",
    "queue.held": "held back",
    "queue.released": "let go out again",
    "queue.prioritised": "given another priority",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a tip's history; `why` is '' where nobody had to say."""

    at: datetime
    actor: str
    what: str
    why: str


def history(tip: Tip) -> list[Step]:
    """Every step, the first one first."""
    entries = AuditEntry.objects.filter(subject_kind="tip", subject_id=str(tip.pk)).order_by("pk")
    return [Step(entry.at, entry.actor, _SAID.get(entry.action, entry.action), _why(entry.detail)) for entry in entries]


def _why(detail: dict[str, object]) -> str:
    for name in ("reason", "note", "priority"):
        if detail.get(name):
            return str(detail[name])
    if "issue" in detail:
        return f"in issue {detail['issue']}"
    return f"from {detail['before']} to {detail['after']}" if isinstance(detail.get("before"), int) else ""
