"""The life of a tip: every transition there is, in one table.

```
draft ──submit──► in_review ──approve──► approved ──enqueue──► queued ──publish──► published
  ▲                  │ ▲                     ▲──────drop────────┘ │
  │                  │ └──── revise, send_back (from approved, queued); `expire` drops a tip whose last day passed
  └──revise── rejected ◄──reject── (anything not yet published)         withdrawn ◄──withdraw── (anything)
```

A change of words (`revise`) never leaves a tip approved. Once readers have a tip, its words change by `correct` alone:
with a note for them, and approved in the same step. `withdrawn` is the end: the words can be written as a new tip.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from pipeline.errors import TipsheetError


class TipState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    QUEUED = "queued"
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The state as a person reads it: "in review"."""
        return self.value.replace("_", " ")


class TipEvent(StrEnum):
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    REVISE = "revise"
    SEND_BACK = "send_back"
    ENQUEUE = "enqueue"
    DROP = "drop"
    EXPIRE = "expire"
    PUBLISH = "publish"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


class TransitionRefusedError(TipsheetError):
    """What was asked for does not follow from the state that the tip or issue is in."""


_S, _E = TipState, TipEvent
TRANSITIONS: Mapping[tuple[TipState, TipEvent], TipState] = MappingProxyType(
    {
        (_S.DRAFT, _E.SUBMIT): _S.IN_REVIEW,
        (_S.DRAFT, _E.REJECT): _S.REJECTED,
        (_S.DRAFT, _E.REVISE): _S.DRAFT,
        (_S.DRAFT, _E.WITHDRAW): _S.WITHDRAWN,
        (_S.IN_REVIEW, _E.APPROVE): _S.APPROVED,
        (_S.IN_REVIEW, _E.REJECT): _S.REJECTED,
        (_S.IN_REVIEW, _E.REVISE): _S.IN_REVIEW,
        (_S.IN_REVIEW, _E.WITHDRAW): _S.WITHDRAWN,
        (_S.APPROVED, _E.ENQUEUE): _S.QUEUED,
        (_S.APPROVED, _E.REJECT): _S.REJECTED,
        (_S.APPROVED, _E.REVISE): _S.IN_REVIEW,
        (_S.APPROVED, _E.SEND_BACK): _S.IN_REVIEW,
        (_S.APPROVED, _E.WITHDRAW): _S.WITHDRAWN,
        (_S.QUEUED, _E.DROP): _S.APPROVED,
        (_S.QUEUED, _E.EXPIRE): _S.APPROVED,
        (_S.QUEUED, _E.PUBLISH): _S.PUBLISHED,
        (_S.QUEUED, _E.REJECT): _S.REJECTED,
        (_S.QUEUED, _E.REVISE): _S.IN_REVIEW,
        (_S.QUEUED, _E.SEND_BACK): _S.IN_REVIEW,
        (_S.QUEUED, _E.WITHDRAW): _S.WITHDRAWN,
        (_S.PUBLISHED, _E.CORRECT): _S.PUBLISHED,
        (_S.PUBLISHED, _E.WITHDRAW): _S.WITHDRAWN,
        (_S.REJECTED, _E.SUBMIT): _S.IN_REVIEW,
        (_S.REJECTED, _E.REVISE): _S.DRAFT,
        (_S.REJECTED, _E.WITHDRAW): _S.WITHDRAWN,
    }
)

_WORDS: Mapping[TipEvent, str] = MappingProxyType(
    {
        _E.SUBMIT: "submitted for review",
        _E.APPROVE: "approved",
        _E.REJECT: "rejected",
        _E.REVISE: "changed",
        _E.SEND_BACK: "sent back to review",
        _E.ENQUEUE: "queued",
        _E.DROP: "taken from the queue",
        _E.EXPIRE: "taken from the queue after its last day",
        _E.PUBLISH: "published",
        _E.CORRECT: "corrected",
        _E.WITHDRAW: "withdrawn",
    }
)
_REMEDIES: Mapping[TipState, str] = MappingProxyType(
    {
        _S.DRAFT: "Submit it for review first.",
        _S.IN_REVIEW: "Approve or reject it first.",
        _S.APPROVED: "It is approved but not queued; queue it first.",
        _S.QUEUED: "It waits in the queue; drop it from there first.",
        _S.PUBLISHED: "Readers have it: correct it (run.py tips correct), or withdraw it (run.py tips withdraw).",
        _S.REJECTED: "Change its words, or approve it after all.",
        _S.WITHDRAWN: "A withdrawn tip does not come back; write it as a new tip.",
    }
)


def next_tip_state(state: TipState, event: TipEvent, *, name: str = "the tip") -> TipState:
    """Where `event` leads from `state`. Raises TransitionRefusedError, naming the tip and the way that is open."""
    after = TRANSITIONS.get((state, event))
    if after is None:
        raise TransitionRefusedError(
            f"{name[:1].upper()}{name[1:]} is {state.label} and cannot be {_WORDS[event]}. {_REMEDIES[state]}"
        )
    return after


def allows(state: TipState, event: TipEvent) -> bool:
    """Whether `event` is open to a tip in `state`: what a page shows a button for."""
    return (state, event) in TRANSITIONS
