"""From a mail to the bounce address to an event: whose delivery it speaks of, by what only we can have made.

A bounce is believed for the return path that it was sent to, whose token nobody can make up (return_path.py). A
complaint quotes the mail: its return path, or its unsubscribe link, which is signed for its reader. A report that has
neither names nobody, and is left to a person.
"""

import re
from datetime import datetime

from pipeline.audience.keys import keyring
from pipeline.audience.tokens import Purpose, Token, TokenError, read
from pipeline.delivery.bounce_mail import BounceMail, read_bounce
from pipeline.delivery.event_rules import EventReport
from pipeline.delivery.models import Delivery, Message
from pipeline.delivery.return_path import delivery_of

PROVIDER = "bounces"
_MESSAGES_BACK = 500  # a complaint is of one of the list's last mails
_UNSUBSCRIBE = re.compile(r"/unsubscribe/([A-Za-z0-9_=-]{48})(?:/|>|\s|$)")
_MESSAGE_ID = re.compile(r"<(\d{1,18})\.[0-9a-f]{32}@")


def report_of(data: bytes, *, bounce_address: str, now: datetime) -> EventReport | None:
    """The event that a mail tells of; None for a mail that is no report, or names no delivery of ours.

    The same bounce told again has the same key, whatever way it came.
    """
    mail = read_bounce(data)
    delivery_id = _delivery(mail, bounce_address, now) if mail is not None else None
    if mail is None or delivery_id is None:
        return None
    return EventReport(
        provider=PROVIDER,
        key=f"{mail.form}:{delivery_id}:{mail.kind}:{mail.status}",
        kind=mail.kind,
        occurred_at=min(mail.occurred_at or now, now),
        delivery_id=delivery_id,
        said=mail.said,
    )


def _delivery(mail: BounceMail, bounce_address: str, now: datetime) -> int | None:
    for address in mail.return_paths if bounce_address else ():
        if (found := delivery_of(address, bounce_address)) is not None:
            return found
    if mail.form != "arf":
        return None
    for token in _UNSUBSCRIBE.findall(mail.unsubscribe_links):
        try:
            reader = read(token, Purpose.UNSUBSCRIBE, keys=keyring(), now=now)
        except TokenError:
            continue
        return _delivery_to(reader, mail.original_id)
    return None


def _delivery_to(reader: Token, original_id: str) -> int | None:
    """The delivery that the Message-ID names, if it went to this reader; else the last that did."""
    of_list = Message.objects.filter(mailing_list_id=reader.list_id).order_by("-pk").values_list("pk", flat=True)
    theirs = Delivery.objects.filter(message_id__in=list(of_list[:_MESSAGES_BACK]), subscriber_id=reader.subscriber_id)
    if named := _MESSAGE_ID.match(original_id):
        exact = theirs.filter(pk=int(named[1])).values_list("pk", flat=True).first()
        if exact is not None:
            return exact
    return theirs.order_by("-pk").values_list("pk", flat=True).first()
