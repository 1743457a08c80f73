"""A subscriber's private feed: the page that hands out its addresses, and the feed itself.

The address is the credential, as with every link in a mail: it can be passed on, and ends with the subscription. The
feed holds nothing of the reader, and nothing that is not public.
"""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from pipeline.audience import tokens
from pipeline.audience.keys import keyring
from pipeline.audience.models import Subscription, SubscriptionState
from pipeline.audience.tokens import Purpose, Token, TokenError
from pipeline.clock import utc_now
from pipeline.editorial.models import Newsletter
from pipeline.publish.private_feed import private_feed
from pipeline.render.feeds import formats
from pipeline.render.feeds.model import TTL_MINUTES
from pipeline.web.public.links import with_token
from pipeline.web.public.pages import page
from pipeline.web.public.wording import words_for
from pipeline.web.visitor_language import visitor_language


@require_POST
@with_token(Purpose.PREFERENCES)
def make(request: HttpRequest, token: Token, newsletter: Newsletter) -> HttpResponse:
    """The addresses of the reader's own feed, for the topics that they ticked; the same ones each time."""
    if not _is_subscribed(token):
        return page(request, "not_on_list.html", newsletter)
    topics = urlencode([("topic", slug) for slug in sorted(set(request.POST.getlist("topic")))])
    own = tokens.make(Purpose.FEED, list_id=token.list_id, subscriber_id=token.subscriber_id, keys=keyring())
    feeds = [(item.title, f"{_address(own, item.file_name)}{'?' if topics else ''}{topics}") for item in formats()]
    return page(request, "private_feed.html", newsletter, feeds=feeds)


@gzip_page
@require_safe
def feed(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """The feed: 404 for an address that is none, 410 once the subscription has ended."""
    chosen = next((item for item in formats() if item.file_name == name), None)
    try:
        found = tokens.read(token, Purpose.FEED, keys=keyring(), now=utc_now())
    except TokenError:
        return _plain("feed_unknown", visitor_language(request), 404)
    newsletter = Newsletter.objects.filter(mailing_list=found.list_id).first()
    if chosen is None or newsletter is None:
        return _plain("feed_unknown", visitor_language(request), 404)
    if not _is_subscribed(found):
        return _plain("feed_gone", newsletter.language, 410)
    query = urlencode([("topic", slug) for slug in request.GET.getlist("topic")])
    address = f"{_address(token, name)}{'?' if query else ''}{query}"
    own = private_feed(
        newsletter,
        subscriber_id=found.subscriber_id,
        feed_url=address,
        topics=request.GET.getlist("topic"),
        config=settings.CONFIG,
    )
    etag = own.etag()
    unchanged: Any = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return _kept_private(unchanged, etag)
    charset = "; charset=utf-8" if chosen.media_type.endswith("xml") else ""
    return _kept_private(HttpResponse(own.written(chosen), content_type=f"{chosen.media_type}{charset}"), etag)


def _kept_private(response: HttpResponse, etag: str) -> HttpResponse:
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"private, max-age={TTL_MINUTES * 60}"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _plain(name: str, language: str, status: int) -> HttpResponse:
    words = words_for(language)
    response = HttpResponse(f"{words[name]}\n", status=status, content_type="text/plain; charset=utf-8")
    response.headers["Content-Language"] = words["language"]
    response.headers["Cache-Control"] = "no-store"
    return response


def _address(token: str, name: str) -> str:
    return f"{settings.CONFIG.public_url}/private/{token}/{name}"


def _is_subscribed(token: Token) -> bool:
    return Subscription.objects.filter(
        mailing_list=token.list_id,
        subscriber=token.subscriber_id,
        subscriber__erased_at=None,
        state=SubscriptionState.CONFIRMED,
    ).exists()
