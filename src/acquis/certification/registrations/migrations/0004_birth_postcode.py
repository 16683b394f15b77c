"""The postcode of birth, where the INSEE code is unknown."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registrations', '0003_extra_time_is_an_accommodation'),
    ]

    operations = [
        migrations.AddField(
            model_name='candidate',
            name='birth_postcode',
            field=models.CharField(blank=True, max_length=5, verbose_name='code postal de naissance'),
        ),
    ]
