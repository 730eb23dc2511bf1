"""Names of this room's pages."""

from django.urls import path

from jiangheng import screens
from jiangheng.results import views
from jiangheng.results.steps import STEPS

app_name = "results"
urlpatterns = [
    path("", views.batches, name="list"),
    path("collect/", views.waiting, name="waiting"),
    path("collect/<int:plan_id>/", views.collect, name="collect"),
    path("mine/", views.mine, name="mine"),
    path("publicity/", views.publicity, name="publicity"),
    path("publicity/<int:batch_id>/", views.notice, name="notice"),
    path("publicity/<int:batch_id>/object/", views.object_to, name="object"),
    path("objections/", views.objections, name="objections"),
    path("objections/<int:objection_id>/", views.objection, name="objection_detail"),
    path("amendments/<int:amendment_id>/", views.amendment, name="amendment"),
    path("<int:batch_id>/", views.batch, name="detail"),
    path("<int:batch_id>/marks/", views.marks, name="marks"),
    path("<int:batch_id>/marks/<int:result_id>/", views.mark, name="mark"),
    path("<int:batch_id>/amend/<int:result_id>/", views.amend, name="amend"),
    *screens.addresses(*STEPS),
]
