"""Money rows only grow: the database itself refuses UPDATE and DELETE (三（七）)."""

from django.db import migrations

from jiangheng.journal.append_only import append_only

TABLES = ("fees_charge", "fees_payment", "fees_allocation", "fees_receipt", "fees_refund")


class Migration(migrations.Migration):
    dependencies = [("fees", "0002_series"), ("journal", "0002_append_only")]
    operations = [append_only(table) for table in TABLES]
