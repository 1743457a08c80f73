"""The routes: the studio for staff, the public pages for readers."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
