"""The life of an issue: every transition there is, in one table; and what its subject line is made from.

```
composed ──approve──► approved (frozen) ──start──► publishing ──finish──► published
   │  ▲                  │
   │  └─────release──┐   │         An edit takes an issue back to composed (`release`), and its frozen bytes with it.
   └──hold──► held ◄─┴─hold        cancelled ◄──cancel── (anything not yet publishing)
```
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from markdown_it import MarkdownIt

from pipeline.editorial.tip_rules import TransitionRefusedError

SUBJECT_MAX = 90  # what a phone shows of it is shorter: the first words carry it
PREHEADER_MAX = 130


class IssueState(StrEnum):
    COMPOSED = "composed"
    APPROVED = "approved"
    HELD = "held"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class IssueEvent(StrEnum):
    APPROVE = "approve"
    HOLD = "hold"
    RELEASE = "release"
    START = "start"
    FINISH = "finish"
    CANCEL = "cancel"


_S, _E = IssueState, IssueEvent
TRANSITIONS: Mapping[tuple[IssueState, IssueEvent], IssueState] = MappingProxyType(
    {
        (_S.COMPOSED, _E.APPROVE): _S.APPROVED,
        (_S.COMPOSED, _E.HOLD): _S.HELD,
        (_S.COMPOSED, _E.CANCEL): _S.CANCELLED,
        (_S.APPROVED, _E.HOLD): _S.HELD,
        (_S.APPROVED, _E.RELEASE): _S.COMPOSED,
        (_S.APPROVED, _E.START): _S.PUBLISHING,
        (_S.APPROVED, _E.CANCEL): _S.CANCELLED,
        (_S.HELD, _E.RELEASE): _S.COMPOSED,
        (_S.HELD, _E.APPROVE): _S.APPROVED,
        (_S.HELD, _E.CANCEL): _S.CANCELLED,
        (_S.PUBLISHING, _E.FINISH): _S.PUBLISHED,
    }
)
_WORDS: Mapping[IssueEvent, str] = MappingProxyType(
    {
        _E.APPROVE: "approved",
        _E.HOLD: "held",
        _E.RELEASE: "opened again for changes",
        _E.START: "published",
        _E.FINISH: "finished",
        _E.CANCEL: "cancelled",
    }
)
_REMEDIES: Mapping[IssueState, str] = MappingProxyType(
    {
        _S.COMPOSED: "Approve it first.",
        _S.APPROVED: "It is approved and frozen; it goes out at its slot.",
        _S.HELD: "Look at why it is held, then approve it or cancel it.",
        _S.PUBLISHING: "It is on its way to its readers; pause its mail instead.",
        _S.PUBLISHED: "What was sent cannot be changed; a correction goes into the next issue.",
        _S.CANCELLED: "A cancelled issue stays cancelled; its tips are back in the queue.",
    }
)

# The states in which an issue still holds its tips and may yet be changed.
OPEN_STATES = frozenset({_S.COMPOSED, _S.APPROVED, _S.HELD})
# The states in which an issue's words are on their way, or there: its tips are beyond recall.
SENT_STATES = frozenset({_S.PUBLISHING, _S.PUBLISHED})


def next_issue_state(state: IssueState, event: IssueEvent, *, name: str = "the issue") -> IssueState:
    """Where `event` leads from `state`. Raises TransitionRefusedError, naming the issue and the way that is open."""
    after = TRANSITIONS.get((state, event))
    if after is None:
        raise TransitionRefusedError(
            f"{name[:1].upper()}{name[1:]} is {state.value} and cannot be {_WORDS[event]}. {_REMEDIES[state]}"
        )
    return after


def suggest_subject(titles: Sequence[str]) -> str:
    """The first tip's title, with the second's where both fit: words that the issue keeps, never invented ones."""
    if not titles:
        return ""
    first = _shortened(titles[0], SUBJECT_MAX)
    if len(titles) > 1 and len(first) + len(titles[1]) + 3 <= SUBJECT_MAX * 2 // 3:
        return f"{first} · {titles[1]}"
    return first


def suggest_preheader(titles: Sequence[str], texts: Sequence[str]) -> str:
    """What follows the subject in an inbox: the titles that the subject leaves out, else the first tip's opening."""
    left_out = [title for title in titles if title not in suggest_subject(titles)]
    chosen: list[str] = []
    for title in left_out:
        if len(" · ".join([*chosen, title])) <= PREHEADER_MAX:
            chosen.append(title)
    if chosen:
        return " · ".join(chosen)
    return _shortened(plain_text(texts[0]), PREHEADER_MAX) if texts else ""


@lru_cache(maxsize=4096)  # the whole queue is asked for at each look
def plain_text(markdown: str) -> str:
    """The words of a Markdown text on one line, without its marks."""
    tokens = MarkdownIt("commonmark", {"html": False}).parse(markdown)
    words: list[str] = []
    for token in tokens:
        parts = token.children or []
        words.extend(" " if part.type in {"softbreak", "hardbreak"} else part.content for part in parts)
        words.append(" " if token.type == "inline" else "")
    return " ".join("".join(words).split())


def _shortened(text: str, limit: int) -> str:
    """`text` on one line, cut between words with an ellipsis if it is longer than `limit` characters."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    between_words = cut.rsplit(" ", 1)[0] if " " in cut else cut
    return re.sub(r"[\s,;:·–—-]+$", "", between_words) + "…"
