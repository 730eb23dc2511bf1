import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0001_initial'),
    ]

    operations = [
        migrations.AddField('occupation', 'replaces', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='catalog.occupation')),
        migrations.AddField('standardversion', 'route_overrides', models.JSONField(default=list)),
        migrations.AddField('standardversion', 'copied_from', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='catalog.standardversion')),
        migrations.AddField('standardversion', 'drafted_by_id', models.BigIntegerField(null=True)),
        migrations.AddField('standardversion', 'submitted_by_id', models.BigIntegerField(null=True)),
        migrations.AddField('standardversion', 'took_over', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='taken_over_by', to='catalog.standardversion')),
        migrations.AddField('standardversion', 'took_over_end', models.DateField(null=True)),
        migrations.AddField('standardversion', 'published_at', models.DateTimeField(null=True)),
        migrations.AddField('standardversion', 'state', models.CharField(db_index=True, default='published', max_length=20)),
        migrations.AddField('standardversion', 'version', models.PositiveIntegerField(default=0)),
        migrations.AddField('standardversion', 'moved_at', models.DateTimeField(null=True)),
    ]
