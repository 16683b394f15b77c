"""The percentage of extra time has moved to the accommodations."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registrations", "0002_accommodations")]

    operations = [
        migrations.RemoveConstraint(model_name="enrolment", name="extra_time_bounded"),
        migrations.RemoveField(model_name="enrolment", name="extra_time_percent"),
    ]
