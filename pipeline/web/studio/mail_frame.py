"""The mail as it will be, for a sandboxed frame: no script, no form, nothing loaded but pictures."""

from django.http import HttpResponse

POLICY = (
    "default-src 'none'; img-src https: http: data:; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'; sandbox allow-popups"
)


def mail_frame(html: str) -> HttpResponse:
    """The rendered mail under a policy of its own; it is looked at, never part of the studio's page."""
    response = HttpResponse(html)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def no_mail(reason: str) -> HttpResponse:
    """What stands in the frame while there is nothing to show."""
    from django.utils.html import escape

    return mail_frame(f'<!doctype html><meta charset="utf-8"><title>No mail</title><p>{escape(reason)}</p>')
