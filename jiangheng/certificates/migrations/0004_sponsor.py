"""A certificate names who entered its holder, so that a school's list needs no other table."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def sponsors(apps, schema_editor):
    Certificate = apps.get_model("certificates", "Certificate")
    Application = apps.get_model("applications", "Application")
    entered = Application.objects.filter(pk=OuterRef("application_id")).values("sponsor_id")
    Certificate.objects.update(sponsor_id=Subquery(entered))


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0001_initial"),
        ("bodies", "0001_initial"),
        ("certificates", "0003_append_only"),
    ]
    operations = [
        migrations.AddField(
            model_name="certificate",
            name="sponsor",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="bodies.organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["body", "number"], name="certificate_body"),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["sponsor", "number"], name="certificate_sponsor"),
        ),
        migrations.RunPython(sponsors, migrations.RunPython.noop),
    ]
