"""The subscribe form: as a page, as a frame for other sites, and as a snippet to copy.

The answer is the same for every address, in words, status and time: whether it is known is looked up later.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from pipeline.audience.actions import TooManyRequestsError
from pipeline.audience.addresses import AddressError
from pipeline.clock import utc_now
from pipeline.editorial.models import Newsletter
from pipeline.publish import confirmations
from pipeline.publish.consent_wording import form_wording
from pipeline.render.feeds import formats
from pipeline.web.public.pages import ip_of, page
from pipeline.web.public.wording import refusal

# Hidden from people; a program that fills in everything gives itself away.
HONEYPOT = "subject_line"
RETRY_AFTER_SECONDS = 3600


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest, slug: str) -> HttpResponse:
    """The page with the form."""
    return _form(request, get_object_or_404(Newsletter, slug=slug), framed=False)


@csrf_exempt
@xframe_options_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def frame(request: HttpRequest, slug: str) -> HttpResponse:
    """The form alone, for a frame on any site: it shows nothing that is anybody's, and has no credential to steal."""
    response = _form(request, get_object_or_404(Newsletter, slug=slug), framed=True)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'self' 'nonce-{request.csp_nonce}'; img-src 'self'; form-action 'self'; "  # type: ignore[attr-defined]
        "frame-ancestors *; base-uri 'none'; object-src 'none'"
    )
    return response


@require_safe
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The snippets to copy into another site."""
    newsletter = get_object_or_404(Newsletter, slug=slug)
    return page(
        request,
        "embed.html",
        newsletter,
        public_url=settings.CONFIG.public_url,
        honeypot=HONEYPOT,
        consent=form_wording(newsletter.name, newsletter.language),
    )


def _form(request: HttpRequest, newsletter: Newsletter, *, framed: bool) -> HttpResponse:
    context: dict[str, Any] = {
        "honeypot": HONEYPOT,
        "framed": framed,
        "feeds": formats(),
        "consent": form_wording(newsletter.name, newsletter.language),
    }
    if request.method != "POST":
        return page(request, "subscribe.html", newsletter, **context)
    typed = request.POST.get("address", "")
    try:
        if not request.POST.get(HONEYPOT):
            confirmations.request(
                newsletter=newsletter, address=typed, ip=ip_of(request), config=settings.CONFIG, now=utc_now()
            )
    except (AddressError, TooManyRequestsError) as error:
        return _refused(request, newsletter, error, context | {"typed": typed})
    return page(request, "sent.html", newsletter, **context)


def _refused(
    request: HttpRequest, newsletter: Newsletter, error: AddressError | TooManyRequestsError, context: dict[str, Any]
) -> HttpResponse:
    """The form again, with what is wrong by its field."""
    if isinstance(error, AddressError):
        said = refusal("address", newsletter.language, error)
        return page(request, "subscribe.html", newsletter, status=422, error=said, **context)
    said = refusal("flood", newsletter.language, error)
    response = page(request, "subscribe.html", newsletter, status=429, error=said, **context)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
