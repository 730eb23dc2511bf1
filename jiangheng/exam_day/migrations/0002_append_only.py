"""Tables of this room that only ever grow; the database itself refuses anything else."""

from django.db import migrations

from jiangheng.journal.append_only import append_only

TABLES = (
    "exam_day_practicalmark",
    "exam_day_answerevent",
)


class Migration(migrations.Migration):
    dependencies = [("exam_day", "0001_initial")]
    operations = [append_only(table) for table in TABLES]
