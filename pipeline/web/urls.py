"""The routes: the studio for staff, the public pages for readers (last: they end in the newsletters' own slugs)."""

from django.urls import URLPattern, URLResolver, include, path

from pipeline.web.icon import icon

urlpatterns: list[URLPattern | URLResolver] = [
    path("favicon.ico", icon),
    path("studio/", include("pipeline.web.studio.urls")),
    path("", include("pipeline.web.public.urls")),
]
handler404 = "pipeline.web.public.pages.not_found"
