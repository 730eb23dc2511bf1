"""Tables of this room that only ever grow; the database itself refuses anything else."""

from django.db import migrations

from jiangheng.journal.append_only import append_only

TABLES = (
    "results_markhistory",
)


class Migration(migrations.Migration):
    dependencies = [("results", "0001_initial")]
    operations = [append_only(table) for table in TABLES]
