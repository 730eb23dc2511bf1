"""Names of this room's pages."""

from django.urls import URLPattern, path

from jiangheng.catalog.views import calendar, occupations, values

app_name = "catalog"
urlpatterns: list[URLPattern] = [
    path("occupations/", occupations.occupations, name="occupations"),
    path("occupations/<int:occupation_id>/", occupations.occupation, name="occupation"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/set/", calendar.set_day, name="set_day"),
    path("calendar/remove/", calendar.remove_day, name="remove_day"),
    path("workday/", calendar.workday, name="workday"),
    path("law/", values.law, name="law"),
    path("law/<slug:key>/", values.parameter, name="parameter"),
    path("fees/", values.fees, name="fees"),
    path("fees/new/", values.fee_add, name="fee_add"),
]
