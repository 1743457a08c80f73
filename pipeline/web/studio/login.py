"""Logging in to the studio, with a pause after repeated failures."""

import hashlib
from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from pipeline.web.client_address import client_address

FAILURES_ALLOWED = 5
PAUSE_SECONDS = 15 * 60


class StudioLoginForm(AuthenticationForm):
    """Django's own form; after five failures for one name from one address, it waits a quarter of an hour."""

    def clean(self) -> dict[str, Any]:
        key = _throttle_key(self.request, str(self.cleaned_data.get("username", "")))
        if cache.get(key, 0) >= FAILURES_ALLOWED:
            raise ValidationError("Too many attempts. Wait a quarter of an hour, or ask for `run.py staff reset`.")
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            cache.set(key, cache.get(key, 0) + 1, PAUSE_SECONDS)
            raise
        cache.delete(key)
        return cleaned

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if not user.is_staff:
            raise self.get_invalid_login_error()


class StudioLogin(LoginView):
    template_name = "studio/login.html"
    authentication_form = StudioLoginForm
    redirect_authenticated_user = True


def _throttle_key(request: HttpRequest | None, username: str) -> str:
    address = client_address(request) if request is not None else ""
    return "login:" + hashlib.sha256(f"{address}\n{username.lower()}".encode()).hexdigest()
