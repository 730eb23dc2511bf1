"""The journal only grows: the database itself refuses UPDATE and DELETE."""

from django.db import migrations

from jiangheng.journal.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [append_only("journal_entry")]
