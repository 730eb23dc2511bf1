"""Names of this room's pages."""

from django.urls import path

from jiangheng import screens
from jiangheng.certificates import views
from jiangheng.certificates.steps import STEPS

app_name = "certificates"
urlpatterns = [
    path("", views.certificates, name="list"),
    path("verify/", views.verify, name="verify"),
    path("key/", views.key, name="key"),
    path("plans/", views.plans, name="plans"),
    path("plans/<int:plan_id>/", views.plan, name="plan"),
    path("plans/<int:plan_id>/number/", views.number, name="number"),
    path("plans/<int:plan_id>/issue/", views.issue_batch, name="issue_batch"),
    path("plans/<int:plan_id>/qualification/<int:application_id>/", views.qualification, name="qualification"),
    path("plans/<int:plan_id>/hop/", views.hop, name="hop"),
    path("plans/<int:plan_id>/zip/", views.package, name="package"),
    path("<int:certificate_id>/", views.certificate, name="detail"),
    path("<int:certificate_id>/pdf/", views.pdf, name="pdf"),
    path("<int:certificate_id>/reissue/", views.reissue, name="reissue"),
    *screens.addresses(*STEPS),
]
