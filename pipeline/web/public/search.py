"""The form that looks for words in the archive: a GET, a list, and no script."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from pipeline.editorial.models import Newsletter
from pipeline.publish.search import MAX_QUERY_CHARS, search
from pipeline.web.public.pages import page

_KEPT_SECONDS = 300


@require_safe
def results(request: HttpRequest, slug: str) -> HttpResponse:
    newsletter = get_object_or_404(Newsletter, slug=slug)
    query = " ".join(request.GET.get("q", "").replace("\0", "")[:MAX_QUERY_CHARS].split())
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
    found, has_more = search(newsletter, query, page=number, config=settings.CONFIG)
    response = page(
        request,
        "search.html",
        newsletter,
        query=query,
        results=found,
        earlier=number - 1,
        later=number + 1 if has_more else 0,
        max_chars=MAX_QUERY_CHARS,
    )
    response.headers["Cache-Control"] = f"public, max-age={_KEPT_SECONDS}"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
