"""What the pages for readers share: words and colours of the newsletter, and the headers of a page with a token."""

from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from pipeline.editorial.models import Newsletter
from pipeline.render.colours import palette
from pipeline.render.feeds import formats
from pipeline.render.wording import direction
from pipeline.web.client_address import client_address
from pipeline.web.public.wording import words_for
from pipeline.web.visitor_language import visitor_language


def page(
    request: HttpRequest, template: str, newsletter: Newsletter | None, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page in the newsletter's words and colours; without a newsletter, in the visitor's language and the house's
    colours.
    """
    colours = palette(newsletter.accent_colour if newsletter else "")
    language = newsletter.language if newsletter else visitor_language(request)
    words = words_for(language, newsletter.name if newsletter else "")
    is_readable = newsletter is not None and has_archive(newsletter.slug)
    shared = {
        "newsletter": newsletter,
        "words": words,
        "direction": direction(words["language"]),
        "light": colours.light,
        "dark": colours.dark,
        "has_archive": is_readable,
        "feeds": formats(),
        "followed": [newsletter] if is_readable else [],  # whose feeds a program finds in the page's head
    }
    response = render(request, f"public/{template}", shared | context, status=status)
    if newsletter is None:
        patch_vary_headers(response, ["Accept-Language"])
    return response


def has_archive(slug: str) -> bool:
    """Whether there is anything to read yet."""
    return bool((settings.CONFIG.output / slug / "index.html").is_file())


def ip_of(request: HttpRequest) -> str | None:
    return client_address(request) or None


def private(view: Any) -> Any:
    """For a page whose address holds a token: no cache keeps it, no search engine lists it, no link tells of it."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return wrapper


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - the signature is Django's
    """The page for an address that leads nowhere."""
    return page(request, "missing.html", None, status=404)
