"""Names of this room's pages."""

from django.urls import path

from jiangheng.papers import views

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
    path("<int:request_id>/submit/", views.submit, name="submit"),
    path("<int:request_id>/return/", views.return_request, name="return"),
    path("<int:request_id>/draw/", views.draw, name="draw"),
    path("<int:request_id>/seal/", views.seal, name="seal"),
    path("<int:request_id>/issue/", views.issue, name="issue"),
    path("<int:request_id>/take_back/", views.take_back, name="take_back"),
    path("<int:request_id>/movement/", views.movement, name="movement"),
    path("<int:request_id>/balance/", views.balance, name="balance"),
]
