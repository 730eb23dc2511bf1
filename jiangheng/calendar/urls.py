"""Names of this room's pages."""

from django.urls import path

from jiangheng.calendar.views import agenda, deadlines

app_name = "calendar"
urlpatterns = [
    path("agenda/", agenda.calendar, name="agenda"),
    path("agenda/feed/", agenda.subscription, name="feed"),
    path("agenda/feed/stop/", agenda.revoke, name="feed_stop"),
    path("agenda/feed/<str:secret>.ics", agenda.ics, name="ics"),
    path("deadlines/", deadlines.deadlines, name="deadlines"),
    path("calendar-change/", deadlines.preview, name="redating"),
    path("calendar-change/<int:calendar_change_id>/", deadlines.redated, name="redated"),
]
