"""The providers' routes; a shared secret may stand at the end of the address."""

from django.urls import path

from pipeline.web.hooks import views

app_name = "hooks"
urlpatterns = [
    path("<slug:provider>/", views.receive, name="receive"),
    path("<slug:provider>/<str:secret>/", views.receive, name="receive-with-secret"),
]
