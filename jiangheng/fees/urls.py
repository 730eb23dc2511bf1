"""Names of this room's pages."""

from django.urls import URLPattern, path

from jiangheng import screens
from jiangheng.fees.steps import STEPS
from jiangheng.fees.views import bills, charges, orders, payments, refunds, statements

app_name = "fees"
urlpatterns: list[URLPattern] = [
    path("", charges.index, name="list"),
    path("plans/<int:plan_id>/", charges.plan, name="plan"),
    path("plans/<int:plan_id>/charge/", charges.charge, name="charge"),
    path("plans/<int:plan_id>/reverse/", charges.reverse_, name="reverse"),
    path("plans/<int:plan_id>/remind/", charges.remind, name="remind"),
    path("plans/<int:plan_id>/pay/", orders.pay, name="pay"),
    path("applications/<int:application_id>/transfer/", charges.transfer, name="transfer"),
    path("arrears/", charges.arrears, name="arrears"),
    path("ledger/", charges.ledger_, name="ledger"),
    path("bills/", bills.bills, name="bills"),
    path("bills/<int:bill_id>/", bills.bill, name="bill"),
    path("bills/<int:bill_id>/paper/", bills.paper, name="bill_paper"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<int:order_id>/", orders.order, name="order"),
    path("orders/<int:order_id>/refresh/", orders.refresh, name="order_refresh"),
    path("sandbox/<slug:number>/", orders.sandbox, name="sandbox"),
    path("callbacks/<slug:provider>/", orders.callback, name="callback"),
    path("payments/", payments.payments, name="payments"),
    path("payments/<int:payment_id>/", payments.payment, name="payment"),
    path("payments/<int:payment_id>/receipt/", payments.issue, name="issue"),
    path("payments/<int:payment_id>/refund/", refunds.ask, name="refund"),
    path("receipts/<int:receipt_id>/", payments.receipt, name="receipt"),
    path("receipts/<int:receipt_id>/print/", payments.print_, name="receipt_print"),
    path("receipts/<int:receipt_id>/void/", payments.void, name="receipt_void"),
    path("refunds/", refunds.refunds, name="refunds"),
    path("refunds/<int:refund_id>/", refunds.refund, name="refund_detail"),
    path("statements/", statements.statements, name="statements"),
    path("statements/new/", statements.upload, name="statement_upload"),
    path("statements/template/", statements.template, name="statement_template"),
    path("statements/<int:statement_id>/", statements.statement, name="statement"),
    path("lines/<int:line_id>/claim/", statements.claim, name="claim"),
    *screens.addresses(*STEPS),
]
