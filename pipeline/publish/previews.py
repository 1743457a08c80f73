"""Looking before anybody else does: the mail with example values, a test send, and how many would get it."""

import base64
import re
import uuid
from collections.abc import Callable
from datetime import datetime
from html import escape as html_escape

from django.db.models import Max, Q

from pipeline.audience import addresses
from pipeline.audience.models import Channel, Subscription, SubscriptionState, Suppression
from pipeline.config import Config
from pipeline.delivery.actions import messages
from pipeline.delivery.models import Delivery, DeliveryState, MessageKind
from pipeline.documents.picture import suffix_of
from pipeline.editorial.content import IssueContent, NewsletterContent, SourceContent, TipContent
from pipeline.editorial.issue_content import newsletter_content, picture_address
from pipeline.editorial.models import Newsletter
from pipeline.editorial.picture_store import kept_picture
from pipeline.editorial.wording_rules import Wording
from pipeline.publish import mailing
from pipeline.publish.issues import look_at_next, sender_of
from pipeline.publish.pictures import host_pictures
from pipeline.render.email import render_email
from pipeline.render.model import Place, RenderedEmail
from pipeline.render.topic_pictures import topic_pictures
from pipeline.render.wording import greeting

_NOT_PUBLISHED = f"urn:uuid:{uuid.UUID(int=0)}"


def filled(rendered: str, *, language: str = "en") -> str:
    """Rendered HTML or text as an example reader sees it: a greeting without a name, links that lead nowhere."""
    values = {Place.GREETING: greeting("", language), Place.UNSUBSCRIBE_URL: "#", Place.PREFERENCES_URL: "#"}
    for place, value in values.items():
        rendered = rendered.replace(place.marker, value)
    return rendered


def with_pictures_inside(html: str, newsletter: NewsletterContent, *, config: Config) -> str:
    """The mail with the newsletter's own pictures inside it, as `data:` URLs: where it is looked at, they may not be
    hosted yet, and the public address may not be reached.
    """
    drawings = {picture.path: picture.data for picture in topic_pictures(config.templates)}

    def inside(source: re.Match[str]) -> str:
        data = drawings.get(source[1]) or kept_picture(source[1], var=config.var)
        if data is None:
            return source[0]
        kind = "png" if suffix_of(data) == "png" else "jpeg"
        return f'src="data:image/{kind};base64,{base64.b64encode(data).decode("ascii")}"'

    return re.sub(f'src="{re.escape(html_escape(newsletter.site_url))}(pictures/[^"]+)"', inside, html)


def send_test(newsletter: Newsletter, *, address: str, config: Config, clock: Callable[[], datetime]) -> str:
    """Mail the next issue to one address, marked as a test; what became of it, in words.

    Raises AddressError, NothingToSendError and what the sender raises.
    """
    now = clock()
    recipient = addresses.parse(address)
    host_pictures(newsletter, config=config)
    look = look_at_next(newsletter, config=config, now=now)
    rendered = RenderedEmail(f"[Test] {look.rendered.subject}", look.uncounted.html, look.uncounted.text)
    message = messages.send_single(
        kind=MessageKind.TEST,
        key=f"test:{uuid.uuid4()}",
        rendered=rendered,
        sender=sender_of(look.content),
        address=recipient.address,
        now=now,
    )
    mailing.send(config=config, clock=clock)
    delivery = Delivery.objects.get(message=message)
    if delivery.state == DeliveryState.ACCEPTED:
        place = f": {config.var / 'outbox' / f'{delivery.pk}.eml'}" if config.provider == "outbox" else ""
        return f"The test was taken by {config.provider}{place}"
    return f"The test is {delivery.state.replace('_', ' ')}: {delivery.reason}"


def expected_deliveries(newsletter: Newsletter) -> int:
    """How many readers an issue would be mailed to now: the list's confirmed ones who take it by mail and are not
    suppressed.
    """
    here = newsletter.mailing_list
    suppressed = Suppression.objects.filter(Q(mailing_list=None) | Q(mailing_list=here)).values("address_hash")
    by_mail = Subscription.objects.filter(
        mailing_list=here, state=SubscriptionState.CONFIRMED, channel=Channel.MAIL, subscriber__erased_at=None
    )
    return by_mail.exclude(subscriber__address_hash__in=suppressed).count()


def card(
    newsletter: Newsletter, wording: Wording, *, sources: tuple[SourceContent, ...] = (), config: Config, now: datetime
) -> str:
    """The HTML of a mail that holds this one tip, as the newsletter's design would show it."""
    shown = newsletter_content(newsletter, public_url=config.public_url)
    number = (newsletter.issues.aggregate(last=Max("number"))["last"] or 0) + 1
    permalink = f"{shown.site_url}archive/{number}.html"
    content = IssueContent(
        newsletter=shown,
        number=number,
        entry_id=_NOT_PUBLISHED,
        permalink=permalink,
        subject=wording.title,
        preheader="",
        intro="",
        design=newsletter.design,
        issued_at=now,
        tips=(_tip(wording, sources, permalink),),
    )
    rendered = render_email(content, templates=config.templates)
    html = with_pictures_inside(rendered.html, shown, config=config)
    return filled(html, language=newsletter.language)


def _tip(wording: Wording, sources: tuple[SourceContent, ...], permalink: str) -> TipContent:
    return TipContent(
        entry_id=_NOT_PUBLISHED,
        anchor="tip",
        permalink=f"{permalink}#tip",
        title=wording.title,
        text=wording.text,
        topic=wording.topic,
        topic_slug="",
        author=wording.author,
        revision_hash="",
        link_url=wording.link_url,
        link_text=wording.link_text,
        picture_url=picture_address(wording.picture_url, site_url=permalink.rpartition("archive/")[0]),
        picture_alt=wording.picture_alt,
        sources=sources,
    )
