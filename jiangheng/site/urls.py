"""Root urls: the first word of a URL is its room."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

ROOMS = (
    "bodies", "people", "catalog", "plans", "applications", "fees", "papers",
    "sittings", "results", "certificates", "oversight",
)  # read as a table  # fmt: skip

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("jiangheng.site.portal_urls")),
    path("", include("jiangheng.calendar.urls")),
    path("journal/", include("jiangheng.screens.urls")),
    path("files/", include("jiangheng.screens.file_urls")),
    path("sittings/", include("jiangheng.exam_day.urls")),
    *(path(f"{room}/", include(f"jiangheng.{room}.urls")) for room in ROOMS),
    path("i18n/", include("django.conf.urls.i18n")),
]

if find_spec("jiangheng.site.api"):
    from jiangheng.site.api import api, unversioned

    urlpatterns += [path("api/v1/", api.urls), path("api/<path:rest>", unversioned)]

handler400 = "jiangheng.site.views.bad_request"
handler403 = "jiangheng.site.views.forbidden"
handler404 = "jiangheng.site.views.not_found"
handler500 = "jiangheng.site.views.failed"
