"""What every studio page shares: who may see it, which newsletter it is about, and how a person's errors are shown."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import user_passes_test
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from pipeline.editorial.models import Newsletter
from pipeline.editorial.queries import zone_name
from pipeline.errors import TipsheetError

View = Callable[..., HttpResponseBase]
CHOSEN = "newsletter"


def _is_staff(user: User | AnonymousUser) -> bool:
    return user.is_active and user.is_staff


def staff_page(view: View) -> View:
    """Only staff who are logged in; everybody else is sent to the login. Nothing of it is kept by any cache."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return cast(View, user_passes_test(_is_staff)(wrapper))


def actor_of(request: HttpRequest) -> str:
    """The name that decisions are kept under."""
    return request.user.get_username()


def newsletter_of(request: HttpRequest) -> Newsletter | None:
    """The newsletter that this session works on: the one that was chosen last, or the first; None without any."""
    chosen = request.GET.get(CHOSEN)
    if chosen and Newsletter.objects.filter(slug=chosen).exists():
        request.session[CHOSEN] = chosen
    newsletters = Newsletter.objects.order_by("pk")
    return newsletters.filter(slug=request.session.get(CHOSEN)).first() or newsletters.first()


def page(request: HttpRequest, template: str, section: str, **context: Any) -> HttpResponse:
    """A studio page: `newsletter`, its zone and the section of the menu are there for every template."""
    newsletter = context.pop("newsletter", None) or newsletter_of(request)
    shared = {
        "newsletter": newsletter,
        "newsletters": Newsletter.objects.order_by("name"),
        "zone": zone_name(newsletter) if newsletter else "UTC",
        "section": section,
    }
    return render(request, f"studio/{template}", shared | context)


def tell(request: HttpRequest, action: Callable[[], object], done: str) -> bool:
    """Do what a person asked for, and say that it is done, or why not; whether it was done."""
    try:
        action()
    except TipsheetError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, done)
    return True
