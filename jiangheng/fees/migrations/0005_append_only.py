"""Every row of money only grows; orders, requests and bills move by their flow, their lines never change (三（七）)."""

from django.db import migrations

from jiangheng.journal.append_only import append_only

TABLES = (
    "fees_charge", "fees_payment", "fees_allocation", "fees_receipt", "fees_refund",
    "fees_reversal", "fees_orderline", "fees_callback", "fees_receiptvoid", "fees_receiptprint",
    "fees_refundline", "fees_statement", "fees_statementline", "fees_transfer",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("fees", "0004_orders_refunds_statements"), ("journal", "0002_append_only")]
    operations = [append_only(table) for table in TABLES]
