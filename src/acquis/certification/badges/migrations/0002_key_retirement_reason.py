from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("badges", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="badgekey",
            name="retirement_reason",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        )
    ]
