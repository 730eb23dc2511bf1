import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F


def appointed_when_held(apps, schema_editor):
    """A meeting kept before meetings were called beforehand was appointed for when it was held."""
    apps.get_model("sittings", "Briefing").objects.update(starts_at=F("held_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("sittings", "0007_staff_proposals"),
    ]

    operations = [
        migrations.AddField(
            model_name="briefing",
            name="starts_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(appointed_when_held, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="briefing",
            name="starts_at",
            field=models.DateTimeField(),
        ),
        migrations.AlterField(
            model_name="briefing",
            name="held_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="briefing",
            name="minutes",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="briefing",
            name="agenda",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="briefing",
            name="state",
            field=models.CharField(db_index=True, default="held", max_length=20),
        ),
        migrations.AlterField(
            model_name="briefing",
            name="state",
            field=models.CharField(db_index=True, default="called", max_length=20),
        ),
        migrations.AddField(
            model_name="briefing",
            name="version",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="briefing",
            name="moved_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="briefing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "called")), fields=("plan",), name="briefing_called_once"
            ),
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("manner", models.CharField(max_length=10)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account"
                    ),
                ),
                (
                    "briefing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attendance", to="sittings.briefing"
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.account"
                    ),
                ),
            ],
            options={"ordering": ["at", "id"]},
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(fields=("briefing", "account"), name="attendance_once"),
        ),
    ]
