"""A subscriber's private feed: the page that hands out its addresses, and the feed itself.

The address is the credential, as with every link in a mail: it can be passed on, it ends with the subscription, and
the reader can have it replaced. The feed holds nothing of the reader, and nothing that is not public.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from pipeline.audience import actions, tokens
from pipeline.audience.keys import keyring
from pipeline.audience.models import Channel, PrivateFeed
from pipeline.audience.tokens import Purpose, Token, TokenError
from pipeline.clock import utc_now
from pipeline.editorial.models import Newsletter
from pipeline.publish.feeds_library import FeedsLibrary
from pipeline.publish.private_feed import private_feed
from pipeline.render.feeds import formats
from pipeline.render.feeds.model import TTL_MINUTES
from pipeline.web.public.links import link_for, with_token
from pipeline.web.public.pages import page
from pipeline.web.public.wording import words_for
from pipeline.web.visitor_language import visitor_language


@require_POST
@with_token(Purpose.PREFERENCES)
def make(request: HttpRequest, token: Token, newsletter: Newsletter) -> HttpResponse:
    """The reader's own feed, for the topics that they ticked, beside the mail or in its place."""
    own = actions.choose_feed(
        list_id=token.list_id,
        subscriber_id=token.subscriber_id,
        topics=FeedsLibrary(newsletter).topics().keys() & request.POST.getlist("topic"),
        instead_of_mail=request.POST.get("instead") == "of-mail",
        now=utc_now(),
    )
    return _addresses(request, token, newsletter, own)


@require_POST
@with_token(Purpose.PREFERENCES)
def renew(request: HttpRequest, token: Token, newsletter: Newsletter) -> HttpResponse:
    """New addresses for the feed; the old ones end at once."""
    own = actions.renew_feed(list_id=token.list_id, subscriber_id=token.subscriber_id, now=utc_now())
    return _addresses(request, token, newsletter, own, is_renewed=True)


def _addresses(
    request: HttpRequest, token: Token, newsletter: Newsletter, own: PrivateFeed | None, *, is_renewed: bool = False
) -> HttpResponse:
    if own is None:
        return page(request, "not_on_list.html", newsletter)
    key = tokens.make_feed(list_id=token.list_id, subscriber_id=token.subscriber_id, number=own.number, keys=keyring())
    return page(
        request,
        "private_feed.html",
        newsletter,
        addresses=[(item.title, _address(key, item.file_name)) for item in formats()],
        is_renewed=is_renewed,
        is_without_mail=own.subscription.channel == Channel.FEED,
        preferences_token=link_for(Purpose.PREFERENCES, token),
    )


@gzip_page
@require_safe
def feed(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """The feed: 404 for an address that is none, 410 for one that was replaced or ended with the subscription."""
    chosen = next((item for item in formats() if item.file_name == name), None)
    try:
        found = tokens.read_feed(token, keys=keyring())
    except TokenError:
        return _plain("feed_unknown", visitor_language(request), 404)
    newsletter = Newsletter.objects.filter(mailing_list=found.list_id).first()
    if chosen is None or newsletter is None:
        return _plain("feed_unknown", visitor_language(request), 404)
    kept = actions.open_feed(list_id=found.list_id, subscriber_id=found.subscriber_id, number=found.number)
    if kept is None:
        return _plain("feed_gone", newsletter.language, 410)
    own = private_feed(
        newsletter,
        subscriber_id=found.subscriber_id,
        feed_url=_address(token, name),
        topics=kept.topics,
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
