

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('oversight', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='inspection',
            name='rectification',
            field=models.TextField(blank=True),
        ),
    ]
