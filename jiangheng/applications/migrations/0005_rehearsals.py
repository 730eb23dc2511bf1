import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0004_review_and_rollups'),
        ('catalog', '0002_standard_states'),
    ]

    operations = [
        migrations.CreateModel(
            name='Rehearsal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('standard_version', models.PositiveIntegerField()),
                ('asked_by_id', models.BigIntegerField(null=True)),
                ('asked_by_name', models.CharField(max_length=60)),
                ('asked_at', models.DateTimeField()),
                ('total', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('unread', models.PositiveIntegerField(default=0)),
                ('last_id', models.BigIntegerField(default=0)),
                ('tally', models.JSONField(default=dict)),
                ('finished_at', models.DateTimeField(null=True)),
                ('standard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rehearsals', to='catalog.standardversion')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='RehearsalChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.CharField(max_length=20)),
                ('after', models.CharField(max_length=20)),
                ('before_route', models.CharField(blank=True, max_length=20)),
                ('after_route', models.CharField(blank=True, max_length=20)),
                ('why', models.JSONField(default=dict)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='applications.application')),
                ('rehearsal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='applications.rehearsal')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('rehearsal', 'application'), name='rehearsal_change_once')],
            },
        ),
    ]
