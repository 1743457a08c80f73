"""What the links in a mail lead to: confirm, unsubscribe and undo, preferences.

The token in the link is the only credential. A GET shows a page; a POST does what its button says, and can be
repeated. A body is not looked at, so that a mail program's one-click request (RFC 8058 §3.2: urlencoded or multipart)
and the page's own button are the same.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from pipeline.audience import actions, tokens
from pipeline.audience.actions import Confirmation
from pipeline.audience.addresses import PersonNameError
from pipeline.audience.keys import keyring
from pipeline.audience.models import Channel, PrivateFeed, Subscription, SubscriptionState
from pipeline.audience.tokens import Purpose, Token, TokenError, TokenExpiredError
from pipeline.audience.zones import ZoneError, available_zones
from pipeline.clock import utc_now
from pipeline.editorial.models import Newsletter
from pipeline.editorial.timetables import asks_for_zone
from pipeline.publish.feeds_library import FeedsLibrary
from pipeline.web.public.pages import ip_of, page, private
from pipeline.web.public.wording import refusal

View = Callable[[HttpRequest, Token, Newsletter], HttpResponse]


def with_token(purpose: Purpose) -> Callable[[View], Any]:
    """Read the token before the view does anything; a link that is not ours gets a page that says what to do."""

    def decorate(view: View) -> Any:
        @csrf_exempt
        @private
        @wraps(view)
        def wrapper(request: HttpRequest, token: str) -> HttpResponse:
            try:
                found = tokens.read(token, purpose, keys=keyring(), now=utc_now())
            except TokenExpiredError as error:
                return page(request, "expired.html", _newsletter(error.token), status=410)
            except TokenError:
                return page(request, "bad_link.html", None, status=404)
            newsletter = _newsletter(found)
            if newsletter is None:
                return page(request, "bad_link.html", None, status=404)
            return view(request, found, newsletter)

        return wrapper

    return decorate


@require_http_methods(["GET", "HEAD", "POST"])
@with_token(Purpose.CONFIRM)
def confirm(request: HttpRequest, token: Token, newsletter: Newsletter) -> HttpResponse:
    """GET: the button. POST: on the list; again, the same page."""
    if request.method != "POST":
        return page(request, "confirm.html", newsletter)
    came_of = actions.confirm(
        list_id=token.list_id, subscriber_id=token.subscriber_id, ip=ip_of(request), now=utc_now()
    )
    if came_of is not Confirmation.CONFIRMED:
        return page(request, "used.html", newsletter, status=410)
    return page(request, "confirmed.html", newsletter, preferences_token=link_for(Purpose.PREFERENCES, token))


@require_http_methods(["GET", "HEAD", "POST"])
@with_token(Purpose.UNSUBSCRIBE)
def unsubscribe(request: HttpRequest, token: Token, newsletter: Newsletter) -> HttpResponse:
    """GET: one button. POST: off the list, with 200 and no redirect (RFC 8058 §3.1)."""
    if request.method != "POST":
        return page(request, "unsubscribe.html", newsletter, preferences_token=link_for(Purpose.PREFERENCES, token))
    actions.unsubscribe(list_id=token.list_id, subscriber_id=token.subscriber_id, now=utc_now())
    return page(request, "unsubscribed.html", newsletter, unsubscribe_token=link_for(Purpose.UNSUBSCRIBE, token))


@require_POST
@with_token(Purpose.UNSUBSCRIBE)
def undo(request: HttpRequest, token: Token, newsletter: Newsletter) -> HttpResponse:
    """Back on the list, for a day after leaving."""
    is_back = actions.resubscribe(
        list_id=token.list_id, subscriber_id=token.subscriber_id, ip=ip_of(request), now=utc_now()
    )
    if not is_back:
        return page(request, "too_late.html", newsletter, status=410)
    return page(request, "undone.html", newsletter, preferences_token=link_for(Purpose.PREFERENCES, token))


def _typed(request: HttpRequest, subscription: Subscription) -> dict[str, str]:
    """The name and the zone as the form has them, and as they are stored where it has none."""
    reader = subscription.subscriber
    return {
        "name": request.POST.get("name", reader.name),
        "time_zone": request.POST.get("time_zone", reader.time_zone),
    }


def _change(typed: dict[str, str], token: Token, newsletter: Newsletter) -> dict[str, str]:
    """Keep what was typed, all of it or nothing; what is refused, by its field."""
    who: dict[str, Any] = {"subscriber_id": token.subscriber_id, "now": utc_now(), "actor": "subscriber"}
    try:
        with transaction.atomic():
            actions.change_name(**who, name=typed["name"])
            actions.change_time_zone(**who, time_zone=typed["time_zone"])
    except PersonNameError as error:
        return {"name": refusal("name", newsletter.language, error)}
    except ZoneError as error:
        return {"zone": refusal("zone", newsletter.language, error)}
    return {}


@require_http_methods(["GET", "HEAD", "POST"])
@with_token(Purpose.PREFERENCES)
def preferences(request: HttpRequest, token: Token, newsletter: Newsletter) -> HttpResponse:
    """The reader's name, their time zone where the newsletter goes by it, and leaving."""
    subscription = _subscription(token)
    if subscription is None:
        return page(request, "not_on_list.html", newsletter)
    typed, errors = _typed(request, subscription), dict[str, str]()
    if request.method == "POST":
        errors = _change(typed, token, newsletter)
    return page(
        request,
        "preferences.html",
        newsletter,
        status=422 if errors else 200,
        **typed,
        errors=errors,
        is_saved=request.method == "POST" and not errors,
        zones=available_zones() if asks_for_zone(newsletter) else (),
        is_pending=subscription.state == SubscriptionState.PENDING,
        address=_masked(str(subscription.subscriber.address)),
        unsubscribe_token=link_for(Purpose.UNSUBSCRIBE, token),
        preferences_token=link_for(Purpose.PREFERENCES, token),
        **_feed_context(subscription, newsletter),
    )


def _feed_context(subscription: Subscription, newsletter: Newsletter) -> dict[str, Any]:
    """What the reader chose for a feed of their own, and what there is to choose from."""
    own = PrivateFeed.objects.filter(subscription=subscription).first()
    return {
        "topics": FeedsLibrary(newsletter).topics(),
        "has_feed": own is not None,
        "feed_topics": own.topics if own is not None else [],
        "is_without_mail": subscription.channel == Channel.FEED,
    }


def _newsletter(token: Token) -> Newsletter | None:
    return Newsletter.objects.filter(mailing_list=token.list_id).first()


def _subscription(token: Token) -> Subscription | None:
    """The subscription that there is something to prefer about."""
    return (
        Subscription.objects.select_related("subscriber")
        .filter(mailing_list=token.list_id, subscriber=token.subscriber_id, subscriber__erased_at=None)
        .exclude(state=SubscriptionState.UNSUBSCRIBED)
        .first()
    )


def link_for(purpose: Purpose, token: Token) -> str:
    """The same reader's token for something else."""
    return tokens.make(purpose, list_id=token.list_id, subscriber_id=token.subscriber_id, keys=keyring())


def _masked(address: str) -> str:
    """Enough for its owner to know it, too little for whoever was forwarded the link."""
    mailbox, _, domain = address.rpartition("@")
    return f"{mailbox[:1]}•••@{domain}"
