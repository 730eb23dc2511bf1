"""Names of the site's own pages."""

from django.urls import path

from jiangheng.site.views import portal as views

app_name = "portal"
urlpatterns = [
    path("", views.front, name="front"),
    path("home/", views.home, name="home"),
    path("notices/", views.notices, name="notices"),
    path("notices/<int:announcement_id>/", views.notice, name="notice"),
    path("announcements/", views.announcements, name="announcements"),
    path("announcements/new/", views.publish, name="publish"),
    path("health/", views.health, name="health"),
]
