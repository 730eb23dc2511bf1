"""Names of this room's pages."""

from django.urls import path

from jiangheng.screens import views

app_name = "journal"
urlpatterns = [
    path("story/<str:kind>/<int:record_id>/", views.story, name="story"),
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read, name="read"),
    path("outgoing/", views.outgoing, name="outgoing"),
    path("outgoing/<int:outgoing_id>/retry/", views.retry, name="retry"),
]
