"""Rows of results_markhistory are only ever added: the database itself refuses UPDATE and DELETE."""

from django.db import migrations

from jiangheng.journal.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("results", "0002_amendments")]
    operations = [append_only("results_markhistory")]
