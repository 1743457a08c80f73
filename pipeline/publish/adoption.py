"""Taking a copied or restored database over: nothing that may have left already leaves again by itself.

What was mailed after the backup was made is not in it. So nothing that the database thinks is still to do goes on
unseen: open mail is paused, each issue that is not out is held, and the slots that passed since the database last
mailed are not made up for. A person looks at what left (the provider's log, the outbox of before, the archive) and
approves, resumes or cancels; what cannot be known here is said.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from pipeline.config import Config
from pipeline.delivery.actions import installation
from pipeline.delivery.installation import last_mailed_at
from pipeline.editorial.actions import due, issues
from pipeline.editorial.issue_rules import IssueState
from pipeline.editorial.models import Issue, Newsletter

HELD_REASON = (
    "This database was adopted, and may not know that the issue went out. Look whether it did: then cancel it, else "
    "approve it."
)
_NOT_OUT = (IssueState.COMPOSED, IssueState.APPROVED)


@dataclass(frozen=True, slots=True)
class Adoption:
    """What a person has to look at: the keys of paused messages, the held issues, and the slots, by newsletter, that
    passed since the database last mailed (`last_mailed_at`, None if it never did) and have no issue in it.
    """

    paused: tuple[str, ...]
    held: tuple[tuple[str, int], ...]
    unknown_slots: tuple[tuple[str, str], ...]
    last_mailed_at: datetime | None


def adopt(*, config: Config, now: datetime, actor: str) -> Adoption:
    """Let this database mail from this workspace, from now on."""
    with transaction.atomic():
        mailed_at = last_mailed_at()
        unknown: list[tuple[str, str]] = []
        for newsletter in Newsletter.objects.order_by("pk"):
            slots = due.leave_unknown(newsletter=newsletter, since=mailed_at, now=now, actor=actor)
            unknown += [(newsletter.slug, slot.key) for slot in slots]
        not_out = list(Issue.objects.filter(state__in=_NOT_OUT).select_related("newsletter").order_by("pk"))
        for issue in not_out:
            issues.hold(issue_id=issue.pk, reason=HELD_REASON, now=now, actor=actor)
        paused = installation.adopt(var=config.var, now=now, actor=actor)
    held = tuple((issue.newsletter.slug, issue.number) for issue in not_out)
    return Adoption(tuple(message.key for message in paused), held, tuple(unknown), mailed_at)
