"""A counted link: one is added to its count, and the reader is passed on.

The address holds an issue and a link's number, signed, and nothing of the reader; where it leads is what was stored
with the issue, so that nobody can make it lead elsewhere. No address, browser or time is noted, and no cookie is set.
"""

import logging

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from pipeline.audience import tokens
from pipeline.audience.keys import keyring
from pipeline.audience.tokens import TokenError
from pipeline.delivery.actions.clicks import count_click
from pipeline.delivery.models import CountedLink
from pipeline.web.public.pages import page, private

logger = logging.getLogger(__name__)

# What browsers and mail programs say when they load a page before anybody asked for it.
_AHEAD_OF_TIME = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


@require_safe
@private
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """On to where the link leads, counted once for each GET. 404 for a link that is not ours."""
    try:
        found = tokens.read_click(token, keys=keyring())
    except TokenError:
        return page(request, "bad_link.html", None, status=404)
    link = CountedLink.objects.filter(issue=found.issue_id, number=found.link).first()
    if link is None:
        return page(request, "bad_link.html", None, status=404)
    if _is_click(request):
        try:
            count_click(issue_id=found.issue_id, number=found.link)
        except DatabaseError as error:  # the reader gets there all the same
            logger.warning("click.not_counted issue=%s error=%s", found.issue_id, type(error).__name__)
    return HttpResponseRedirect(link.url)


def _is_click(request: HttpRequest) -> bool:
    said = " ".join(request.headers.get(name, "") for name in _AHEAD_OF_TIME).lower()
    return request.method == "GET" and not any(word in said for word in ("prefetch", "prerender", "preview"))
