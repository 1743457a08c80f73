"""The routes: the studio for staff, the public pages for readers."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("studio/", include("pipeline.web.studio.urls")),
]
