"""Names of this room's pages."""

from django.urls import URLPattern

app_name = "sittings"
urlpatterns: list[URLPattern] = []
