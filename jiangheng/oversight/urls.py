"""Names of this room's pages."""

from django.urls import path

from jiangheng import screens
from jiangheng.oversight import views
from jiangheng.oversight.steps import STEPS

app_name = "oversight"
urlpatterns = [
    path("", views.opened, name="public"),
    path("draws/", views.draws, name="draws"),
    path("draws/new/", views.freeze, name="freeze"),
    path("draws/<int:draw_id>/", views.draw, name="draw_detail"),
    path("draws/<int:draw_id>/draw/", views.take_draw, name="draw"),
    path("draws/<int:draw_id>/check/", views.check, name="check"),
    path("inspections/", views.inspections, name="inspections"),
    path("inspections/<int:inspection_id>/", views.inspection, name="inspection_detail"),
    path("inspections/<int:inspection_id>/sheet/", views.sheet, name="sheet"),
    path("inspections/<int:inspection_id>/answer/", views.answer, name="answer"),
    path("published/<int:inspection_id>/", views.published, name="published"),
    *screens.addresses(*STEPS),
]
