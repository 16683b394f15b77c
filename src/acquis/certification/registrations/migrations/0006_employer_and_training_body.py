"""Who employs and trains a candidate: jurors bound to them do not judge."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registrations', '0005_routes_and_papers'),
    ]

    operations = [
        migrations.AddField(
            model_name='enrolment',
            name='employer',
            field=models.CharField(blank=True, max_length=200, verbose_name='employeur'),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='training_body',
            field=models.CharField(blank=True, max_length=200, verbose_name='organisme de formation'),
        ),
    ]
