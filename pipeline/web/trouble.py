"""The pages for what went wrong: a request that is none, a form that cannot be trusted, a fault of our own.

They tell nothing of the program, and need no database: it may be what is broken. So they speak the visitor's language
where they can, and not a newsletter's.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pipeline.render.catalogue import translated
from pipeline.render.colours import palette
from pipeline.render.wording import direction
from pipeline.web.visitor_language import visitor_language


@dataclass(frozen=True, slots=True)
class TroubleWording:
    language: str
    bad_request_title: str
    bad_request_text: str
    forbidden_title: str
    forbidden_text: str
    untrusted_title: str
    untrusted_text: str
    server_error_title: str
    server_error_text: str
    home: str
    skip: str


ENGLISH = TroubleWording(
    language="en",
    bad_request_title="This request could not be read",
    bad_request_text="The address, or what came with it, is not as it should be.",
    forbidden_title="This page is not for you",
    forbidden_text="You may need to log in with another name.",
    untrusted_title="Please send this form again",
    untrusted_text="It was open for too long, or your browser keeps no cookies from us. Nothing was changed. Go back, "
    "load the page anew, and send it once more.",
    server_error_title="Something went wrong on our side",
    server_error_text="It was nothing that you did, and it has been noted. Please try again in a few minutes.",
    home="To the start",
    skip="Skip to the text",
)
ROOM = "trouble"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return _page(request, 400, "bad_request")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return _page(request, 403, "forbidden")


def untrusted_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """For a form without the token that shows that it came from our own page (CSRF_FAILURE_VIEW)."""
    return _page(request, 403, "untrusted")


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, 500, "server_error")


def _page(request: HttpRequest, status: int, trouble: str) -> HttpResponse:
    colours = palette("")
    words = asdict(translated(ENGLISH, ROOM, visitor_language(request)))
    context: dict[str, Any] = {
        "title": words[f"{trouble}_title"],
        "text": words[f"{trouble}_text"],
        "words": words,
        "direction": direction(words["language"]),
        "light": colours.light,
        "dark": colours.dark,
    }
    response = render(request, "public/trouble.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
