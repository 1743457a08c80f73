"""The icon that browsers ask for by themselves, on every page that names none."""

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@cache
def _svg() -> bytes:
    return (Path(__file__).parent / "static" / "icon.svg").read_bytes()


@require_safe
@cache_control(public=True, max_age=86_400)
def icon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    return HttpResponse(_svg(), content_type="image/svg+xml")
