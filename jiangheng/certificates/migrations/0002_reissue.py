

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='certificate',
            name='replaces',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='certificates.certificate'),
        ),
        migrations.AddIndex(
            model_name='certificate',
            index=models.Index(fields=['body', 'state', 'number'], name='certificate_body_state'),
        ),
    ]
