"""Names of the site's own pages."""

from django.urls import path

from jiangheng.calendar.views import agenda, deadlines
from jiangheng.site.views import portal as views

app_name = "portal"
urlpatterns = [
    path("", views.front, name="front"),
    path("home/", views.home, name="home"),
    path("notices/", views.notices, name="notices"),
    path("notices/<int:announcement_id>/", views.notice, name="notice"),
    path("announcements/", views.announcements, name="announcements"),
    path("announcements/new/", views.publish, name="publish"),
    path("agenda/", agenda.calendar, name="agenda"),
    path("agenda/feed/", agenda.subscription, name="feed"),
    path("agenda/feed/stop/", agenda.revoke, name="feed_stop"),
    path("agenda/feed/<str:secret>.ics", agenda.ics, name="ics"),
    path("deadlines/", deadlines.deadlines, name="deadlines"),
    path("calendar-change/", deadlines.preview, name="redating"),
    path("calendar-change/<int:calendar_change_id>/", deadlines.redated, name="redated"),
    path("health/", views.health, name="health"),
]
