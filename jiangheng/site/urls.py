"""Root urls: the first word of a URL is its room."""

from django.urls import include, path

ROOMS = (
    "journal", "files", "bodies", "people", "catalog", "plans", "applications", "fees", "papers",
    "sittings", "results", "certificates", "oversight",
)  # fmt: skip

urlpatterns = [
    *(path(f"{room}/", include(f"jiangheng.{room}.urls")) for room in ROOMS),
    path("i18n/", include("django.conf.urls.i18n")),
]
