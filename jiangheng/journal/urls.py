"""Names of this room's pages."""

from django.urls import URLPattern

app_name = "journal"
urlpatterns: list[URLPattern] = []
