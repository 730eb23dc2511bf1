"""Names of this room's pages."""

from django.urls import URLPattern, path

from jiangheng.fees import views

app_name = "fees"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="list"),
    path("plans/<int:plan_id>/", views.plan, name="plan"),
    path("plans/<int:plan_id>/charge/", views.charge, name="charge"),
    path("plans/<int:plan_id>/pay/", views.pay, name="pay"),
    path("payments/", views.payments, name="payments"),
    path("payments/<int:payment_id>/", views.payment, name="payment"),
    path("payments/<int:payment_id>/receipt/", views.issue, name="issue"),
    path("payments/<int:payment_id>/refund/", views.refund, name="refund"),
    path("receipts/<int:receipt_id>/", views.receipt, name="receipt"),
    path("arrears/", views.arrears, name="arrears"),
]
