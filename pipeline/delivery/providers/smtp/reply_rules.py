"""What a server's reply means (RFC 5321 §4.2.1, enhanced status codes of RFC 3463), by the command that it answers.

| when | 4xx | 5xx | another code, or none |
|---|---|---|---|
| greeting, TLS, login | put off | held: it refuses the sender | put off |
| MAIL FROM | put off: the server's trouble | held | put off |
| RCPT TO, DATA | retry | rejected | retry: the message has not left yet |
| after the final dot | retry | rejected | in doubt: the server may have taken it |

A refusal that is about the sender (a login, relaying, a message too large for the system) holds, whatever command it
answers: everybody would be refused. 421 and its kin ask for a rest: the server goes, and is left alone for a while.
Pure.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from pipeline.delivery.event_rules import EventKind, bounce_kind

_LOGIN_CODES = frozenset({530, 534, 535, 538})
_ABOUT_THE_SENDER = frozenset({"5.3.4", "5.7.0", "5.7.8", "5.7.9", "5.7.11", "5.7.14", "5.7.60"})
_REST = frozenset({"4.3.2", "4.4.5", "4.7.28"})  # not accepting, congested, too fast
_RELAYING = re.compile(r"relay\w*\W+(?:\w+\W+){0,2}(?:denied|not permitted|prohibited)", re.IGNORECASE)
_TOO_FAST = re.compile(r"too many (?:connections|sessions|concurrent)|rate limit|throttl", re.IGNORECASE)
_STATUS = re.compile(r"([245])\.\d{1,3}\.\d{1,3}(?=\s|$)")


class Stage(StrEnum):
    """The command that a reply answers; DOT is the end of the message."""

    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    DOT = "DOT"


class Meaning(StrEnum):
    GOOD = "good"
    LATER = "later"
    REFUSED = "refused"
    HELD = "held"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`wants_rest`: the server asks to be left alone for a while; `is_gone`: the mailbox is not there."""

    meaning: Meaning
    wants_rest: bool = False
    is_gone: bool = False


GOOD = Verdict(Meaning.GOOD)


def verdict(stage: Stage, code: int, text: str) -> Verdict:
    """What a reply to `stage` means; `text` is its words without the code."""
    if code == 354 and stage is Stage.DATA:
        return GOOD
    family = code // 100
    if family == 2 and stage is not Stage.DATA:
        return GOOD
    if family == 4:
        wants_rest = code == 421 or stage is Stage.MAIL or _status(code, text) in _REST or bool(_TOO_FAST.search(text))
        return Verdict(Meaning.LATER, wants_rest=wants_rest)
    if family == 5:
        if stage is Stage.MAIL or _is_about_the_sender(code, text):
            return Verdict(Meaning.HELD)
        status = _status(code, text)
        is_gone = stage is Stage.RCPT and bounce_kind(status, text) is EventKind.HARD_BOUNCE
        return Verdict(Meaning.REFUSED, is_gone=is_gone)
    return Verdict(Meaning.UNCLEAR if stage is Stage.DOT else Meaning.LATER)


def _status(code: int, text: str) -> str:
    """The enhanced status code at the head of the words, if it is of the reply's own class (RFC 2034 §4)."""
    found = _STATUS.match(text)
    return found[0] if found and int(found[1]) == code // 100 else ""


def _is_about_the_sender(code: int, text: str) -> bool:
    return code in _LOGIN_CODES or _status(code, text) in _ABOUT_THE_SENDER or bool(_RELAYING.search(text))
