"""Names of this room's pages."""

from django.urls import URLPattern

app_name = "bodies"
urlpatterns: list[URLPattern] = []
