"""The start page, and the newsletters' files under `output/` as the world reads them.

A web server can serve that folder as well; this does it with strong ETags, gzip and the feeds' media types, for an
installation that has no other. Nothing outside the folder is reached, whatever a path says and wherever links lead.
"""

import gzip
import hashlib
import mimetypes
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from pipeline.clock import utc_now
from pipeline.editorial.models import Newsletter
from pipeline.render import links
from pipeline.render.feeds import formats
from pipeline.render.feeds.model import TTL_MINUTES
from pipeline.web.public.pages import has_archive, page

PAGE_SECONDS = 300
# What a page of the archive may load: its own style, and pictures. No script, ever.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' https: data:; form-action 'self'; frame-ancestors 'self'; "
    "base-uri 'none'; object-src 'none'"
)
_COMPRESSIBLE = ("text/", "application/rss+xml", "application/atom+xml", "application/feed+json", "application/xml")
_PAGE_NUMBER = re.compile(r"-\d+(?=\.\w+$)")
_WORTH_COMPRESSING_BYTES = 512
SETTLED_AFTER_SECONDS = 2
_WORTH_KEEPING_BYTES = 512 * 1024  # of pages and feeds; a large picture is read each time
_TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".xml": "application/xml",
          ".txt": "text/plain; charset=utf-8", ".webp": "image/webp", ".avif": "image/avif"}  # fmt: skip


class _File(NamedTuple):
    """A file's bytes, as they are and compressed (b'' where that is not worth it), and its strong validator."""

    data: bytes
    compressed: bytes
    digest: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The newsletters of this installation."""
    newsletters = list(Newsletter.objects.order_by("name"))
    readable = [newsletter for newsletter in newsletters if has_archive(newsletter.slug)]
    return page(
        request,
        "home.html",
        newsletters[0] if len(newsletters) == 1 else None,
        newsletters=[(newsletter, newsletter in readable) for newsletter in newsletters],
        followed=readable,
    )


@require_safe
def published(request: HttpRequest, slug: str, path: str = "") -> HttpResponse:
    """One file of `output/<slug>/`; a folder's address leads to its index.html. A feed names its hub and itself in the
    headers too, where WebSub (§4) looks first.
    """
    config = settings.CONFIG
    root = (config.output / slug).resolve()
    wanted = _within(root, path)
    if wanted.is_dir():
        if path and not path.endswith("/"):
            return HttpResponseRedirect(f"{request.path}/")  # begins with /<slug>/: it cannot lead elsewhere
        wanted = _within(root, f"{path}index.html")
    if not wanted.is_file() or (path and path.endswith("/") and wanted.name != "index.html"):
        raise Http404
    response = _served(request, wanted)
    if config.websub_hub and _is_live_feed(wanted.name):
        own = f"{config.public_url}{request.path}"
        response.headers["Link"] = f'<{links.web_url(config.websub_hub)}>; rel="hub", <{own}>; rel="self"'
    return response


def _is_live_feed(name: str) -> bool:
    """Whether readers subscribe to it: not a page of a feed's history."""
    return any(name in (item.file_name, item.issues_file_name) for item in formats())


def _within(root: Path, path: str) -> Path:
    """The file or folder below `root`. Raises Http404 if there is none, if it is hidden, and if it lies outside."""
    parts = path.rstrip("/").split("/") if path.rstrip("/") else []
    if any(part.startswith(".") or not part or "\\" in part or "\0" in part for part in parts):
        raise Http404
    try:
        place = root.joinpath(*parts).resolve(strict=True)
    except (OSError, ValueError, RuntimeError) as error:  # missing, too long a name, links in a circle
        raise Http404 from error
    if not place.is_relative_to(root):
        raise Http404
    return place


def _served(request: HttpRequest, place: Path) -> HttpResponse:
    media_type, seconds = _media_type(place.name)
    status = place.stat()
    load = _load if status.st_size <= _WORTH_KEEPING_BYTES else _load.__wrapped__
    found = load(place, status.st_mtime_ns, status.st_size, media_type.startswith(_COMPRESSIBLE))
    is_compressed = bool(found.compressed) and _takes_gzip(request)
    response = HttpResponse(found.compressed if is_compressed else found.data, content_type=media_type)
    etag = f'"{found.digest}-gzip"' if is_compressed else f'"{found.digest}"'
    response.headers["ETag"] = etag
    mtime = _settled(status.st_mtime)
    if mtime is not None:
        response.headers["Last-Modified"] = http_date(mtime)
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.headers["Content-Security-Policy"] = POLICY
    if is_compressed:
        response.headers["Content-Encoding"] = "gzip"
    if found.compressed:
        patch_vary_headers(response, ["Accept-Encoding"])
    return _not_modified(request, response, etag, mtime) or response


def _settled(mtime: float) -> int | None:
    """The second in which the file was written, once that second is over: until then it could change again within
    it, and a reader who asks by time alone would never hear of that (RFC 9110 §8.8.2.2).
    """
    return int(mtime) if utc_now().timestamp() - mtime > SETTLED_AFTER_SECONDS else None


def _not_modified(request: HttpRequest, response: HttpResponse, etag: str, mtime: int | None) -> HttpResponse | None:
    """The 304 for whoever has these bytes already; None for everybody else."""
    answer = get_conditional_response(request, etag=etag, last_modified=mtime, response=response)
    return answer if isinstance(answer, HttpResponse) else None


def _media_type(name: str) -> tuple[str, int]:
    """(media type, seconds that a copy may be kept)."""
    feed = _PAGE_NUMBER.sub("", name)  # a page of a feed's history is of the feed's own type
    for item in formats():
        if feed in (item.file_name, item.issues_file_name):
            charset = "; charset=utf-8" if item.media_type.endswith("xml") else ""
            return f"{item.media_type}{charset}", TTL_MINUTES * 60
    suffix = Path(name).suffix.lower()
    return _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream", PAGE_SECONDS


@lru_cache(maxsize=128)
def _load(place: Path, mtime_ns: int, size_bytes: int, compressible: bool) -> _File:  # noqa: ARG001 - what changes
    data = place.read_bytes()
    squeezed = b""
    if compressible and len(data) >= _WORTH_COMPRESSING_BYTES:
        squeezed = gzip.compress(data, mtime=0)
    return _File(data, squeezed, hashlib.sha256(data).hexdigest()[:32])


def _takes_gzip(request: HttpRequest) -> bool:
    accepted = request.headers.get("Accept-Encoding", "")
    for item in accepted.split(","):
        coding, _, weight = item.strip().partition(";")
        if coding.strip().lower() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
