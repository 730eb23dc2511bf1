"""Names of this room's pages."""

from django.urls import URLPattern, path

from jiangheng import screens
from jiangheng.catalog.steps import STEPS
from jiangheng.catalog.views import calendar, drafting, fee_tables, occupations, standards, values

app_name = "catalog"
urlpatterns: list[URLPattern] = [
    path("occupations/", occupations.occupations, name="occupations"),
    path("occupations/new/", drafting.occupation_new, name="occupation_new"),
    path("occupations/<int:occupation_id>/", occupations.occupation, name="occupation"),
    path("occupations/<int:occupation_id>/change/", drafting.occupation_change, name="occupation_change"),
    path("occupations/<int:occupation_id>/standards/new/", drafting.new, name="standard_new"),
    path("standards/", standards.standards, name="standards"),
    path("standards/which/", standards.which, name="which"),
    path("standards/<int:standard_id>/", standards.standard, name="standard"),
    path("standards/<int:standard_id>/edit/", drafting.edit, name="standard_edit"),
    path("standards/<int:standard_id>/diff/", standards.diff, name="standard_diff"),
    path("standards/<int:standard_id>/routes/", drafting.routes, name="routes"),
    path("standards/<int:standard_id>/routes/add/<int:level>/", drafting.route_new, name="route_new"),
    path("standards/<int:standard_id>/routes/<str:route_id>/", drafting.route_change, name="route_change"),
    path("standards/<int:standard_id>/routes/<str:route_id>/remove/", drafting.route_remove, name="route_remove"),
    path("standards/<int:standard_id>/routes/<str:route_id>/restore/", drafting.route_restore, name="route_restore"),
    *screens.addresses(*STEPS),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/set/", calendar.set_day, name="set_day"),
    path("calendar/remove/", calendar.remove_day, name="remove_day"),
    path("workday/", calendar.workday, name="workday"),
    path("law/", values.law, name="law"),
    path("law/<slug:key>/", values.parameter, name="parameter"),
    path("fees/", values.fees, name="fees"),
    path("fees/new/", values.fee_add, name="fee_add"),
    path("fees/import/", fee_tables.upload, name="fee_import"),
    path("fees/import/<int:file_id>/", fee_tables.preview, name="fee_preview"),
    path("fees/template/", fee_tables.template, name="fee_template"),
]
