"""Rows of certificates_copy are only ever added: the database itself refuses UPDATE and DELETE."""

from django.db import migrations

from jiangheng.journal.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("certificates", "0002_reissue")]
    operations = [append_only("certificates_copy")]
