"""Names of this room's pages."""

from django.urls import URLPattern, path, re_path

from jiangheng import screens
from jiangheng.plans.steps import STEPS
from jiangheng.plans.views import changes, deadlines, plans, printed, public, requests, venue_reviews

app_name = "plans"
urlpatterns: list[URLPattern] = [
    path("", plans.plans, name="list"),
    path("new/", plans.plan_new, name="new"),
    path("copy-last/", plans.copy_last, name="copy_last"),
    path("calendar/", public.calendar, name="calendar"),
    path("calendar/<int:plan_id>/", public.public_plan, name="public"),
    re_path(r"^deadline/(?P<kind>plan|request)/$", deadlines.deadline, name="deadline"),
    path("<int:plan_id>/", plans.plan, name="detail"),
    path("<int:plan_id>/change/", plans.plan_change, name="change"),
    path("<int:plan_id>/copy/", plans.plan_copy, name="copy"),
    re_path(r"^(?P<plan_id>\d{1,18})/form\.(?P<suffix>pdf|docx|xlsx)$", printed.on_paper, name="on_paper"),
    path("<int:plan_id>/propose/", changes.propose, name="propose"),
    path("changes/", changes.changes, name="changes"),
    path("changes/<int:change_id>/", changes.change, name="plan_change"),
    path("requests/", requests.requests, name="request_list"),
    path("requests/new/", requests.request_new, name="request_new"),
    path("requests/<int:request_id>/", requests.request_detail, name="request_detail"),
    path("requests/<int:request_id>/change/", requests.request_change, name="request_change"),
    path("requests/<int:request_id>/assign/", requests.assign, name="assign"),
    path("requests/<int:request_id>/review/", venue_reviews.review_new, name="review_new"),
    re_path(
        r"^requests/(?P<request_id>\d{1,18})/form\.(?P<suffix>pdf|docx|xlsx)$",
        printed.request_on_paper,
        name="request_on_paper",
    ),
    re_path(
        r"^reviews/(?P<review_id>\d{1,18})/form\.(?P<suffix>pdf|docx|xlsx)$",
        printed.list_on_paper,
        name="list_on_paper",
    ),
    path("reviews/", venue_reviews.review_list, name="review_list"),
    path("reviews/<int:review_id>/photos/", venue_reviews.photo_new, name="photo_new"),
    path("reviews/<int:review_id>/photos/<int:photo_id>/remove/", venue_reviews.photo_remove, name="photo_remove"),
    path("reviews/<int:review_id>/", venue_reviews.review, name="review_detail"),
    path("reviews/<int:review_id>/rows/", venue_reviews.rows, name="review_rows"),
    path("reviews/<int:review_id>/judge/", venue_reviews.judge, name="judge"),
    *screens.addresses(*STEPS),
]
