"""The pages for what went wrong: a request that is none, a form that cannot be trusted, a fault of our own.

They tell nothing of the program, and need no database: it may be what is broken.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pipeline.render.colours import palette


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return _page(
        request, 400, "This request could not be read", "The address, or what came with it, is not as it should be."
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return _page(request, 403, "This page is not for you", "You may need to log in with another name.")


def untrusted_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """For a form without the token that shows that it came from our own page (CSRF_FAILURE_VIEW)."""
    return _page(
        request, 403, "Please send this form again",
        "It was open for too long, or your browser keeps no cookies from us. Nothing was changed. Go back, load the "
        "page anew, and send it once more.",
    )  # fmt: skip


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(
        request, 500, "Something went wrong on our side",
        "It was nothing that you did, and it has been noted. Please try again in a few minutes.",
    )  # fmt: skip


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    colours = palette("")
    context: dict[str, Any] = {"title": title, "text": text, "light": colours.light, "dark": colours.dark}
    context["words"] = {"language": "en", "home": "To the start", "skip": "Skip to the text"}
    response = render(request, "public/trouble.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
