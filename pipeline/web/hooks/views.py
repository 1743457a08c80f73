"""The one view that providers call."""

import logging
from functools import lru_cache

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from pipeline.clock import utc_now
from pipeline.delivery.actions import events
from pipeline.delivery.actions.hook_calls import ReplayedCallError, take_in
from pipeline.delivery.complaints import bounce_policy
from pipeline.delivery.hook_rules import HOOKS, HookTraits, hook_url
from pipeline.delivery.hooks import secrets_of
from pipeline.errors import TipsheetError
from pipeline.web.hooks import proofs, sns
from pipeline.web.hooks.proofs import RefusedCallError
from pipeline.web.hooks.reading import UnreadableCallError, events_in, reports

logger = logging.getLogger(__name__)


@csrf_exempt
def receive(request: HttpRequest, provider: str, secret: str = "") -> HttpResponse:
    """2xx once the call's events are stored. 404 where no secret is configured, 401 or 403 for a call that is not the
    provider's, 400 for one that cannot be read, 413 for one that is too large, 503 to be asked again.
    """
    traits, own = HOOKS.get(provider), secrets_of(settings.CONFIG).get(provider)
    if traits is None or own is None:
        return _answer(404)
    if request.method in ("HEAD", "GET"):  # some look whether there is anybody, before they keep the address
        return _answer(200)
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST, HEAD, GET"})
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return _refused(provider, 413, "too large")
    try:
        return _heard(request, traits, own, secret)
    except RefusedCallError as refusal:
        return _refused(provider, 401 if refusal.asks else 403, str(refusal))
    except ReplayedCallError:
        return _refused(provider, 403, "a token with other words")
    except UnreadableCallError as trouble:
        return _refused(provider, 400, f"unreadable: {trouble}")
    except (DatabaseError, sns.SnsError) as trouble:
        return _refused(provider, 503, type(trouble).__name__)


def _heard(request: HttpRequest, traits: HookTraits, own: str, told: str) -> HttpResponse:
    now, words = utc_now(), request.body  # read first: a form's fields would use it up
    view = _reader(traits.name, own, hook_url(settings.CONFIG.public_url, traits.name))
    token = proofs.prove(request, traits, view, secret=own, told=told, now=now)
    if traits.name == "ses":
        _confirm(view, request)
    told_of = reports(traits.name, events_in(view, request), now=now)
    take_in(provider=traits.name, reports=told_of, token=token, words=words, now=now)
    if told_of:
        _apply()
    return _answer(200)


@lru_cache(maxsize=len(HOOKS))
def _reader(name: str, own: str, url: str) -> object:
    return proofs.reader(HOOKS[name], own, url)


def _confirm(view: object, request: HttpRequest) -> None:
    """A topic that was subscribed to this address, with our secret in it, is wanted."""
    message = view._parse_sns_message(request)  # type: ignore[attr-defined]
    if message.get("Type") == "SubscriptionConfirmation":
        sns.confirm(message)


def _apply() -> None:
    """At once: an issue may be on its way to who complained just now. What fails here is done by the next tick."""
    try:
        events.apply_stored(policy=bounce_policy(settings.CONFIG), now=utc_now())
    except (DatabaseError, TipsheetError) as trouble:
        logger.warning("hooks.not_applied trouble=%s", type(trouble).__name__)


def _refused(provider: str, status: int, why: str) -> HttpResponse:
    logger.warning("hooks.refused provider=%s status=%s why=%s", provider, status, why)
    return _answer(status)


def _answer(status: int) -> HttpResponse:
    response = HttpResponse(status=status, content_type="text/plain")
    response.headers["Cache-Control"] = "no-store"
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="hooks", charset="UTF-8"'
    return response
