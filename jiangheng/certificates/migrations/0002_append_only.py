"""Tables of this room that only ever grow; the database itself refuses anything else."""

from django.db import migrations

from jiangheng.journal.append_only import append_only

TABLES = (
    "certificates_copy",
    "certificates_qualificationnumber",
)


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_initial")]
    operations = [append_only(table) for table in TABLES]
