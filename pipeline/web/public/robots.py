"""robots.txt (RFC 9309): what search engines may read, and where the site maps are."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from pipeline.editorial.models import Newsletter

# The pages behind links in mails say `noindex` by themselves; there is no need to tell the world of their addresses.
CLOSED = ("/studio/", "/private/", "/search/", "/click/")
KEPT_SECONDS = 3600


@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """The whole of the archive is open; the site maps are those of the newsletters that have one."""
    slugs = Newsletter.objects.order_by("slug").values_list("slug", flat=True)
    mapped = [slug for slug in slugs if (settings.CONFIG.output / slug / "sitemap.xml").is_file()]
    lines = ["User-agent: *", *(f"Disallow: {place}" for place in CLOSED)]
    lines += [f"Sitemap: {settings.CONFIG.public_url}/{slug}/sitemap.xml" for slug in mapped]
    response = HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response
