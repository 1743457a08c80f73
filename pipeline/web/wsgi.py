"""The WSGI application that `serve` runs."""

import os
from collections.abc import Iterable
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pipeline.settings")
_django = get_wsgi_application()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Every request counts as one to the public URL's scheme: a proxy that ends TLS speaks plain HTTP to this process,
    and HSTS and the strict CSRF check of https must hold all the same.
    """
    from pipeline.settings import CONFIG

    environ["wsgi.url_scheme"] = urlsplit(CONFIG.public_url).scheme
    return _django(environ, start_response)
