"""What became of everyone a message was planned for: the sum that must add up before the message is finished."""

from dataclasses import dataclass

from pipeline.delivery.dialect import fetch
from pipeline.delivery.models import Message
from pipeline.delivery.statements import SUMS


@dataclass(frozen=True, slots=True)
class Sums:
    """`planned` was written down when the recipients were planned; the rest is counted in their rows."""

    planned: int
    accepted: int
    rejected: int
    suppressed: int
    excluded: int
    cancelled: int
    in_doubt: int
    waiting: int

    @property
    def adds_up(self) -> bool:
        """Everyone who was planned is accounted for, and nobody waits."""
        decided = self.accepted + self.rejected + self.suppressed + self.excluded + self.cancelled + self.in_doubt
        return self.waiting == 0 and self.planned == decided

    def describe(self) -> str:
        """`5 planned = 4 accepted + 1 suppressed`; with ≠ where it does not add up."""
        parts = {
            "accepted": self.accepted,
            "rejected": self.rejected,
            "suppressed": self.suppressed,
            "excluded": self.excluded,
            "cancelled": self.cancelled,
            "in doubt": self.in_doubt,
            "waiting": self.waiting,
        }
        said = " + ".join(f"{count} {word}" for word, count in parts.items() if count) or "0 accepted"
        return f"{self.planned} planned {'=' if sum(parts.values()) == self.planned else '≠'} {said}"


def sums(message: Message) -> Sums:
    """Counted now, from the rows."""
    counts = {state: int(count) for state, count in fetch(SUMS, (message.pk,))}
    return Sums(
        planned=message.planned_count,
        accepted=counts.get("accepted", 0),
        rejected=counts.get("rejected", 0),
        suppressed=counts.get("suppressed", 0),
        excluded=counts.get("excluded", 0),
        cancelled=counts.get("cancelled", 0),
        in_doubt=counts.get("in_doubt", 0),
        waiting=counts.get("planned", 0) + counts.get("retry_at", 0),
    )
