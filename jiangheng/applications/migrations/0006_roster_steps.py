import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def settle(apps, _editor):
    """Rosters of before were entered at once or not at all."""
    rosters = apps.get_model("applications", "Roster").objects
    rosters.filter(imported__gt=0).update(state="imported")
    rosters.filter(imported=0).update(state="faulty")


class Migration(migrations.Migration):

    dependencies = [
        ("applications", "0005_rehearsals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("roster", "counts", models.JSONField(default=dict)),
        migrations.AddField("roster", "done", models.PositiveIntegerField(default=0)),
        migrations.AddField("roster", "total", models.PositiveIntegerField(default=0)),
        migrations.AddField(
            "roster",
            "asked_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField("roster", "asked_role", models.CharField(blank=True, max_length=20)),
        migrations.AddField("roster", "state", models.CharField(default="waiting", max_length=20)),
        migrations.AddField("roster", "version", models.PositiveIntegerField(default=0)),
        migrations.AddField("roster", "moved_at", models.DateTimeField(null=True)),
        migrations.RunPython(settle, migrations.RunPython.noop),
    ]
