"""Names of this room's pages."""

from django.urls import path

from jiangheng import screens
from jiangheng.papers import views
from jiangheng.papers.steps import STEPS

app_name = "papers"
urlpatterns = [
    path("", views.requests, name="list"),
    path("new/", views.create, name="create"),
    path("items/", views.items, name="items"),
    path("items/load/", views.load_items, name="load_items"),
    path("set-template/", views.set_template, name="set_template"),
    path("<int:request_id>/", views.detail, name="detail"),
    path("<int:request_id>/change/", views.change, name="change"),
    path("<int:request_id>/sets/", views.sets, name="sets"),
    path("<int:request_id>/sets/drop/", views.drop, name="drop"),
    path("<int:request_id>/seal/", views.seal, name="seal"),
    path("<int:request_id>/movement/", views.movement, name="movement"),
    *screens.addresses(*STEPS),
]
