"""Withdrawing a tip wherever it is: in the queue, in an issue that waits, in mail on its way, on the web.

The tip and the mail that holds it are decided in one transaction: nobody is handed the tip after it was withdrawn,
but whose mail was on the wire that moment. A paused issue that holds it cannot be resumed, only cancelled.
"""

from datetime import datetime

from django.db import transaction

from pipeline.delivery.actions import control
from pipeline.delivery.models import Message, MessageKind, MessageState, MessageTip
from pipeline.editorial.actions import tips
from pipeline.editorial.models import Issue, IssueState, Tip
from pipeline.editorial.tip_rules import TipState
from pipeline.errors import TipsheetError


class WithdrawnTipError(TipsheetError):
    """An issue on its way holds a tip that was withdrawn."""


def withdraw(*, tip_id: int, reason: str, now: datetime, actor: str) -> list[str]:
    """Withdraw the tip, and stop whatever is being mailed with it; what was done, in words, a line each."""
    with transaction.atomic():
        tip = tips.withdraw(tip_id=tip_id, reason=reason, now=now, actor=actor, while_sending=True)
        held = Issue.objects.filter(state=IssueState.HELD, held_reason__startswith=f"Tip {tip.pk} was taken out:")
        said = [f"issue {issue.number} is held: it needs approval again" for issue in held]
        brings = MessageTip.objects.filter(tip=tip).values("message")
        open_mail = Message.objects.filter(pk__in=brings, state=MessageState.OPEN).select_related("issue")
        said += [_stop(message, tip, reason, now=now, actor=actor) for message in open_mail]
    return [line for line in said if line]


def _stop(message: Message, tip: Tip, reason: str, *, now: datetime, actor: str) -> str:
    if message.kind == MessageKind.WELCOME:
        control.cancel(message=message, now=now, actor=actor, reason="its tip was withdrawn")
        return "a welcome mail with it is cancelled"
    if message.issue is None or message.issue.state != IssueState.PUBLISHING:
        return ""
    why = f"Tip {tip.pk} was withdrawn: {reason}"
    control.pause(message=message, now=now, actor=actor, reason=why)
    return f"the mail of issue {message.issue.number} is paused: cancel the rest with run.py issues cancel"


def refuse_withdrawn(issue: Issue) -> None:
    """Raise WithdrawnTipError where readers would be sent a tip that was withdrawn."""
    place = issue.issue_tips.filter(tip__state=TipState.WITHDRAWN).order_by("position").first()
    if place is not None:
        raise WithdrawnTipError(
            f"Issue {issue.number} holds tip {place.tip_id}, which was withdrawn while it was being sent. Nobody else "
            f'gets it: run.py issues cancel {issue.number} --reason "…" ends its mail; who has it keeps it.'
        )
