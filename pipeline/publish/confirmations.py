"""The double opt-in, from the subscribe form to the mail with the confirmation link.

    the form ──► request ──► (a row, the same for every address) ──► send_due, in the next tick ──► the mail

The form answers before anybody has looked whether the address is known. The mail holds nothing that was typed into
the form: whoever abuses it cannot make it say something.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from pipeline.audience import actions, addresses
from pipeline.audience.addresses import Address
from pipeline.audience.keys import keyring
from pipeline.audience.models import Subscription, SubscriptionRequest
from pipeline.audience.tokens import Purpose, make
from pipeline.config import Config
from pipeline.delivery import providers
from pipeline.delivery.actions.messages import Sender, send_single
from pipeline.delivery.models import MessageKind
from pipeline.editorial.models import Newsletter
from pipeline.errors import TipsheetError
from pipeline.publish.confirmation_mail import render_confirmation
from pipeline.publish.consent_wording import form_wording

logger = logging.getLogger(__name__)


def parse_address(text: str, *, config: Config) -> Address:
    """The address in `text`, if the configured provider can deliver to it. Raises AddressError."""
    return addresses.parse(text, unicode_mailboxes=takes_unicode_mailboxes(config))


def takes_unicode_mailboxes(config: Config) -> bool:
    """Whether the configured provider delivers to mailboxes outside ASCII (RFC 6531)."""
    provider = providers.load(config)
    try:
        return provider.traits.takes_unicode_mailboxes
    finally:
        provider.close()


def request(*, newsletter: Newsletter, address: str, ip: str | None, config: Config, now: datetime) -> None:
    """Take in what the form was sent. What happens next, and how long this takes, does not depend on who it is.

    Raises AddressError for what is no address, TooManyRequestsError for a network that asks too often.
    """
    actions.record_request(
        mailing_list=newsletter.mailing_list,
        address=parse_address(address, config=config),
        wording=form_wording(newsletter.name, newsletter.language),
        ip=ip,
        now=now,
    )


def send_due(*, config: Config, now: datetime) -> int:
    """Handle the requests that are waiting, and plan a confirmation mail for each that is to get one; how many.

    One transaction each: a request is handled with its mail planned, or it waits for the next time.
    """
    waiting = SubscriptionRequest.objects.filter(handled_at=None, due_at__lte=now).order_by("pk")
    planned = 0
    for request_id in list(waiting.values_list("pk", flat=True)):
        try:
            planned += _handle(request_id, config=config, now=now)
        except TipsheetError as error:  # it waits for the next time, and the others go on
            logger.warning("confirmations.failed request=%s error=%s", request_id, type(error).__name__)
    if planned:
        logger.info("confirmations.planned count=%s", planned)
    return planned


@transaction.atomic
def _handle(request_id: int, *, config: Config, now: datetime) -> bool:
    subscription = actions.take_request(request_id=request_id, now=now)
    if subscription is None:
        return False
    _plan_mail(subscription, request_id, config=config, now=now)
    return True


def _plan_mail(subscription: Subscription, request_id: int, *, config: Config, now: datetime) -> None:
    newsletter = Newsletter.objects.get(mailing_list=subscription.mailing_list_id)
    send_single(
        kind=MessageKind.CONFIRMATION,
        key=f"confirmation:{request_id}",
        rendered=render_confirmation(
            newsletter, confirm_url=confirmation_url(subscription, config=config, now=now), config=config
        ),
        sender=Sender(
            name=newsletter.sender_name,
            address=newsletter.sender_address,
            reply_to=newsletter.reply_to,
            language=newsletter.language,
        ),
        mailing_list=subscription.mailing_list,
        subscriber=subscription.subscriber,
        now=now,
    )


def confirmation_url(subscription: Subscription, *, config: Config, now: datetime) -> str:
    """The link that the reader confirms by; it works for `confirmation_days`."""
    token = make(
        Purpose.CONFIRM,
        list_id=subscription.mailing_list_id,
        subscriber_id=subscription.subscriber_id,
        keys=keyring(),
        expires_at=now + timedelta(days=config.confirmation_days),
    )
    return f"{config.public_url}/confirm/{token}/"
