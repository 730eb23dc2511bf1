"""Tables of this room that only ever grow; the database itself refuses anything else."""

from django.db import migrations

from jiangheng.journal.append_only import append_only

TABLES = (
    "fees_charge",
    "fees_payment",
    "fees_allocation",
    "fees_receipt",
    "fees_refund",
    "fees_reversal",
    "fees_orderline",
    "fees_callback",
    "fees_receiptvoid",
    "fees_receiptprint",
    "fees_refundline",
    "fees_statement",
    "fees_statementline",
    "fees_transfer",
)


class Migration(migrations.Migration):
    dependencies = [("fees", "0001_initial")]
    operations = [append_only(table) for table in TABLES]
