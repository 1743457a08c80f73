"""A tip's picture in the studio: taken in on its own while somebody writes, and shown beside the form."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from pipeline.documents.picture import suffix_of
from pipeline.editorial.picture_store import kept_picture
from pipeline.web.studio.forms import TipForm
from pipeline.web.studio.pages import page, staff_page

_KEPT_SECONDS = 24 * 60 * 60


@staff_page
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """The picture's part of the form, with what was just handed in; the rest of the form waits in the browser."""
    form = TipForm(request.POST, request.FILES, var=settings.CONFIG.var)
    form.full_clean()
    response = page(request, "_picture.html", "tips", form=form, just_taken=True)
    response.headers["HX-Trigger-After-Swap"] = "picture-taken"
    return response


@staff_page
@require_safe
def kept(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """A picture as it was made fit, before any reader may have it. 404 for one that was never taken in."""
    data = kept_picture(f"pictures/tips/{name}", var=settings.CONFIG.var)
    if data is None:
        raise Http404
    response = HttpResponse(data, content_type="image/png" if suffix_of(data) == "png" else "image/jpeg")
    response.headers["Cache-Control"] = f"private, max-age={_KEPT_SECONDS}"  # its name is its content's
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
