"""Names of this room's pages."""

from django.urls import URLPattern, path, re_path

from jiangheng import screens
from jiangheng.bodies.steps import STEPS
from jiangheng.bodies.views import annexes, changes, directory, expiring, filings, premises, register

app_name = "bodies"
urlpatterns: list[URLPattern] = [
    path("", filings.filings, name="list"),
    path("organisations/", register.organisations, name="organisations"),
    path("register/", register.register, name="register"),
    path("directory/", directory.directory, name="directory"),
    path("directory/<int:organisation_id>/", directory.entry, name="entry"),
    path("<int:organisation_id>/", register.detail, name="detail"),
    path("<int:organisation_id>/amend/", register.amend, name="amend"),
    path("<int:organisation_id>/filings/new/", filings.filing_new, name="filing_new"),
    path("<int:organisation_id>/venues/new/", premises.venue_new, name="venue_new"),
    path("filings/<int:filing_id>/", filings.filing, name="filing_detail"),
    path("filings/<int:filing_id>/change/", filings.filing_change, name="filing_change"),
    path("annexes/", annexes.annexes, name="annexes"),
    path("annexes/<int:import_id>/", annexes.annex, name="annex"),
    path("annexes/<int:import_id>/confirm/", annexes.annex_confirm, name="annex_confirm"),
    re_path(r"^annexes/template/(?P<annex_id>[123])/$", annexes.annex_template, name="annex_template"),
    re_path(r"^annexes/export/(?P<annex_id>[123])/$", annexes.annex_export, name="annex_export"),
    path("expiring/", expiring.expiring, name="expiring"),
    path("changes/", changes.changes, name="changes"),
    path("<int:organisation_id>/changes/new/", changes.change_new, name="change_new"),
    path("changes/<int:change_id>/", changes.change, name="change"),
    path("venues/<int:venue_id>/", premises.venue, name="venue"),
    path("venues/<int:venue_id>/change/", premises.venue_change, name="venue_change"),
    path("venues/<int:venue_id>/rooms/new/", premises.room_new, name="room_new"),
    path("venues/<int:venue_id>/equipment/new/", premises.equipment_new, name="equipment_new"),
    path("rooms/<int:room_id>/", premises.room_change, name="room_change"),
    path("rooms/<int:room_id>/seats/", premises.room_seats, name="room_seats"),
    path("equipment/<int:equipment_id>/", premises.equipment_change, name="equipment_change"),
    *screens.addresses(*STEPS),
]
