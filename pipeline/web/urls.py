"""The routes: what providers call, the studio for staff, the public pages (last: they end in slugs)."""

from django.urls import URLPattern, URLResolver, include, path

from pipeline.web.icon import icon

urlpatterns: list[URLPattern | URLResolver] = [
    path("favicon.ico", icon),
    path("hooks/", include("pipeline.web.hooks.urls")),
    path("studio/", include("pipeline.web.studio.urls")),
    path("", include("pipeline.web.public.urls")),
]
handler400 = "pipeline.web.trouble.bad_request"
handler403 = "pipeline.web.trouble.forbidden"
handler404 = "pipeline.web.public.pages.not_found"
handler500 = "pipeline.web.trouble.server_error"
