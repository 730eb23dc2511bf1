import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from jiangheng.journal.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ("journal", "0002_append_only"),
        ('applications', '0003_list_indexes'),
        ('bodies', '0002_drafted_by_centre'),
        ('files', '0002_photo_sizes'),
        ('people', '0002_membership_alone_once'),
        ('plans', '0002_serials'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('column', models.CharField(max_length=40)),
                ('old', models.TextField(blank=True)),
                ('new', models.TextField(blank=True)),
                ('reason', models.CharField(max_length=1000)),
                ('clause', models.CharField(max_length=20)),
                ('by_name', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='ReviewSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('levels', models.PositiveSmallIntegerField()),
                ('valid_from', models.DateField()),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-valid_from', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Rollup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, unique=True)),
                ('template', models.CharField(max_length=40)),
                ('due_on', models.DateField()),
                ('revision', models.PositiveIntegerField(default=0)),
                ('people', models.PositiveIntegerField(default=0)),
                ('reported_at', models.DateTimeField(null=True)),
                ('received_at', models.DateTimeField(null=True)),
                ('state', models.CharField(db_index=True, default='draft', max_length=20)),
                ('version', models.PositiveIntegerField(default=0)),
                ('moved_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='RollupLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.PositiveIntegerField()),
                ('until', models.PositiveIntegerField(null=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='RollupRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=12)),
                ('people', models.PositiveIntegerField()),
                ('counts', models.JSONField()),
                ('checks', models.JSONField(default=list)),
                ('digest', models.CharField(max_length=64)),
                ('late', models.BooleanField(default=False)),
                ('note', models.CharField(blank=True, max_length=1000)),
                ('by_name', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='application',
            name='application_once_per_plan',
        ),
        migrations.RemoveConstraint(
            model_name='application',
            name='application_once_per_request',
        ),
        migrations.AddField(
            model_name='application',
            name='address_key',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='application',
            name='first_reviewed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='application',
            name='flags',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='application',
            name='standing',
            field=models.CharField(blank=True, default='', max_length=8),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['plan', 'state', 'standing'], name='application_plan_standing'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['phone'], name='application_phone'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['address_key'], name='application_address'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.UniqueConstraint(condition=models.Q(('plan__isnull', False), ('state__in', ['draft', 'submitted', 'reviewed', 'returned', 'accepted'])), fields=('identity', 'plan', 'occupation_code', 'level'), name='application_once_per_plan'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.UniqueConstraint(condition=models.Q(('request__isnull', False), ('state__in', ['draft', 'submitted', 'reviewed', 'returned', 'accepted'])), fields=('identity', 'request', 'occupation_code', 'level'), name='application_once_per_request'),
        ),
        migrations.AddField(
            model_name='correction',
            name='application',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='applications.application'),
        ),
        migrations.AddField(
            model_name='correction',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewsetting',
            name='body',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='review_settings', to='bodies.organisation'),
        ),
        migrations.AddField(
            model_name='reviewsetting',
            name='set_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rollup',
            name='body',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rollups', to='bodies.organisation'),
        ),
        migrations.AddField(
            model_name='rollup',
            name='plan',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rollup', to='plans.plan'),
        ),
        migrations.AddField(
            model_name='correction',
            name='rollup',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='applications.rollup'),
        ),
        migrations.AddField(
            model_name='rollupline',
            name='application',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rollup_lines', to='applications.application'),
        ),
        migrations.AddField(
            model_name='rollupline',
            name='rollup',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='applications.rollup'),
        ),
        migrations.AddField(
            model_name='rolluprevision',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rolluprevision',
            name='rollup',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='applications.rollup'),
        ),
        migrations.AddIndex(
            model_name='rollup',
            index=models.Index(fields=['body', 'state'], name='rollup_body_state'),
        ),
        migrations.AddIndex(
            model_name='correction',
            index=models.Index(fields=['rollup', 'revision'], name='correction_revision'),
        ),
        migrations.AddConstraint(
            model_name='rollupline',
            constraint=models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('application',), name='rollup_line_once'),
        ),
        migrations.AddConstraint(
            model_name='rolluprevision',
            constraint=models.UniqueConstraint(fields=('rollup', 'number'), name='rollup_revision_once'),
        ),
        append_only("applications_rolluprevision"),
        append_only("applications_correction"),
    ]
